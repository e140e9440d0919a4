"""Growth: what is compared with what, and what is then said."""

import dataclasses
from datetime import date

import pytest

from schemas.declaring.lines import flow
from schemas.declaring.periods import parse_month
from tests.computing.small import MONTHLY, A, B, Computed, district


def people(before, now, unit="A"):
    return f"2022-03 {unit} people {before}\n2023-03 {unit} people {now}\n"


def test_each_comparison_has_its_base():
    world = Computed(
        "2021-01..2021-12 A funds 1\n2022-01..2022-12 A funds 2\n"
        "2023-01..2023-03 A funds 3\n2023-04..2023-06 A funds 4"
    )
    columns = "value, base, change, rate"
    assert world.growth("2023Q2", "A", "funds", "yoy", columns) == ("12", "6", "6", "100")
    assert world.growth("2023Q2", "A", "funds", "qoq", columns)[1:] == ("9", "3", "33.3333333333")
    # 9 + 12 = 21 against 6 + 6 = 12
    assert world.growth("2023Q2", "A", "funds", "ytd_yoy", columns) == ("21", "12", "9", "75")
    # sqrt(12 / 3) - 1 = 1
    assert world.growth("2023Q2", "A", "funds", "two_year", columns) == ("12", "3", "9", "100")


def test_a_quarter_that_is_not_there_is_not_replaced_by_the_one_before():
    world = Computed("2022-03 A people 5\n2022-09 A people 6")
    assert world.growth("2022Q3", "A", "people", "qoq") == ("base_missing", None)


@pytest.mark.parametrize(
    ("before", "now", "change", "rate", "status"),
    [
        ("4", "5", "1", "25", "ok"),
        ("4", "0", "-4", "-100", "ok"),
        ("0", "0", "0", None, "both_zero"),
        ("0", "5", "5", None, "base_zero"),
        ("4", "-1", "-5", None, "turned_negative"),
        ("-4", "1", "5", None, "turned_positive"),
        ("-4", "-1", "3", None, "base_negative"),
        ("-4", "0", "4", None, "base_negative"),
        ("-", "5", None, None, "base_missing"),
        ("4", "-", None, None, "value_missing"),
    ],
)
def test_a_rate_is_given_only_where_it_means_something(before, now, change, rate, status):
    world = Computed(people(before, now) + "2023-01 A people 1")
    columns = "change, rate, status"
    assert world.growth("2023Q1", "A", "people", "yoy", columns) == (change, rate, status)


def test_an_indicator_in_percent_changes_in_points():
    world = Computed("2022-03 A share 40\n2023-03 A share 42.5")
    columns = "change, rate, status"
    assert world.growth("2023Q1", "A", "share", "yoy", columns) == ("2.5", None, "points")


def test_a_ratio_grows_from_its_unrounded_parts():
    world = Computed(
        "2022-03 A people 3\n2022-01..2022-03 A funds 1\n"
        "2023-03 A people 7\n2023-01..2023-03 A funds 2"
    )
    # 10000 * 6 / 7 against 10000 * 3 / 3: 100 * (6 / 7 - 1) = -14.28571428571...
    assert world.growth("2023Q1", "A", "per_head", "yoy") == ("ok", "-14.2857142857")


def test_a_ratio_over_0_in_either_period_is_undefined():
    text = people(0, 5) + "2022-03 A villagers 0\n2023-03 A villagers 1"
    columns = "status, value, base, change"
    world = Computed(text)
    assert world.growth("2023Q1", "A", "villager_share", "yoy", columns) == (
        "undefined",
        "20",
        None,
        None,
    )


def test_what_is_cumulative_within_the_year_has_no_quarter_before():
    world = Computed("2022-01..2022-06 A funds 2\n2022-01..2022-06 A people 10000")
    assert world.growth("2022Q2", "A", "spending_so_far", "qoq") == "no row"
    assert world.growth("2022Q2", "A", "spending_so_far", "yoy") == ("base_missing", None)


@pytest.mark.parametrize(
    ("figure", "month", "comparison", "status"),
    [
        ("people", "2022-03", "yoy", "ok"),
        ("people", "2022-04", "yoy", "not_comparable"),
        ("people", "2023-03", "yoy", "not_comparable"),
        ("people", "2023-04", "yoy", "ok"),
        # A flow of the first quarter of 2022 is wholly of the new kind from January on.
        ("funds", "2022-01", "yoy", "ok"),
        ("funds", "2022-02", "yoy", "not_comparable"),
        ("funds", "2023-03", "ytd_yoy", "not_comparable"),
    ],
)
def test_a_definition_that_changed_in_between_is_not_compared(figure, month, comparison, status):
    figures = tuple(
        dataclasses.replace(each, redefined=(parse_month(month),)) if each.name == figure else each
        for each in MONTHLY.figures
    )
    form = dataclasses.replace(MONTHLY, figures=figures)
    text = people(4, 5) + "2022-01..2022-03 A funds 1\n2023-01..2023-03 A funds 1"
    world = Computed(text, district(A, forms=(form,)))
    assert world.growth("2023Q1", "A", figure, comparison, "status") == status


MATCHED = "status, matched_units, matched_value, matched_base, matched_rate"


def test_a_district_with_a_unit_missing_is_incomplete_and_has_its_matched_growth():
    world = Computed(people(4, 5) + "2022-03 B people 100")
    columns = "value, base, change, rate, " + MATCHED
    assert world.growth("2023Q1", "1", "people", "yoy", columns) == (
        "5",
        "104",
        None,
        None,
        "incomplete",
        1,
        "5",
        "4",
        "25",
    )


def test_matched_growth_stands_beside_the_plain_figures():
    world = Computed(people(4, 5) + people(6, 6, "B"))
    assert world.growth("2023Q1", "1", "people", "yoy", "rate, " + MATCHED) == (
        "10",
        "ok",
        2,
        "11",
        "10",
        "10",
    )


def test_with_no_unit_in_both_periods_nothing_is_matched():
    world = Computed("2022-03 A people 4\n2023-03 B people 5")
    assert world.growth("2023Q1", "1", "people", "yoy", MATCHED) == (
        "incomplete",
        0,
        None,
        None,
        None,
    )


def test_a_total_from_before_the_forms_is_a_base():
    world = Computed(
        "2022-03 1 people 8 history\n2023-03 A people 4\n2023-03 B people 6",
        district(
            *(dataclasses.replace(each, valid_from=date(2023, 1, 1)) for each in (A, B)),
        ),
    )
    assert world.growth("2023Q1", "1", "people", "yoy") == ("ok", "25")


MERGED = district(A, dataclasses.replace(B, valid_to=date(2022, 12, 31), successor="A"))


def test_the_base_of_a_merged_unit_is_the_sum_of_those_it_came_from():
    world = Computed(people(4, 15) + "2022-03 B people 6", MERGED)
    columns = "base, rate, restated"
    assert world.growth("2023Q1", "A", "people", "yoy", columns) == ("10", "50", True)
    assert world.growth("2023Q1", "1", "people", "yoy", columns) == ("10", "50", False)


def test_a_base_that_lacks_one_of_the_merged_is_missing():
    world = Computed(people(4, 15), MERGED)
    assert world.growth("2023Q1", "A", "people", "yoy", "status, base") == ("base_missing", None)


SHARE = "contribution, pull"


def test_contribution_and_pull():
    world = Computed(people(60, 75) + people(40, 45, "B"))
    # The district moves from 100 to 120, by 20: A gives 15 of it, B 5.
    assert world.growth("2023Q1", "A", "people", "yoy", SHARE) == ("75", "15")
    assert world.growth("2023Q1", "B", "people", "yoy", SHARE) == ("25", "5")
    assert world.growth("2023Q1", "1", "people", "yoy", SHARE) == (None, None)


def test_contribution_is_null_where_opposite_changes_outweigh_the_total():
    world = Computed(people(60, 75) + people(40, 30, "B"))
    # 15 - 10 = 5, and 10 goes against it.
    assert world.growth("2023Q1", "A", "people", "yoy", SHARE) == (None, "15")
    world = Computed(people(60, 62) + people(40, 38, "B"))
    assert world.growth("2023Q1", "A", "people", "yoy", SHARE) == (None, "2")


def test_nothing_contributes_to_a_ratio_or_to_an_incomplete_total():
    text = people(60, 75) + people(40, 45, "B")
    world = Computed(text + "2022-03 A villagers 6\n2023-03 A villagers 3")
    assert world.growth("2023Q1", "A", "villager_share", "yoy", SHARE) == (None, None)
    assert world.growth("2023Q1", "A", "villagers", "yoy", SHARE) == (None, None)
    assert world.growth("2023Q1", "A", "people", "two_year", SHARE) == (None, None)


def test_a_unit_that_lacks_its_year_to_date_leaves_the_district_incomplete():
    world = Computed(
        "2021-01..2021-06 A funds 10\n2021-01..2021-06 B funds 10\n"
        "2022-01..2022-06 A funds 10\n2022-02..2022-03 B funds 10\n"
        "2022-04..2022-06 B funds - not_applicable"
    )
    assert world.growth("2022Q2", "1", "funds", "ytd_yoy") == ("incomplete", None)


def test_a_stock_that_does_not_apply_at_the_quarters_end_is_not_waited_for():
    world = Computed(
        "2022-01..2022-03 B people 8\n2023-01..2023-03 B people 10\n"
        "2022-01..2022-03 A people - not_applicable\n"
        "2023-01..2023-02 A people 5\n2023-03 A people - not_applicable"
    )
    assert world.quarterly("2023Q1", "1", "people", "units_expected, units_reported") == (1, 1)
    assert world.growth("2023Q1", "1", "people", "yoy") == ("ok", "25")


def test_a_history_with_a_month_missing_is_no_base():
    forms = "2020-01..2020-12 A funds 10"
    two = Computed("2019-01..2019-02 A funds 10 history\n" + forms)
    assert two.quarterly("2019Q1", "A", "funds") is None
    assert two.growth("2020Q1", "A", "funds", "yoy") == ("base_missing", None)
    last = Computed("2019-10..2019-12 A funds 10 history\n" + forms)
    assert last.growth("2020Q4", "A", "funds", "yoy") == ("ok", "0")
    assert last.growth("2020Q4", "A", "funds", "ytd_yoy") == ("base_missing", None)


def test_the_district_before_the_forms_is_its_own_total_not_that_of_some_units():
    forms = "2020-03 A people 44\n2020-03 B people 66"
    both = Computed("2019-03 1 people 100 history\n2019-03 A people 40 history\n" + forms)
    assert both.growth("2020Q1", "1", "people", "yoy", "base, status, rate") == ("100", "ok", "10")
    some = Computed("2019-03 A people 40 history\n" + forms)
    assert some.growth("2020Q1", "1", "people", "yoy", "status, matched_units, matched_rate") == (
        "incomplete",
        1,
        "10",
    )
    every = Computed("2019-03 A people 40 history\n2019-03 B people 60 history\n" + forms)
    assert every.growth("2020Q1", "1", "people", "yoy", "base, status, rate") == ("100", "ok", "10")


def test_spans_in_which_a_flow_was_asked_for_fewer_months_do_not_compare():
    line = dataclasses.replace(
        flow("3", "funds", "资金", "万元", ""), valid_from=parse_month("2022-05")
    )
    form = dataclasses.replace(MONTHLY, figures=(MONTHLY.figures[0], line))
    world = Computed("2022-05..2023-09 A funds 10", district(A, forms=(form,), indicators=()))
    assert world.quarterly("2022Q2", "A", "funds") == "20"
    assert world.growth("2023Q2", "A", "funds", "yoy") == ("not_comparable", None)
    assert world.growth("2023Q2", "A", "funds", "ytd_yoy") == ("not_comparable", None)
    assert world.growth("2022Q3", "A", "funds", "qoq") == ("not_comparable", None)
    assert world.growth("2022Q4", "A", "funds", "qoq") == ("ok", "0")
    assert world.growth("2023Q3", "A", "funds", "yoy") == ("ok", "0")
