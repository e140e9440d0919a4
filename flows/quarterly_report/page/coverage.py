"""Who has reported what of the quarter: a grid of units, forms and months, and its sums."""

from __future__ import annotations

from typing import NamedTuple

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page.labels import (
    PENDING,
    STATES,
    form_zh,
    instant_zh,
    month_zh,
)
from flows.quarterly_report.page.numbers import Number, Numbers
from flows.quarterly_report.page.overview import ON_TIME
from schemas.declaring import periods


class Cell(NamedTuple):
    """A form of a month: its state, as a sign and in words; '' where nothing is due.

    One of which nothing is known is pending.
    """

    state: str
    sign: str
    said: str
    dates: str


class Standing(NamedTuple):
    """A unit: its cells, how many are in which state, its rate of punctuality, open findings."""

    unit_code: str
    unit_name: str
    cells: tuple[Cell, ...]
    sums: dict[str, int]
    on_time: Number | None
    findings: int


class Grid(NamedTuple):
    """The quarter's forms and months with the units below; a column a form and month."""

    forms: tuple[tuple[str, str], ...]
    months: tuple[str, ...]
    rows: tuple[Standing, ...]


def grid(numbers: Numbers) -> Grid:
    """The grid of the quarter."""
    contents = numbers.contents
    declaration = contents.declaration
    months = range(contents.last_month - 2, contents.last_month + 1)
    units = sorted({unit.code for each in months for unit in declaration.reporting_units(each)})
    due = frozenset(contents.due)
    forms = [form.name for form in declaration.all_forms if any(form.name == key[2] for key in due)]
    on_time = contents.items.get(ON_TIME)
    rows = []
    for unit in units:
        cells = tuple(
            _cell(contents, unit, month, form, due=(unit, month, form) in due)
            for form in forms
            for month in months
        )
        rows.append(
            Standing(
                unit,
                contents.unit_name(unit),
                cells,
                {state: sum(cell.state == state for cell in cells) for state in STATES},
                numbers.level(on_time, unit) if on_time else None,
                sum(each.unit_code == unit for each in contents.findings),
            )
        )
    return Grid(
        tuple((each, form_zh(contents, each)) for each in forms),
        tuple(month_zh(month) for month in months),
        tuple(rows),
    )


def _cell(contents: Contents, unit: str, month: int, form: str, *, due: bool) -> Cell:
    if not due:
        return Cell("", "", "", "")
    found = contents.coverage.get((unit, month, form))
    if found is None:
        return Cell("pending", *PENDING, "")
    name, dates = found.state, ""
    sign, said = STATES.get(name, ("？", name))
    if name != "on_time":
        dates = f"应于{periods.day_zh(found.due_on)}前报送"
        if found.received_at is not None:
            dates += f"，{instant_zh(found.received_at)}收到"
    return Cell(name, sign, said, dates)
