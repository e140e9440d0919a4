"""From months to quarters."""

import dataclasses
from datetime import date

import pytest

from schemas.declaring.model import Indicator
from schemas.declaring.periods import parse_month
from tests.computing.small import MONTHLY, QUARTERLY, A, B, C, Computed, accepted, district

COUNTS = "value, months_reported, units_expected, units_reported"
Q1 = """
2022-01 A people 10
2022-02 A people 11
2022-03 A people 12
2022-01 A funds 1.5
2022-02 A funds 2
2022-03 A funds 3.5
"""


def test_a_stock_is_that_of_the_last_month_and_its_year_to_date_is_the_same():
    assert Computed(Q1).quarterly("2022Q1", "A", "people", "value, year_to_date") == ("12", "12")


def test_a_flow_is_the_sum_of_three_months_and_of_the_year():
    world = Computed(Q1 + "2022-04..2022-06 A funds 1")
    # 1.5 + 2 + 3.5 = 7; 1 + 1 + 1 = 3, 7 + 3 = 10
    assert world.quarterly("2022Q1", "A", "funds", "value, year_to_date") == ("7", "7")
    assert world.quarterly("2022Q2", "A", "funds", "value, year_to_date") == ("3", "10")


def test_a_missing_month_leaves_a_flow_null_and_is_never_0():
    world = Computed("2022-01 A funds 1\n2022-03 A funds 3\n2022-04..2022-06 A funds 2")
    assert world.quarterly("2022Q1", "A", "funds", COUNTS) == (None, 2, 1, 0)
    # The second quarter has its own value, 2 + 2 + 2, but the year has a gap.
    assert world.quarterly("2022Q2", "A", "funds", "value, year_to_date") == ("6", None)


def test_a_stock_needs_its_last_month_only():
    assert Computed("2022-03 A people 5").quarterly("2022Q1", "A", "people", COUNTS) == (
        "5",
        1,
        1,
        1,
    )
    assert Computed("2022-02 A people 5").quarterly("2022Q1", "A", "people", COUNTS) == (
        None,
        1,
        1,
        0,
    )


def test_a_figure_marked_not_applicable_is_not_waited_for():
    world = Computed("2022-01..2022-02 A funds 2\n2022-03 A funds - not_applicable")
    assert world.quarterly("2022Q1", "A", "funds", COUNTS) == ("4", 2, 1, 1)
    world = Computed("2022-01..2022-03 A funds - not_applicable\n2022-01..2022-03 B funds 1")
    assert world.quarterly("2022Q1", "A", "funds") == "no row"
    assert world.quarterly("2022Q1", "1", "funds", COUNTS) == ("3", 3, 1, 1)


def test_a_quarterly_form_is_one_month_reported():
    world = Computed("2022-03 A trips 7\n2022-06 A trips 5")
    assert world.quarterly("2022Q2", "A", "trips", "year_to_date, " + COUNTS) == (
        "12",
        "5",
        1,
        1,
        1,
    )


def test_dated_totals_of_a_quarterly_form_are_those_of_whole_quarters():
    both = "value, year_to_date"
    some = Computed("2019-01 A trips 7 history\n2019-04..2019-06 A trips 1 history")
    assert some.quarterly("2019Q1", "A", "trips", both) == (None, None)
    assert some.quarterly("2019Q2", "A", "trips", both) == ("3", None)
    first = Computed("2019-01..2019-03 A trips 2 history\n2019-05 A people 1 history")
    assert first.quarterly("2019Q1", "A", "trips", both) == ("6", "6")
    assert first.quarterly("2019Q2", "A", "trips", both) == (None, None)
    # The form's own quarters follow those from before it.
    later = dataclasses.replace(QUARTERLY, valid_from=parse_month("2020-04"))
    text = "2020-01..2020-03 A trips 2 history\n2020-06 A trips 5\n2020-09 A trips 4"
    world = Computed(text, district(forms=(MONTHLY, later)))
    assert world.quarterly("2020Q2", "A", "trips", both) == ("5", "11")
    assert world.quarterly("2020Q3", "A", "trips", both) == ("4", "15")


def test_a_line_asked_from_march_has_a_year_to_date_from_march():
    funds = dataclasses.replace(MONTHLY.figures[2], valid_from=parse_month("2022-03"))
    form = dataclasses.replace(MONTHLY, figures=(MONTHLY.figures[0], funds))
    world = Computed("2022-03..2022-06 A funds 2", district(forms=(form,), indicators=()))
    assert world.quarterly("2022Q1", "A", "funds") == "2"
    assert world.quarterly("2022Q2", "A", "funds", "value, year_to_date") == ("6", "8")


def test_a_gap_in_the_years_to_date_is_not_bridged():
    world = Computed("2022-01 A spent - 1\n2022-03 A spent - 6")
    assert world.quarterly("2022Q1", "A", "spent", "value, year_to_date") == (None, "6")


def test_the_district_is_the_sum_of_those_who_reported():
    world = Computed("2022-03 A people 3\n2022-03 B people 4")
    assert world.quarterly("2022Q1", "1", "people", COUNTS) == ("7", 1, 2, 2)
    world = Computed("2022-03 A people 3")
    assert world.quarterly("2022Q1", "1", "people", COUNTS) == ("3", 1, 2, 1)
    assert world.quarterly("2022Q1", "1", "funds", COUNTS) == (None, 0, 2, 0)


def test_a_ratio_of_the_district_is_the_ratio_of_the_sums_of_those_with_both_parts():
    both = "2022-03 A villagers 1\n2022-03 A people 2\n2022-03 B people 8\n"
    # A alone: 100 * 1 / 2, for B's villagers are missing.
    assert Computed(both).quarterly("2022Q1", "1", "villager_share", COUNTS) == ("50", 1, 2, 1)
    # 100 * (1 + 2) / (2 + 8) = 30, not the mean of 50 and 25
    world = Computed(both + "2022-03 B villagers 2")
    assert world.quarterly("2022Q1", "1", "villager_share", COUNTS) == ("30", 1, 2, 2)


def test_a_ratio_is_rounded_once_to_ten_decimals():
    world = Computed("2022-03 A villagers 2\n2022-03 A people 3")
    assert world.quarterly("2022Q1", "A", "villager_share") == "66.6666666667"


def test_a_ratio_over_0_is_reported_but_has_no_value():
    world = Computed("2022-03 A villagers 0\n2022-03 A people 0")
    assert world.quarterly("2022Q1", "A", "villager_share", COUNTS) == (None, 1, 1, 1)


def test_a_flow_over_a_stock_takes_the_year_to_date_of_the_flow():
    world = Computed("2022-01..2022-06 A funds 2\n2022-01..2022-06 A people 10000")
    assert world.quarterly("2022Q2", "A", "per_head", "value, year_to_date") == ("6", "12")
    assert world.quarterly("2022Q2", "A", "spending_so_far") == "0.12"


def test_a_merged_units_quarter_is_made_of_all_that_went_into_it():
    merged = dataclasses.replace(B, valid_to=date.fromisoformat("2022-02-28"), successor="A")
    world = Computed("2022-01..2022-03 A funds 1\n2022-01..2022-02 B funds 10", district(A, merged))
    assert world.quarterly("2022Q1", "A", "funds", COUNTS) == ("23", 3, 1, 1)
    assert world.quarterly("2022Q1", "B", "funds") == "no row"


ABOLISHED = district(A, dataclasses.replace(B, valid_to=date(2022, 7, 31)))
TO_JULY = "2022-01..2022-12 A funds 1\n2022-01..2022-07 B funds 10\n"


def test_what_an_abolished_unit_reported_stays_in_the_quarter_and_in_the_year():
    world = Computed(TO_JULY, ABOLISHED)
    columns = "year_to_date, " + COUNTS
    # July's 10 and nothing after it; 7 * 10 since January
    assert world.quarterly("2022Q3", "B", "funds", columns) == ("70", "10", 1, 1, 1)
    # 3 + 10; 9 + 70
    assert world.quarterly("2022Q3", "1", "funds", columns) == ("79", "13", 3, 2, 2)


def test_nobody_waits_for_the_months_after_a_units_end():
    world = Computed(TO_JULY, ABOLISHED)
    columns = "year_to_date, " + COUNTS
    assert world.quarterly("2022Q4", "B", "funds", columns) == ("70", None, 0, 0, 0)
    # A's three months alone; 12 + 70 since January
    assert world.quarterly("2022Q4", "1", "funds", columns) == ("82", "3", 3, 1, 1)


def test_the_year_after_knows_an_abolished_unit_only_as_part_of_the_base():
    world = Computed(TO_JULY + "2023-01..2023-09 A funds 2", ABOLISHED)
    assert world.quarterly("2023Q3", "B", "funds") == "no row"
    assert world.quarterly("2023Q3", "1", "funds", COUNTS) == ("6", 3, 1, 1)
    # 6 against 3 + 10; to date 18 against 9 + 70
    assert world.growth("2023Q3", "1", "funds", "yoy", "base, status") == ("13", "ok")
    assert world.growth("2023Q3", "1", "funds", "ytd_yoy", "base, status") == ("79", "ok")


def test_a_month_that_an_abolished_unit_owes_is_missing_to_the_years_end():
    world = Computed("2022-01..2022-12 A funds 1\n2022-01..2022-06 B funds 10", ABOLISHED)
    assert world.quarterly("2022Q3", "1", "funds", COUNTS) == ("3", 3, 2, 1)
    assert world.quarterly("2022Q4", "1", "funds", COUNTS) == ("3", 3, 1, 1)
    assert world.quarterly("2022Q4", "B", "funds", "year_to_date, " + COUNTS) == (
        None,
        None,
        0,
        0,
        0,
    )


def test_no_stock_is_expected_of_a_unit_that_has_ended():
    world = Computed("2022-01..2022-12 A people 1\n2022-01..2022-07 B people 10", ABOLISHED)
    assert world.quarterly("2022Q2", "1", "people", COUNTS) == ("11", 3, 2, 2)
    assert world.quarterly("2022Q3", "1", "people", COUNTS) == ("1", 3, 1, 1)
    assert world.quarterly("2022Q3", "B", "people") == "no row"


def test_a_year_to_date_reported_to_the_units_end_is_that_of_its_year():
    text = "\n".join(f"2022-0{month} B spent - {month * 10}" for month in range(1, 8))
    world = Computed(text + "\n2022-12 A people 1", ABOLISHED)
    # July alone is 70 - 60.
    columns = "value, year_to_date"
    assert world.quarterly("2022Q3", "B", "spent", columns) == ("10", "70")
    assert world.quarterly("2022Q4", "B", "spent", columns) == (None, "70")


def test_a_unit_that_was_renamed_and_then_ended_has_the_months_of_both():
    old = dataclasses.replace(B, valid_to=date(2022, 4, 30), successor="C")
    new = dataclasses.replace(C, valid_from=date(2022, 5, 1), valid_to=date(2022, 5, 31))
    world = Computed("2022-01..2022-04 B funds 1\n2022-05 C funds 10", district(A, old, new))
    # 1 + 10; 4 * 1 + 10
    assert world.quarterly("2022Q2", "C", "funds", "value, year_to_date") == ("11", "14")
    assert world.quarterly("2022Q2", "B", "funds") == "no row"


@pytest.mark.parametrize(
    ("held", "third", "fourth"),
    [((), "final", "final"), ((("2022-07", "B"),), "provisional", "final")],
)
def test_an_abolished_units_quarter_is_final_when_the_forms_of_its_months_are(held, third, fourth):
    held = {(parse_month(month), code) for month, code in held}
    states = [
        *accepted("2022-01..2022-12", "A"),
        *accepted("2022-01..2022-07", "B", held=held),
    ]
    world = Computed(TO_JULY, ABOLISHED, states)
    for unit in ("B", "1"):
        assert world.quarterly("2022Q3", unit, "funds", "maturity") == third
        assert world.quarterly("2022Q4", unit, "funds", "maturity") == fourth


def test_a_sum_since_january_waits_for_those_who_owed_a_part_of_the_year():
    so_far = Indicator("so_far", "", "万元", "flow", "ytd(funds)", "", within_year=True)
    ended = dataclasses.replace(B, valid_to=date(2022, 7, 31))
    world = Computed(TO_JULY, district(A, ended, C, indicators=(so_far,)))
    # A's 12 and B's 70; C owes its year and sent nothing.
    assert world.quarterly("2022Q4", "1", "so_far", "value, units_expected, units_reported") == (
        "82",
        3,
        2,
    )


def test_dated_totals_of_a_unit_that_ended_are_whole_at_its_end():
    ended = dataclasses.replace(B, valid_to=date(2019, 2, 28))
    text = "2019-01..2019-02 B funds 10 history\n2019-01..2019-03 A funds 1 history"
    world = Computed(text, district(A, ended))
    # 2 * 10; 3 * 1 + 20
    assert world.quarterly("2019Q1", "B", "funds") == "20"
    assert world.quarterly("2019Q1", "1", "funds", COUNTS) == ("23", 3, 2, 2)
    assert world.quarterly("2019Q1", "1", "people") == "no row"


def test_a_total_from_before_the_forms_waits_for_no_unit():
    world = Computed("2019-03 1 people 50 history\n2022-03 A people 3")
    columns = COUNTS + ", maturity"
    assert world.quarterly("2019Q1", "1", "people", columns) == ("50", 1, 0, 0, "final")
    assert world.quarterly("2019Q1", "A", "people") == "no row"


def test_a_total_from_before_gives_way_to_what_units_report():
    world = Computed("2022-03 1 people 50 history\n2022-03 A people 3")
    assert world.quarterly("2022Q1", "1", "people", COUNTS) == ("3", 1, 2, 1)


@pytest.mark.parametrize(
    ("months", "held", "unit", "maturity"),
    [
        ("2022-01..2022-03", (), "A", "final"),
        ("2022-01..2022-03", (), "1", "final"),
        ("2022-01..2022-02", (), "A", "provisional"),
        ("2022-01..2022-03", (("2022-02", "B"),), "A", "final"),
        ("2022-01..2022-03", (("2022-02", "B"),), "B", "provisional"),
        ("2022-01..2022-03", (("2022-02", "B"),), "1", "provisional"),
    ],
)
def test_a_quarter_is_final_when_every_form_due_in_it_is_accepted(months, held, unit, maturity):
    held = {(parse_month(month), code) for month, code in held}
    states = accepted(months, "A", "B", held=held)
    world = Computed("2022-03 A people 3\n2022-03 B people 4", states=states)
    assert world.quarterly("2022Q1", unit, "people", "maturity") == maturity


def test_quarterly_forms_alone_make_a_quarter_final():
    declaration = district(forms=(QUARTERLY,), indicators=())
    states = accepted("2022-03..2022-03", "A", "B", forms=("quarterly",))
    world = Computed("2022-03 A trips 5\n2022-03 B trips 6", declaration, states)
    assert world.quarterly("2022Q1", "1", "trips", "maturity") == "final"
