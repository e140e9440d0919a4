"""The two public tables, computed in SQL, equal what the plain implementation says."""

import dataclasses

import duckdb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flows.computing.compute import compute
from tests import plain
from tests.comparing.declarations import SPLITS
from tests.comparing.worlds import World, worlds
from tests.computing.world import connect

BOUNDED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TABLES = {"quarterly_indicator": plain.QuarterlyRow, "growth": plain.GrowthRow}
CHANGES = {
    "corrected": "UPDATE internal.month_value SET value = value + month % 5,"
    " year_to_date = year_to_date + month % 5 WHERE month BETWEEN ? AND ?",
    "withdrawn": "DELETE FROM internal.month_value WHERE month BETWEEN ? AND ? AND month % 2 = 0",
    "withdrawn altogether": "DELETE FROM internal.month_value WHERE month BETWEEN ? AND ?",
    "forms accepted": "UPDATE internal.form_state SET accepted = NOT accepted"
    " WHERE month BETWEEN ? AND ?",
    "forms not due": "DELETE FROM internal.form_state WHERE month BETWEEN ? AND ?",
}


def computed(connection: duckdb.DuckDBPyConnection, table: str) -> list:
    """The table's rows as the plain implementation's rows."""
    row_type = TABLES[table]
    columns = ", ".join(field.name for field in dataclasses.fields(row_type))
    rows = connection.execute(f"SELECT {columns} FROM main.{table}").fetchall()
    return [row_type(*row) for row in rows]


def by_key(rows: list) -> dict[tuple, object]:
    """The rows by quarter, unit, indicator and comparison; no two may share a key."""
    found = {
        (row.quarter, row.unit_code, row.indicator, getattr(row, "comparison", "")): row
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def differences(sql: list, expected: list) -> list[str]:
    """Every cell that differs, in words."""
    ours, theirs = by_key(sql), by_key(expected)
    found = [f"{key} only in SQL: {ours[key]}" for key in sorted(ours.keys() - theirs.keys())]
    found += [f"{key} not in SQL: {theirs[key]}" for key in sorted(theirs.keys() - ours.keys())]
    for key in sorted(ours.keys() & theirs.keys()):
        for field in dataclasses.fields(theirs[key]):
            one, other = getattr(ours[key], field.name), getattr(theirs[key], field.name)
            if one != other:
                found.append(f"{key} {field.name}: {one} in SQL, {other} expected")
    return found


@settings(BOUNDED, max_examples=60)
@given(worlds())
def test_every_cell_of_both_tables_is_what_the_plain_implementation_says(world: World) -> None:
    compare(world)


ENDING = st.sampled_from((*SPLITS, "ended", "renamed, then ended"))


@settings(BOUNDED, max_examples=12)
@given(worlds(ENDING, at_least=15))
def test_so_it_is_where_units_are_split_and_end(world: World) -> None:
    compare(world)


def compare(world: World) -> None:
    told = (world.declaration, world.facts, world.form_states)
    with connect(*told) as connection:
        compute(connection, world.declaration)
        quarterly = computed(connection, "quarterly_indicator")
        growth = computed(connection, "growth")
    assert differences(quarterly, plain.quarterly(*told)) == []
    assert differences(growth, plain.growth(*told)) == []


@settings(BOUNDED, max_examples=20)
@given(worlds(), st.data())
def test_computing_what_changed_gives_the_same_as_computing_everything(
    world: World, data: st.DataObject
) -> None:
    touched = {fact.month // 3 for fact in (*world.facts, *world.form_states)}
    assume(touched)
    changed = data.draw(st.sampled_from(sorted(touched)), "changed quarter")
    months = [3 * changed, 3 * changed + 2]
    with connect(world.declaration, world.facts, world.form_states) as connection:
        compute(connection, world.declaration)
        for change in data.draw(st.sets(st.sampled_from(sorted(CHANGES)), min_size=1), "changes"):
            connection.execute(CHANGES[change], months)
        compute(connection, world.declaration, quarters={changed})
        after_change = {table: computed(connection, table) for table in TABLES}
        compute(connection, world.declaration)
        from_scratch = {table: computed(connection, table) for table in TABLES}
    for table in TABLES:
        assert differences(after_change[table], from_scratch[table]) == []
