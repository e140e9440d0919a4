"""A database that holds the shared tables and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from flows.errors import NotThere
from flows.sharing.plan import Series, plan, rows_of_series
from flows.sharing.tables import form_tables, released_tables, shared_tables
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
            check_declared(connection, declaration, warehouse)
            withheld = plan(connection, declaration, quarter, threshold)
            _prepare(
                connection, declaration, quarter, rows_of_series(withheld, declaration.district)
            )
            connection.execute(_CHANGED)
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


@contextmanager
def shareable_release(
    warehouse: Path, declaration: Declaration, release: str, threshold: int
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the tables of a release and nothing else, what it withholds suppressed.

    They are the same whatever has been corrected since, see `released_tables`. A release that
    was frozen before it kept what it withholds withholds what is withheld today. The release
    must be there.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "released.duckdb"
        with reading(warehouse) as connection:
            label, as_of, kept = connection.execute(
                "SELECT quarter, as_of, suppress_below FROM main.release WHERE release = ?",
                [release],
            ).fetchall()[0]
            quarter = periods.parse_quarter(label)
            if kept is None:
                check_declared(connection, declaration, warehouse)
                withheld = plan(connection, declaration, quarter, threshold)
                series = list(rows_of_series(withheld, declaration.district))
            else:
                series = connection.execute(
                    "SELECT unit_code, indicator, year_to_date_only FROM main.released_withheld "
                    "WHERE release = ?",
                    [release],
                ).fetchall()
            _prepare(connection, declaration, quarter, series)
            connection.execute(f"ATTACH {quoted(str(path))} AS shared (READ_WRITE)")
            for table in released_tables(release, label, as_of):
                _make(connection, table)
        with connect(path, read_only=True) as shared:
            yield shared


def check_declared(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, warehouse: Path
) -> None:
    """NotThere where the warehouse was computed by another declaration.

    What is in which total is planned by the declaration, and was added up by it.
    """
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
    withheld: Iterable[tuple[str, str, bool]],
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
    for unit, indicator, year_to_date_only in withheld:
        if unit == declaration.district:
            connection.execute(
                "INSERT INTO withheld_total VALUES (?, ?)", [indicator, year_to_date_only]
            )
        else:
            connection.execute("INSERT INTO withheld_series VALUES (?, ?)", [indicator, unit])
    connection.execute(
        "INSERT INTO touched SELECT indicator FROM withheld_series "
        "UNION SELECT indicator FROM withheld_total"
    )


def _make(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The table in the shared database, its rows in order: the same rows, the same bytes."""
    columns = ", ".join(f"{each.name} {each.type}" for each in table.columns)
    connection.execute(f'CREATE TABLE shared.main."{table.name}" ({columns})')
    connection.execute(f'INSERT INTO shared.main."{table.name}" {table.query} ORDER BY ALL')
