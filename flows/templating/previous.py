"""What the warehouse has of the months before, for all units at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import duckdb

from flows.templating.last_rows import Item, Sent, last_rows
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Ledger
from schemas.declaring.rules import MICRO
from schemas.declaring.versions import DIVISOR


class Held(NamedTuple):
    """A value in force, in the unit in which its figure is kept."""

    value: Decimal | None
    year_to_date: Decimal | None
    applicable: bool


@dataclass(frozen=True, slots=True)
class Previous:
    """A unit's values by month and figure, and its ledgers' rows as they were last."""

    month: int
    values: Mapping[tuple[int, str], Held] = field(default_factory=dict)
    items: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    """By ledger; those of its last month in force, whichever that is."""
    sent: Mapping[str, Sent] = field(default_factory=dict)
    """By ledger, where any came with rows: that last month may have been one without."""
    dated: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)
    """Dated totals from before the forms that cover one period, to be looked at only."""

    def held(self, figure: str, month: int) -> Held | None:
        """The figure's value of a month, where there is one."""
        return self.values.get((month, figure))

    def shown(self, figure: Figure, month: int) -> tuple[bool, Decimal | None]:
        """Whether the figure does not apply in a month, and its value there, as its line asks it.

        Of a year ago it is 本年累计 where only that is asked.
        """
        held = self.held(figure.name, month)
        if held is None:
            return False, asked(figure, self.dated.get((month, figure.name)))
        is_total = figure.cumulative_only and month == self.month - 12
        return not held.applicable, asked(figure, held.year_to_date if is_total else held.value)

    def year_to_date(self, figure: str, step: int) -> Decimal | None:
        """The figure's 本年累计 of the period before, `step` months back; 0 in a year's first."""
        if self.month % 12 < step:
            return Decimal(0)
        held = self.held(figure, self.month - step)
        return None if held is None else held.year_to_date

    def summed(self, figure: str, step: int) -> Decimal | None:
        """The sum of the figure's earlier periods of the year; None where one is missing."""
        earlier = range(self.month - step, self.month - self.month % 12 - 1, -step)
        values = [held.value if (held := self.held(figure, at)) else None for at in earlier]
        known = [each for each in values if each is not None]
        return sum(known, Decimal(0)) if len(known) == len(values) else None


def asked(figure: Figure, value: Decimal | None) -> Decimal | None:
    """A value as the line asks for it: 元 are exact, since 万元 are kept with six decimals."""
    return value if value is None or figure.asked_in == figure.unit else value * DIVISOR


def micro(value: Decimal) -> int:
    """Millionths."""
    return int(value * MICRO)


def read_previous(
    connection: duckdb.DuckDBPyConnection | None, declaration: Declaration, month: int
) -> dict[str, Previous]:
    """By the codes of the units that report for the month; all blank without a warehouse."""
    values: dict[str, dict[tuple[int, str], Held]] = defaultdict(dict)
    dated: dict[str, dict[tuple[int, str], Decimal]] = defaultdict(dict)
    items: dict[str, dict[str, tuple[Item, ...]]] = defaultdict(dict)
    sent: dict[str, dict[str, Sent]] = defaultdict(dict)
    if connection is not None:
        for unit, day, figure, value, year_to_date, mark in connection.execute(
            # A dated total from before the forms may be one of several months.
            "SELECT unit_code, month, figure, value, year_to_date, mark FROM main.monthly_figure "
            "WHERE month >= ? AND month < ? AND mark <> 'history'",
            [periods.first_day(month - 12), periods.first_day(month)],
        ).fetchall():
            held = Held(value, year_to_date, mark != "not_applicable")
            values[unit][periods.month_of(day), figure] = held
        steps = {each.name: each.months for each in declaration.forms}
        for unit, at, form, figure, months, value in connection.execute(
            "SELECT unit_code, month, form, figure, months, value FROM internal.total "
            "WHERE month >= ? AND month < ?",
            [month - 12, month],
        ).fetchall():
            if months == steps.get(form):
                dated[unit][at, figure] = value
        for ledger in declaration.ledgers:
            if ledger.frequency != "as_sent" and not ledger.yearly:
                for unit, (rows, last) in last_rows(connection, ledger, month).items():
                    items[unit][ledger.name], sent[unit][ledger.name] = rows, last
    return {
        unit.code: Previous(
            month, values[unit.code], items[unit.code], sent[unit.code], dated[unit.code]
        )
        for unit in declaration.reporting_units(month)
    }


def forms_of(
    declaration: Declaration, unit_code: str, month: int
) -> tuple[FigureForm | Ledger, ...]:
    """The forms that a unit owes for the month, and the ledgers that it may send with them."""
    due = declaration.due(unit_code, month)
    group = declaration.group(unit_code)
    return tuple(
        form
        for form in declaration.all_forms
        if form in due
        or (
            isinstance(form, Ledger)
            and group in form.reporters
            and form.frequency != "as_sent"
            and not form.yearly
            and form.in_force(month)
        )
    )
