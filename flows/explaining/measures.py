"""Indicators of units and of the district, as exact parts of which sums and growth are taken.

The rules of `flows/computing/indicators.sql` and `pairs.sql`, a value at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from flows.computing.declared import QUARTERS_BACK
from flows.explaining.comparability import altered
from flows.explaining.facts import Facts
from flows.explaining.quarters import FigureQuarter, figure_quarter
from flows.explaining.rules import Figure, Indicator, Rules


class Part(NamedTuple):
    """A value as what it is divided from: `numerator` is None where it is not reported.

    `dated` says that the district's own dated total stands instead of its units' sum.
    """

    numerator: Fraction | None
    denominator: Fraction | None
    expected: int
    reported: int
    dated: bool = False

    @property
    def value(self) -> Fraction | None:
        """The value; None where it is not reported or divided by 0."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator

    @property
    def lacking(self) -> bool:
        """Whether somebody who should have the value has not."""
        return self.expected > self.reported


NOTHING = Part(None, None, 0, 0)


class Measure(NamedTuple):
    """An indicator of a unit in a quarter: of the quarter and since January."""

    quarter: Part
    year: Part

    def part(self, cumulative: bool) -> Part:
        """The year to date, or the quarter."""
        return self.year if cumulative else self.quarter


NOWHERE = Measure(NOTHING, NOTHING)
"""Of a unit that has no row of the indicator."""


class Measures:
    """All measures of a warehouse, made when they are asked for."""

    def __init__(self, rules: Rules, facts: Facts) -> None:
        self.rules = rules
        self.facts = facts
        self._figures: dict[tuple[str, int, str], FigureQuarter] = {}
        self._units: dict[tuple[str, int], dict[str, Measure]] = {}
        self._bases: dict[tuple[str, int, str, str], Part] = {}

    def figure(self, figure: str, quarter: int, unit_code: str) -> FigureQuarter:
        """A figure of a unit in a quarter, with the cells it uses."""
        key = figure, quarter, unit_code
        if key not in self._figures:
            facts = self.facts.of((figure,), quarter // 4)
            rule = self.rules.figures[figure]
            self._figures[key] = figure_quarter(self.rules, facts, rule, unit_code, quarter)
        return self._figures[key]

    def units(self, indicator: Indicator, quarter: int) -> dict[str, Measure]:
        """The indicator of every unit that has a row of it, the district among them."""
        key = indicator.name, quarter
        if key not in self._units:
            # All at once, before each unit asks for its own.
            self.facts.of((term.figure for term in indicator.terms), quarter // 4)
            found = {}
            if quarter in self.rules.computed:
                for unit_code in self.rules.register.standing(quarter):
                    measure = self._row(indicator, quarter, unit_code)
                    if measure is not None:
                        found[unit_code] = measure
                own = found.pop(self.rules.register.district, None)
                if found or own is not None:
                    found[self.rules.register.district] = self._of_district(
                        indicator, quarter, found, own
                    )
            self._units[key] = found
        return self._units[key]

    def of_unit(self, indicator: Indicator, quarter: int, unit_code: str) -> Measure:
        """The indicator of one unit, or of the district."""
        return self.units(indicator, quarter).get(unit_code, NOWHERE)

    def _row(self, indicator: Indicator, quarter: int, unit_code: str) -> Measure | None:
        if not all(self.figure(term.figure, quarter, unit_code).there for term in indicator.terms):
            return None
        measure = Measure(
            self._part(indicator, quarter, unit_code, False),
            self._part(indicator, quarter, unit_code, True),
        )
        return measure if any(each.expected or each.reported for each in measure) else None

    def _part(self, indicator: Indicator, quarter: int, unit_code: str, cumulative: bool) -> Part:
        above, below, reported, expected = Fraction(0), Fraction(0), True, True
        for term in indicator.terms:
            known = self.figure(term.figure, quarter, unit_code)
            span = known.span(cumulative or term.cumulative)
            value = span.value
            expected &= span.expected
            if value is None:
                reported = False
            elif term.above:
                above += term.coefficient * value
            else:
                below += term.coefficient * value
        if not reported:
            return Part(None, None, int(expected), 0)
        bottom = below if indicator.ratio else Fraction(indicator.scale)
        return Part(above, bottom, int(expected), 1)

    def _of_district(
        self, indicator: Indicator, quarter: int, units: dict[str, Measure], own: Measure | None
    ) -> Measure:
        later = self._owed_later(indicator, quarter)

        def part(cumulative: bool) -> Part:
            total = together((each.part(cumulative) for each in units.values()), indicator.ratio)
            dated = NOTHING if own is None else own.part(cumulative)
            if dated.reported and (not total.reported or later is not None):
                return Part(dated.numerator, dated.denominator, 0, 0, True)
            owed = 0 if later is None else later[cumulative]
            return total._replace(expected=max(total.expected, owed))

        return Measure(part(False), part(True))

    def _owed_later(self, indicator: Indicator, quarter: int) -> tuple[int, int] | None:
        """How many units will owe the indicator, where nobody owes any figure of it yet.

        For the quarter and for the year to date, in which more units may have been there.
        """
        last = quarter * 3 + 2
        counts = []
        for term in indicator.terms:
            figure = self.rules.figures[term.figure]
            if any(line.owed(month) for line in figure.lines for month in range(last - last % 12, last + 1)):  # fmt: skip
                return None
            until = self._asked_until(figure, quarter)
            if until:
                # A stock is of the last month only.
                in_year = sum(each == last or not figure.stock for each in until)
                in_quarter = sum(each >= (last if figure.stock else last - 2) for each in until)
                counts.append((in_year if term.cumulative else in_quarter, in_year))
        if not counts:
            return None
        return min(each for each, _ in counts), min(each for _, each in counts)

    def _asked_until(self, figure: Figure, quarter: int) -> list[int]:
        """The last months of the units whose group reports the figure at one time or other."""
        register = self.rules.register
        groups = {line.group for line in figure.lines} - {None}
        return [
            standing.until
            for code, standing in register.standing(quarter).items()
            if code != register.district
            and any(register.units[source].group in groups for source in standing.sources)
        ]

    def base_units(self, indicator: Indicator, quarter: int, back: int, unit_code: str) -> list[str]:  # fmt: skip
        """The units of the base's quarter that have become the unit, those with a row of it."""
        before = self.units(indicator, quarter - back)
        standing = self.rules.register.standing(quarter).get(unit_code)
        return [] if standing is None else [each for each in standing.sources if each in before]

    def base(self, indicator: Indicator, quarter: int, comparison: str, unit_code: str) -> Part:
        """The base of a comparison; of a unit, none where a part of it is lacking."""
        key = indicator.name, quarter, comparison, unit_code
        if key not in self._bases:
            self._bases[key] = self._base(indicator, quarter, comparison, unit_code)
        return self._bases[key]

    def _base(self, indicator: Indicator, quarter: int, comparison: str, unit_code: str) -> Part:
        back, cumulative = QUARTERS_BACK[comparison], comparison == "ytd_yoy"
        before = self.units(indicator, quarter - back)
        sources = self.base_units(indicator, quarter, back, unit_code)
        parts = [before[each].part(cumulative) for each in sources]
        if unit_code == self.rules.register.district:
            return parts[0] if parts else NOTHING
        if any(part.lacking for part in parts):
            return NOTHING
        return together(parts, indicator.ratio)

    def matched(self, indicator: Indicator, quarter: int, comparison: str) -> dict[str, tuple[Part, Part]]:  # fmt: skip
        """The value and the base of each unit that has both and is the same in them."""
        cumulative = comparison == "ytd_yoy"
        pairs = {
            unit: (measure.part(cumulative), self.base(indicator, quarter, comparison, unit))
            for unit, measure in self.units(indicator, quarter).items()
            if unit != self.rules.register.district
            and not altered(self.rules, indicator, quarter, comparison, unit)
        }
        return {
            unit: pair
            for unit, pair in pairs.items()
            if pair[0].numerator is not None and pair[1].numerator is not None
        }


def together(parts: Iterable[Part], ratio: bool) -> Part:
    """Several units as one: a ratio is that of the sums, never a mean of ratios."""
    listed = list(parts)
    known = [part for part in listed if part.numerator is not None]
    expected = sum(part.expected for part in listed)
    if not known:
        return Part(None, None, expected, 0)
    below = [part.denominator or Fraction(0) for part in known]
    return Part(
        sum((part.numerator or Fraction(0) for part in known), Fraction(0)),
        sum(below, Fraction(0)) if ratio else max(below),
        expected,
        len(known),
    )
