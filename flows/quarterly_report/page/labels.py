"""What periods, forms, programmes and states are called on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.items import short_title
from flows.quarterly_report.tags import TAG, period_texts
from flows.quarterly_report.wording import FORM_STATES
from schemas.declaring import periods
from schemas.declaring.reporting import Programme

STATES: Mapping[str, tuple[str, str]] = {
    state: (sign, FORM_STATES[state])
    for state, sign in (("on_time", "●"), ("late", "迟"), ("held", "审"), ("missing", "未"))
}
"""A form's state as a sign, which tells it without colour, and in words."""
PENDING = ("·", "未到报送期或无记录")
"""Of a form of which nothing is known; it is counted with none of the states."""
KINDS = {"stock": "时点指标", "flow": "时期指标", "ratio": "比率指标"}
LEVELS = {"error": "错误", "query": "存疑"}


def month_zh(month: int) -> str:
    """The month without its year, 3月."""
    return f"{month % 12 + 1}月"


def instant_zh(at: dt.datetime | None) -> str:
    """An instant to the minute, 2023年4月20日10:00."""
    return "" if at is None else f"{periods.day_zh(at)}{at:%H:%M}"


def form_zh(contents: Contents, name: str) -> str:
    """A form's title without 月报表 or 台账, for headings: 社会救助."""
    return short_title(contents.declaration.by_name[name])


def programme_zh(contents: Contents, programme: Programme) -> str:
    """A programme in few characters, by its first form."""
    if not programme.forms:
        return programme.title_zh
    title = form_zh(contents, programme.forms[0])
    return title.removesuffix("工作").removesuffix("清单") or title


def title_zh(contents: Contents) -> str:
    """The report's title, for the page's own head: what a number says in it is left out."""
    texts = period_texts(contents)
    return TAG.sub(lambda tag: texts.get(tag[1], ""), contents.report.title_zh)
