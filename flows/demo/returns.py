"""What a unit sends for a month, as plain data that any process can write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from schemas.declaring.model import Ledger

Value = Decimal | str | None
"""What stands in an amount's cell: the amount, a text instead of it, or nothing."""
LedgerValue = str | int | Decimal | dt.date | None
Row = dict[str, LedgerValue]
"""A ledger row by the names of the ledger's columns."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a figure form; `value` and `year_to_date` in `unit`."""

    figure: str
    code: str
    name_zh: str
    unit: str
    value: Value
    year_to_date: Value
    """None for stocks."""
    note: str = ""

    @property
    def is_flow(self) -> bool:
        """Whether the line has a 本年累计."""
        return self.year_to_date is not None


@dataclass(frozen=True, slots=True)
class FigureSheet:
    """A figure form, filled in."""

    form: str
    form_no: str
    title_zh: str
    lines: tuple[Line, ...]

    def line(self, figure: str) -> Line:
        """The line of a figure; KeyError where the form has none."""
        for line in self.lines:
            if line.figure == figure:
                return line
        raise KeyError(figure)

    def changed(self, figure: str, change: Callable[[Line], Line]) -> FigureSheet:
        """The sheet with one line changed."""
        lines = tuple(change(line) if line.figure == figure else line for line in self.lines)
        return replace(self, lines=lines)


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """A ledger, whole: `columns` as (name, Chinese name), a row an item."""

    form: str
    form_no: str
    title_zh: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    def changed(self, index: int, column: str, value: LedgerValue) -> LedgerSheet:
        """The ledger with one cell changed."""
        rows = list(self.rows)
        rows[index] = {**rows[index], column: value}
        return replace(self, rows=tuple(rows))


Sheet = FigureSheet | LedgerSheet


@dataclass(frozen=True, slots=True)
class Return:
    """All the forms of one unit for one month."""

    unit_code: str
    unit_name: str
    month: int
    sheets: tuple[Sheet, ...]

    def figure_sheet(self, form: str) -> FigureSheet | None:
        """The figure form of that name, or None."""
        for sheet in self.sheets:
            if sheet.form == form and isinstance(sheet, FigureSheet):
                return sheet
        return None

    def ledger(self, form: str) -> LedgerSheet | None:
        """The ledger of that name, or None."""
        for sheet in self.sheets:
            if sheet.form == form and isinstance(sheet, LedgerSheet):
                return sheet
        return None

    def with_sheet(self, changed: Sheet) -> Return:
        """The return with the sheet in the place of its form's."""
        sheets = tuple(changed if sheet.form == changed.form else sheet for sheet in self.sheets)
        return replace(self, sheets=sheets)

    def only(self, forms: set[str]) -> Return:
        """The return with those forms alone."""
        return replace(self, sheets=tuple(each for each in self.sheets if each.form in forms))


def ledger_sheet(ledger: Ledger, rows: list[Row]) -> LedgerSheet:
    """The ledger filled in with rows."""
    columns = tuple((column.name, column.name_zh) for column in ledger.columns)
    return LedgerSheet(ledger.name, ledger.form_no, ledger.title_zh, columns, tuple(rows))
