"""Formulas and rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.plain.formulas import parse
from tests.plain.rounding import ten_decimals, two_year_rate

OTHERS = {"all": "a + b", "share": "a / all"}


def test_a_formula_is_one_sum_over_another() -> None:
    formula = parse("100 * ytd(a) / (c - 0.1 * ytd(all))", OTHERS)
    assert formula.numerator == {("a", True): 100}
    assert formula.denominator == {
        ("c", False): 1,
        ("a", True): Fraction(-1, 10),
        ("b", True): Fraction(-1, 10),
    }
    assert formula.figures == ["a", "b", "c"]


def test_the_same_figure_twice_adds_up() -> None:
    assert parse("all - -a * 2", OTHERS).numerator == {("a", False): 3, ("b", False): 1}


@pytest.mark.parametrize("text", ["a * b", "a + 1", "share + a", "a / b / c", "a ** 2", "max(a)"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"sum|ratio"):
        parse(text, OTHERS)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 3), "0.3333333333"),
        (Fraction(2, 3), "0.6666666667"),
        (Fraction(1, 2 * 10**10), "0.0000000001"),
        (Fraction(-1, 2 * 10**10), "-0.0000000001"),
        (Fraction(1, 4 * 10**10), "0.0000000000"),
        (Fraction(10**25 + 1, 10), "1000000000000000000000000.1"),
    ],
)
def test_rounding_is_half_up_on_the_absolute_value(value: Fraction, rounded: str) -> None:
    assert ten_decimals(value) == Decimal(rounded)


@pytest.mark.parametrize(
    ("ratio", "rate"),
    [
        (Fraction(0), "-100"),
        (Fraction(1, 4), "-50"),
        (Fraction(1, 2), "-29.2893218813"),  # 70.71067811865475... - 100
        (Fraction(3), "73.2050807569"),  # 173.20508075688772... - 100
        (Fraction(10**30), "99999999999999900"),
    ],
)
def test_the_root_of_a_two_year_ratio_is_exact_to_ten_decimals(ratio: Fraction, rate: str) -> None:
    assert two_year_rate(ratio) == Decimal(rate)
