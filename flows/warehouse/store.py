"""A warehouse opened: to be read, or as the working file that a run changes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from flows.computing.compute import VERSIONS
from flows.errors import NotThere
from flows.warehouse import tables
from flows.warehouse.disk import disk_trouble
from schemas.declaring.district import Declaration

if TYPE_CHECKING:
    import pandas as pd

STORAGE_VERSION = "v1.0.0"
"""What DuckDB 1.1 and later open."""
TABLES = "internal.sql"
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
            many_rows = _frame(names, columns)
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


def _frame(names: list[str], columns: list[list[object]]) -> pd.DataFrame:
    """Columns with a type of their own where they are whole numbers or truths, else of objects.

    DuckDB looks at every object of a column of objects.
    """
    import pandas as pd  # what only reads needs none of it, and it takes long to import

    def typed(column: list[object]) -> pd.Series:
        kinds = set(map(type, column))
        plain = _PLAIN.get(kinds.pop(), object) if len(kinds) == 1 else object
        return pd.Series(column, dtype=plain)

    return pd.DataFrame({name: typed(column) for name, column in zip(names, columns, strict=True)})


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
            f"{path} cannot be opened ({first_line(error)}); run `minzheng rebuild`."
        ) from error
    with connection, disk_trouble():
        there = held(connection)
        if ("internal", "applied") not in there:
            raise NotThere(f"{path} is no warehouse of this program; name one, or run a night.")
        see_tables(path, there)
        yield connection


def held(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """The tables of a file: schemas and names."""
    rows = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
    return {(schema, name) for schema, name in rows}


def see_tables(path: Path, held: set[tuple[str, str]]) -> None:
    """Refuse a warehouse that lacks a table of this version; `held` are schemas and names."""
    wanted = [("main", each.name) for each in tables.BASE_TABLES]
    wanted += [("internal", name) for name in _INTERNAL.findall("".join(statements(TABLES)))]
    wanted += [("internal", each.name) for each in VERSIONS]
    absent = [name for schema, name in wanted if (schema, name) not in held]
    if absent:
        raise NotThere(
            f"{path} was made by another version of this program (it has no table "
            f"{absent[0]}); run `minzheng rebuild`."
        )


def first_line(error: Exception) -> str:
    """What DuckDB says of an error, without its details."""
    return str(error).splitlines()[0]


def statements(name: str) -> list[str]:
    """The statements of an SQL file of this package."""
    text = resources.files("flows.warehouse").joinpath(name).read_text(encoding="utf-8")
    lines = [line.split("--")[0] for line in text.splitlines()]
    return [each for each in "\n".join(lines).split(";") if each.strip()]


def quoted(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
