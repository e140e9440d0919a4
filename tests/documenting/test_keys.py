"""What the tables are declared to be identified by, and to refer to, holds on real data."""

import pytest

from flows.warehouse.tables import Reference, Table, public_tables
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from tests.few_units.declaration import DECLARATION as FEW_UNITS
from tests.homes import Place
from tests.second_district.declaration import DECLARATION as LIBRARIES

TABLES = public_tables(FEW_UNITS)
WITHOUT_KEY = {
    "finding",
    "released_finding",
    *(ledger.table for ledger in DECLARATION.ledgers if not ledger.yearly),
}
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
REFERENCES = [
    pytest.param(table, to, id=f"{table.name} to {to.table} by {', '.join(to.columns)}")
    for table in TABLES
    for to in table.refers
]


def listed(names: tuple[str, ...], alias: str = "") -> str:
    return ", ".join(f"{alias}{name}" for name in names)


def test_every_table_has_a_key_but_those_whose_rows_nothing_identifies() -> None:
    assert {table.name for table in TABLES if not table.key} == WITHOUT_KEY


@pytest.mark.parametrize("declaration", [DECLARATION, LIBRARIES], ids=["district", "libraries"])
def test_keys_and_references_are_of_columns_that_are_there(declaration: Declaration) -> None:
    tables = {each.name: each for each in public_tables(declaration)}
    types = {
        name: {column.name: column.type for column in each.columns} for name, each in tables.items()
    }
    for name, table in tables.items():
        assert set(table.key) <= set(types[name])
        for to in table.refers:
            assert to.key == tables[to.table].key
            mine = [types[name][column] for column in to.columns]
            assert mine == [types[to.table][column] for column in to.key]


def test_all_tables_have_rows_here(few_units: Place) -> None:
    rows = {
        table.name: few_units.query(f"SELECT count(*) FROM {table.name}")[0][0] for table in TABLES
    }
    # No unit of this district was ever split, and what was released lacked nothing.
    empty = ["unit_split", "released_finding"]
    assert [name for name, number in rows.items() if not number] == empty


@each_table
def test_a_key_is_unique(few_units: Place, table: Table) -> None:
    if table.key:
        twice = f"SELECT {listed(table.key)} FROM {table.name} GROUP BY ALL HAVING count(*) > 1"
        assert few_units.query(twice) == []


@pytest.mark.parametrize(("table", "to"), REFERENCES)
def test_what_is_referred_to_is_there(few_units: Place, table: Table, to: Reference) -> None:
    columns, other, key = to
    given = " AND ".join(f"m.{name} IS NOT NULL" for name in columns)
    same = " AND ".join(f"o.{b} = m.{a}" for a, b in zip(columns, key, strict=True))
    lost = (
        f"SELECT DISTINCT {listed(columns, 'm.')} FROM {table.name} m "
        f"WHERE {given} AND NOT EXISTS (SELECT 1 FROM {other} o WHERE {same})"
    )
    assert few_units.query(lost) == []
