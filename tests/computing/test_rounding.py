from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.computing.rounding import Standard, rounded

VALUES = st.decimals(allow_nan=False, allow_infinity=False, places=10).filter(
    lambda value: abs(value) < 10**20
)
STANDARDS: tuple[Standard, ...] = ("half_up", "gb8170")


@pytest.mark.parametrize(
    ("value", "half_up", "half_even"),
    [
        ("0.25", "0.3", "0.2"),
        ("0.35", "0.4", "0.4"),
        ("-0.25", "-0.3", "-0.2"),
        ("0.2500000001", "0.3", "0.3"),
        ("0.05", "0.1", "0.0"),
        ("4.9961620218", "5.0", "5.0"),
        ("-0.04", "0.0", "0.0"),
    ],
)
def test_a_half_goes_up_by_default_and_to_the_even_digit_by_gb8170(value, half_up, half_even):
    assert str(rounded(Decimal(value), 1)) == half_up
    assert str(rounded(Decimal(value), 1, "gb8170")) == half_even


def test_counts_have_no_decimals():
    assert str(rounded(Decimal("2.5"), 0)) == "3"


@given(VALUES, st.integers(0, 6), st.sampled_from(STANDARDS))
def test_rounding_moves_a_value_by_half_a_last_digit_at_most(value, places, standard):
    off = abs(Fraction(rounded(value, places, standard)) - Fraction(value))
    assert off <= Fraction(1, 2 * 10**places)


@given(VALUES, st.integers(0, 6), st.sampled_from(STANDARDS))
def test_rounding_twice_to_the_same_places_changes_nothing(value, places, standard):
    once = rounded(value, places, standard)
    assert rounded(once, places, standard) == once


@given(VALUES, st.integers(0, 6), st.sampled_from(STANDARDS))
def test_a_loss_is_rounded_as_a_gain_is(value, places, standard):
    assert rounded(-value, places, standard) == -rounded(value, places, standard)


@given(VALUES, st.integers(0, 6))
def test_the_standards_differ_only_on_a_half(value, places):
    if rounded(value, places) != rounded(value, places, "gb8170"):
        assert (abs(Fraction(value)) * 10**places) % 1 == Fraction(1, 2)
