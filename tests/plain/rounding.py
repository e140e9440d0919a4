"""Exact fractions to ten decimals, half up on the absolute value (四舍五入)."""

import math
from decimal import Context, Decimal
from fractions import Fraction

SCALE = 10**10
EXACT = Context(prec=60)


def ten_decimals(value: Fraction | None) -> Decimal | None:
    """The value rounded once: 0.00000000005 becomes 0.0000000001, and -0.00000000005 -0.0000000001."""
    if value is None:
        return None
    units = math.floor(abs(value) * SCALE + Fraction(1, 2))
    return EXACT.scaleb(Decimal(-units if value < 0 else units), -10)


def two_year_rate(ratio: Fraction) -> Decimal:
    """100 * (sqrt(ratio) - 1) to ten decimals, without an inexact step."""
    top, bottom = math.isqrt(ratio.numerator), math.isqrt(ratio.denominator)
    if top * top == ratio.numerator and bottom * bottom == ratio.denominator:
        rounded = ten_decimals(100 * (Fraction(top, bottom) - 1))
        assert rounded is not None
        return rounded
    # An irrational root never lies halfway between two decimals, so the nearest one is
    # found from the whole part of twice the root, counted in units of the tenth decimal.
    scaled = ratio * (100 * SCALE) ** 2
    twice = math.isqrt(math.floor(4 * scaled))
    nearest = (twice + 1) // 2
    return EXACT.scaleb(Decimal(nearest - 100 * SCALE), -10)
