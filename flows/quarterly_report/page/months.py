"""The months behind the numbers and the cells they stand in, in few characters for the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page.formulas import counts
from flows.quarterly_report.page.labels import PENDING, instant_zh
from flows.quarterly_report.page.numbers import HIDDEN, Numbers
from flows.quarterly_report.page.packing import Index
from flows.quarterly_report.rows import Place
from schemas.declaring import periods

NOTHING, NOT_APPLICABLE = "-", "/"
_OWED = {"missing": "m", "held": "x"}
HISTORY, TO_DATE = "h", "c"
"""What stands before a month's value: it is of the history handed over once; it is the year to
date, as only that was reported."""
_CELL = re.compile(r"([A-Z]+)(\d+)")


def embedded_months(contents: Contents) -> tuple[int, ...]:
    """The months of the year to date, the quarter before and the same quarter last year."""
    last = contents.last_month
    spans = (
        range(last - last % 12, last + 1),
        range(last - 5, last + 1),
        range(last - 14, last - 11),
    )
    return tuple(sorted({month for span in spans for month in span}))  # fmt: skip


def embedded(numbers: Numbers) -> dict[str, Any]:
    """The months' labels, values by figure and unit, files, sheets, and sources by form and unit.

    Values of a series stand in one string, a blank between two months. A source is file, sheet
    and the cells of the form's figures in order, as `cell_runs` writes them.
    """
    contents = numbers.contents
    months = embedded_months(contents)
    files: Index[str | None] = Index()
    sheets: Index[str | None] = Index()
    figures = [item.name for item in contents.items.values() if item.form] + [*counts(contents)]
    units = {unit for unit, _, _ in contents.months}
    forms: dict[str, list[str]] = {}
    for name in figures:
        forms.setdefault(_form(contents, name), []).append(name)
    values: dict[str, dict[str, str]] = {}
    for name in figures:
        for unit in sorted(units):
            texts = [_value(numbers, unit, name, month) for month in months]
            if any(text != NOTHING for text in texts):
                values.setdefault(name, {})[unit] = " ".join(texts)
    sources: dict[str, dict[str, list[Any]]] = {}
    for form, names in forms.items():
        for unit in sorted(units):
            found = [_source(contents, unit, names, month, files, sheets) for month in months]
            if any(found):
                sources.setdefault(form, {})[unit] = found
    return {
        "months": [periods.month_zh(month) for month in months],
        "values": values,
        "forms": forms,
        "sources": sources,
        "files": [_file(contents, each) for each in files],
        "sheets": list(sheets),
    }


def _form(contents: Contents, name: str) -> str:
    declaration = contents.declaration
    if name in declaration.form_of:
        return declaration.form_of[name].name
    return declaration.counts[name][0].name if name in declaration.counts else ""


def _value(numbers: Numbers, unit: str, name: str, month: int) -> str:
    found = numbers.contents.months.get((unit, name, month))
    if found is None:
        due = numbers.contents.coverage.get((unit, month, _form(numbers.contents, name)))
        return _OWED.get(due.state, NOTHING) if due else NOTHING
    if found.mark == "suppressed":
        return HIDDEN
    if found.mark == "not_applicable":
        return NOT_APPLICABLE
    item = numbers.contents.items.get(name)
    value, before = found.value, HISTORY if found.mark == "history" else ""
    if value is None:
        value, before = found.year_to_date, before + TO_DATE
    return NOTHING if value is None else before + numbers.text(value, item.places if item else 0)


def _source(
    contents: Contents,
    unit: str,
    names: list[str],
    month: int,
    files: Index[str | None],
    sheets: Index[str | None],
) -> list[Any] | int:
    """0 where nothing of the form is there; one source, or of several files one each figure."""
    places = [contents.places.get((unit, name, month)) for name in names]
    there = [place for place in places if place is not None and place.submission is not None]
    if not there:
        return 0
    found = []
    for submission, sheet in dict.fromkeys((each.submission, each.sheet) for each in there):
        cells = [_cell(place, submission, sheet) for place in places]
        found.append([files.at(submission), sheets.at(sheet), cell_runs(cells)])
    return found


def _cell(place: Place | None, submission: str | None, sheet: str | None) -> str:
    if place is None or (place.submission, place.sheet) != (submission, sheet):
        return NOTHING
    return place.cell or "."


def cell_runs(cells: Iterable[str]) -> str:
    """Cells with a blank between; D6*3 is D6, D7 and D8, and -*2 twice none."""

    def head(numbered: tuple[int, str]) -> tuple[str, int]:
        at, cell = numbered
        match = _CELL.fullmatch(cell)
        return (match[1], int(match[2]) - at) if match else (cell, 0)

    runs = []
    for _, group in groupby(enumerate(cells), head):
        run = [cell for _, cell in group]
        runs.append(run[0] if len(run) == 1 else f"{run[0]}*{len(run)}")
    return " ".join(runs)


def _file(contents: Contents, submission: str | None) -> list[str | None]:
    file = contents.files.get(submission or "")
    if file is None:
        return [None, "", submission]
    return [file.file_name, instant_zh(file.received_at), submission]


def coverage_of(contents: Contents, signs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By unit and form a character a month from January to the quarter's end; blank: not due."""
    last = contents.last_month
    found: dict[str, dict[str, str]] = {}
    for unit in contents.declaration.units:
        for form in contents.declaration.all_forms:
            line = ""
            for month in range(last - last % 12, last + 1):
                due = unit.exists(month) and form in contents.declaration.due(unit.code, month)
                state = contents.coverage.get((unit.code, month, form.name))
                line += (signs[state.state] if state else PENDING[0]) if due else " "
            if line.strip():
                found.setdefault(unit.code, {})[form.name] = line
    return found
