"""Every published number is what its explanation comes to."""

from collections import Counter
from collections.abc import Collection

from flows.explaining.explanations import Explanations
from flows.explaining.tree import Node, disagreements
from tests.explaining.conftest import explanations_of
from tests.homes import Place


def trees(
    explanations: Explanations, quarters: Collection[int], names: Collection[str] = ()
) -> dict[tuple[object, ...], Node]:
    """The tree of every level, year to date and comparison published of those indicators, or all."""
    found: dict[tuple[object, ...], Node] = {}
    wanted = explanations.rules.computed.intersection(quarters)
    explanations.published.load_growth(wanted, names or explanations.rules.indicators)
    for quarter in sorted(wanted):
        for unit, name in explanations.published.levels(quarter):
            if names and name not in names:
                continue
            indicator = explanations.rules.indicators[name]
            for cumulative in (False, True):
                key = quarter, unit, name, cumulative
                found[key] = explanations.explain(indicator, quarter, unit, cumulative=cumulative)
            for of, comparison in explanations.published.growth(quarter, name):
                if of == unit:
                    key = quarter, unit, name, comparison
                    found[key] = explanations.explain(indicator, quarter, unit, comparison)
    return found


def wrong(explained: dict[tuple[object, ...], Node]) -> list[object]:
    return [
        (key, each.kind, each.label, each.value, each.published)
        for key, tree in explained.items()
        for each in disagreements(tree)
    ]


def test_every_number_of_the_villages_adds_up(villages: Place) -> None:
    with explanations_of(villages) as explanations:
        explained = trees(explanations, explanations.rules.computed)
    rows = villages.query("SELECT count(*) * 2 FROM quarterly_indicator")
    rows += villages.query("SELECT count(*) FROM growth")
    assert len(explained) == sum(number for (number,) in rows)
    assert wrong(explained) == []


def test_every_kind_of_number_of_the_few_units_adds_up(few_units: Place) -> None:
    """For one indicator of each kind, and all units: three quarters, all comparisons."""
    kinds = (
        "assisted_people", "relief_funds", "dibao_recipients", "dibao_net_change",
        "relief_per_assisted_person", "living_tomb_removal_rate", "rural_dibao_share",
        "rectification_closure_rate", "rectification_overdue_items", "on_time_reporting_rate",
        "protection_centre_posts", "orphans",
    )  # fmt: skip
    with explanations_of(few_units) as explanations:
        explained = trees(explanations, (2022 * 4, 2022 * 4 + 1, 2023 * 4), kinds)
    assert wrong(explained) == []
    assert {key[2] for key in explained} == set(kinds)
    leaves = Counter(
        node.kind for tree in explained.values() for node in tree.walk() if not node.children
    )
    assert {"cell", "rows", "form", "missing"} <= set(leaves)


def test_a_number_that_was_not_so_published_is_said(villages: Place) -> None:
    with explanations_of(villages) as explanations:
        levels = explanations.published.levels(2023 * 4)
        row = levels["701", "funds"]
        assert row.value is not None
        levels["701", "funds"] = row._replace(value=row.value + 1)
        tree = explanations.explain(explanations.rules.indicators["funds"], 2023 * 4, "701")
    (node,) = disagreements(tree)
    # 12 + 12 + 12 against the 37 that stands there
    assert (node.value, node.published, node.adds_up) == (36, 37, False)
