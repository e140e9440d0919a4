"""The warehouse's inputs to the computing, in memory, from facts given as literals."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import duckdb

from flows.computing.compute import make_tables
from flows.computing.declared import declare
from flows.warehouse.tables import GROWTH, QUARTERLY
from schemas.declaring.district import Declaration


class Fact(NamedTuple):
    """A row of internal.month_value; `month` as in `periods`."""

    month: int
    unit_code: str
    figure: str
    value: Decimal | None
    year_to_date: Decimal | None = None
    mark: str = "reported"


class FormState(NamedTuple):
    """A row of internal.form_state: a form due, and whether a version is in force."""

    month: int
    unit_code: str
    form: str
    accepted: bool


class Target(NamedTuple):
    """A row of internal.target: what is to be reached by a quarter's end, from January."""

    quarter: int
    indicator: str
    target: Decimal


def connect(
    declaration: Declaration,
    facts: Iterable[Fact],
    form_states: Iterable[FormState] = (),
    targets: Iterable[Target] = (),
) -> duckdb.DuckDBPyConnection:
    """A connection that holds the declared tables, the facts, form states and targets."""
    connection = duckdb.connect()
    declare(connection, declaration)
    make_tables(connection)
    for view in (QUARTERLY, GROWTH):
        connection.execute(f"CREATE VIEW main.{view.name} AS {view.query}")
    connection.execute(
        "CREATE TABLE internal.month_value (month INTEGER, unit_code VARCHAR, figure VARCHAR,"
        " value DECIMAL(18,6), year_to_date DECIMAL(18,6), mark VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE internal.form_state"
        " (month INTEGER, unit_code VARCHAR, form VARCHAR, accepted BOOLEAN)"
    )
    connection.execute(
        "CREATE TABLE internal.target (quarter INTEGER, indicator VARCHAR, target DECIMAL(18,6))"
    )
    add(connection, "month_value", facts)
    add(connection, "form_state", form_states)
    add(connection, "target", targets)
    return connection


def add(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert the rows into an internal table, column by column (a row at a time is slow)."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        blanks = ", ".join(["unnest(?)"] * len(columns))
        connection.execute(f"INSERT INTO internal.{table} SELECT {blanks}", columns)
