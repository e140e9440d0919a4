"""The working file is made here: a copy of the published one, brought up to the declaration."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import duckdb

from flows.computing.compute import make_tables
from flows.computing.declared import declare
from flows.errors import NotThere
from flows.warehouse import tables
from flows.warehouse.store import (
    TABLES,
    Store,
    connect,
    first_line,
    held,
    quoted,
    see_tables,
    statements,
)
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.measured import called
from schemas.declaring.model import Ledger
from schemas.declaring.names import normal_line

_VIEWS = "internal_views.sql"


def open_working(published: Path, declaration: Declaration, *, anew: bool = False) -> Store:
    """A working copy beside the published file, or a new one where there is none."""
    folder = published.parent / "building"
    if folder.exists():  # what a run has left that was killed, rows that it spilled too
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    path = folder / published.name
    if published.exists() and not anew:
        shutil.copyfile(published, path)
    try:
        connection = connect(path)
    except duckdb.Error as error:
        raise NotThere(
            f"{published} cannot be opened ({first_line(error)}); run `minzheng rebuild`."
        ) from error
    store = Store(connection, path, declaration)
    try:
        if store.rows("SELECT 1 FROM duckdb_schemas() WHERE schema_name = 'internal'"):
            see_tables(published, held(connection))
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
    for statement in statements(TABLES):
        store.connection.execute(statement)
    make_tables(store.connection)
    store.connection.execute("COMMIT")


def _table(store: Store, table: tables.Table) -> None:
    """The table with its columns as declared today, empty."""
    columns = ", ".join(f"{each.name} {each.type}" for each in table.columns)
    store.connection.execute(f'CREATE OR REPLACE TABLE main."{table.name}" ({columns})')
    _comment(store, table, "TABLE")


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
    digest = declared_digest(declaration)
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


def declared_digest(declaration: Declaration) -> str:
    """What `internal.applied.declared` is where a warehouse is up to the declaration."""
    return hashlib.sha256(_stable(declaration).encode()).hexdigest()


def _stable(declaration: Declaration) -> str:
    """What the tables depend on; rules are left out, their functions have no stable text.

    Definitions in Chinese stand in no table, and are in no repr.
    """
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
