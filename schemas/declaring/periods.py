"""Months and quarters as plain integers and their labels.

A month is counted from year 0: `year * 12 + month - 1`; a quarter likewise as
`year * 4 + quarter - 1`. Integers make "the month before" a subtraction, so no
rule ever depends on the order of rows.
"""

import calendar
import datetime as dt
import re
from functools import cache

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")
_QUARTERS_ZH = "一二三四"


YEARS = range(1949, 2101)
"""A year outside of them is a slip of the pen."""


def month_number(year: int, month: int) -> int:
    """The month's number; `month` is 1 to 12."""
    if not 1 <= month <= 12:
        raise ValueError(f"{month} is not a month; use 1 to 12")
    return year * 12 + month - 1


def parse_month(label: str) -> int:
    """The number of the month written as 'YYYY-MM'; ValueError for anything else."""
    match = _MONTH.fullmatch(label)
    if match is None or int(match[1]) not in YEARS:
        raise ValueError(f"{label!r} is not a month; write it as 2023-03")
    return month_number(int(match[1]), int(match[2]))


def month_label(month: int) -> str:
    """The month as 'YYYY-MM'."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_zh(month: int) -> str:
    """The month as it is written in Chinese, '2023年3月'."""
    return f"{month // 12}年{month % 12 + 1}月"


def quarter_zh(quarter: int) -> str:
    """The quarter as it is written in Chinese, '2023年一季度'."""
    return f"{quarter // 4}年{_QUARTERS_ZH[quarter % 4]}季度"


def day_zh(day: dt.date) -> str:
    """The day as it is written in Chinese, '2023年4月5日'."""
    return f"{day.year}年{day.month}月{day.day}日"


def first_day(month: int) -> dt.date:
    """The month's first day."""
    return dt.date(month // 12, month % 12 + 1, 1)


@cache
def last_day(month: int) -> dt.date:
    """The month's last day."""
    year, index = divmod(month, 12)
    return dt.date(year, index + 1, calendar.monthrange(year, index + 1)[1])


def month_of(day: dt.date) -> int:
    """The number of the month that holds the day."""
    return month_number(day.year, day.month)


def quarter_of(month: int) -> int:
    """The number of the quarter that holds the month."""
    return month // 3


def parse_quarter(label: str) -> int:
    """The number of the quarter written as '2023Q1'; ValueError for anything else."""
    match = _QUARTER.fullmatch(label)
    if match is None or int(match[1]) not in YEARS:
        raise ValueError(f"{label!r} is not a quarter; write it as 2023Q1")
    return int(match[1]) * 4 + int(match[2]) - 1


def quarter_label(quarter: int) -> str:
    """The quarter as '2023Q1'."""
    return f"{quarter // 4:04d}Q{quarter % 4 + 1}"
