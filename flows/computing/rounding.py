"""Rounding once, at display, of exact decimals."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Literal

Standard = Literal["half_up", "gb8170"]
_MODES = {"half_up": ROUND_HALF_UP, "gb8170": ROUND_HALF_EVEN}


def rounded(value: Decimal, places: int, standard: Standard = "half_up") -> Decimal:
    """The value with that many decimals; never a negative zero.

    `half_up` rounds a half away from zero (四舍五入), as statistical communiqués and
    Excel do; `gb8170` rounds it to the even digit, as GB/T 8170-2008 has it: 0.25 is
    0.3 and 0.2, 0.35 is 0.4 by both.
    """
    digits = Context(prec=max(len(value.as_tuple().digits) + abs(value.adjusted()) + places + 2, 1))
    result = value.quantize(Decimal(1).scaleb(-places), _MODES[standard], digits)
    return result if result else abs(result)


def ten_decimals(value: Fraction) -> Decimal:
    """The exact value as the public tables keep it: ten decimals, half up on the absolute value."""
    whole = int((abs(value) * 2 * 10**10 + 1) // 2)
    return Decimal(whole if value >= 0 else -whole).scaleb(-10, Context(prec=len(str(whole)) + 1))
