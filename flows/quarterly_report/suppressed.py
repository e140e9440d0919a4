"""The report's numbers, asked of the tables after suppression and of nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import duckdb

from flows.explaining.published import Growth
from flows.quarterly_report.contents import GrowthKey, LevelKey, MonthKey
from flows.quarterly_report.rows import Due, Level, Month, Target
from schemas.declaring import periods

BACK = 8
"""So many quarters before it are shown beside the quarter."""
MONTH_NUMBER = "(year(month) * 12 + month(month) - 1)::INTEGER"
"""A row's month as its number."""


def levels(tables: duckdb.DuckDBPyConnection, quarter: int) -> dict[LevelKey, Level]:
    """The levels of the quarter and of those before it."""
    rows = tables.execute(
        f"SELECT quarter, unit_code, indicator, {', '.join(Level._fields)} "
        "FROM quarterly_indicator WHERE quarter >= ?",
        [periods.quarter_label(quarter - BACK)],
    ).fetchall()
    return {
        (periods.parse_quarter(label), unit, indicator): Level(*level)
        for label, unit, indicator, *level in rows
    }


def growth(tables: duckdb.DuckDBPyConnection, quarter: int) -> dict[GrowthKey, Growth]:
    """The comparisons of the quarter and of the one before it."""
    rows = tables.execute(
        f"SELECT quarter, unit_code, indicator, comparison, {', '.join(Growth._fields)} "
        "FROM growth WHERE quarter >= ?",
        [periods.quarter_label(quarter - 1)],
    ).fetchall()
    return {
        (periods.parse_quarter(label), unit, indicator, comparison): Growth(*row)
        for label, unit, indicator, comparison, *row in rows
    }


def targets(tables: duckdb.DuckDBPyConnection, quarter: int) -> tuple[Target, ...]:
    """How far the targets are met, the furthest behind first; none where none are declared."""
    there = tables.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'progress'"
    ).fetchone()
    if there is None or not there[0]:
        return ()
    rows = tables.execute(
        f"SELECT {', '.join(Target._fields)} FROM progress WHERE quarter = ? "
        "ORDER BY lead NULLS LAST, indicator",
        [periods.quarter_label(quarter)],
    ).fetchall()
    return tuple(Target(*row) for row in rows)


def months(tables: duckdb.DuckDBPyConnection, wanted: Sequence[int]) -> dict[MonthKey, Month]:
    """The figures' values of those months."""
    rows = tables.execute(
        f"SELECT unit_code, figure, {MONTH_NUMBER} AS number, value, year_to_date, mark "
        "FROM monthly_figure WHERE list_contains(?, number)",
        [list(wanted)],
    ).fetchall()
    return {
        (unit, figure, month): Month(value, to_date, mark)
        for unit, figure, month, value, to_date, mark in rows
    }


def coverage(
    tables: duckdb.DuckDBPyConnection,
    quarter: int,
    local: Callable[[dt.datetime | None], dt.datetime | None],
) -> dict[tuple[str, int, str], Due]:
    """The forms due from January to the quarter's end, by unit, month and form."""
    first = periods.first_day(quarter // 4 * 12)
    rows = tables.execute(
        f"SELECT unit_code, {MONTH_NUMBER}, form, due_on, received_at, state FROM coverage "
        "WHERE month BETWEEN ? AND ?",
        [first, periods.first_day(quarter * 3 + 2)],
    ).fetchall()
    return {
        (unit, month, form): Due(due_on, local(at), state)
        for unit, month, form, due_on, at, state in rows
    }
