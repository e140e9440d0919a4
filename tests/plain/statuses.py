"""What a comparison may say: its status, the change and the rate."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.plain.measures import Part
from tests.plain.rounding import ten_decimals, two_year_rate

WITH_CHANGE = (
    "points",
    "both_zero",
    "base_zero",
    "turned_negative",
    "turned_positive",
    "base_negative",
    "ok",
)


@dataclass(frozen=True)
class Comparison:
    """Two parts of the same indicator and what keeps them from being compared."""

    name: str
    value: Part
    base: Part
    altered: bool
    """The unit is not the same in both periods."""
    redefined: bool
    incomplete: bool
    in_percent: bool

    @property
    def status(self) -> str:
        """The first that applies."""
        if not self.value.reported:
            return "value_missing"
        if self.altered:
            return "not_comparable"
        if not self.base.reported:
            return "base_missing"
        value, base = self.value.value, self.base.value
        if value is None or base is None:
            return "undefined"
        if self.redefined:
            return "not_comparable"
        if self.incomplete:
            return "incomplete"
        if self.in_percent:
            return "points"
        if base == 0:
            return "both_zero" if value == 0 else "base_zero"
        if base > 0:
            return "turned_negative" if value < 0 else "ok"
        return "turned_positive" if value > 0 else "base_negative"

    @property
    def change(self) -> Fraction | None:
        """The value less the base, where the status lets them be compared."""
        if self.status not in WITH_CHANGE:
            return None
        return _difference(self.value.value, self.base.value)

    @property
    def rate(self) -> Decimal | None:
        """The growth in percent, for status ok only."""
        value, base = self.value.value, self.base.value
        if self.status != "ok" or value is None or base is None:
            return None
        if self.name == "two_year":
            return two_year_rate(value / base)
        return ten_decimals(100 * (value - base) / base)


def _difference(value: Fraction | None, base: Fraction | None) -> Fraction | None:
    return None if value is None or base is None else value - base
