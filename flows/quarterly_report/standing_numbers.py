"""The numbers of the database after suppression, as they are to be printed: asked for anew.

Nothing of what the report was written from is used, so that a number that was mixed up on the
way differs from the one here.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

import duckdb

from flows.computing.rounding import Standard

SUPPRESSED = "suppressed"
Number = Decimal | str | None
"""A rounded number, `SUPPRESSED`, or None where there is none."""

_ROUNDING = {"half_up": ROUND_HALF_UP, "gb8170": ROUND_HALF_EVEN}
_PLACES = "CASE WHEN i.kind = 'ratio' OR i.unit IN ('万元', '%') THEN 1 ELSE 0 END"
_LEVELS = (
    f"SELECT q.indicator, q.unit_code, {_PLACES}, q.suppressed, q.value, q.year_to_date "
    "FROM quarterly_indicator q JOIN indicator i USING (indicator) WHERE q.quarter = ?"
)
_GROWTH = (
    f"SELECT g.indicator, g.unit_code, g.comparison, {_PLACES}, g.status = 'suppressed', "
    "g.value, g.base, g.change, g.rate, g.matched_value, g.matched_base, g.matched_rate, g.contribution, g.pull "
    "FROM growth g JOIN indicator i USING (indicator) WHERE g.quarter = ?"
)
_PROGRESS = (
    f"SELECT p.indicator, {_PLACES}, p.suppressed, coalesce(p.target, p.year_target), "
    "p.completion, p.lead FROM progress p JOIN indicator i USING (indicator) WHERE p.quarter = ?"
)


class Standing(NamedTuple):
    """Numbers by indicator/unit/measure, and unrounded levels and rows of growth by the same."""

    printed: dict[str, Number]
    exact: dict[str, Decimal | None]
    status: dict[str, str]


def standing_numbers(
    tables: duckdb.DuckDBPyConnection, district: str, label: str, standard: Standard
) -> Standing:
    """All numbers of the quarter that the report may print.

    Keys are indicator/unit/measure with measure value, year_to_date, target, completion, lead;
    of a comparison yoy.value, yoy.base, yoy.change, yoy.rate, the same four with matched_,
    contribution.yoy and pull.yoy. `status` is by indicator/unit/comparison. Rates and contributions
    have one decimal, pulls two.
    """
    printed: dict[str, Number] = {}
    exact: dict[str, Decimal | None] = {}

    def put(key: str, number: Decimal | None, places: int, *, suppressed: bool) -> None:
        exact[key] = number
        printed[key] = None if number is None else _rounded(number, places, _ROUNDING[standard])
        if number is None and suppressed:
            printed[key] = SUPPRESSED

    for indicator, unit, places, suppressed, value, to_date in _rows(tables, _LEVELS, label):
        key = f"{indicator}/{unit}"
        put(f"{key}/value", value, places, suppressed=suppressed)
        put(f"{key}/year_to_date", to_date, places, suppressed=suppressed)
    for indicator, unit, comparison, places, suppressed, *numbers in _rows(tables, _GROWTH, label):
        value, base, change, rate, now, then, matched, contribution, pull = numbers
        moved = None if now is None or then is None else now - then
        key = f"{indicator}/{unit}/"
        for name, number, decimals in (
            (f"{comparison}.value", value, places),
            (f"{comparison}.base", base, places),
            (f"{comparison}.change", change, places),
            (f"{comparison}.rate", rate, 1),
            (f"{comparison}.matched_value", now, places),
            (f"{comparison}.matched_base", then, places),
            (f"{comparison}.matched_change", moved, places),
            (f"{comparison}.matched_rate", matched, 1),
            (f"contribution.{comparison}", contribution, 1),
            (f"pull.{comparison}", pull, 2),
        ):
            put(key + name, number, decimals, suppressed=suppressed)
    if tables.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'progress'").fetchone():
        for indicator, places, suppressed, *numbers in _rows(tables, _PROGRESS, label):
            names = ("target", places), ("completion", 1), ("lead", 1)
            for (name, decimals), number in zip(names, numbers, strict=True):
                put(f"{indicator}/{district}/{name}", number, decimals, suppressed=suppressed)
    status = {
        f"{indicator}/{unit}/{comparison}": said
        for indicator, unit, comparison, said in _rows(
            tables,
            "SELECT indicator, unit_code, comparison, status FROM growth WHERE quarter = ?",
            label,
        )
    }
    return Standing(printed, exact, status)


def _rows(tables: duckdb.DuckDBPyConnection, query: str, label: str) -> list[tuple]:  # type: ignore[type-arg]  # columns of many types
    return tables.execute(query, [label]).fetchall()


def _rounded(number: Decimal, places: int, mode: str) -> Decimal:
    # The published ten decimals and fewer: quantize has digits enough for them.
    return number.quantize(Decimal(1).scaleb(-places), mode)
