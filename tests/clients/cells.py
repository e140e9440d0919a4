"""Everything public in a file: as statements, and cell by cell as Python's own client has it."""

import datetime as dt
from decimal import Decimal

import pytest

from flows.warehouse.tables import public_tables
from tests.clients.tools import Text
from tests.few_units.declaration import DECLARATION
from tests.homes import Place

AS_OF = "TIMESTAMP '2022-02-10 00:00:00'"
TABLES = tuple(table.name for table in public_tables(DECLARATION))


def statements(place: Place) -> list[str]:
    """A SELECT of every table and view, and of every table macro of one instant."""
    macros = place.query(
        "SELECT function_name, len(parameters) FROM duckdb_functions() "
        "WHERE schema_name = 'main' AND function_type = 'table_macro' AND NOT internal ORDER BY 1"
    )
    assert {"figures_as_of"} <= {name for name, _ in macros}
    assert {parameters for _, parameters in macros} == {1}
    called = [f"{name}({AS_OF})" for name, _ in macros]
    return [f"SELECT * FROM {each} ORDER BY ALL" for each in (*TABLES, *called)]


def assert_alike(expected: list[tuple[object, ...]], found: list[list[Text]]) -> None:
    """The same rows in the same order: exact decimals, dates, instants, texts, nulls."""
    assert len(found) == len(expected)
    for wanted, texts in zip(expected, found, strict=True):
        assert len(texts) == len(wanted)
        for value, text in zip(wanted, texts, strict=True):
            if isinstance(value, float):
                assert text is not None
                assert float(text) == pytest.approx(value, rel=1e-15)
            else:
                assert text == as_text(value), (wanted, texts)


def as_text(value: object) -> Text:
    """How DuckDB writes a value."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime) and value.microsecond:
        return str(value).rstrip("0")
    return str(value)
