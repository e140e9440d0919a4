"""The rows of the two public tables, as they were published in the state that is explained."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

import duckdb

from flows.explaining.states import State
from schemas.declaring import periods


class Level(NamedTuple):
    """A row of quarterly_indicator, without its key."""

    value: Decimal | None
    year_to_date: Decimal | None
    months_reported: int
    units_expected: int
    units_reported: int
    maturity: str


class Growth(NamedTuple):
    """A row of growth, without its key."""

    value: Decimal | None
    base: Decimal | None
    change: Decimal | None
    rate: Decimal | None
    status: str
    restated: bool
    matched_units: int | None
    matched_value: Decimal | None
    matched_base: Decimal | None
    matched_rate: Decimal | None
    contribution: Decimal | None
    pull: Decimal | None


class Published:
    """The rows of a state, asked for once, for all units together.

    A release has the rows of its own quarter only.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, state: State) -> None:
        self.connection = connection
        self.state = state
        self._levels: dict[int, dict[tuple[str, str], Level]] = {}
        self._growth: dict[tuple[int, str], dict[tuple[str, str], Growth]] = {}

    def quarters(self) -> frozenset[int]:
        """The quarters that have been computed; of a release, its bases' among them."""
        found = self.connection.execute(self.state.quarters).fetchall()
        return frozenset(periods.parse_quarter(label) for (label,) in found)

    def levels(self, quarter: int) -> dict[tuple[str, str], Level]:
        """The published levels of a quarter, by unit code and indicator."""
        if quarter not in self._levels:
            found = self.connection.execute(
                f"SELECT unit_code, indicator, {', '.join(Level._fields)} "
                f"FROM {self.state.levels} WHERE quarter = ?",
                [periods.quarter_label(quarter)],
            ).fetchall()
            self._levels[quarter] = {(unit, name): Level(*row) for unit, name, *row in found}
        return self._levels[quarter]

    def growth(self, quarter: int, indicator: str) -> dict[tuple[str, str], Growth]:
        """The published growth of an indicator in a quarter, by unit code and comparison."""
        key = quarter, indicator
        if key not in self._growth:
            self.load_growth((quarter,), (indicator,))
        return self._growth[key]

    def load_growth(self, quarters: Collection[int], indicators: Collection[str]) -> None:
        """Have the growth of several quarters and indicators at hand, with one query."""
        labels = {periods.quarter_label(quarter): quarter for quarter in quarters}
        for quarter in quarters:
            for indicator in indicators:
                self._growth.setdefault((quarter, indicator), {})
        for label, unit, indicator, comparison, *row in self.connection.execute(
            f"SELECT quarter, unit_code, indicator, comparison, {', '.join(Growth._fields)} "
            f"FROM {self.state.growth} "
            "WHERE list_contains(?, quarter) AND list_contains(?, indicator)",
            [list(labels), list(indicators)],
        ).fetchall():
            self._growth[labels[label], indicator][unit, comparison] = Growth(*row)
