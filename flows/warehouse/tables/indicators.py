"""Views of what is computed: the rows that stand now, of tables that keep every version."""

from __future__ import annotations

from dataclasses import replace

from flows.warehouse.tables.model import (
    EXACT,
    QUARTER,
    TO_INDICATOR,
    TO_UNIT,
    UNIT,
    Table,
    columns_of,
    named,
    referring,
)

INDICATOR_LINES = (
    *QUARTER,
    UNIT,
    "indicator | VARCHAR | the indicator, or the figure of that name",
    f"value | {EXACT} | the quarter's value, in the indicator's unit; null where not reported",
    f"year_to_date | {EXACT} | from January to the quarter's end; a stock as it stands",
    "months_reported | INTEGER | months of the quarter that came",
    "units_expected | INTEGER | units that should have a value",
    "units_reported | INTEGER | units that have one",
    "maturity | VARCHAR | provisional, final (every form due is accepted) or released",
)

GROWTH_LINES = (
    *QUARTER,
    UNIT,
    "indicator | VARCHAR | the indicator, or the figure of that name",
    "comparison | VARCHAR | yoy, qoq, ytd_yoy or two_year",
    f"value | {EXACT} | the period's value",
    f"base | {EXACT} | the value it is compared with",
    f"change | {EXACT} | value - base; in percentage points where the unit is %",
    f"rate | {EXACT} | 100 x change / base, in percent, where status is ok",
    "status | VARCHAR | ok, or why there is no rate",
    "restated | BOOLEAN | the base is of units that merged into this one",
    "matched_units | INTEGER | units present in both periods (district rows)",
    f"matched_value | {EXACT} | their value",
    f"matched_base | {EXACT} | their base",
    f"matched_rate | {EXACT} | their rate, in percent",
    f"contribution | {EXACT} | share of the district's change, in percent",
    f"pull | {EXACT} | part of the district's rate, in percentage points",
)

PROGRESS_LINES = (
    *QUARTER,
    "indicator | VARCHAR | the indicator",
    f"target | {EXACT} | the quarter's own target; null where it has none",
    f"value | {EXACT} | the district's year to date, of the units that reported; a stock as it stands",
    f"completion | {EXACT} | value / target x 100, of the year's target where the quarter has none; "
    "null for no target, for 0, and for an indicator in %",
    "time_progress | INTEGER | 25, 50, 75, 100 (%)",
    f"lead | {EXACT} | completion - 100 where the quarter has its own target, "
    "else completion - time progress (points); of an indicator in % its value - the target",
    f"year_target | {EXACT} | the year's target, which stands in where the quarter has none",
    "units_expected | INTEGER | units that should be in the value; null where nothing came yet",
    "units_reported | INTEGER | units that are in it",
)

INDICATOR_KEY = "quarter, unit_code, indicator"


def _versions(table: Table, versions: str) -> Table:
    """The table as a view of the rows that stand now, of one that keeps every version of them."""
    query = f"SELECT {table.names} FROM internal.{versions} v WHERE v.until IS NULL"
    return replace(table, query=query)


QUARTERLY = _versions(
    Table(
        "quarterly_indicator",
        "An indicator in a quarter.",
        columns_of(*INDICATOR_LINES),
        key=named(INDICATOR_KEY),
        refers=referring(TO_UNIT, TO_INDICATOR),
    ),
    "quarterly_version",
)

GROWTH = _versions(
    Table(
        "growth",
        "One comparison of an indicator in a quarter.",
        columns_of(*GROWTH_LINES),
        key=named(f"{INDICATOR_KEY}, comparison"),
        refers=referring(f"{INDICATOR_KEY} -> quarterly_indicator ({INDICATOR_KEY})"),
    ),
    "growth_version",
)

PROGRESS = _versions(
    Table(
        "progress",
        "How far a target is met: each quarter of a year in which the indicator has a target.",
        columns_of(*PROGRESS_LINES),
        key=named("quarter, indicator"),
        refers=referring(TO_INDICATOR),
    ),
    "progress_version",
)
