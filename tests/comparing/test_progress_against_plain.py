"""Progress, computed in SQL, equals what the plain implementation says."""

import dataclasses
from decimal import Decimal

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.computing.compute import compute
from tests import plain
from tests.comparing.test_sql_against_plain import BOUNDED, CHANGES
from tests.comparing.worlds import World, worlds
from tests.computing.world import Target, add, connect

AMOUNTS = st.one_of(
    st.sampled_from((Decimal(0), Decimal(1), Decimal(-3), Decimal("0.000001"))),
    st.decimals(-(10**4), 10**7, places=2),
    st.decimals(0, 10**11, places=6),
)


@st.composite
def targets(draw: st.DrawFn, world: World) -> list[Target]:
    """Targets of some indicators for some quarters of the world's years and around them."""
    declaration = world.declaration
    names = sorted({*declaration.figures, *(each.name for each in declaration.indicators)})
    first = min((fact.month // 3 for fact in world.facts), default=8088)
    quarters = st.integers(first - 2, first + 10)
    keys = draw(st.sets(st.tuples(quarters, st.sampled_from(names)), max_size=30))
    return [Target(quarter, name, draw(AMOUNTS)) for quarter, name in sorted(keys)]


def computed(connection: duckdb.DuckDBPyConnection) -> list[plain.ProgressRow]:
    columns = ", ".join(field.name for field in dataclasses.fields(plain.ProgressRow))
    query = f"SELECT {columns} FROM internal.progress_version WHERE until IS NULL ORDER BY indicator, quarter"
    return [plain.ProgressRow(*row) for row in connection.execute(query).fetchall()]


def ordered(rows: list[plain.ProgressRow]) -> list[plain.ProgressRow]:
    return sorted(rows, key=lambda row: (row.indicator, row.quarter))


@settings(BOUNDED, max_examples=25)
@given(worlds(), st.data())
def test_every_cell_of_progress_is_what_the_plain_implementation_says(
    world: World, data: st.DataObject
) -> None:
    told = (world.declaration, world.facts, world.form_states)
    planned = data.draw(targets(world), "targets")
    with connect(*told, planned) as connection:
        compute(connection, world.declaration)
        assert computed(connection) == ordered(plain.progress(*told, planned))


@settings(BOUNDED, max_examples=8)
@given(worlds(), st.data())
def test_progress_follows_when_only_targets_or_only_values_change(
    world: World, data: st.DataObject
) -> None:
    told = (world.declaration, world.facts, world.form_states)
    before = data.draw(targets(world), "targets before")
    after = data.draw(targets(world), "targets after")
    quarter = data.draw(st.sampled_from(sorted({f.month // 3 for f in world.facts} | {8088})))
    with connect(*told, before) as connection:
        compute(connection, world.declaration)
        connection.execute("DELETE FROM internal.target")
        add(connection, "target", after)
        compute(connection, world.declaration, quarters=())
        assert computed(connection) == ordered(plain.progress(*told, after))
        connection.execute(CHANGES["corrected"], [3 * quarter, 3 * quarter + 2])
        compute(connection, world.declaration, quarters={quarter})
        followed = computed(connection)
        compute(connection, world.declaration)
        assert followed == computed(connection)
