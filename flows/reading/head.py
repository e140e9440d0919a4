"""What a sheet's head lines say: which form, whose, which period."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from flows.reading.cells import Grid
from schemas.declaring import periods
from schemas.declaring.model import Declaration
from schemas.declaring.names import normal

_LABELS = {
    "form": ("表号",),
    "unit": ("填报单位", "填表单位", "报送单位", "编报单位", "单位名称"),
    "period": ("报告期", "报表期", "所属期", "统计期"),
    "": ("制定机关", "批准或备案文号", "批准文号", "备案文号", "有效期至", "计量单位"),
}
_KIND = {label: kind for kind, labels in _LABELS.items() for label in labels}
_SPLIT = re.compile(f"({'|'.join(sorted(_KIND, key=len, reverse=True))}):?")
_STAMP = re.compile(r"\((?:盖章|公章|章|签章)\)")
_DIGITS = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")
_CHINESE = re.compile(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:份|)")
_MONTH = re.compile(r"(\d{4})(?:年|-|/|\.|年度)?(\d{1,2})(?:月份?)?")
_QUARTER = re.compile(r"(\d{4})年?(?:第?([一二三四1-4])季度?|-?Q([1-4]))", re.IGNORECASE)
_YEARS = range(1949, 2101)
_DATE_CELL = re.compile(r"(\d{4})-(\d{2})-01")


@dataclass(slots=True)
class Head:
    """What the head lines say; a set of two is two answers, an empty one is none.

    `months` are (last month, months covered); `said` keeps the texts for messages.
    """

    form_nos: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    units: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)


def read_head(grid: Grid, rows: int, declaration: Declaration) -> Head:
    """The head lines among the first `rows` rows."""
    head = Head()
    titles = {normal(form.title_zh): form.name for form in declaration.all_forms}
    for row in grid.rows[:rows]:
        waiting = ""
        for cell in row:
            if cell == "":
                continue
            if type(cell) is not str:  # a number or a date is a label's value or nothing
                if waiting:
                    _note(head, waiting, normal(_as_text(cell)))
                    waiting = ""
                continue
            text, parts = _split(cell)
            if text in titles:
                head.titles.add(titles[text])
            if len(parts) == 1:
                if waiting:
                    _note(head, waiting, text)
                    waiting = ""
                continue
            if parts[0]:
                _note(head, waiting, parts[0])
            for label, value in zip(parts[1::2], parts[2::2], strict=True):
                kind = _KIND[label]
                waiting = kind if not value else ""
                if value:
                    _note(head, kind, value)
    return head


@lru_cache(maxsize=65536)
def _split(cell: str) -> tuple[str, tuple[str, ...]]:
    """A cell's text in its normal form, and its labels with what is before and behind them."""
    text = normal(cell)
    return text, tuple(_SPLIT.split(text))


def _as_text(cell: object) -> str:
    if isinstance(cell, dt.date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def _note(head: Head, kind: str, value: str) -> None:
    if kind == "form":
        head.form_nos.add(value.upper())
    elif kind == "unit":
        name = _STAMP.sub("", value)
        if name and name not in head.units:
            head.units.append(name)
    elif kind == "period" and value not in head.periods:
        head.periods.append(value)


@lru_cache(maxsize=4096)
def read_period(text: str) -> tuple[int, int] | None:
    """The period a text names as (its last month, how many months), None for none.

    Understands 2023年3月, 2023年03月份, 2023-03, 2023.3, 202303, 二〇二三年三月, a date
    cell of the month's first day, and quarters: 2023年一季度, 2023Q1.
    """
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _QUARTER.fullmatch(text)
    if match is not None:
        quarter = int((match[2] or match[3]).translate(_DIGITS))
        last = _month(match[1], quarter * 3)
        return None if last is None else (last[0], 3)
    match = _CHINESE.fullmatch(text)
    if match is not None:
        return _month(match[1].translate(_DIGITS), _chinese_month(match[2]))
    match = _DATE_CELL.fullmatch(text) or _MONTH.fullmatch(text)
    return None if match is None else _month(match[1], int(match[2]))


def _month(year: str, month: int) -> tuple[int, int] | None:
    if not (1 <= month <= 12 and int(year) in _YEARS):
        return None
    return periods.month_number(int(year), month), 1


def _chinese_month(text: str) -> int:
    if text == "十":
        return 10
    if text.startswith("十") and len(text) == 2:
        return 10 + int(text[1].translate(_DIGITS))
    return int(text.translate(_DIGITS)) if len(text) == 1 and text != "十" else 0
