"""The sheet of what came: a unit a row, the quarter's months and their forms across."""

from __future__ import annotations

from collections import Counter

from openpyxl import Workbook

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.tables import cells
from flows.quarterly_report.tables.page import Page
from flows.quarterly_report.wording import FORM_STATES
from schemas.declaring import periods

TITLE = "报送情况"
STATES = {
    state: (sign, FORM_STATES[state])
    for state, sign in (("on_time", "√"), ("late", "迟"), ("held", "退"), ("missing", "缺"))
}
_NOT_YET = "·"
_ROWS = 8
"""So many characters of a form's title stand one below another."""


def coverage(book: Workbook, contents: Contents, said: str) -> None:
    """Every form due in the quarter with its state, and how many of each, by unit."""
    page = Page(book, TITLE, f"报表{TITLE}", said)
    states = _states(contents)
    forms = [each for each in contents.declaration.all_forms if any(form == each.name for _, _, form in states)]  # fmt: skip
    months = range(contents.quarter * 3, contents.quarter * 3 + 3)
    columns = [
        (month, form) for month in months for form in forms if any(each == month and name == form.name for _, each, name in states)
    ]  # fmt: skip
    totals = ["应报", *(name for _, name in STATES.values())]
    page.put(3, 1, "单位", "head")
    page.put(4, 1, None, "head")
    page.merge_down(3, 4, 1)
    for at, (month, form) in enumerate(columns, 2):
        first = at == 2 or columns[at - 3][0] != month
        page.put(3, at, periods.month_zh(month) if first else None, "head", fits=False)
        page.put(4, at, form.title_zh.removesuffix("月报表"), "upright", fits=False)
    for month in months:
        places = [at for at, (each, _) in enumerate(columns, 2) if each == month]
        if places:
            page.merge(3, places[0], places[-1])
    last = len(columns) + 2
    for at, text in enumerate(totals, last):
        page.put(3, at, "合计" if at == last else None, "head", fits=False)
        page.put(4, at, text, "head", fits=False)
    page.merge(3, last, last + len(totals) - 1)
    page.tall(4, _ROWS)
    row = 5
    whole: Counter[str] = Counter()
    for unit in sorted({unit for unit, _, _ in states}):
        page.put(row, 1, contents.unit_name(unit))
        own: Counter[str] = Counter()
        for at, (month, form) in enumerate(columns, 2):
            state = states.get((unit, month, form.name))
            sign = STATES[state][0] if state else _NOT_YET if state == "" else None
            look = "off" if state is None else "centre" if state in ("", "on_time") else "alarm"
            page.put(row, at, sign, look)
            own.update([state] if state else [])
        _counts(page, row, last, own, "number")
        whole += own
        row += 1
    page.put(row, 1, "合计", "total text")
    for at in range(2, last):
        page.put(row, at, None, "total")
    _counts(page, row, last, whole, "total")
    meant = "；".join(f"{sign} {name}" for sign, name in STATES.values())
    page.note([f"注：{meant}；{_NOT_YET} 尚未到报送期或无记录，不计入合计；灰色：不要求报送。"])
    page.finish(4, 1)


def _states(contents: Contents) -> dict[tuple[str, int, str], str]:
    """The state of each form due in the quarter, by unit, month and form; '' for not past due."""
    found = {}
    for month in range(contents.quarter * 3, contents.quarter * 3 + 3):
        for unit in contents.declaration.reporting_units(month):
            for form in contents.declaration.due(unit.code, month):
                due = contents.coverage.get((unit.code, month, form.name))
                found[unit.code, month, form.name] = "" if due is None else due.state
    return found


def _counts(page: Page, row: int, column: int, of: Counter[str], look: str) -> None:
    for at, number in enumerate((of.total(), *(of[state] for state in STATES)), column):
        page.put(row, at, cells.count(number), look)
