"""What periods, forms, programmes and states are called on the page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from flows.quarterly_report.contents import Contents
from schemas.declaring import periods
from schemas.declaring.reporting import Programme

STATES: Mapping[str, tuple[str, str]] = {
    "on_time": ("●", "按时"),
    "late": ("迟", "迟报"),
    "held": ("审", "审核未通过"),
    "missing": ("未", "未报"),
}
"""A form's state as a sign, which tells it without colour, and in words."""
PENDING = ("·", "未到报送期或无记录")
"""Of a form of which nothing is known; it is counted with none of the states."""
KINDS = {"stock": "时点指标", "flow": "时期指标", "ratio": "比率指标"}
LEVELS = {"error": "错误", "query": "存疑"}
_QUARTERS = "一二三四"
_FORM = re.compile(r"(季度|月|季|年)?报表$|台账$")


def quarter_zh(quarter: int) -> str:
    """The quarter as it is written in Chinese, 2023年一季度."""
    return f"{quarter // 4}年{_QUARTERS[quarter % 4]}季度"


def month_zh(month: int) -> str:
    """The month without its year, 3月."""
    return f"{month % 12 + 1}月"


def instant_zh(at: dt.datetime | None) -> str:
    """An instant to the minute, 2023年4月20日10:00."""
    return "" if at is None else f"{day_zh(at)}{at:%H:%M}"


def day_zh(day: dt.date) -> str:
    """A day, 2023年4月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def form_zh(contents: Contents, name: str) -> str:
    """A form's title without 月报表 or 台账, for headings: 社会救助."""
    title = contents.declaration.by_name[name].title_zh
    return _FORM.sub("", title) or title


def programme_zh(contents: Contents, programme: Programme) -> str:
    """A programme in few characters, by its first form."""
    if not programme.forms:
        return programme.title_zh
    title = form_zh(contents, programme.forms[0])
    return title.removesuffix("工作").removesuffix("清单") or title


def title_zh(contents: Contents) -> str:
    """The report's title."""
    month = contents.last_month
    tags = {
        "地区": contents.declaration.name_zh,
        "报告期": quarter_zh(contents.quarter),
        "年份": f"{contents.quarter // 4}年",
        "月份": month_zh(month),
        "季末": day_zh(periods.last_day(month)),
    }
    return re.sub(r"\{(\w+)\}", lambda tag: tags.get(tag[1], ""), contents.report.title_zh)
