"""Numbers as they were released and as they stood then, each down to the cells of that time."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest

from flows.computing.rounding import ten_decimals
from flows.errors import Misuse
from flows.explaining.explanations import Explanations
from flows.explaining.states import State, as_of, released
from flows.explaining.tree import Node, disagreements
from flows.warehouse.store import connect, reading
from tests.explaining.conftest import NOW
from tests.explaining.test_every_number import trees, wrong
from tests.few_units.home import CORRECTED, FIRST, RELEASED, REVISED
from tests.homes import Place

Q4 = RELEASED // 3
THEN = dt.datetime(2023, 1, 8, 1)  # noqa: DTZ001 — UTC without zone, as in the tables
BEFORE_THE_FIRST_CORRECTION = dt.datetime(2022, 2, 10)  # noqa: DTZ001


@contextmanager
def explanations_in(place: Place, state: State | str) -> Iterator[Explanations]:
    """Explanations in a state of the home, or in that of a release."""
    home = place.home(NOW)
    with reading(home.settings.warehouse) as connection:
        asked = released(connection, state) if isinstance(state, str) else state
        yield Explanations(connection, home.declaration, asked)


def cell(tree: Node) -> Node:
    """The only cell of a tree."""
    (found,) = (each for each in tree.walk() if each.kind == "cell")
    return found


def test_every_row_of_a_release_adds_up_after_what_it_rests_on_was_corrected(
    few_units: Place,
) -> None:
    with explanations_in(few_units, "2022Q4") as opened:
        explained = trees(opened, {Q4})
    rows = few_units.query("SELECT count(*) * 2 FROM released_indicator")
    rows += few_units.query("SELECT count(*) FROM released_growth")
    assert len(explained) == sum(number for (number,) in rows) > 2000
    assert wrong(explained) == []


def test_a_released_number_stands_in_the_file_of_then_and_todays_in_the_later_one(
    few_units: Place,
) -> None:
    with explanations_in(few_units, "2022Q4") as opened:
        then = opened.explain(opened.indicator(REVISED), Q4, CORRECTED, "qoq")
        now = Explanations(opened.facts.connection, opened.declaration)
        today = now.explain(now.indicator(REVISED), Q4, CORRECTED)
    value, base = then.children[:2]
    # the correction after the release added 2
    assert today.value == (value.value or 0) + 2
    assert cell(value).about["file_name"] == "城东街道2022-12月报.xlsx"
    assert cell(today).about["file_name"] == "再次更正.xlsx"
    assert (value.about["maturity"], value.adds_up) == ("released", True)
    # The base is that of the released comparison; no row of its quarter was released.
    assert base.adds_up
    assert "maturity" not in base.about


def test_a_released_base_that_is_a_dated_total_has_its_line(few_units: Place) -> None:
    with explanations_in(few_units, "2022Q4") as opened:
        tree = opened.explain(opened.indicator("urban_dibao_recipients"), Q4, "500114", "yoy")
    about = cell(tree.children[1]).about
    assert (tree.children[1].value, about["mark"], about["cell"]) == (2000, "history", "D2")
    assert (about["source"], about["dated"]) == ("2021年年报", "2021-12")


def test_released_coverage_is_a_number_without_forms(few_units: Place) -> None:
    with explanations_in(few_units, "2022Q4") as opened:
        tree = opened.explain(opened.indicator("on_time_reporting_rate"), Q4, CORRECTED)
    assert tree.adds_up
    # ten forms a month
    assert tree.children[1].how == "10 + 10 + 10"
    assert {each.kind for each in tree.walk() if not each.children} == {"frozen"}


def test_a_release_of_another_quarter_cannot_be_meant(few_units: Place) -> None:
    with (
        explanations_in(few_units, "2022Q4") as opened,
        pytest.raises(Misuse, match=r"2022Q4 is of 2022Q4; .* release of 2022Q3"),
    ):
        opened.explain(opened.indicator("orphans"), Q4 - 1, CORRECTED)


def test_a_release_that_todays_formula_does_not_come_to_is_said(
    few_units: Place, tmp_path: Path
) -> None:
    place = few_units.copied(tmp_path / "home")
    with connect(place.home(NOW).settings.warehouse) as connection:
        connection.execute(
            "UPDATE internal.indicator_term SET coefficient = 2 * coefficient "
            "WHERE indicator = 'relief_per_assisted_person' AND part = 'numerator'"
        )
    with explanations_in(place, "2022Q4") as opened:
        tree = opened.explain(opened.indicator("relief_per_assisted_person"), Q4, CORRECTED)
    (node,) = disagreements(tree)
    assert (node.value, node.published) != (None, None)
    assert ten_decimals(Fraction(node.value or 0) / 2) == node.published


@pytest.mark.parametrize(("at", "quarter"), [(THEN, Q4), (BEFORE_THE_FIRST_CORRECTION, FIRST // 3)])
def test_what_stood_then_adds_up(few_units: Place, at: dt.datetime, quarter: int) -> None:
    """For the figure that was corrected later, a ratio, a ledger's count, and what was dated."""
    kinds = (REVISED, "relief_per_assisted_person", "rectification_overdue_items", "urban_dibao_recipients")  # fmt: skip
    with explanations_in(few_units, as_of(at)) as opened:
        explained = trees(opened, {quarter, quarter - 1}, kinds)
        then = opened.facts.of([REVISED], quarter // 4)
    assert explained
    assert wrong(explained) == []
    month = FIRST if quarter == FIRST // 3 else RELEASED
    ((now,),) = few_units.query(
        "SELECT value FROM internal.month_value WHERE unit_code = ? AND figure = ? AND month = ?",
        CORRECTED, REVISED, month,
    )  # fmt: skip
    # January was 1 too much until it was corrected, December is 2 more since.
    assert then[CORRECTED, REVISED, month].value == now + (1 if month == FIRST else -2)


def test_coverage_of_then_is_not_known(few_units: Place) -> None:
    with (
        explanations_in(few_units, as_of(THEN)) as opened,
        pytest.raises(Misuse, match=r"counts forms due, .* leave --as-of out, or name a release"),
    ):
        opened.explain(opened.indicator("on_time_reporting_rate"), Q4, CORRECTED)
