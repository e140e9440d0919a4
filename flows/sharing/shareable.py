"""A database that holds the shared tables and nothing else."""

from __future__ import annotations

import datetime as dt
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

    @property
    def touched(self) -> frozenset[str]:
        """The indicators of which anything is withheld."""
        return frozenset(each.indicator for each in self.withheld)


@dataclass(frozen=True, slots=True)
class ShareableRelease:
    """The tables of a release in schema `main` of a connection of their own.

    `touched` are the indicators of which anything is withheld, counts below `threshold` for one.
    """

    connection: duckdb.DuckDBPyConnection
    touched: frozenset[str]
    threshold: int


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
) -> Iterator[ShareableRelease]:
    """The tables of a release and nothing else, what it withholds suppressed.

    They are the same whatever has been corrected since, see `released_tables`. A release that
    was frozen before it kept what it withholds withholds what is withheld today, and all of
    what has changed since. The release must be there.
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
                series += _changed_since(connection, declaration, release, label, as_of)
            else:
                series = connection.execute(
                    "SELECT unit_code, indicator, year_to_date_only FROM main.released_withheld "
                    "WHERE release = ?",
                    [release],
                ).fetchall()
            series = _with_later_indicators(connection, declaration.district, series)
            _prepare(connection, declaration, quarter, series)
            connection.execute(f"ATTACH {quoted(str(path))} AS shared (READ_WRITE)")
            for table in released_tables(release, label, as_of):
                _make(connection, table)
        with connect(path, read_only=True) as shared:
            touched = frozenset(indicator for _, indicator, _ in series)
            yield ShareableRelease(shared, touched, threshold if kept is None else kept)


def _changed_since(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    release: str,
    label: str,
    as_of: dt.datetime,
) -> list[tuple[str, str, bool]]:
    """All series of the figures that tell of few persons and are not as they were released.

    What is withheld today was planned by today's amounts: a month or a quarter as it was then
    may have been small, or tell a small one beside the others.
    """
    figures = [
        name for name, each in declaration.figures.items() if each.sensitive or each.tells_of
    ]
    columns = "quarter, unit_code, indicator, value, year_to_date"
    then = f"main.quarterly_indicator_as_of(TIMESTAMP {quoted(as_of.isoformat(sep=' '))})"
    facts = "month, unit_code, figure, value, year_to_date"
    rows = connection.execute(
        "WITH frozen AS (SELECT (year(month) * 12 + month(month) - 1)::INTEGER AS month, "
        f"{facts.removeprefix('month, ')} FROM main.released_figure WHERE release = $release), "
        f"live AS (SELECT {facts} FROM internal.month_value "
        "WHERE month IN (SELECT month FROM frozen)), "
        f"was AS (SELECT {columns} FROM {then} WHERE quarter <= $label UNION "
        f"SELECT {columns} FROM main.released_indicator WHERE release = $release), "
        f"is_now AS (SELECT {columns} FROM main.quarterly_indicator WHERE quarter <= $label), "
        "changed AS (SELECT figure FROM (FROM frozen EXCEPT FROM live) UNION "
        "SELECT figure FROM (FROM live EXCEPT FROM frozen) UNION "
        "SELECT indicator FROM (FROM was EXCEPT FROM is_now) UNION "
        "SELECT indicator FROM (FROM is_now EXCEPT FROM was)) "
        "SELECT DISTINCT figure FROM changed WHERE list_contains($figures, figure)",
        {"release": release, "label": label, "figures": figures},
    ).fetchall()
    changed = {name for (name,) in rows}
    changed |= {
        name for name, each in declaration.figures.items() if not changed.isdisjoint(each.tells_of)
    }
    units = [unit.code for unit in declaration.units]
    return [(unit, name, False) for name in sorted(changed) for unit in units]


def _with_later_indicators(
    connection: duckdb.DuckDBPyConnection, district: str, series: Iterable[tuple[str, str, bool]]
) -> list[tuple[str, str, bool]]:
    """The series, and those of indicators that are made of withheld figures today only.

    A warehouse that is rebuilt has the quarters before a release by today's formulas: an
    indicator declared since would give back what its figures withhold.
    """
    kept: dict[tuple[str, str], bool] = {}
    for unit, indicator, to_date_only in series:
        kept[indicator, unit] = to_date_only and kept.get((indicator, unit), True)
    own: dict[str, set[str]] = {}
    for indicator, unit in kept:
        own.setdefault(indicator, set()).add(unit)
    terms = connection.execute(
        "SELECT indicator, list(DISTINCT figure) FROM internal.indicator_term GROUP BY indicator"
    ).fetchall()
    for indicator, figures in terms:
        wanted = set().union(*(own.get(name, ()) for name in figures))
        if wanted - own.get(indicator, set()):
            # Of which units its totals are beside those of its figures was never planned.
            kept |= dict.fromkeys(((indicator, unit) for unit in {*wanted, district}), False)
    return [(unit, indicator, to_date_only) for (indicator, unit), to_date_only in kept.items()]


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
