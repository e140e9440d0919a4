"""What a comparison may say: its status, in words too, and its rate.

The rules of `flows/computing/growth.sql`.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from flows.explaining.measures import Part
from flows.explaining.rules import Indicator

STATUS_WORDS = {
    "value_missing": "the value is not reported",
    "base_missing": "the base is not reported, or a part of it is missing",
    "undefined": "a ratio divides by 0 in one of the periods",
    "not_comparable": "the definition, or the months asked for, changed between the two periods",
    "incomplete": "a unit that should have a value has none in one of the periods; "
    "see the units present in both",
    "points": "measured in %: the change is in percentage points and there is no rate",
    "both_zero": "both are 0 (持平)",
    "base_zero": "the base is 0, so there is no rate",
    "turned_negative": "from above 0 to below it, so there is no rate",
    "turned_positive": "from below 0 to above it, so there is no rate",
    "base_negative": "the base is below 0, so there is no rate",
    "ok": "comparable",
}
SIGNED = ("both_zero", "base_zero", "turned_negative", "turned_positive", "base_negative", "ok")
"""The statuses that only the signs of value and base tell apart."""
CHANGES = (*SIGNED, "points")
"""The statuses with a change."""


def status_of(
    indicator: Indicator,
    value: Part,
    base: Part,
    *,
    altered: bool = False,
    redefined: bool,
    incomplete: bool = False,
) -> str:
    """The status of a comparison: the first that applies."""
    if value.numerator is None:
        return "value_missing"
    if altered:
        return "not_comparable"
    if base.numerator is None:
        return "base_missing"
    now, then = value.value, base.value
    if now is None or then is None:
        return "undefined"
    if redefined:
        return "not_comparable"
    if incomplete:
        return "incomplete"
    if indicator.points:
        return "points"
    if then == 0:
        return "both_zero" if now == 0 else "base_zero"
    if then > 0:
        return "turned_negative" if now < 0 else "ok"
    return "turned_positive" if now > 0 else "base_negative"


def rate_of(comparison: str, status: str, value: Fraction, base: Fraction) -> Fraction | None:
    """The rate in percent, of status ok only."""
    if status != "ok":
        return None
    if comparison == "two_year":
        return two_year_rate(value / base)
    return 100 * (value - base) / base


def two_year_rate(quotient: Fraction) -> Fraction:
    """100 x (the square root of the quotient - 1), to ten decimals, half up."""
    twice = isqrt(4 * quotient.numerator * 10**24 // quotient.denominator)
    return Fraction((twice + 1) // 2 - 10**12, 10**10)
