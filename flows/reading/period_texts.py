"""Months, quarters and spans of days as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from schemas.declaring import periods

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = r"(\d{4})"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTHS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}年(?:度)?(\d{{1,2}})月(?:份|{_DAY}日?)?",
        rf"{_YEAR}([-/.])(\d{{1,2}})(?:\2{_DAY})?",
        rf"{_YEAR}[-/.]?(\d{{1,2}})月(?:份)?",
        rf"{_YEAR}(\d\d)(?:{_DAY})?",
        rf"{_YEAR}年(\d{{1,2}})",
    )
)
_SPAN = re.compile(
    rf"{_YEAR}年(\d{{1,2}})月{_DAY}日?[-至到~](?:(?:(\d{{4}})年)?(\d{{1,2}})月)?{_DAY}日"
)
_QUARTER = re.compile(r"(\d{4})年?(?:第?([一二三四1-4])季度?|-?Q([1-4]))", re.IGNORECASE)
_CHINESE_YEAR = re.compile("^([〇零○O0-9一二三四五六七八九]{4})(?=年)")
_CHINESE_MONTH = re.compile("(十[一二]?|[一二三四五六七八九])(?=月)")
_AGAIN = re.compile(r"(.*?)\((\d{1,2})月份?\)")


@lru_cache(maxsize=4096)
def read_period(text: str) -> tuple[int, int] | None:
    """The period a text names as (its last month, how many months), None for none.

    Understands 2023年3月, 2023年03月份, 2023-03, 2023.3, 202303, 二〇二三年三月, a day or
    a span of days in the month, and quarters: 2023年一季度, 2023Q1.
    """
    text = unicodedata.normalize("NFKC", text).replace(" ", "").translate(_DASHES)
    match = _QUARTER.fullmatch(text)
    if match is not None:
        quarter = int((match[2] or match[3]).translate(_DIGITS))
        last = _month(match[1], quarter * 3)
        return None if last is None else (last[0], 3)
    text = arabic(text)
    again = _AGAIN.fullmatch(text)
    if again is not None:  # 2023年3月（3月）
        period = read_period(again[1])
        return period if period and period[0] % 12 + 1 == int(again[2]) else None
    span = _SPAN.fullmatch(text)
    if span is not None:
        same = (span[3] or span[1], int(span[4] or span[2])) == (span[1], int(span[2]))
        return _month(span[1], int(span[2])) if same else None
    for pattern in _MONTHS:
        match = pattern.fullmatch(text)
        if match is not None:
            return _month(match[1], int(match[match.re.groups]))
    return None


_DASHES = str.maketrans("—–―−", "----")


def arabic(text: str) -> str:
    """The text with the year it begins with, and its months, in Arabic digits."""
    text = _CHINESE_YEAR.sub(lambda year: year[1].replace("O", "0").translate(_DIGITS), text)
    return _CHINESE_MONTH.sub(lambda month: str(_MONTH_NAMES.index(month[1]) + 1), text)


_MONTH_NAMES = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]


def _month(year: str, month: int) -> tuple[int, int] | None:
    if not (1 <= month <= 12 and int(year) in periods.YEARS):
        return None
    return periods.month_number(int(year), month), 1
