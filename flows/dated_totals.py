"""History: dated totals from before the forms began, a plain table, used as a base."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from flows.collecting.journal import Event, read_time
from flows.errors import NotThere
from flows.home import Home
from flows.reading import values
from flows.reading.cells import column_letters
from flows.reading.pool import read_first_sheet
from flows.reading.values import read_number, read_text
from flows.returning.post import Post
from flows.settings import Settings
from flows.warehouse.outcome import Changes
from flows.warehouse.store import Store
from flows.warehouse.submissions import table_row
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Unit
from schemas.declaring.names import normal
from schemas.declaring.rules import MICRO

_HEADINGS = {
    "month": "period",
    "quarter": "period",
    "period": "period",
    "月份": "period",
    "季度": "period",
    "时期": "period",
    "unit": "unit",
    "unit_code": "unit",
    "单位": "unit",
    "figure": "figure",
    "指标": "figure",
    "value": "value",
    "数值": "value",
    "source": "source",
    "来源": "source",
}
_NEEDED = ("period", "unit", "figure", "value", "source")


class Total(NamedTuple):
    """One dated total. `month` is its period's last month, `value` in the figure's unit."""

    month: int
    months: int
    unit: str
    form: str
    figure: str
    value: Decimal
    source: str
    sheet: str
    cell: str


def read_totals(
    path: Path, name: str, declaration: Declaration, settings: Settings, *, taken: bool = False
) -> list[Total]:
    """The totals in a csv or a workbook's first sheet; NotThere with the line for a fault.

    A month for which the form is asked is a fault too, unless the file has been `taken`: an
    old version of the form may have been declared since.
    """
    sheet, rows = _rows(path, name, settings)
    header = next(((at, row) for at, row in enumerate(rows) if any(row)), None)
    columns: dict[str, int] = {}
    if header is not None:
        for at, cell in enumerate(header[1]):
            kind = _HEADINGS.get(normal(read_text(cell)).lower())
            if kind is not None:
                columns.setdefault(kind, at)
    absent = [each for each in _NEEDED if each not in columns]
    if header is None or absent:
        raise NotThere(
            f"{name} has no column {', '.join(absent) or 'at all'}; a history file has the columns "
            "month (or quarter), unit, figure, value, source."
        )
    found: list[Total] = []
    seen: dict[tuple[str, str], list[Total]] = {}
    for at in range(header[0] + 1, len(rows)):
        row = rows[at]
        if any(read_text(cell) for cell in row):
            cells = {
                kind: row[place] if place < len(row) else "" for kind, place in columns.items()
            }
            place = f"{column_letters(columns['value'])}{at + 1}"
            where = f"line {at + 1} of {name}"
            total = _total(cells, sheet, place, where, declaration, taken=taken)
            if any(_overlap(total, each) for each in seen.get((total.unit, total.figure), ())):
                raise NotThere(
                    f"Line {at + 1} of {name} repeats a period of {total.unit} {total.figure}; "
                    "keep one of the lines, by the month or by the quarter."
                )
            seen.setdefault((total.unit, total.figure), []).append(total)
            found.append(total)
    return found


def _overlap(one: Total, other: Total) -> bool:
    return one.month - one.months < other.month and other.month - other.months < one.month


def _rows(path: Path, name: str, settings: Settings) -> tuple[str, list[list[object]]]:
    read = read_first_sheet(path, settings)
    if read is None:
        raise NotThere(f"{name} is neither a workbook nor a csv; save it as one of them.")
    return read


def _total(
    cells: dict[str, object],
    sheet: str,
    place: str,
    where: str,
    declaration: Declaration,
    *,
    taken: bool,
) -> Total:
    month, months = _period(read_text(cells["period"]), where)
    said = read_text(cells["unit"])
    unit = declaration.unit_by_code.get(said)
    units = [unit] if unit else list(declaration.find_units(said, None))
    if len(units) != 1:
        raise NotThere(f"The unit {said!r} in {where} is not in the register; write its code.")
    name = read_text(cells["figure"])
    figures = [
        figure
        for figure in declaration.figures.values()
        if figure.name == name or normal(name) in figure.names
    ]
    if len(figures) != 1:
        raise NotThere(f"The figure {name!r} in {where} is not declared; write a figure's name.")
    figure = figures[0]
    form = declaration.form_of[figure.name]
    if month >= form.valid_from and not taken:
        raise NotThere(
            f"{periods.month_label(month)} in {where} lies after the form {form.name} began "
            f"({periods.month_label(form.valid_from)}); history is for what came before it."
        )
    number = read_number(cells["value"])
    if number.kind != values.NUMBER or number.places > 6:
        raise NotThere(f"The value {read_text(cells['value'])!r} in {where} is not a number.")
    if number.micro < 0 or number.places > figure.kept_places:
        raise NotThere(
            f"The value {read_text(cells['value'])} in {where} is not one of {figure.name} "
            f"({figure.unit}, at most {figure.kept_places} decimals, not negative); correct it."
        )
    value = Decimal(number.micro) / MICRO
    source = read_text(cells["source"])
    if not source:
        raise NotThere(f"The source in {where} is blank; say where the total comes from.")
    code = units[0].code
    if not units[0].exists_within(*_days(month, months)):
        try:
            code = _unit_then(units[0], month, months, where, declaration).code
        except NotThere:
            if not taken:
                raise
    return Total(month, months, code, form.name, figure.name, value, source, sheet, place)


def _days(month: int, months: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of the period."""
    return periods.first_day(month - months + 1), periods.last_day(month)


def _unit_then(unit: Unit, month: int, months: int, where: str, declaration: Declaration) -> Unit:
    """Who reported then for a unit that did not exist yet or no longer; NotThere for nobody.

    A unit that was renamed is its predecessor. What several units went into is not to be
    shared out among them; one that ended is followed to its successor by the computing.
    """
    when = periods.month_label(month)
    if unit.valid_to is not None and unit.valid_to < periods.last_day(month):
        if unit.successor is not None:
            return unit
        raise NotThere(
            f"{unit.name} in {where} ended on {unit.valid_to}, before {when}, and no unit has "
            "taken its place; correct the line or the register."
        )
    before = [
        each
        for each in declaration.units
        if each.exists_within(*_days(month, months)) and unit in declaration.successors(each)
    ]
    if len(before) == 1:
        return before[0]
    names = ", ".join(each.name for each in before)
    told = f"write a line each for {names}" if before else "correct the line or the register"
    raise NotThere(f"{unit.name} in {where} began on {unit.valid_from}, after {when}; {told}.")


def _period(text: str, where: str) -> tuple[int, int]:
    try:
        return periods.parse_month(text), 1
    except ValueError:
        pass
    try:
        return periods.parse_quarter(text) * 3 + 2, 3
    except ValueError as error:
        raise NotThere(
            f"{text!r} in {where} is no month or quarter; write it as 2021-03 or 2021Q1."
        ) from error


def take_history(home: Home, store: Store, event: Event, post: Post) -> Changes:
    """Write the totals of an archived history file; a later file replaces the periods that it repeats."""
    receipt = home.archive.receipt(event["file"])
    totals = read_totals(
        home.archive.path(receipt), receipt.name, home.declaration, home.settings, taken=True
    )
    moment = read_time(event["at"])
    execute = store.connection.execute
    execute("CREATE OR REPLACE TEMP TABLE totals AS SELECT * FROM internal.history LIMIT 0")
    store.insert("totals", _history_rows(totals, receipt.submission, moment))
    execute(
        "UPDATE internal.history SET until = ? FROM totals t "
        "WHERE history.month - history.months < t.month AND t.month - t.months < history.month "
        "AND history.unit_code = t.unit_code AND history.figure = t.figure "
        "AND (history.until IS NULL OR history.until > ?)",
        [moment, moment],
    )
    execute("INSERT INTO internal.history SELECT * FROM totals")
    execute("DELETE FROM main.submission WHERE submission = ?", [receipt.submission])
    store.insert("main.submission", [table_row(receipt)])
    return Changes(months={each.month - back for each in totals for back in range(3)})


def _history_rows(
    totals: list[Total], submission: str, moment: object
) -> Iterator[tuple[object, ...]]:
    for each in totals:
        yield (
            each.month,
            each.months,
            each.unit,
            each.form,
            each.figure,
            each.value,
            each.source,
            submission,
            each.sheet or None,
            each.cell,
            moment,
            None,
        )
