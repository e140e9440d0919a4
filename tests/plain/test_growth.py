"""Growth and its statuses, with the sums visible."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from schemas.declaring import periods
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import Figure, Indicator, Split, Unit
from tests.computing.world import Fact
from tests.plain import growth
from tests.plain.small import (
    DISTRICT,
    FUNDS,
    PEOPLE,
    RURAL,
    TO_DATE,
    TOWN_A,
    TOWN_B,
    compare,
    declare,
    months,
    to_date,
)

SHARE = Indicator("share", "占比", "%", "ratio", "100 * rural / people", "")


def test_the_quarter_before_is_compared_alone_and_not_to_date() -> None:
    """Hengyang, 2023: the form prints 105.00, which is 69436.3 over 33872.0."""
    facts = to_date("901", "2023-01", "1", "2", "33872.0", "4", "5", "69436.3")
    row = compare(declare(TO_DATE), facts, "2023Q2", "901", "to_date", "qoq")
    assert (row.value, row.base) == (Decimal("35564.3"), Decimal("33872.0"))
    assert row.change == Decimal("1692.3")  # 35564.3 - 33872.0
    assert round(row.rate, 2) == Decimal("5.00")  # 100 * 1692.3 / 33872.0
    assert row.status == "ok"


def test_a_month_alone_is_the_difference_of_two_years_to_date() -> None:
    """Shaoyang, 2024: 138714.2 to September, 154084.4 to October."""
    to_september = ["10000"] * 8 + ["138714.2"]
    facts = to_date("901", "2024-01", *to_september, "154084.4", "154084.4", "154084.4")
    row = compare(declare(TO_DATE), facts, "2024Q4", "901", "to_date", "qoq")
    assert row.value == Decimal("15370.2")  # 154084.4 - 138714.2, and nothing afterwards
    assert row.base == Decimal("128714.2")  # 138714.2 - 10000


def test_two_years_are_averaged_geometrically() -> None:
    facts = months("901", "people", "2021-03", 100) + months("901", "people", "2023-03", 144)
    row = compare(declare(PEOPLE), facts, "2023Q1", "901", "people", "two_year")
    assert (row.change, row.rate) == (44, 20)  # 100 * (sqrt(1.44) - 1)
    facts = months("901", "people", "2021-03", 1) + months("901", "people", "2023-03", 2)
    row = compare(declare(PEOPLE), facts, "2023Q1", "901", "people", "two_year")
    assert row.rate == Decimal("41.4213562373")  # 100 * (1.41421356237309... - 1)


def test_the_year_to_date_is_compared_with_the_same_months() -> None:
    facts = [
        *months("901", "funds", "2022-01", 1, 2, 3, 4, 5, 6),
        *months("901", "funds", "2023-01", 2, 3, 4, 5, 6, 7),
    ]
    row = compare(declare(FUNDS), facts, "2023Q2", "901", "funds", "ytd_yoy")
    assert (row.value, row.base, row.change) == (27, 21, 6)
    assert row.rate == Decimal("28.5714285714")  # 100 * 6 / 21


@pytest.mark.parametrize(
    ("base", "value", "status", "change", "rate"),
    [
        (4, 5, "ok", 1, 25),
        (4, 0, "ok", -4, -100),
        (0, 0, "both_zero", 0, None),
        (0, 5, "base_zero", 5, None),
        (4, -1, "turned_negative", -5, None),
        (-4, 1, "turned_positive", 5, None),
        (-4, -1, "base_negative", 3, None),
        (-4, 0, "base_negative", 4, None),
        (4, None, "value_missing", None, None),
        (None, 4, "base_missing", None, None),
        (None, None, "value_missing", None, None),
    ],
)
def test_the_status_says_why_there_is_no_rate(
    base: int | None, value: int | None, status: str, change: int | None, rate: int | None
) -> None:
    facts = [
        *months("901", "people", "2022-03", base),
        *months("901", "people", "2023-03", value),
        *months("902", "people", "2023-03", 1),
    ]
    row = compare(declare(PEOPLE), facts, "2023Q1", "901", "people", "yoy")
    assert (row.status, row.change, row.rate) == (status, change, rate)


def test_a_share_changes_in_points() -> None:
    facts = [
        *months("901", "rural", "2022-03", 10),
        *months("901", "people", "2022-03", 40),
        *months("901", "rural", "2023-03", 15),
        *months("901", "people", "2023-03", 50),
    ]
    declaration = declare(PEOPLE, RURAL, indicators=(SHARE,))
    row = compare(declaration, facts, "2023Q1", "901", "share", "yoy")
    assert (row.status, row.change, row.rate) == ("points", 5, None)  # 30 - 25
    assert (row.contribution, row.pull) == (None, None)


def test_a_ratio_over_0_is_undefined() -> None:
    facts = [
        *months("901", "rural", "2022-03", 0),
        *months("901", "people", "2022-03", 0),
        *months("901", "rural", "2023-03", 15),
        *months("901", "people", "2023-03", 50),
    ]
    declaration = declare(PEOPLE, RURAL, indicators=(SHARE,))
    row = compare(declaration, facts, "2023Q1", "901", "share", "yoy")
    assert (row.status, row.value, row.base) == ("undefined", 30, None)


@pytest.mark.parametrize(
    ("figure", "month", "comparison", "status"),
    [
        ("people", "2022-03", "yoy", "ok"),
        ("people", "2022-04", "yoy", "not_comparable"),
        ("people", "2023-03", "yoy", "not_comparable"),
        ("people", "2023-04", "yoy", "ok"),
        ("funds", "2022-01", "yoy", "ok"),
        ("funds", "2022-02", "yoy", "not_comparable"),
        ("funds", "2023-01", "qoq", "not_comparable"),
    ],
)
def test_a_new_definition_between_the_months_compared_forbids_it(
    figure: str, month: str, comparison: str, status: str
) -> None:
    kind = stock if figure == "people" else flow
    plain = kind("01", figure, "", "人", "")
    redefined = Figure(
        figure, "01", "", "人", plain.kind, "", redefined=(periods.parse_month(month),)
    )
    facts = months("901", figure, "2022-01", *[1] * 15)
    assert compare(declare(redefined), facts, "2023Q1", "901", figure, comparison).status == status


def test_an_incomplete_total_says_so_and_gives_the_matched_growth() -> None:
    facts = [
        *months("901", "people", "2022-03", 40),
        *months("902", "people", "2022-03", 60),
        *months("901", "people", "2023-03", 50),
    ]
    row = compare(declare(PEOPLE), facts, "2023Q1", DISTRICT, "people", "yoy")
    assert (row.status, row.value, row.base, row.change) == ("incomplete", 50, 100, None)
    assert (row.matched_units, row.matched_value, row.matched_base) == (1, 50, 40)
    assert row.matched_rate == 25  # 100 * (50 - 40) / 40


def test_the_base_of_a_merged_unit_is_the_sum_of_those_it_came_from() -> None:
    old = Unit("902", "乙乡", "镇", valid_to=dt.date(2022, 12, 31), successor="901")
    facts = [
        *months("901", "people", "2022-03", 40),
        *months("902", "people", "2022-03", 60),
        *months("901", "people", "2023-03", 110),
    ]
    declaration = declare(PEOPLE, units=(TOWN_A, old))
    row = compare(declaration, facts, "2023Q1", "901", "people", "yoy")
    assert (row.base, row.rate, row.restated) == (100, 10, True)  # 40 + 60
    row = compare(declaration, facts[1:], "2023Q1", "901", "people", "yoy")
    assert (row.base, row.status, row.restated) == (None, "base_missing", True)
    assert not compare(declaration, facts, "2023Q1", DISTRICT, "people", "yoy").restated


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (dt.date(2022, 1, 31), "ok"),
        (dt.date(2022, 2, 1), "not_comparable"),
        (dt.date(2023, 3, 31), "not_comparable"),
        (dt.date(2023, 4, 1), "ok"),
    ],
)
def test_a_unit_is_not_compared_across_its_split(day: dt.date, status: str) -> None:
    facts = [
        *months("901", "funds", "2022-01", *[1] * 15),
        *months("902", "funds", "2022-01", *[2] * 15),
        *months("903", "funds", "2022-01", *[3] * 15),
    ]
    declaration = dataclasses.replace(
        declare(FUNDS, units=(TOWN_A, TOWN_B, Unit("903", "丙镇", "镇"))),
        splits=(Split(day, "902", ("903",)),),
    )
    for unit in ("902", "903"):
        assert compare(declaration, facts, "2023Q1", unit, "funds", "yoy").status == status
    assert compare(declaration, facts, "2023Q1", "901", "funds", "yoy").status == "ok"
    row = compare(declaration, facts, "2023Q1", DISTRICT, "funds", "yoy")
    assert (row.status, row.value, row.base) == ("ok", 18, 18)  # 3 + 6 + 9
    assert row.matched_units == (3 if status == "ok" else 1)


def test_a_new_part_is_not_comparable_rather_than_without_a_base() -> None:
    part = Unit("903", "丙镇", "镇", valid_from=dt.date(2023, 1, 1))
    declaration = dataclasses.replace(
        declare(PEOPLE, units=(TOWN_A, part)),
        splits=(Split(dt.date(2023, 1, 1), "901", ("903",)),),
    )
    facts = months("901", "people", "2022-12", 10, 7, 7, 7)
    row = compare(declaration, facts, "2023Q1", "903", "people", "qoq")
    assert row.status == "value_missing"
    facts += months("903", "people", "2023-01", 3, 3, 3)
    row = compare(declaration, facts, "2023Q1", "903", "people", "qoq")
    assert (row.status, row.value, row.base) == ("not_comparable", 3, None)


def test_contributions_share_out_the_change_and_pulls_the_rate() -> None:
    facts = [
        *months("901", "people", "2022-03", 40),
        *months("902", "people", "2022-03", 60),
        *months("901", "people", "2023-03", 56),
        *months("902", "people", "2023-03", 54),
    ]
    declaration = declare(PEOPLE)
    first = compare(declaration, facts, "2023Q1", "901", "people", "yoy")
    second = compare(declaration, facts, "2023Q1", "902", "people", "yoy")
    assert (first.contribution, first.pull) == (160, 16)  # 16 of 10; 16 of 100
    assert (second.contribution, second.pull) == (-60, -6)
    assert compare(declaration, facts, "2023Q1", DISTRICT, "people", "yoy").rate == 10  # 16 - 6


def test_no_contribution_where_the_changes_against_the_total_outweigh_it() -> None:
    facts = [
        *months("901", "people", "2022-03", 40),
        *months("902", "people", "2022-03", 60),
        *months("901", "people", "2023-03", 60),
        *months("902", "people", "2023-03", 49),
    ]
    row = compare(declare(PEOPLE), facts, "2023Q1", "901", "people", "yoy")
    assert (row.contribution, row.pull) == (None, 20)  # -11 against a change of 9


def test_only_the_quarter_before_is_a_base() -> None:
    facts = months("901", "people", "2022-09", 40) + months("901", "people", "2023-03", 50)
    row = compare(declare(PEOPLE), facts, "2023Q1", "901", "people", "qoq")
    assert row.status == "base_missing"


def test_what_is_cumulative_within_the_year_has_no_quarter_before() -> None:
    removed = Indicator("removed", "", "座", "flow", "ytd(funds)", "", within_year=True)
    facts = months("901", "funds", "2023-01", 1, 1, 1, 1, 1, 1)
    declaration = declare(FUNDS, indicators=(removed,), units=(TOWN_A, TOWN_B))
    found = {row.comparison for row in growth(declaration, facts, ()) if row.indicator == "removed"}
    assert found == {"yoy", "ytd_yoy", "two_year"}


def test_history_of_the_district_is_a_base() -> None:
    facts = [
        Fact(periods.parse_month("2019-03"), DISTRICT, "people", Decimal(80), None, "history"),
        *months("901", "people", "2020-03", 40),
        *months("902", "people", "2020-03", 60),
    ]
    row = compare(declare(PEOPLE), facts, "2020Q1", DISTRICT, "people", "yoy")
    assert (row.status, row.rate, row.matched_units) == ("ok", 25, 0)  # 100 over 80
