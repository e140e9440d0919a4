"""The working file: a copy of the published warehouse that a run changes, then publishes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import duckdb
import pandas as pd

from flows.computing.compute import VERSIONS, make_tables
from flows.computing.declared import declare
from flows.errors import NotThere
from flows.warehouse import tables
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.measured import called
from schemas.declaring.model import Ledger
from schemas.declaring.names import normal_line

STORAGE_VERSION = "v1.0.0"
"""What DuckDB 1.1 and later open."""
_TABLES = "internal.sql"
_VIEWS = "internal_views.sql"
_INTERNAL = re.compile(r"CREATE TABLE internal\.(\w+)")
_MANY = 2000
"""From so many rows on a frame is faster than lists."""


class Store:
    """An open working file."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, declaration: Declaration
    ) -> None:
        self.connection = connection
        self.path = path
        self.declaration = declaration
        self.redeclared = False
        """The declaration differs from the one the file was last made with."""
        self.stale = False
        """What is computed is of another declaration: all of it is to be computed anew."""
        self.opened_at = 0
        """How many lines of the journal the file held when it was opened."""
        self.closed = False
        self.changed = False
        """More than the table of runs differs from the published file."""

    def insert(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Insert rows, column by column: a row at a time is slow."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        if columns and len(columns[0]) >= _MANY:
            names = [f"c{at}" for at in range(len(columns))]
            many_rows = pd.DataFrame(
                {name: _typed(column) for name, column in zip(names, columns, strict=True)}
            )
            assert len(many_rows) == len(columns[0])  # DuckDB finds the frame by its name
            self.connection.execute(f"INSERT INTO {table} SELECT {', '.join(names)} FROM many_rows")
        elif columns:
            blanks = ", ".join(["unnest(?)"] * len(columns))
            self.connection.execute(f"INSERT INTO {table} SELECT {blanks}", columns)

    def rows(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """All rows of a query."""
        return self.connection.execute(query, list(parameters)).fetchall()

    def scalar(self, query: str, *parameters: object) -> object:
        """The first column of the first row; None for no row."""
        row = self.connection.execute(query, list(parameters)).fetchone()
        return None if row is None else row[0]

    @property
    def applied(self) -> int:
        """How many lines of the journal this file holds."""
        return int(str(self.scalar("SELECT lines FROM internal.applied")))

    def close(self) -> None:
        """Close the file; what is in its log goes into it. Closing twice does nothing."""
        self.connection.close()
        self.closed = True


_PLAIN: dict[type, str] = {int: "int64", bool: "bool"}


def _typed(column: list[object]) -> pd.Series:
    """The column with a type of its own where it is whole numbers or truths, as objects else.

    DuckDB looks at every object of a column of objects.
    """
    kinds = set(map(type, column))
    return pd.Series(column, dtype=_PLAIN.get(kinds.pop(), object) if len(kinds) == 1 else object)


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that writes files old clients can open."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": os.cpu_count() or 1,
        # Look at every cell of a frame's column before its type is settled.
        "pandas_analyze_sample": 1_000_000_000,
    }
    if not read_only:
        config["storage_compatibility_version"] = STORAGE_VERSION
        # One checkpoint at the end: a working file is thrown away where its run breaks off.
        config["checkpoint_threshold"] = "64GB"
    return duckdb.connect(str(path), read_only=read_only, config=config)


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse, to read."""
    if not path.exists():
        raise NotThere(f"There is no warehouse at {path} yet; run `minzheng nightly` first.")
    try:
        connection = connect(path, read_only=True)
    except duckdb.Error as error:
        raise NotThere(
            f"{path} cannot be opened ({_first_line(error)}); run `minzheng rebuild`."
        ) from error
    with connection:
        held = _held(connection)
        if ("internal", "applied") not in held:
            raise NotThere(f"{path} is no warehouse of this program; name one, or run a night.")
        _see_tables(path, held)
        yield connection


def _held(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """The tables of a file: schemas and names."""
    rows = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
    return {(schema, name) for schema, name in rows}


def _see_tables(path: Path, held: set[tuple[str, str]]) -> None:
    """Refuse a warehouse that lacks a table of this version; `held` are schemas and names."""
    wanted = [("main", each.name) for each in tables.BASE_TABLES]
    wanted += [("internal", name) for name in _INTERNAL.findall("".join(statements(_TABLES)))]
    wanted += [("internal", each.name) for each in VERSIONS]
    absent = [name for schema, name in wanted if (schema, name) not in held]
    if absent:
        raise NotThere(
            f"{path} was made by another version of this program (it has no table "
            f"{absent[0]}); run `minzheng rebuild`."
        )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def open_working(published: Path, declaration: Declaration, *, anew: bool = False) -> Store:
    """A working copy beside the published file, or a new one where there is none."""
    folder = published.parent / "building"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / published.name
    for each in (path, path.with_name(path.name + ".wal")):
        each.unlink(missing_ok=True)
    if published.exists() and not anew:
        shutil.copyfile(published, path)
    try:
        connection = connect(path)
    except duckdb.Error as error:
        raise NotThere(
            f"{published} cannot be opened ({_first_line(error)}); run `minzheng rebuild`."
        ) from error
    store = Store(connection, path, declaration)
    try:
        if store.rows("SELECT 1 FROM duckdb_schemas() WHERE schema_name = 'internal'"):
            _see_tables(published, _held(connection))
        else:
            _create(store)
        _declare(store)
    except NotThere:
        store.close()
        raise
    store.opened_at = store.applied
    return store


def _create(store: Store) -> None:
    store.connection.execute("BEGIN")
    for table in tables.BASE_TABLES:
        _table(store, table)
    for statement in statements(_TABLES):
        store.connection.execute(statement)
    make_tables(store.connection)
    store.connection.execute("COMMIT")


def _table(store: Store, table: tables.Table) -> None:
    """The table with its columns as declared today, empty."""
    columns = ", ".join(f"{each.name} {each.type}" for each in table.columns)
    store.connection.execute(f'CREATE OR REPLACE TABLE main."{table.name}" ({columns})')
    _comment(store, table, "TABLE")


def statements(name: str) -> list[str]:
    """The statements of an SQL file of this package."""
    text = resources.files("flows.warehouse").joinpath(name).read_text(encoding="utf-8")
    lines = [line.split("--")[0] for line in text.splitlines()]
    return [each for each in "\n".join(lines).split(";") if each.strip()]


def quoted(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _comment(store: Store, table: tables.Table, kind: str) -> None:
    texts = [f'COMMENT ON {kind} main."{table.name}" IS {quoted(table.comment)}']
    texts += [
        f'COMMENT ON COLUMN main."{table.name}".{column.name} IS {quoted(column.comment)}'
        for column in table.columns
    ]
    store.connection.execute(";".join(texts))


def _declare(store: Store) -> None:
    """Bring units, figures, indicators and views up to the declaration, where it changed."""
    declaration = store.declaration
    digest = hashlib.sha256(_stable(declaration).encode()).hexdigest()
    if store.scalar("SELECT declared FROM internal.applied") == digest:
        return
    store.connection.execute("BEGIN")
    _add_columns(store)
    _reference(store)
    for ledger in declaration.ledgers:
        _ledger_table(store, ledger)
    name_targets(store)
    store.connection.execute(
        f"CREATE OR REPLACE VIEW internal.target_version AS {tables.target_versions(declaration)}"
    )
    for statement in statements(_VIEWS):
        store.connection.execute(statement)
    for name, query in tables.AS_OF.items():
        store.connection.execute(f"CREATE OR REPLACE MACRO main.{name}(at_time) AS TABLE {query}")
    for table in tables.public_tables(declaration):
        if table.query is not None:
            store.connection.execute(f'CREATE OR REPLACE VIEW main."{table.name}" AS {table.query}')
            _comment(store, table, "VIEW")
    declare(store.connection, declaration)
    # Months of an old version may be due that were not: the next night begins with the first.
    store.connection.execute(
        "UPDATE internal.applied SET declared = ?, covered_until = NULL", [digest]
    )
    store.redeclared = store.stale = True
    store.connection.execute("COMMIT")


_REFERENCE = (
    tables.CONTRACT,
    tables.REPORTING_UNITS,
    tables.UNIT_SPLITS,
    tables.FIGURES,
    tables.INDICATORS,
)
"""The tables that are made anew from the declaration."""


def _add_columns(store: Store) -> None:
    """Give the tables of a file that an earlier version made the columns they lack.

    Rows are inserted by place, so that only columns at the end can be added.
    """
    held: dict[str, list[str]] = {}
    for name, column in store.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' "
        "ORDER BY table_name, column_index"
    ):
        held.setdefault(str(name), []).append(str(column))
    for table in tables.BASE_TABLES:
        there, wanted = held.get(table.name, []), [each.name for each in table.columns]
        if table in _REFERENCE or there == wanted:
            continue
        if not there or there != wanted[: len(there)]:
            raise NotThere(
                f"The table {table.name} of the warehouse was made by another version of this "
                "program; run `minzheng rebuild`."
            )
        for column in table.columns[len(there) :]:
            store.connection.execute(
                f'ALTER TABLE main."{table.name}" ADD COLUMN {column.name} {column.type}'
            )
        _comment(store, table, "TABLE")


def _stable(declaration: Declaration) -> str:
    """What the tables depend on; rules are left out, their functions have no stable text."""
    forms = [
        (
            form.name,
            form.form_no,
            form.reporters,
            form.due_from,
            form.frequency,
            form.valid_from,
            form.valid_to,
            getattr(form, "figures", ()),
            getattr(form, "columns", ()),
            getattr(form, "counts", ()),
        )
        for form in declaration.all_forms
    ]
    made = (
        tables.public_tables(declaration),
        tables.AS_OF,
        tables.target_versions(declaration),
        statements(_VIEWS),
    )
    units = declaration.units, declaration.splits
    return repr((tables.CONTRACT_VERSION, made, units, forms, declaration.indicators))


def name_targets(store: Store) -> None:
    """Write which indicator each name in the tables of targets means, as it is declared today."""
    connection, meant = store.connection, called(store.declaration)
    connection.execute(
        "CREATE OR REPLACE TABLE internal.target_name (name VARCHAR NOT NULL, indicator VARCHAR)"
    )
    names: dict[str, str | None] = {}
    for ledger in store.declaration.ledgers:
        if ledger.targets is not None:
            column = ledger.targets.indicator
            for (name,) in store.rows(f"SELECT DISTINCT {column} FROM internal.{ledger.table}"):
                indicators = meant.get(normal_line(str(name)), ())
                names[str(name)] = indicators[0] if len(indicators) == 1 else None
    store.insert("internal.target_name", sorted(names.items()))


def _ledger_table(store: Store, ledger: Ledger) -> None:
    columns = tables.ledger_columns(ledger)
    own = ", ".join(f"{each.name} {each.type}" for each in columns)
    store.connection.execute(
        f"CREATE TABLE IF NOT EXISTS internal.{ledger.table} "
        f"(reading BIGINT, row INTEGER, {own}, sheet VARCHAR)"
    )
    held = store.rows(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'internal' "
        "AND table_name = ? ORDER BY column_index",
        ledger.table,
    )
    # Rows are inserted by place, and nobody knows any more where the old ones stood.
    if [name for (name,) in held] != ["reading", "row", *(each.name for each in columns), "sheet"]:
        raise NotThere(
            f"The rows of {ledger.table} in the warehouse were kept by another version of this "
            "program or of the ledger; run `minzheng rebuild`."
        )


def _reference(store: Store) -> None:
    declaration = store.declaration
    for table in _REFERENCE:
        _table(store, table)
    store.insert("main.contract", [(tables.CONTRACT_VERSION,)])
    store.insert(
        "main.reporting_unit",
        [
            (u.code, u.name, u.kind, u.valid_from, u.valid_to, u.successor)
            for u in declaration.units
        ],
    )
    store.insert(
        "main.unit_split",
        [(each.on, each.source, code) for each in declaration.splits for code in each.into],
    )
    figures = []
    for form in declaration.forms:
        for each in form.figures:
            first = max(form.valid_from, each.valid_from or 0)
            ends = [end for end in (each.valid_to, form.valid_to) if end is not None]
            last = min(ends, default=None)
            figures.append(
                (
                    each.name,
                    form.name,
                    each.code,
                    each.name_zh,
                    each.unit,
                    each.asked_in,
                    each.kind,
                    each.reporter,
                    each.definition,
                    periods.first_day(first) if first else None,
                    None if last is None else periods.first_day(last),
                    each.sensitive,
                )
            )
    store.insert("main.figure", figures)
    indicators: list[tuple[object, ...]] = [
        (each.name, each.name_zh, each.unit, each.kind, each.name, each.definition)
        for each in declaration.figures.values()
    ]
    indicators += [
        (each.name, each.name_zh, each.unit, each.kind, each.formula, each.definition)
        for each in declaration.indicators
    ]
    store.insert("main.indicator", indicators)
