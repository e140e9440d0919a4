"""How far a target is met, in sums that can be done in the head."""

from decimal import Decimal
from fractions import Fraction

import pytest

from schemas.declaring.periods import parse_quarter
from tests.computing.world import Target
from tests.plain.progress import compare, progress
from tests.plain.small import FUNDS, declare, months

F = Fraction


@pytest.mark.parametrize(
    ("value", "own", "year", "number", "expected"),
    [
        (F(30), F(25), F(100), 1, (F(120), F(20))),  # 30 of 25 is 120 %: 20 points ahead
        (F(20), F(25), F(100), 1, (F(80), F(-20))),
        (F(30), None, F(100), 1, (F(30), F(5))),  # 30 % of the year, 25 % of which is over
        (F(90), None, F(100), 4, (F(90), F(-10))),
        (F(30), None, None, 1, (None, None)),
        (None, F(25), F(100), 1, (None, None)),
        (F(30), F(0), F(100), 1, (None, None)),  # the quarter's own, and no other, is 0
        (F(0), F(25), F(100), 1, (F(0), F(-100))),
        (F(-30), F(-20), None, 2, (F(150), F(50))),
    ],
)
def test_completion_is_value_over_target_and_lead_is_from_100_or_the_time(
    value: Fraction | None,
    own: Fraction | None,
    year: Fraction | None,
    number: int,
    expected: tuple[Fraction | None, Fraction | None],
) -> None:
    assert compare(value, own, year, number, in_percent=False) == expected


@pytest.mark.parametrize(
    ("value", "own", "year", "lead"),
    [(F(95), F(90), F(98), 5), (F(95), None, F(98), -3), (F(2), F(0), None, 2)],
)
def test_a_rate_is_compared_in_points(
    value: Fraction, own: Fraction | None, year: Fraction | None, lead: int
) -> None:
    assert compare(value, own, year, 2, in_percent=True) == (None, lead)


def test_the_year_has_four_rows_and_those_without_a_value_say_so() -> None:
    facts = months("901", "funds", "2022-01", 10, 10, 10) + months(
        "902", "funds", "2022-01", 5, 5, None
    )
    targets = [
        Target(parse_quarter("2022Q1"), "funds", Decimal("24")),
        Target(parse_quarter("2022Q4"), "funds", Decimal("100")),
    ]
    rows = progress(declare(FUNDS), facts, (), targets)
    assert [
        (each.quarter, each.target, each.value, each.completion, each.lead) for each in rows
    ] == [
        # 10 + 10 + 10 of the one unit that has the quarter whole: 30 of 24
        ("2022Q1", Decimal(24), Decimal(30), Decimal(125), Decimal(25)),
        ("2022Q2", None, None, None, None),
        ("2022Q3", None, None, None, None),
        ("2022Q4", Decimal(100), None, None, None),
    ]
    assert (rows[0].units_expected, rows[0].units_reported) == (2, 1)
    assert [each.time_progress for each in rows] == [25, 50, 75, 100]
