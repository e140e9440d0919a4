"""Months to quarters, with the sums visible."""

import datetime as dt
from decimal import Decimal

from schemas.declaring import periods
from schemas.declaring.model import Indicator, Unit
from tests.computing.world import Fact, FormState
from tests.plain import quarterly
from tests.plain.small import (
    DISTRICT,
    FUNDS,
    GRANTS,
    PEOPLE,
    RURAL,
    TO_DATE,
    TOWN_A,
    declare,
    months,
    quarter,
    to_date,
)

SHARE = Indicator("share", "占比", "%", "ratio", "100 * rural / people", "")
SPENT = Indicator("spent", "人均", "元/人", "ratio", "10000 * funds / people", "")


def test_a_stock_is_the_value_of_the_last_month_in_the_quarter_and_to_date() -> None:
    row = quarter(
        declare(PEOPLE), months("901", "people", "2023-01", 5, 6, 7), "2023Q1", "901", "people"
    )
    assert (row.value, row.year_to_date, row.months_reported) == (7, 7, 3)
    assert row.quarter_start == dt.date(2023, 1, 1)


def test_a_flow_is_the_sum_of_its_months() -> None:
    facts = months("901", "funds", "2023-01", "1.1", "2.2", "3.3", "4.4", "5.5", "6.6")
    row = quarter(declare(FUNDS), facts, "2023Q2", "901", "funds")
    assert row.value == Decimal("16.5")  # 4.4 + 5.5 + 6.6
    assert row.year_to_date == Decimal("23.1")  # 1.1 + 2.2 + 3.3 + 16.5


def test_a_missing_month_leaves_a_flow_without_a_value() -> None:
    facts = months("901", "funds", "2023-01", 1, None, 3, 4, 5, 6)
    first = quarter(declare(FUNDS), facts, "2023Q1", "901", "funds")
    second = quarter(declare(FUNDS), facts, "2023Q2", "901", "funds")
    assert (first.value, first.months_reported, first.units_reported) == (None, 2, 0)
    assert (second.value, second.year_to_date) == (15, None)  # February is missing from the year


def test_a_stock_needs_only_its_last_month() -> None:
    declaration = declare(PEOPLE)
    came = quarter(declaration, months("901", "people", "2023-03", 7), "2023Q1", "901", "people")
    missing = quarter(
        declaration, months("901", "people", "2023-01", 5, 6), "2023Q1", "901", "people"
    )
    assert (came.value, came.months_reported) == (7, 1)
    assert (missing.value, missing.months_reported) == (None, 2)


def test_a_quarter_of_a_figure_known_only_to_date_is_a_difference() -> None:
    """Hengyang, 2023: 33872.0 to March, 69436.3 to June."""
    facts = to_date("901", "2023-01", "10000", "20000", "33872.0", "45000", "60000", "69436.3")
    declaration = declare(TO_DATE)
    first = quarter(declaration, facts, "2023Q1", "901", "to_date")
    second = quarter(declaration, facts, "2023Q2", "901", "to_date")
    assert first.value == Decimal("33872.0")
    assert second.value == Decimal("35564.3")  # 69436.3 - 33872.0
    assert second.year_to_date == Decimal("69436.3")


def test_a_quarterly_form_gives_its_quarters_alone() -> None:
    declaration = declare(TO_DATE, quarterly_form=True)
    facts = to_date("901", "2023-03", "33872.0", None, None, "69436.3")
    second = quarter(declaration, facts, "2023Q2", "901", "to_date")
    assert (second.value, second.months_reported) == (Decimal("35564.3"), 1)


def test_a_month_after_a_missing_year_to_date_is_not_known() -> None:
    facts = to_date("901", "2023-01", "10", None, "30", "40", "50", "60")
    declaration = declare(TO_DATE)
    assert quarter(declaration, facts, "2023Q1", "901", "to_date").value is None
    assert quarter(declaration, facts, "2023Q2", "901", "to_date").value == 30  # 60 - 30


def test_the_district_adds_up_the_units_that_have_the_value() -> None:
    facts = months("901", "people", "2023-03", 40)
    row = quarter(declare(PEOPLE), facts, "2023Q1", DISTRICT, "people")
    assert (row.value, row.units_expected, row.units_reported) == (40, 2, 1)


def test_a_total_that_no_unit_reports_is_not_0() -> None:
    facts = months("901", "people", "2023-01", 40)
    row = quarter(declare(PEOPLE), facts, "2023Q1", DISTRICT, "people")
    assert (row.value, row.units_expected, row.units_reported, row.months_reported) == (
        None,
        2,
        0,
        1,
    )


def test_a_ratio_of_the_district_is_the_ratio_of_sums_over_units_with_both_parts() -> None:
    facts = [
        *months("901", "rural", "2023-03", 10),
        *months("901", "people", "2023-03", 40),
        *months("902", "rural", "2023-03", 30),
        *months("902", "people", "2023-03", 40),
    ]
    declaration = declare(PEOPLE, RURAL, indicators=(SHARE,))
    assert quarter(declaration, facts, "2023Q1", DISTRICT, "share").value == 50  # (10 + 30) / 80
    row = quarter(declaration, facts[:-1], "2023Q1", DISTRICT, "share")
    assert (row.value, row.units_reported) == (25, 1)  # 10 / 40


def test_a_ratio_to_date_takes_both_parts_to_date() -> None:
    facts = [
        *months("901", "funds", "2023-01", 1, 1, 1, 2, 2, 2),
        *months("901", "people", "2023-01", 9, 9, 9, 9, 9, 8),
    ]
    row = quarter(declare(FUNDS, PEOPLE, indicators=(SPENT,)), facts, "2023Q2", "901", "spent")
    assert row.value == 7500  # 10000 * 6 / 8
    assert row.year_to_date == 11250  # 10000 * 9 / 8


def test_a_ratio_over_0_is_reported_but_has_no_value() -> None:
    facts = months("901", "rural", "2023-03", 0) + months("901", "people", "2023-03", 0)
    row = quarter(declare(PEOPLE, RURAL, indicators=(SHARE,)), facts, "2023Q1", "901", "share")
    assert (row.value, row.units_reported) == (None, 1)


def test_a_sum_of_figures_needs_them_all() -> None:
    """A province, January 2020: 19477.6 urban and 67689.7 rural."""
    both = Indicator("both", "合计", "万元", "flow", "funds + grants", "")
    declaration = declare(FUNDS, GRANTS, indicators=(both,))
    facts = [
        *months("901", "funds", "2020-01", "19477.6", 0, 0),
        *months("901", "grants", "2020-01", "67689.7", 0, 0),
    ]
    row = quarter(declaration, facts, "2020Q1", "901", "both")
    assert row.value == Decimal("87167.3")  # 19477.6 + 67689.7
    assert quarter(declaration, facts[:-1], "2020Q1", "901", "both").value is None


def test_the_year_to_date_begins_with_the_line() -> None:
    since_may = declare(
        type(FUNDS)(
            "funds", "03", "资金", "万元", "flow", "", valid_from=periods.parse_month("2023-05")
        )
    )
    facts = months("901", "funds", "2023-05", 5, 6)
    row = quarter(since_may, facts, "2023Q2", "901", "funds")
    assert (row.value, row.year_to_date, row.months_reported) == (11, 11, 2)  # 5 + 6


def test_what_does_not_apply_is_not_expected() -> None:
    facts = [
        *months("901", "people", "2023-03", 40),
        *(
            Fact(
                periods.parse_month("2023-01") + step, "902", "people", None, None, "not_applicable"
            )
            for step in range(3)
        ),
    ]
    row = quarter(declare(PEOPLE), facts, "2023Q1", DISTRICT, "people")
    assert (row.value, row.units_expected, row.units_reported) == (40, 1, 1)


def test_a_successor_is_built_from_the_months_of_those_it_came_from() -> None:
    old = Unit("902", "乙乡", "镇", valid_to=dt.date(2023, 2, 28), successor="901")
    declaration = declare(FUNDS, units=(TOWN_A, old))
    facts = months("901", "funds", "2023-01", 1, 2, 4) + months("902", "funds", "2023-01", 10, 20)
    row = quarter(declaration, facts, "2023Q1", "901", "funds")
    assert row.value == 37  # (1 + 10) + (2 + 20) + 4
    assert {each.unit_code for each in quarterly(declaration, facts, ())} == {DISTRICT, "901"}


def test_a_unit_that_is_still_to_begin_is_not_what_it_will_go_into() -> None:
    first, last = dt.date(2023, 4, 10), dt.date(2023, 8, 31)
    passing = Unit("902", "乙乡", "镇", valid_from=first, valid_to=last, successor="901")
    declaration = declare(FUNDS, units=(TOWN_A, passing))
    before = months("902", "funds", "2023-01", 10, 20, 30)
    facts = months("901", "funds", "2023-01", 1, 2, 4) + before
    assert quarter(declaration, facts, "2023Q1", "901", "funds").value == 7
    assert quarter(declaration, facts, "2023Q1", DISTRICT, "funds").value == 7


def test_what_a_unit_reported_before_it_ended_stays_in_its_year() -> None:
    ended = Unit("902", "乙镇", "镇", valid_to=dt.date(2023, 7, 31))
    declaration = declare(FUNDS, PEOPLE, units=(TOWN_A, ended))
    facts = [
        *months("901", "funds", "2023-01", *[1] * 15),
        *months("902", "funds", "2023-01", *[10] * 7),
        *months("902", "people", "2023-01", *[5] * 7),
    ]
    own = quarter(declaration, facts, "2023Q3", "902", "funds")
    assert (own.value, own.year_to_date, own.months_reported) == (10, 70, 1)
    third = quarter(declaration, facts, "2023Q3", DISTRICT, "funds")
    assert (third.value, third.year_to_date, third.units_expected) == (13, 79, 2)  # 3 + 10; 9 + 70
    fourth = quarter(declaration, facts, "2023Q4", DISTRICT, "funds")
    assert (fourth.value, fourth.year_to_date, fourth.units_expected) == (3, 82, 1)  # 3; 12 + 70
    stayed = {
        (row.quarter, row.indicator)
        for row in quarterly(declaration, facts, ())
        if row.unit_code == "902"
    }
    quarters = {(f"2023Q{each}", "funds") for each in (1, 2, 3, 4)}
    assert stayed == quarters | {("2023Q1", "people"), ("2023Q2", "people")}


def test_a_total_from_before_the_forms_stands_for_the_district() -> None:
    march = periods.parse_month("2019-03")
    facts = [Fact(march, DISTRICT, "people", Decimal(500), None, "history")]
    row = quarter(declare(PEOPLE), facts, "2019Q1", DISTRICT, "people")
    assert (row.value, row.units_expected, row.units_reported) == (500, 0, 0)
    assert row.maturity == "final"


def test_a_quarter_is_final_when_every_form_due_is_accepted() -> None:
    january = periods.parse_month("2023-01")
    facts = months("901", "people", "2023-01", 5, 6, 7)
    states = tuple(
        FormState(january + step, unit, "form", (unit, step) != ("902", 1))
        for unit in ("901", "902")
        for step in range(3)
    )
    declaration = declare(PEOPLE)
    assert quarter(declaration, facts, "2023Q1", "901", "people", states).maturity == "final"
    assert (
        quarter(declaration, facts, "2023Q1", DISTRICT, "people", states).maturity == "provisional"
    )
    before_march = tuple(each for each in states if each.month < january + 2)
    row = quarter(declaration, facts, "2023Q1", "901", "people", before_march)
    assert row.maturity == "provisional"
