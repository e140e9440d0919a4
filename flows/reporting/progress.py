"""How far the targets of a quarter are met, for a person to read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb

from flows.computing.rounding import Standard, rounded


def latest_quarter(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The label of the last quarter in which a target has a value; None where there is none."""
    row = connection.execute(
        "SELECT max(quarter) FROM main.progress WHERE value IS NOT NULL"
    ).fetchone()
    return None if row is None else row[0]


def progress_of(connection: duckdb.DuckDBPyConnection, quarter: str) -> list[dict[str, Any]]:
    """The quarter's rows of `progress` with the indicators' names and units, unrounded."""
    found = connection.execute(
        "SELECT p.indicator, i.name_zh, i.unit, i.kind, p.target, p.year_target, p.value, "
        "p.completion, p.time_progress, p.lead, p.units_expected, p.units_reported "
        "FROM main.progress p JOIN main.indicator i USING (indicator) WHERE p.quarter = ? "
        "ORDER BY p.lead NULLS LAST, p.indicator",
        [quarter],
    )
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def tally(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many targets are met or ahead of the year, how many behind, how many without a lead."""
    leads = [each["lead"] for each in rows]
    behind = sum(lead is not None and lead < 0 for lead in leads)
    unknown = leads.count(None)
    return {"met": len(leads) - behind - unknown, "behind": behind, "unknown": unknown}


def shown(row: dict[str, Any], column: str, standard: Standard = "half_up") -> str:
    """An amount of a row as it is displayed: a rate, a ratio or 万元 with one decimal, a count whole."""
    value = row[column]
    if not isinstance(value, Decimal):
        return "" if value is None else str(value)
    fine = column in ("completion", "lead") or row["kind"] == "ratio" or row["unit"] == "万元"
    text = f"{rounded(value, 1 if fine else 0, standard):,}"
    return f"+{text}" if column == "lead" and value > 0 else text
