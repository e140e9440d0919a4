"""The other way: from a fact to every published number that would move with it.

A number is fed where the fact stands in one of its sums with a weight other than 0. The weights
come from the same pieces of which the explanations are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from flows.computing.declared import QUARTERS_BACK
from flows.explaining.comparability import altered
from flows.explaining.comparisons import Comparisons
from flows.explaining.facts import Fact
from flows.explaining.measures import Measures
from flows.explaining.published import Growth, Level
from flows.explaining.quarters import Span
from flows.explaining.rules import Indicator
from flows.explaining.statuses import SIGNED
from schemas.declaring import periods

Effect = tuple[Fraction, Fraction]
"""By how much a numerator and a denominator move when the fact moves by 1."""
NONE: Effect = (Fraction(0), Fraction(0))


class Input(NamedTuple):
    """A fact as it stands in a cell: its value, or its 本年累计."""

    fact: Fact
    cumulative: bool


class FedLevel(NamedTuple):
    """A row of quarterly_indicator, and which of its two values the fact moves."""

    quarter: int
    unit_code: str
    indicator: str
    value: bool
    year_to_date: bool
    row: Level


class FedGrowth(NamedTuple):
    """A row of growth, and as what the fact stands in it.

    `roles` are value, base, matched (the units present in both periods) and share (the
    contribution and pull of a unit, which move with every other unit).
    """

    quarter: int
    unit_code: str
    indicator: str
    comparison: str
    roles: tuple[str, ...]
    row: Growth


class Fed(NamedTuple):
    """All that some facts feed, in order."""

    levels: tuple[FedLevel, ...]
    growth: tuple[FedGrowth, ...]


class Feeding:
    """What facts feed, over one open warehouse."""

    def __init__(self, comparisons: Comparisons) -> None:
        self.comparisons = comparisons
        self.measures: Measures = comparisons.measures
        self.rules = comparisons.rules
        self.published = comparisons.published

    def fed(self, inputs: Sequence[Input]) -> Fed:
        """Every row that moves, or could move, with any of the inputs."""
        levels: dict[tuple[int, str, str], set[bool]] = {}
        growth: dict[tuple[int, str, str, str], set[str]] = {}
        for each in inputs:
            for indicator in self.rules.by_figure.get(each.fact.figure, ()):
                own = self._levels(indicator, each)
                for key, spans in own.items():
                    levels.setdefault((*key, indicator.name), set()).update(spans)
                for (quarter, unit, comparison), roles in self._growth(indicator, own).items():
                    place = quarter, unit, indicator.name, comparison
                    growth.setdefault(place, set()).update(roles)
        self.published.load_growth({key[0] for key in growth}, {key[2] for key in growth})
        return Fed(
            tuple(
                FedLevel(*key, False in spans, True in spans, self._row(*key))
                for key, spans in sorted(levels.items(), key=self._order)
                if self._row(*key) is not None
            ),
            tuple(
                FedGrowth(*key, tuple(sorted(roles, key=_ROLES.index)), row)
                for key, roles in sorted(growth.items(), key=self._order)
                if (row := self.published.growth(key[0], key[2]).get((key[1], key[3])))
            ),
        )

    def _row(self, quarter: int, unit_code: str, indicator: str) -> Level:
        return self.published.levels(quarter)[unit_code, indicator]

    def _order(self, item: tuple[tuple[object, ...], object]) -> tuple[object, ...]:
        quarter, unit, indicator, *rest = item[0]
        return list(self.rules.indicators).index(str(indicator)), quarter, unit, *rest

    def _levels(self, indicator: Indicator, given: Input) -> dict[tuple[int, str], set[bool]]:
        """The quarters and units in which the indicator moves; True stands for year to date.

        The district is among them where it is the sum of the units.
        """
        found: dict[tuple[int, str], set[bool]] = {}
        first = periods.quarter_of(given.fact.month)
        for quarter in range(first, first - first % 4 + 4):
            unit = self.rules.register.followed(quarter).get(given.fact.unit_code)
            if quarter not in self.rules.computed or unit is None:
                continue
            for cumulative in (False, True):
                if self._effect(indicator, given, quarter, unit, cumulative) == NONE:
                    continue
                if unit != self.rules.register.district:
                    found.setdefault((quarter, unit), set()).add(cumulative)
                of_district = self.measures.units(indicator, quarter)[self.rules.register.district]
                if of_district.part(cumulative).dated == (unit == self.rules.register.district):
                    found.setdefault((quarter, self.rules.register.district), set()).add(cumulative)
        return found

    def _effect(
        self, indicator: Indicator, given: Input, quarter: int, unit_code: str, cumulative: bool
    ) -> Effect:
        """How the unit's numerator and denominator move; not at all where it has no value."""
        measured = self.measures.units(indicator, quarter).get(unit_code)
        above, below = NONE
        if unit_code != self.rules.register.district and (
            measured is None or measured.part(cumulative).numerator is None
        ):
            return NONE
        for term in indicator.terms:
            known = self.measures.figure(term.figure, quarter, unit_code)
            span = known.span(cumulative or term.cumulative)
            if span.value is None:
                return NONE
            if term.figure == given.fact.figure:
                weight = term.coefficient * _weight(span, given)
                above, below = (above + weight, below) if term.above else (above, below + weight)
        return above, below

    def _growth(
        self, indicator: Indicator, levels: dict[tuple[int, str], set[bool]]
    ) -> dict[tuple[int, str, str], set[str]]:
        """The comparisons that move with those levels, and as what."""
        found: dict[tuple[int, str, str], set[str]] = {}
        for (quarter, unit), spans in levels.items():
            for comparison, back in QUARTERS_BACK.items():
                if (comparison == "ytd_yoy") not in spans:
                    continue
                if indicator.within_year and comparison == "qoq":
                    continue
                self._note(found, indicator, (quarter, unit, comparison), "value")
                later = quarter + back
                now = self.rules.register.followed(later).get(unit)
                if now is None or now not in self.measures.units(indicator, later):
                    continue
                base = self.measures.base(indicator, later, comparison, now)
                if base.numerator is not None:
                    self._note(found, indicator, (later, now, comparison), "base")
        self._shares(found, indicator)
        return found

    def _note(
        self,
        found: dict[tuple[int, str, str], set[str]],
        indicator: Indicator,
        key: tuple[int, str, str],
        role: str,
    ) -> None:
        quarter, unit, comparison = key
        found.setdefault(key, set()).add(role)
        if unit == self.rules.register.district:
            return
        now = self.measures.units(indicator, quarter).get(unit)
        base = self.measures.base(indicator, quarter, comparison, unit)
        of_now = None if now is None else now.part(comparison == "ytd_yoy").numerator
        changed = altered(self.rules, indicator, quarter, comparison, unit)
        if of_now is not None and base.numerator is not None and not changed:
            district = quarter, self.rules.register.district, comparison
            found.setdefault(district, set()).add("matched")

    def _shares(self, found: dict[tuple[int, str, str], set[str]], indicator: Indicator) -> None:
        """Every unit's share of the district's change moves with the others' changes."""
        if indicator.ratio:
            return
        for quarter, comparison in sorted({(key[0], key[2]) for key in found}):
            if comparison == "two_year":
                continue
            row = self.published.growth(quarter, indicator.name).get(
                (self.rules.register.district, comparison)
            )
            of_district = found.get((quarter, self.rules.register.district, comparison), set())
            moves = bool(of_district & {"value", "base"})
            if row is None or row.status not in (SIGNED if moves else ("ok",)):
                continue
            for unit in self.comparisons.changes(indicator, quarter, comparison):
                if unit != self.rules.register.district:
                    found.setdefault((quarter, unit, comparison), set()).add("share")


_ROLES = ("value", "base", "matched", "share")


def _weight(span: Span, given: Input) -> int:
    """How often the sum adds the fact, less how often it takes it away."""
    fact = given.fact
    return sum(
        use.sign
        for piece in span.pieces
        for use in piece.uses
        if use.cumulative == given.cumulative
        and (use.fact.unit_code, use.fact.month) == (fact.unit_code, fact.month)
    )


def numbers_of(row: FedLevel) -> Iterable[tuple[str, Decimal | None]]:
    """The values of a row that are fed, by their column."""
    if row.value:
        yield "value", row.row.value
    if row.year_to_date:
        yield "year_to_date", row.row.year_to_date
