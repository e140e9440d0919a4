"""The facts that numbers are made of, with the cells that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

import duckdb

from flows.computing.declared import COVERAGE_FIGURES
from flows.explaining.states import State

Key = tuple[str, str, int]
"""Unit code, figure (or form), month."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A month's value in force of a unit's figure, and where it comes from.

    `mark` is reported, not_applicable, history, counted (from a ledger) or covered (from the
    forms due). `source` is what a dated total says of its origin, `dated_month` the last month
    of the `dated_months` that it covers. `reading` is the version of
    the form in force, where there is one and it is still known.
    """

    month: int
    unit_code: str
    figure: str
    value: Decimal | None
    year_to_date: Decimal | None
    mark: str
    form: str
    submission: str | None = None
    sheet: str | None = None
    cell: str | None = None
    cumulative_cell: str | None = None
    reading: int | None = None
    source: str | None = None
    dated_month: int | None = None
    dated_months: int | None = None


class Facts:
    """The facts of a state, asked for once, for all units together."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, state: State) -> None:
        self.connection = connection
        self.state = state
        self._facts: dict[Key, Fact] = {}
        self._loaded: set[tuple[str, int]] = set()

    def of(self, figures: Iterable[str], year: int) -> Mapping[Key, Fact]:
        """The facts at hand, those of the figures in the year among them."""
        absent = [each for each in dict.fromkeys(figures) if (each, year) not in self._loaded]
        if absent:
            self._loaded |= {(each, year) for each in absent}
            for fact in self.load(absent, year):
                self._facts[fact.unit_code, fact.figure, fact.month] = fact
        return self._facts

    def load(self, figures: list[str], year: int) -> list[Fact]:
        """The facts of the figures in the year, from the warehouse."""
        wanted = {"figures": figures, "year": year, "coverage": list(COVERAGE_FIGURES)}
        rows = self.connection.execute(_query(self.state), wanted).fetchall()
        return [Fact(*row) for row in rows]


_SOURCES = (
    "SELECT t.month, t.unit_code, t.submission, t.form, t.reading, v.figure, v.sheet, v.cell, "
    "v.cumulative_cell, FALSE AS counted FROM internal.tenure t "
    "JOIN internal.figure_value v ON v.reading = t.reading "
    "WHERE {stood} AND list_contains($figures, v.figure) AND t.month // 12 = $year UNION ALL "
    "SELECT t.month, t.unit_code, t.submission, t.form, t.reading, c.name, NULL, NULL, NULL, TRUE "
    "FROM internal.tenure t JOIN internal.ledger_count c ON c.reading = t.reading "
    "WHERE {stood} AND list_contains($figures, c.name) AND t.month // 12 = $year "
    "AND NOT c.compared"
)


def _query(state: State) -> str:
    """The facts of $figures in $year, a column a field of Fact."""
    sources = _SOURCES.format(stood=state.stood.format("t"))
    columns = {
        "mark": "CASE WHEN list_contains($coverage, f.figure) THEN 'covered' "
        "WHEN s.counted THEN 'counted' ELSE f.mark END",
        "form": "coalesce(s.form, h.form, '')",
        "sheet": "coalesce(f.sheet, s.sheet, h.sheet)",
        "cell": "coalesce(f.cell, s.cell, h.cell)",
        "cumulative_cell": "s.cumulative_cell",
        "reading": "s.reading",
        "source": "h.source",
        "dated_month": "h.month",
        "dated_months": "h.months",
    }
    asked = ", ".join(columns.get(each.name, f"f.{each.name}") for each in fields(Fact))
    return (
        f"SELECT {asked} FROM ({state.facts}) f "
        f"LEFT JOIN ({sources}) s ON s.month = f.month AND s.unit_code = f.unit_code "
        "AND s.figure = f.figure AND s.submission = f.submission "
        "LEFT JOIN internal.history h ON f.mark = 'history' AND h.unit_code = f.unit_code "
        "AND h.figure = f.figure AND h.submission = f.submission "
        "AND f.month <= h.month AND f.month > h.month - h.months "
        f"AND {state.stood.format('h')} "
        "WHERE list_contains($figures, f.figure) AND f.month // 12 = $year"
    )
