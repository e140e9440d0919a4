"""Months → quarters → growth, in the steps of the SQL files beside this module.

The rules of time arithmetic are stated where they are applied, as comments in the
SQL. Steps read the internal tables and leave temporary ones for the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from importlib import resources

import duckdb

from flows.computing.declared import declare
from schemas.declaring.district import Declaration

STEPS = ("scope", "months", "quarters", "indicators", "pairs", "growth", "progress")
MACROS = "exact"
TABLES = "tables"
_MACRO = re.compile(r"TEMP MACRO (\w+)\([^)]*\) AS( TABLE)?")


def compute(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    quarters: Collection[int] | None = None,
) -> None:
    """Bring main.quarterly_indicator and main.growth up to date with internal.month_value.

    And internal.progress with internal.target, whichever quarters changed: targets are few.

    `quarters` are the numbers of the quarters (see `periods`) in which facts or form
    states changed; None recomputes everything, as a changed declaration needs. Recomputed
    are those quarters and the later ones of their years, and the growth of the quarters
    that have any of them as value or base. The tables are made when they are missing.
    The caller's transaction is used as it is. ValueError for a formula not understood.
    """
    declare(connection, declaration)
    run(connection, TABLES)
    run(connection, MACROS)
    connection.execute("CREATE OR REPLACE TEMP TABLE step_changed (quarter INTEGER NOT NULL)")
    if quarters is None:
        _forget(connection)
    else:
        connection.execute("INSERT INTO step_changed SELECT unnest(?)", [sorted(set(quarters))])
    connection.execute("SET VARIABLE district = ?", [declaration.district])
    for step in STEPS:
        run(connection, step)
    _clear(connection)


def run(connection: duckdb.DuckDBPyConnection, step: str) -> None:
    """Execute one of the SQL files."""
    connection.execute(_text(step))


@cache
def _text(step: str) -> str:
    return resources.files("flows.computing").joinpath(f"{step}.sql").read_text(encoding="utf-8")


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty the tables and take every quarter as changed."""
    for table in ("main.quarterly_indicator", "main.growth", "internal.quarterly_part"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute(
        "INSERT INTO step_changed SELECT DISTINCT month // 3 FROM internal.month_value"
        " UNION SELECT month // 3 FROM internal.form_state"
    )


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave nothing of the steps behind on the connection."""
    tables = "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name LIKE 'step_%'"
    for (table,) in connection.execute(tables).fetchall():
        connection.execute(f"DROP TABLE temp.{table}")
    for macro, kind in _MACRO.findall(_text(MACROS)):
        connection.execute(f"DROP MACRO{' TABLE' if kind else ''} temp.{macro}")
    connection.execute("RESET VARIABLE district")
