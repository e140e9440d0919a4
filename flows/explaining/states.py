"""Which state of the warehouse is explained: what stands now, what stood then, what was released.

A state names the rows of the two public tables, the facts under them, and which versions of
forms and dated totals were in force.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from flows.warehouse.store import quoted
from flows.warehouse.tables import STOOD
from schemas.declaring import periods


@dataclass(frozen=True, slots=True)
class State:
    """Queries of a state of the warehouse.

    `facts` has the columns of internal.month_value with sheet and cell, null where the state
    does not know them. `stood` is the condition that a row with a time (`{0}`) was in force.
    """

    levels: str
    growth: str
    facts: str
    stood: str
    quarters: str
    """The labels of the quarters that had been computed."""
    at: dt.datetime | None = None
    """The instant it shows, UTC; None for now."""
    release: str | None = None
    quarter: int | None = None
    """The quarter of the release."""


NOW = State(
    levels="main.quarterly_indicator",
    growth="main.growth",
    facts="SELECT *, NULL::VARCHAR AS sheet, NULL::VARCHAR AS cell FROM internal.month_value",
    stood="{0}.until IS NULL",
    quarters="SELECT DISTINCT quarter FROM main.quarterly_indicator",
)
_MONTH = "(year(month) * 12 + month(month) - 1)::INTEGER AS month"
_FACT = "unit_code, figure, value, year_to_date, mark, submission, sheet, cell"


def as_of(at: dt.datetime) -> State:
    """What stood at an instant, UTC without zone. It has no facts of coverage: only the present one is kept."""
    then = f"TIMESTAMP '{at.isoformat(sep=' ')}'"
    stood = STOOD.replace("at_time", then)
    tenure, dated = stood.format("t"), stood.format("h")
    return State(
        levels=f"main.quarterly_indicator_as_of({then})",
        growth=f"main.growth_as_of({then})",
        facts=(
            f"SELECT {_MONTH}, {_FACT} FROM main.figures_as_of({then}) UNION ALL "
            "SELECT t.month, t.unit_code, c.name, c.value, NULL, 'reported', t.submission, NULL, "
            "NULL FROM internal.tenure t JOIN internal.ledger_count c ON c.reading = t.reading "
            f"WHERE {tenure} AND NOT c.compared UNION ALL "
            # A quarter's total stands in its last month; it covers the two before as well.
            "SELECT h.month - earlier.back, h.unit_code, h.figure, 0, NULL, 'history', "
            "h.submission, NULL, NULL FROM internal.history h "
            f"SEMI JOIN (SELECT {_MONTH}, unit_code, figure FROM main.figures_as_of({then}) "
            "WHERE mark = 'history') total USING (month, unit_code, figure) "
            "CROSS JOIN (SELECT unnest([1, 2]) AS back) earlier "
            f"WHERE {dated} AND h.months = 3 "
            "AND h.figure IN (SELECT figure FROM main.figure WHERE kind = 'flow')"
        ),
        stood=stood,
        quarters=f"SELECT DISTINCT quarter FROM main.quarterly_indicator_as_of({then})",
        at=at,
    )


def released(connection: duckdb.DuckDBPyConnection, release: str) -> State:
    """What was frozen with a release, which must be there; the cells are those of its instant."""
    row = connection.execute(
        "SELECT quarter, as_of FROM main.release WHERE release = ?", [release]
    ).fetchone()
    assert row is not None
    label, at = row
    then, own = as_of(at), f"WHERE release = {quoted(release)}"
    return State(
        levels=f"(FROM main.released_indicator {own})",
        growth=f"(FROM main.released_growth {own})",
        facts=f"SELECT {_MONTH}, {_FACT} FROM main.released_figure {own}",
        stood=then.stood,
        quarters=f"{then.quarters} UNION SELECT {quoted(label)}",
        at=at,
        release=release,
        quarter=periods.parse_quarter(label),
    )
