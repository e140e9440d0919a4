"""The rules by which the warehouse was computed: units, lines and formulas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from flows.computing.declared import COVERAGE_FIGURES
from flows.explaining.register import Register


class Line(NamedTuple):
    """A line that a group of reporters owes; with `group` None nobody does."""

    form: str
    group: str | None
    first_month: int
    last_month: int | None
    months: int

    def owed(self, month: int) -> bool:
        """Whether it is owed for the period that ends with the month."""
        return (
            self.first_month <= month
            and (self.last_month is None or month <= self.last_month)
            and (month + 1) % self.months == 0
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """What a formula ends in: a reported figure, a ledger's count, or forms due or on time."""

    name: str
    name_zh: str
    stock: bool
    cumulative_only: bool
    months: int
    lines: tuple[Line, ...]
    redefined: frozenset[int] = frozenset()
    boundaries: frozenset[int] = frozenset()

    @property
    def counts_forms(self) -> bool:
        """Whether it is counted from the forms due."""
        return self.name in COVERAGE_FIGURES


class Term(NamedTuple):
    """A figure in a formula. `above` says on which side of the division it stands."""

    figure: str
    above: bool
    coefficient: int
    cumulative: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator's formula: terms over terms for a ratio, else terms over `scale`."""

    name: str
    name_zh: str
    unit: str
    formula: str
    ratio: bool
    points: bool
    within_year: bool
    scale: int
    terms: tuple[Term, ...]

    @property
    def plain(self) -> bool:
        """Whether it is nothing but a figure."""
        return not self.ratio and self.scale == 1 and self.terms == (Term(self.name, True, 1, False),)  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """All of them. `computed` are the quarters that have rows."""

    register: Register
    figures: dict[str, Figure]
    indicators: dict[str, Indicator]
    computed: frozenset[int]

    @cached_property
    def by_figure(self) -> dict[str, tuple[Indicator, ...]]:
        """The indicators that a figure stands in."""
        found: dict[str, dict[str, Indicator]] = defaultdict(dict)
        for indicator in self.indicators.values():
            for term in indicator.terms:
                found[term.figure][indicator.name] = indicator
        return {figure: tuple(each.values()) for figure, each in found.items()}
