"""Months → quarters → growth, in the steps of the SQL files beside this module.

The rules of time arithmetic are stated where they are applied, as comments in the
SQL. Steps read the internal tables and leave temporary ones for the next.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import NamedTuple

import duckdb

from flows.computing.declared import declare
from schemas.declaring.district import Declaration

STEPS = ("scope", "months", "quarters", "indicators", "pairs", "growth")
AIMED = "progress"
MACROS = "exact"
TABLES = "tables"
EARLIEST = dt.datetime(1970, 1, 1)  # noqa: DTZ001 — UTC without zone, as in the tables
_EVERYTHING = """
INSERT INTO step_changed
SELECT DISTINCT month // 3 FROM internal.month_value
UNION
SELECT month // 3 FROM internal.form_state
UNION
SELECT quarter FROM internal.quarterly_part
"""


class Version(NamedTuple):
    """A table of versions in schema internal, what has been computed for it, and of which rows."""

    name: str
    computed: str
    scope: str
    key: str
    rest: str

    @property
    def table(self) -> str:
        """The table with its schema."""
        return f"internal.{self.name}"


QUARTERLY, GROWTH, PROGRESS = VERSIONS = (
    Version(
        "quarterly_version",
        "step_quarterly",
        "quarter IN (SELECT quarter_label(quarter) FROM step_rebuilt)",
        "quarter, unit_code, indicator",
        "value, year_to_date, months_reported, units_expected, units_reported, maturity",
    ),
    Version(
        "growth_version",
        "step_grown",
        "quarter IN (SELECT quarter_label(quarter) FROM step_compared)",
        "quarter, unit_code, indicator, comparison",
        "value, base, change, rate, status, restated, matched_units, matched_value, "
        "matched_base, matched_rate, contribution, pull",
    ),
    Version(
        "progress_version",
        "step_measured",
        "TRUE",
        "quarter, indicator",
        "target, value, completion, time_progress, lead, year_target, units_expected, "
        "units_reported",
    ),
)
_MACRO = re.compile(r"TEMP MACRO (\w+)\([^)]*\) AS( TABLE)?")


def compute(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    quarters: Collection[int] | None = None,
    at: dt.datetime = EARLIEST,
) -> None:
    """Bring the versions of indicators and growth up to date with internal.month_value.

    And those of the progress towards internal.target, of every quarter: targets are few.

    `quarters` are the numbers of the quarters (see `periods`) in which facts or form
    states changed; None recomputes everything, as a changed declaration needs. Recomputed
    are those quarters and the later ones of their years, and the growth of the quarters
    that have any of them as value or base. Rows that come out as they were stay; those
    that do not end `at` that instant (UTC), and the new ones stand from then on. The tables
    are made when they are missing. The caller's transaction is used as it is. ValueError
    for a formula not understood.
    """
    declare(connection, declaration)
    make_tables(connection)
    run(connection, MACROS)
    connection.execute("CREATE OR REPLACE TEMP TABLE step_changed (quarter INTEGER NOT NULL)")
    if quarters is None:
        connection.execute(_EVERYTHING)
    else:
        connection.execute("INSERT INTO step_changed SELECT unnest(?)", [sorted(set(quarters))])
    connection.execute("SET VARIABLE district = ?", [declaration.district])
    for step in STEPS:
        run(connection, step)
    for version in (QUARTERLY, GROWTH):
        _keep(connection, version, at)
    if _is_aimed(connection):
        run(connection, AIMED)
        _keep(connection, PROGRESS, at)
    _clear(connection)


def _is_aimed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there are targets or there is progress that stands, to be measured or ended."""
    (aimed,) = connection.execute(
        "SELECT EXISTS (FROM internal.target) "
        f"OR EXISTS (FROM {PROGRESS.table} WHERE until IS NULL)"
    ).fetchall()[0]
    return bool(aimed)


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of what is computed where they are missing."""
    run(connection, TABLES)


def _keep(connection: duckdb.DuckDBPyConnection, version: Version, at: dt.datetime) -> None:
    """End the versions that no longer hold, and begin the new ones."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE step_same AS "
        "SELECT old.rowid AS old_row, new.rowid AS new_row "
        f"FROM {version.table} AS old JOIN {version.computed} AS new USING ({version.key}) "
        "WHERE old.until IS NULL AND "
        f"({_of('old', version.rest)}) IS NOT DISTINCT FROM ({_of('new', version.rest)})"
    )
    gone = f"until IS NULL AND {version.scope} AND rowid NOT IN (SELECT old_row FROM step_same)"
    _clip(connection, version, gone, at)
    # What stood for no time at all was never to be seen.
    connection.execute(f"DELETE FROM {version.table} WHERE {gone} AND since >= ?", [at])
    connection.execute(f"UPDATE {version.table} SET until = ? WHERE {gone}", [at])
    connection.execute(
        f"INSERT INTO {version.table} SELECT *, ?, NULL FROM {version.computed} "
        "WHERE rowid NOT IN (SELECT new_row FROM step_same)",
        [at],
    )


def _clip(
    connection: duckdb.DuckDBPyConnection, version: Version, gone: str, at: dt.datetime
) -> None:
    """Where the clock has gone back, end what had ended later: no two versions stand at once."""
    later = connection.execute(f"SELECT 1 FROM {version.table} WHERE until > ? LIMIT 1", [at])
    if later.fetchone() is None:
        return
    changed = (
        f"SELECT {version.key} FROM {version.table} WHERE {gone} UNION "
        f"SELECT {version.key} FROM {version.computed} "
        "WHERE rowid NOT IN (SELECT new_row FROM step_same)"
    )
    overlapping = f"until > ? AND ({version.key}) IN ({changed})"
    connection.execute(f"DELETE FROM {version.table} WHERE since >= ? AND {overlapping}", [at, at])
    connection.execute(f"UPDATE {version.table} SET until = ? WHERE {overlapping}", [at, at])


def _of(side: str, columns: str) -> str:
    return ", ".join(f"{side}.{each}" for each in columns.split(", "))


def run(connection: duckdb.DuckDBPyConnection, step: str) -> None:
    """Execute one of the SQL files."""
    connection.execute(_text(step))


@cache
def _text(step: str) -> str:
    return resources.files("flows.computing").joinpath(f"{step}.sql").read_text(encoding="utf-8")


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave nothing of the steps behind on the connection."""
    tables = "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name LIKE 'step_%'"
    for (table,) in connection.execute(tables).fetchall():
        connection.execute(f"DROP TABLE temp.{table}")
    for macro, kind in _MACRO.findall(_text(MACROS)):
        connection.execute(f"DROP MACRO{' TABLE' if kind else ''} temp.{macro}")
    connection.execute("RESET VARIABLE district")
