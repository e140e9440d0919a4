"""A database that holds the shared tables and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from flows.errors import NotThere
from flows.sharing.plan import Series, plan
from flows.sharing.tables import form_tables, shared_tables
from flows.sharing.withholding import District
from flows.warehouse.store import connect, quoted, reading
from flows.warehouse.tables import Table
from flows.warehouse.working import declared_digest
from schemas.declaring import periods
from schemas.declaring.district import Declaration

_CHANGED = """
CREATE TEMP TABLE changed AS
WITH released AS (
    SELECT r.release, q.quarter, q.unit_code, q.indicator, '' AS comparison, q.value,
           q.year_to_date AS other
    FROM main.release r JOIN main.released_indicator q USING (release, quarter)
    UNION ALL
    SELECT r.release, q.quarter, q.unit_code, q.indicator, q.comparison, q.value, q.base
    FROM main.release r JOIN main.released_growth q USING (release, quarter)
),
live AS (
    SELECT r.release, q.quarter, q.unit_code, q.indicator, '' AS comparison, q.value,
           q.year_to_date AS other
    FROM main.release r JOIN main.quarterly_indicator q USING (quarter)
    UNION ALL
    SELECT r.release, q.quarter, q.unit_code, q.indicator, q.comparison, q.value, q.base
    FROM main.release r JOIN main.growth q USING (quarter)
)
SELECT DISTINCT release, indicator FROM (
    (FROM released EXCEPT FROM live) UNION ALL (FROM live EXCEPT FROM released)
)
"""


@dataclass(frozen=True, slots=True)
class Shareable:
    """The shared tables in schema `main` of a connection of their own, and what they withhold."""

    connection: duckdb.DuckDBPyConnection
    tables: tuple[Table, ...]
    withheld: list[Series]


@contextmanager
def shareable(
    warehouse: Path, declaration: Declaration, quarter: int, threshold: int
) -> Iterator[Shareable]:
    """The public tables up to the quarter, small sensitive counts suppressed.

    Counts from 1 to below the threshold are. Every table has the columns of the
    warehouse's, those left out in `flows.sharing.tables` excepted and `suppressed` added.
    NotThere where the warehouse or the quarter is not there,
    or the warehouse is not up to the declaration.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shared.duckdb"
        with reading(warehouse) as connection:
            _check_declared(connection, declaration, warehouse)
            withheld = plan(connection, declaration, quarter, threshold)
            _prepare(connection, declaration, quarter, withheld)
            connection.execute(f"ATTACH {quoted(str(path))} AS shared (READ_WRITE)")
            made = shared_tables(declaration)
            for table in made:
                _make(connection, table)
            connection.execute("USE shared")  # the forms' tables are made from shared ones
            for table in form_tables(declaration):
                _make(connection, table)
        # The warehouse is closed: whoever is handed this one cannot ask it.
        with connect(path, read_only=True) as shared:
            yield Shareable(shared, (*made, *form_tables(declaration)), withheld)


def _check_declared(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, warehouse: Path
) -> None:
    """What is in which total is planned by the declaration, and was added up by it."""
    row = connection.execute("SELECT declared FROM internal.applied").fetchone()
    if row is None or row[0] != declared_digest(declaration):
        raise NotThere(
            f"{warehouse} was made by another declaration, or another version of this program; "
            "run `minzheng nightly`, which brings it up to date."
        )


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    quarter: int,
    withheld: list[Series],
) -> None:
    label = periods.quarter_label(quarter)
    there = connection.execute(
        "SELECT count(*) FROM main.quarterly_indicator WHERE quarter = ?", [label]
    ).fetchone()
    if there is None or not there[0]:
        raise NotThere(f"The warehouse has nothing of {label}; name a quarter that was reported.")
    connection.execute(
        "CREATE TEMP TABLE of (label VARCHAR, last_month DATE, year_end VARCHAR, district VARCHAR)"
    )
    last = periods.first_day(quarter * 3 + 2)
    connection.execute(
        "INSERT INTO of VALUES (?, ?, ?, ?)",
        [label, last, f"{quarter // 4:04d}Q4", declaration.district],
    )
    connection.execute(
        "CREATE TEMP TABLE withheld_series (indicator VARCHAR, unit_code VARCHAR);"
        "CREATE TEMP TABLE withheld_total (indicator VARCHAR, year_to_date_only BOOLEAN);"
        "CREATE TEMP TABLE touched (indicator VARCHAR)"
    )
    for each in withheld:
        connection.execute("INSERT INTO touched VALUES (?)", [each.indicator])
        connection.execute(
            "INSERT INTO withheld_series SELECT ?, unnest(?::VARCHAR[])",
            [each.indicator, list(each.units)],
        )
        if each.district:
            connection.execute(
                "INSERT INTO withheld_total VALUES (?, ?)",
                [each.indicator, each.district is District.YEAR_TO_DATE],
            )
    connection.execute(_CHANGED)


def _make(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The table in the shared database, its rows in order: the same rows, the same bytes."""
    columns = ", ".join(f"{each.name} {each.type}" for each in table.columns)
    connection.execute(f'CREATE TABLE shared.main."{table.name}" ({columns})')
    connection.execute(f'INSERT INTO shared.main."{table.name}" {table.query} ORDER BY ALL')
