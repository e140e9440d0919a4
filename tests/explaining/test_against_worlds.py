"""Over random districts: what is worked out, and what a fact is said to feed, is what is computed."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

import duckdb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flows.computing.compute import EARLIEST, compute
from flows.explaining.comparisons import Comparisons
from flows.explaining.facts import Fact, Facts
from flows.explaining.feeding import Feeding, Input
from flows.explaining.filed import Filed
from flows.explaining.levels import Levels
from flows.explaining.loading import load_rules
from flows.explaining.measures import Measures
from flows.explaining.published import Published
from flows.explaining.sources import Sources
from flows.explaining.states import NOW
from flows.explaining.tree import disagreements
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.comparing.declarations import DISTRICT, SPLITS
from tests.comparing.worlds import World, worlds
from tests.computing.world import connect

BOUNDED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class FactsOnly(Facts):
    """The facts, without the files that they came from."""

    def load(self, figures: list[str], year: int) -> list[Fact]:
        rows = self.connection.execute(
            "SELECT month, unit_code, figure, value, year_to_date, mark FROM internal.month_value "
            "WHERE list_contains(?, figure) AND month // 12 = ?",
            [figures, year],
        ).fetchall()
        return [Fact(*row, "") for row in rows]


def computed(world: World) -> duckdb.DuckDBPyConnection:
    """The world's warehouse, computed, with the names that explanations show."""
    connection = connect(world.declaration, world.facts, world.form_states)
    compute(connection, world.declaration)
    connection.execute("CREATE TABLE main.reporting_unit (code VARCHAR, name VARCHAR)")
    connection.execute(
        "CREATE TABLE main.unit_split (split_on DATE, source VARCHAR, into_code VARCHAR)"
    )
    for split in world.declaration.splits:
        for code in split.into:
            connection.execute(
                "INSERT INTO main.unit_split VALUES (?, ?, ?)", [split.on, split.source, code]
            )
    connection.execute(
        "CREATE TABLE main.indicator AS SELECT indicator, indicator AS name_zh, "
        "CASE WHEN points THEN '%' ELSE '人' END AS unit, '' AS formula FROM internal.indicator_rule"
    )
    return connection


def measured(connection: duckdb.DuckDBPyConnection, declaration: Declaration) -> Comparisons:
    # Of another time, so that forms due are the numbers given here and not forms with states.
    state = replace(NOW, at=EARLIEST)
    published = Published(connection, state)
    rules = load_rules(connection, DISTRICT, published.quarters())
    sources = Sources(declaration, rules, Filed(connection), state)
    return Comparisons(Levels(Measures(rules, FactsOnly(connection, state)), sources, published))


ENDING = st.sampled_from((*SPLITS, "ended", "renamed, then ended"))


@settings(BOUNDED, max_examples=3)
@given(worlds())
def test_every_level_and_comparison_is_worked_out_as_published(world: World) -> None:
    assert differing(world) == []


@settings(BOUNDED, max_examples=5)
@given(worlds(ENDING, at_least=15))
def test_so_it_is_where_units_are_split_and_end(world: World) -> None:
    assert differing(world) == []


def differing(world: World) -> list[object]:
    """The numbers of a world that are not what their trees come to, and rows with no tree."""
    found: list[object] = []
    with computed(world) as connection:
        comparisons = measured(connection, world.declaration)
        levels, rules = comparisons.levels, comparisons.rules
        levels.published.load_growth(rules.computed, rules.indicators)
        for quarter in sorted(rules.computed):
            published = levels.published.levels(quarter)
            known = {
                (unit, name)
                for name, indicator in rules.indicators.items()
                for unit in comparisons.measures.units(indicator, quarter)
            }
            found += sorted(known ^ set(published))
            for unit, name in published:
                indicator = rules.indicators[name]
                trees = [levels.level(indicator, quarter, unit, each) for each in (False, True)]
                for of, comparison in levels.published.growth(quarter, name):
                    if of == unit:
                        trees.append(comparisons.comparison(indicator, quarter, unit, comparison))
                for tree in trees:
                    found += [
                        (tree.label, each.label, each.value, each.published, each.about)
                        for each in disagreements(tree)
                    ]
    return found


def rows(connection: duckdb.DuckDBPyConnection, table: str, keys: int) -> dict[tuple, tuple]:
    """A public table's rows by their first `keys` columns, the quarter's first day left out."""
    found = connection.execute(
        f"SELECT * EXCLUDE (quarter_start) FROM main.{table} ORDER BY ALL"
    ).fetchall()
    return {row[:keys]: row[keys:] for row in found}


def moved(before: dict[tuple, tuple], after: dict[tuple, tuple]) -> set[tuple]:
    assert before.keys() == after.keys()
    return {key for key in before if before[key] != after[key]}


def fed_keys(feeding: Feeding, inputs: Collection[Input]) -> tuple[set[tuple], set[tuple]]:
    fed = feeding.fed(list(inputs))
    label = periods.quarter_label
    return (
        {(label(each.quarter), each.unit_code, each.indicator) for each in fed.levels},
        {
            (label(each.quarter), each.unit_code, each.indicator, each.comparison)
            for each in fed.growth
        },
    )


@settings(BOUNDED, max_examples=8)
@given(worlds(), st.data())
def test_what_moves_with_a_fact_is_what_it_is_said_to_feed(
    world: World, data: st.DataObject
) -> None:
    chosen = [
        (fact, cumulative)
        for fact in world.facts
        if not fact.figure.startswith("forms_")
        for cumulative in (False, True)
        if (fact.year_to_date if cumulative else fact.value) is not None
    ]
    assume(chosen)
    fact, cumulative = data.draw(st.sampled_from(chosen), "fact")
    more = data.draw(st.sampled_from((Decimal("7.31"), Decimal(-5000), Decimal(12345678))), "more")
    with computed(world) as connection:
        feeding = Feeding(measured(connection, world.declaration))
        levels, growth = fed_keys(feeding, [Input(Fact(*fact, ""), cumulative)])
        sums = {name for name, each in feeding.rules.indicators.items() if not each.ratio}
        before = rows(connection, "quarterly_indicator", 3), rows(connection, "growth", 4)
        column = "year_to_date" if cumulative else "value"
        connection.execute(
            f"UPDATE internal.month_value SET {column} = {column} + ? "
            "WHERE month = ? AND unit_code = ? AND figure = ?",
            [more, fact.month, fact.unit_code, fact.figure],
        )
        compute(connection, world.declaration, {fact.month // 3})
        after = rows(connection, "quarterly_indicator", 3), rows(connection, "growth", 4)
    moved_levels = moved(before[0], after[0])
    assert moved_levels <= levels
    assert moved(before[1], after[1]) <= growth
    # A sum moves with each of its terms; a ratio need not, as where it is 0 over something.
    assert {key for key in levels if key[2] in sums} <= moved_levels
