"""The district: sums over the units that have the value, never a mean of ratios."""

from dataclasses import replace
from fractions import Fraction

from tests.plain.measures import Measure, Part


def district_measure(
    units: list[Measure], history: Measure, owed_later: tuple[int, int] | None
) -> Measure:
    """The district's measure.

    A dated total from before serves where no unit has a value, and where nobody owed one
    yet: then `owed_later` says how many units would, in the quarter and in the year to date,
    and some of them are not the district.
    """
    later, later_in_year = owed_later or (0, 0)
    quarter = _of_all(together([each.quarter for each in units]), later)
    year = _of_all(together([each.year for each in units]), later_in_year)
    reported_in = frozenset().union(*(each.months for each in units))
    before = owed_later is not None
    if history.quarter.reported and (before or not quarter.reported):
        quarter = _without_units(history.quarter)
        reported_in = history.months
    if history.year.reported and (before or not year.reported):
        year = _without_units(history.year)
    return Measure(quarter, year, reported_in)


def together(parts: list[Part]) -> Part:
    """Numerators and denominators, each added up over the units that have both."""
    expected = sum(part.units_expected for part in parts)
    having = [part for part in parts if part.numerator is not None]
    if not having:
        return Part(None, None, expected, 0)
    numerator = sum((part.numerator for part in having), Fraction(0))
    denominators = [part.denominator for part in having if part.denominator is not None]
    denominator = sum(denominators, Fraction(0)) if denominators else None
    return Part(numerator, denominator, expected, len(having))


def _of_all(part: Part, units: int) -> Part:
    return replace(part, units_expected=max(part.units_expected, units))


def _without_units(part: Part) -> Part:
    return Part(part.numerator, part.denominator, 0, 0)
