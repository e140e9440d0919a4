"""Units that are split and units that end: what is still compared, and what is left out."""

import dataclasses
from datetime import date

import pytest

from schemas.declaring.model import Split
from tests.computing.small import A, B, C, Computed, district


def splitting(on, *units):
    """B gives a part to C on that day; other units as given."""
    declaration = district(*(units or (A, B, dataclasses.replace(C, valid_from=on))))
    return dataclasses.replace(declaration, splits=(Split(on, "B", ("C",)),))


JULY = splitting(date(2022, 7, 1))
FUNDS = """\
2021-01..2024-12 A funds 10
2021-01..2022-06 B funds 20
2022-07..2024-12 B funds 12
2022-07..2024-12 C funds 8
"""
PEOPLE = """\
2021-01..2024-12 A people 100
2021-01..2022-06 B people 200
2022-07..2024-12 B people 120
2022-07..2024-12 C people 80
"""
SAID = "status, value, base, change, rate"


def test_neither_what_is_left_of_a_unit_nor_its_part_is_compared_with_the_whole():
    world = Computed(FUNDS, JULY)
    # 3 * 12 beside 3 * 20, and 3 * 8 beside nothing
    said = ("not_comparable", "36", "60", None, None)
    assert world.growth("2022Q3", "B", "funds", "yoy", SAID) == said
    said = ("not_comparable", "24", None, None, None)
    assert world.growth("2022Q3", "C", "funds", "yoy", SAID) == said
    assert world.growth("2022Q3", "A", "funds", "yoy", SAID) == ("ok", "30", "30", "0", "0")


def test_the_district_is_of_one_area_before_and_after_and_its_matched_units_are_the_others():
    world = Computed(FUNDS, JULY)
    # 30 + 36 + 24 beside 30 + 60
    assert world.growth("2022Q3", "1", "funds", "yoy", SAID) == ("ok", "90", "90", "0", "0")
    matched = "matched_units, matched_value, matched_base, matched_rate"
    assert world.growth("2022Q3", "1", "funds", "yoy", matched) == (1, "30", "30", "0")
    # A year on all three are the same in both: 30 + 36 + 24.
    assert world.growth("2023Q3", "1", "funds", "yoy", matched) == (3, "90", "90", "0")


@pytest.fixture(scope="module")
def july():
    """Four years of a stock and a flow around the split."""
    return Computed(FUNDS + PEOPLE, JULY)


@pytest.mark.parametrize(
    ("figure", "comparison", "quarter", "status"),
    [
        ("funds", "yoy", "2022Q2", "ok"),
        ("funds", "yoy", "2022Q3", "not_comparable"),
        ("funds", "yoy", "2023Q2", "not_comparable"),
        # July is the base's first month: all of it is of the unit as it is now.
        ("funds", "yoy", "2023Q3", "ok"),
        ("funds", "qoq", "2022Q3", "not_comparable"),
        ("funds", "qoq", "2022Q4", "ok"),
        ("funds", "ytd_yoy", "2022Q2", "ok"),
        ("funds", "ytd_yoy", "2022Q3", "not_comparable"),
        # The base's year begins in January.
        ("funds", "ytd_yoy", "2023Q4", "not_comparable"),
        ("funds", "ytd_yoy", "2024Q1", "ok"),
        ("funds", "two_year", "2023Q1", "not_comparable"),
        ("funds", "two_year", "2024Q2", "not_comparable"),
        ("funds", "two_year", "2024Q3", "ok"),
        ("people", "yoy", "2022Q3", "not_comparable"),
        ("people", "yoy", "2023Q2", "not_comparable"),
        ("people", "yoy", "2023Q3", "ok"),
        ("people", "qoq", "2022Q4", "ok"),
        ("people", "ytd_yoy", "2023Q2", "not_comparable"),
        ("people", "ytd_yoy", "2023Q3", "ok"),
        ("people", "two_year", "2024Q3", "ok"),
        # A stock over a sum since January waits for the longer of the two.
        ("spending_so_far", "yoy", "2023Q4", "not_comparable"),
        ("spending_so_far", "yoy", "2024Q1", "points"),
    ],
)
def test_a_split_lies_after_the_bases_first_month_and_up_to_the_values_last(
    july, figure, comparison, quarter, status
):
    assert july.growth(quarter, "B", figure, comparison, "status") == status


@pytest.mark.parametrize(
    ("figure", "day", "status"),
    [
        # A stock is of September: it is the new unit's from the split on.
        ("people", date(2022, 9, 30), "ok"),
        ("people", date(2022, 10, 1), "not_comparable"),
        # A flow's base is not wholly the new unit's unless July is.
        ("funds", date(2022, 7, 31), "ok"),
        ("funds", date(2022, 8, 1), "not_comparable"),
    ],
)
def test_a_split_within_a_month_is_that_months(figure, day, status):
    text = f"2022-07..2022-09 B {figure} 5\n2023-07..2023-09 B {figure} 5"
    assert Computed(text, splitting(day)).growth("2023Q3", "B", figure, "yoy", "status") == status


def test_a_value_that_did_not_come_is_missing_first():
    world = Computed(FUNDS.replace("2022-07..2024-12 C funds 8", "2022-07 C funds 8"), JULY)
    assert world.growth("2022Q3", "C", "funds", "yoy") == ("value_missing", None)


def test_units_that_were_split_have_no_share_in_the_districts_change():
    shares = "contribution, pull"
    text = FUNDS.replace("2021-01..2024-12 A funds 10", "2021-01..2022-06 A funds 10")
    world = Computed(text + "2022-07..2022-09 A funds 13", JULY)
    # The district moves from 90 to 99, by A's 9 of 90.
    assert world.growth("2022Q3", "1", "funds", "yoy") == ("ok", "10")
    assert world.growth("2022Q3", "A", "funds", "yoy", shares) == ("100", "10")
    for unit in ("B", "C"):
        assert world.growth("2022Q3", unit, "funds", "yoy", shares) == (None, None)


def test_what_a_part_has_gone_into_is_not_compared_either():
    part = dataclasses.replace(
        C, valid_from=date(2022, 7, 1), valid_to=date(2022, 9, 30), successor="A"
    )
    text = FUNDS.replace("2022-07..2024-12 C funds 8", "2022-07..2022-09 C funds 8")
    world = Computed(text, splitting(date(2022, 7, 1), A, B, part))
    assert world.growth("2022Q3", "A", "funds", "yoy") == ("ok", "0")
    assert world.growth("2022Q4", "A", "funds", "yoy") == ("not_comparable", None)


def test_a_part_that_goes_to_an_old_unit_leaves_neither_comparable():
    declaration = dataclasses.replace(
        district(A, B, C), splits=(Split(date(2022, 7, 1), "B", ("C",)),)
    )
    text = "2021-01..2022-12 A funds 1\n2021-01..2022-12 B funds 2\n2021-01..2022-12 C funds 3"
    world = Computed(text, declaration)
    assert world.growth("2022Q3", "C", "funds", "yoy", SAID) == (
        "not_comparable",
        "9",
        "9",
        None,
        None,
    )
    assert world.growth("2022Q3", "A", "funds", "yoy") == ("ok", "0")


ENDS = splitting(
    date(2022, 8, 1),
    A,
    dataclasses.replace(B, valid_to=date(2022, 7, 31)),
    dataclasses.replace(C, valid_from=date(2022, 8, 1)),
)
WHOLE = "2021-01..2022-12 A funds 10\n2021-01..2022-07 B funds 20\n2022-08..2022-12 C funds 20\n"


def test_a_unit_that_ended_in_a_split_keeps_its_months_and_is_not_compared():
    world = Computed(WHOLE, ENDS)
    # July's 20, and 7 * 20 since January
    assert world.quarterly("2022Q3", "B", "funds", "value, year_to_date") == ("20", "140")
    assert world.growth("2022Q3", "B", "funds", "yoy") == ("not_comparable", None)
    # 30 + 20 + 40 beside 30 + 60; 90 + 140 + 40 beside 90 + 180
    assert world.growth("2022Q3", "1", "funds", "yoy", SAID) == ("ok", "90", "90", "0", "0")
    assert world.growth("2022Q3", "1", "funds", "ytd_yoy", SAID) == ("ok", "270", "270", "0", "0")


ABOLISHED = district(A, dataclasses.replace(B, valid_to=date(2022, 7, 31)))
ALONE = "2021-01..2022-12 A funds 10\n2021-01..2022-07 B funds 20\n"


def test_an_abolished_units_shorter_months_are_not_compared_with_longer_ones():
    world = Computed(ALONE, ABOLISHED)
    # One month beside three, seven beside nine and then beside twelve
    said = ("not_comparable", "20", "60", None, None)
    assert world.growth("2022Q3", "B", "funds", "yoy", SAID) == said
    said = ("not_comparable", "140", "180", None, None)
    assert world.growth("2022Q3", "B", "funds", "ytd_yoy", SAID) == said
    said = ("not_comparable", "140", "240", None, None)
    assert world.growth("2022Q4", "B", "funds", "ytd_yoy", SAID) == said
    assert world.growth("2022Q4", "B", "funds", "yoy") == ("value_missing", None)
    assert world.growth("2022Q4", "B", "funds", "qoq") == ("value_missing", None)


def test_an_abolished_units_money_is_in_the_districts_total_and_out_of_the_matched_one():
    world = Computed(ALONE, ABOLISHED)
    matched = "value, base, status, rate, matched_units, matched_value, matched_base"
    # 30 + 20 beside 30 + 60: 100 * -40 / 90
    assert world.growth("2022Q3", "1", "funds", "yoy", matched) == (
        *("50", "90", "ok", "-44.4444444444"),
        *(1, "30", "30"),
    )
    # 120 + 140 beside 120 + 240: 100 * -100 / 360
    assert world.growth("2022Q4", "1", "funds", "ytd_yoy", matched) == (
        *("260", "360", "ok", "-27.7777777778"),
        *(1, "120", "120"),
    )


def test_a_unit_that_ends_with_the_quarter_is_compared_for_the_last_time():
    ended = district(A, dataclasses.replace(B, valid_to=date(2022, 6, 30)))
    text = "2021-01..2022-12 A funds 10\n2021-01..2022-06 B funds 20\n"
    world = Computed(text, ended)
    assert world.growth("2022Q2", "B", "funds", "yoy") == ("ok", "0")
    assert world.growth("2022Q2", "B", "funds", "ytd_yoy") == ("ok", "0")
    assert world.growth("2022Q3", "B", "funds", "yoy") == ("value_missing", None)
    assert world.growth("2022Q3", "1", "funds", "yoy", "status, value, base") == ("ok", "30", "90")


def test_the_base_of_a_unit_that_ended_is_that_of_all_that_had_become_it():
    old = dataclasses.replace(B, valid_to=date(2022, 3, 31), successor="C")
    new = dataclasses.replace(C, valid_from=date(2022, 4, 1), valid_to=date(2022, 8, 31))
    text = "2021-01..2022-03 B funds 1\n2022-04..2022-08 C funds 2\n2021-01..2022-12 A funds 1"
    world = Computed(text, district(A, old, new))
    # 3 * 1 + 5 * 2 beside 9 * 1
    assert world.growth("2022Q3", "C", "funds", "ytd_yoy", "status, value, base, restated") == (
        "not_comparable",
        "13",
        "9",
        True,
    )
