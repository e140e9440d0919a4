"""A level: an indicator in a quarter, down through its formula, units and months to the cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from flows.explaining.measures import Measures
from flows.explaining.published import Level, Published
from flows.explaining.quarters import Span
from flows.explaining.rules import Indicator, Term
from flows.explaining.sources import Sources
from flows.explaining.tree import Node, add, number, sum_of
from schemas.declaring import periods


class Levels:
    """The trees of levels, over one open warehouse."""

    def __init__(self, measures: Measures, sources: Sources, published: Published) -> None:
        self.measures = measures
        self.rules = measures.rules
        self.published = published
        self.sources = sources

    def level(self, indicator: Indicator, quarter: int, unit_code: str, cumulative: bool) -> Node:
        """The tree of a level, laid beside its row where there is one.

        The base's quarter of a release has none: its value is in the released comparison.
        """
        row = self.published.levels(quarter).get((unit_code, indicator.name))
        node = self._of(indicator, quarter, unit_code, cumulative)
        part = self.measures.of_unit(indicator, quarter, unit_code).part(cumulative)
        node.about |= {
            "formula": indicator.formula,
            "indicator": indicator.name,
            "quarter": periods.quarter_label(quarter),
            "unit_code": unit_code,
            "span": "year_to_date" if cumulative else "quarter",
            "units_expected": part.expected,
            "units_reported": part.reported,
        }
        if row is not None:
            node.compare(_cell(row, cumulative))
            node.about["maturity"] = row.maturity
            counted = row.units_expected, row.units_reported
            if not cumulative and counted != (part.expected, part.reported):
                node.adds_up = False
        return node

    def _of(self, indicator: Indicator, quarter: int, unit_code: str, cumulative: bool) -> Node:
        members = [unit_code]
        if unit_code == self.rules.register.district:
            measure = self.measures.of_unit(indicator, quarter, unit_code)
            if not measure.part(cumulative).dated:
                members = self._units(quarter)
        return self.together(indicator, quarter, unit_code, members, cumulative)

    def _units(self, quarter: int) -> list[str]:
        register = self.rules.register
        return [code for code in sorted(register.standing(quarter)) if code != register.district]

    def together(
        self,
        indicator: Indicator,
        quarter: int,
        owner: str,
        members: Sequence[str],
        cumulative: bool,
    ) -> Node:
        """The indicator of those members as one, for their owner: the ratio of the sums."""
        self._prepare(indicator, quarter, members, cumulative)
        name = self.rules.register.name(owner)
        span = "year to date" if cumulative else "quarter"
        label = f"{indicator.name_zh or indicator.name} {name} {periods.quarter_label(quarter)}"
        if cumulative:
            label += f" ({span})"
        node = Node("indicator", label, unit=indicator.unit)
        terms = [
            self._term(indicator, term, quarter, owner, members, cumulative)
            for term in indicator.terms
        ]
        if indicator.plain:
            (only,) = terms
            node.value, node.how, node.children = only.value, only.how, only.children
        else:
            node.children = terms
            node.value = _combined(indicator, terms)
            node.how = _formula(indicator, terms)
        return node

    def _prepare(
        self, indicator: Indicator, quarter: int, members: Iterable[str], cumulative: bool
    ) -> None:
        self.sources.prepare(
            piece
            for term in indicator.terms
            for member in members
            for piece in self.measures.figure(term.figure, quarter, member)
            .span(cumulative or term.cumulative)
            .pieces
        )

    def _term(
        self,
        indicator: Indicator,
        term: Term,
        quarter: int,
        owner: str,
        members: Sequence[str],
        cumulative: bool,
    ) -> Node:
        """A figure of a formula, summed over the members that have the whole formula."""
        figure = self.rules.figures[term.figure]
        in_year = cumulative or term.cumulative
        label = figure.name_zh + (" (year to date)" if in_year and not figure.stock else "")
        node = Node("term", label, about={"figure": figure.name, "coefficient": term.coefficient})
        measured = self.measures.units(indicator, quarter)
        if list(members) == [owner]:
            self._fill(node, term, quarter, owner, in_year)
            row = self.published.levels(quarter).get((owner, term.figure))
            # The district's may be its units' sum, where the formula has its own dated total.
            if row is not None and owner != self.rules.register.district:
                node.compare(_cell(row, in_year))
            return node
        summed = []
        for member in members:
            measure = measured.get(member)
            known = self.measures.figure(term.figure, quarter, member)
            below = self._member(term, quarter, member, in_year)
            if measure is not None and measure.part(cumulative).numerator is not None:
                summed.append(below)
                node.children.append(below)
            elif known.there or known.span(in_year).pieces:
                node.children.append(self._left_out(below))
        node.value = add(summed) if summed else None
        node.how = f"the sum of {len(summed)} unit{'s' * (len(summed) != 1)}"
        return node

    @staticmethod
    def _left_out(below: Node) -> Node:
        """A member that has no value of the formula: why, or that another figure of it is missing."""
        below.kind = "missing"
        if below.value is not None:
            below.how = f"has {number(below.value)}, but not every figure of the formula"
            below.about["why"] = "formula"
        return below

    def _member(self, term: Term, quarter: int, member: str, in_year: bool) -> Node:
        node = Node("unit", self.rules.register.name(member), about={"unit_code": member})
        self._fill(node, term, quarter, member, in_year)
        row = self.published.levels(quarter).get((member, term.figure))
        if row is not None:
            node.compare(_cell(row, in_year))
        return node

    def _fill(self, node: Node, term: Term, quarter: int, member: str, in_year: bool) -> None:
        """The months of a member's figure, by the units that have become it."""
        span = self.measures.figure(term.figure, quarter, member).span(in_year)
        figure = self.rules.figures[term.figure]
        months = [(piece.source, self.sources.month(figure, piece)) for piece in span.pieces]
        by_source: dict[str, list[Node]] = {}
        for source, month in months:
            by_source.setdefault(source, []).append(month)
        node.value = self._sum(span, (month for _, month in months))
        if list(by_source) in ([], [member]):
            node.children = [month for _, month in months]
            node.how = self._how(span, node.children)
            return
        for source, own in by_source.items():
            name = self.rules.register.name(source)
            value = add(own) if any(month.value is not None for month in own) else None
            below = Node("source", name, value, how=sum_of(m.value for m in own), children=own)
            below.about["unit_code"] = source
            node.children.append(below)
        node.how = self._how(span, node.children)

    @staticmethod
    def _sum(span: Span, months: Iterable[Node]) -> Fraction | None:
        """The sum of the months, where the rules say that it is the value."""
        return None if span.value is None else add(months)

    @staticmethod
    def _how(span: Span, children: Sequence[Node]) -> str:
        if span.value is not None:
            return sum_of(child.value for child in children)
        missing = [m for child in children for m in child.walk() if m.kind == "missing"]
        return span.why or "; ".join(f"{each.label} {each.how}" for each in missing) or "no value"


def _cell(row: Level, cumulative: bool) -> Any:
    return row.year_to_date if cumulative else row.value


def _combined(indicator: Indicator, terms: Sequence[Node]) -> Fraction | None:
    """The formula worked out of its terms; None where one is missing or it divides by 0."""
    if any(node.value is None for node in terms):
        return None
    above, below = Fraction(0), Fraction(0)
    for term, node in zip(indicator.terms, terms, strict=True):
        amount = term.coefficient * (node.value or Fraction(0))
        if term.above:
            above += amount
        else:
            below += amount
    if not indicator.ratio:
        return above / indicator.scale
    return above / below if below else None


def _formula(indicator: Indicator, terms: Sequence[Node]) -> str:
    """The formula in figures: 100 × 6,320 ÷ (6,320 + 1,204)."""
    if any(node.value is None for node in terms):
        return f"{indicator.formula}: a part of it is missing"

    def side(above: bool) -> str:
        found = ""
        for term, node in zip(indicator.terms, terms, strict=True):
            if term.above == above:
                times = "" if abs(term.coefficient) == 1 else f"{abs(term.coefficient):,} × "
                sign = "-" if term.coefficient < 0 else "+"
                text = f"{times}{number(node.value)}"
                found = f"{found} {sign} {text}" if found else ("-" if sign == "-" else "") + text
        return found

    top, bottom = side(True), side(False) if indicator.ratio else ""
    if not bottom and indicator.scale != 1:
        bottom = f"{indicator.scale:,}"
    if not bottom:
        return top
    return f"{_bracketed(top)} ÷ {_bracketed(bottom)}"


def _bracketed(text: str) -> str:
    return f"({text})" if any(f" {sign} " in text for sign in "+-") else text
