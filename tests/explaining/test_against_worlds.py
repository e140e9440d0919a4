"""Over random districts: what is worked out, and what a fact is said to feed, is what is computed."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

import duckdb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flows.computing.compute import compute
from flows.explaining.comparisons import Comparisons, rate_of, status_of
from flows.explaining.feeding import Feeding, Input
from flows.explaining.levels import Levels
from flows.explaining.measures import Measures, together
from flows.explaining.published import Fact, Key, Published
from flows.explaining.rules import load_rules
from flows.explaining.sources import Sources
from flows.explaining.tree import kept
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.comparing.declarations import DISTRICT
from tests.comparing.worlds import World, worlds
from tests.computing.world import connect

BOUNDED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class FactsOnly(Published):
    """The published rows and the facts, without the files that they came from."""

    def facts(self, figures: Iterable[str], year: int) -> Mapping[Key, Fact]:
        for figure in figures:
            if (figure, year) not in self._loaded:
                self._loaded.add((figure, year))
                for month, unit, *values in self.rows(
                    "SELECT month, unit_code, value, year_to_date, mark FROM internal.month_value "
                    "WHERE figure = ? AND month // 12 = ?",
                    figure,
                    year,
                ):
                    self._facts[unit, figure, month] = Fact(month, unit, figure, *values, "")
        return self._facts


def computed(world: World) -> duckdb.DuckDBPyConnection:
    """The world's warehouse, computed, with the names that explanations show."""
    connection = connect(world.declaration, world.facts, world.form_states)
    compute(connection, world.declaration)
    connection.execute("CREATE TABLE main.reporting_unit (code VARCHAR, name VARCHAR)")
    connection.execute(
        "CREATE TABLE main.indicator AS SELECT indicator, indicator AS name_zh, "
        "CASE WHEN points THEN '%' ELSE '人' END AS unit, '' AS formula FROM internal.indicator_rule"
    )
    return connection


def measured(connection: duckdb.DuckDBPyConnection, declaration: Declaration) -> Comparisons:
    published = FactsOnly(connection)
    rules = load_rules(connection, DISTRICT, published.quarters())
    sources = Sources(declaration, rules, published)
    return Comparisons(Levels(Measures(rules, published), sources))


@settings(BOUNDED, max_examples=12)
@given(worlds())
def test_every_level_and_comparison_is_worked_out_as_published(world: World) -> None:
    with computed(world) as connection:
        measures = measured(connection, world.declaration).measures
        rules, published = measures.rules, measures.published
        for quarter in sorted(rules.computed):
            levels = dict(published.levels(quarter))
            for indicator in rules.indicators.values():
                for unit, measure in measures.units(indicator, quarter).items():
                    row = levels.pop((unit, indicator.name))
                    now, year = measure
                    assert (row.value, row.year_to_date) == (kept(now.value), kept(year.value))
                    counted = row.units_expected, row.units_reported
                    assert counted == (now.expected, now.reported)
                for (unit, name), row in published.growth(quarter, indicator.name).items():
                    value = measures.units(indicator, quarter)[unit].part(name == "ytd_yoy")
                    base = measures.base(indicator, quarter, name, unit)
                    district = unit == DISTRICT
                    lacking = district and (value.lacking or base.lacking)
                    redefined = measures.redefined(indicator, quarter, name)
                    status = status_of(indicator, value, base, redefined, lacking)
                    assert (row.status, row.value) == (status, kept(value.value))
                    assert row.base == kept(base.value)
                    both = value.value, base.value
                    rate = None if None in both else rate_of(name, status, *both)  # type: ignore[arg-type]
                    assert row.rate == kept(rate)
                    if district:
                        pairs = measures.matched(indicator, quarter, name)
                        sums = [
                            kept(together(side, indicator.ratio).value)
                            for side in ([v for v, _ in pairs.values()], [b for _, b in pairs.values()])
                        ]  # fmt: skip
                        given_ = [row.matched_value, row.matched_base]
                        assert (row.matched_units, given_) == (len(pairs), sums)
            assert levels == {}


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


@settings(BOUNDED, max_examples=20)
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
