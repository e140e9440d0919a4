"""What a rule compares, as data: worked out over frames, and written as formulas into templates.

An amount is a figure's 本月数 or 本年累计, or is made of such amounts; a condition compares
them. Over a frame (see `rules`) amounts are millionths of the figure's unit, and what is
missing makes a condition unknown, unless the rest of it decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_
from typing import Any

from schemas.declaring.rounding import slack, tolerance
from schemas.declaring.rules import ASKED, BEFORE, YTD

Columns = Any
"""A form's frame, or arrays by the names of its columns."""
Values = Any
"""A Series or an array, as the columns are; one number where it is the same in every row."""


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """A figure's 本月数, or its 本年累计; as a part it adds nothing where it is not asked."""

    figure: str
    cumulative: bool = False
    part: bool = False

    def over(self, columns: Columns) -> Values:
        """It in each row."""
        values = columns[self.figure + YTD if self.cumulative else self.figure]
        if self.part and self.figure + ASKED in columns:
            return values.mask(~columns[self.figure + ASKED], 0)
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """A figure's value of the period before."""

    figure: str

    def over(self, columns: Columns) -> Values:
        """It in each row."""
        return columns[self.figure + BEFORE]


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """The sum of amounts."""

    terms: tuple[Term, ...]

    def over(self, columns: Columns) -> Values:
        """It in each row."""
        return reduce(add, (each.over(columns) for each in self.terms))


@dataclass(frozen=True, slots=True, eq=False)
class Less:
    """One amount less another."""

    whole: Term
    taken: Term

    def over(self, columns: Columns) -> Values:
        """It in each row."""
        return self.whole.over(columns) - self.taken.over(columns)


@dataclass(frozen=True, slots=True, eq=False)
class Most:
    """The largest of amounts."""

    terms: tuple[Term, ...]

    def over(self, columns: Columns) -> Values:
        """It in each row."""
        import pandas as pd  # declarations alone need no pandas

        values = [each.over(columns) for each in self.terms]
        return pd.concat(values, axis=1).max(axis=1, skipna=False)


@dataclass(frozen=True, slots=True, eq=False)
class Size:
    """An amount without its sign."""

    of: Term

    def over(self, columns: Columns) -> Values:
        """It in each row."""
        return abs(self.of.over(columns))


@dataclass(frozen=True, slots=True, eq=False)
class Slack:
    """How far a total may be off where only some of its lines are in 元: see `rounding`."""

    total: str
    parts: tuple[str, ...]
    cumulative: bool = False

    def over(self, columns: Columns) -> Values:
        """It in each row; it depends on the month alone."""
        return slack(columns, self.total, self.parts, self.cumulative)


@dataclass(frozen=True, slots=True, eq=False)
class Tolerance:
    """How far a total may be off by rounding: see `rounding`."""

    total: str
    parts: tuple[str, ...]
    cumulative: bool = False

    def over(self, columns: Columns) -> Values:
        """It in each row; it depends on the month alone."""
        return tolerance(columns, self.total, self.parts, self.cumulative)


@dataclass(frozen=True, slots=True, eq=False)
class AtMost:
    """An amount is no more than another; than 0 where none is named."""

    amount: Term
    bound: Term | None = None

    def over(self, columns: Columns) -> Values:
        """Whether it is so in each row."""
        bound = 0 if self.bound is None else self.bound.over(columns)
        return self.amount.over(columns) <= bound


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The condition does not hold."""

    condition: Condition

    def over(self, columns: Columns) -> Values:
        """Whether it is so in each row."""
        return ~self.condition.over(columns)


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def over(self, columns: Columns) -> Values:
        """Whether it is so in each row."""
        return reduce(or_, (each.over(columns) for each in self.conditions))


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """All of the conditions hold."""

    conditions: tuple[Condition, ...]

    def over(self, columns: Columns) -> Values:
        """Whether it is so in each row."""
        return reduce(and_, (each.over(columns) for each in self.conditions))


@dataclass(frozen=True, slots=True, eq=False)
class Surely:
    """The condition holds, and nothing that it needs is missing."""

    condition: Condition

    def over(self, columns: Columns) -> Values:
        """Whether it is so in each row."""
        return self.condition.over(columns).fillna(False)


Term = Amount | Before | Added | Less | Most | Size | Slack | Tolerance
Condition = AtMost | Not | Either | Both | Surely


def leaves(node: Term | Condition) -> Iterator[Amount | Before]:
    """The amounts of single lines that it needs, in the order in which they stand."""
    match node:
        case Amount() | Before():
            yield node
        case Added(terms) | Most(terms):
            for each in terms:
                yield from leaves(each)
        case Less(whole, taken):
            yield from leaves(whole)
            yield from leaves(taken)
        case Size(inner):
            yield from leaves(inner)
        case AtMost(amount, bound):
            yield from leaves(amount)
            if bound is not None:
                yield from leaves(bound)
        case Not(condition) | Surely(condition):
            yield from leaves(condition)
        case Either(conditions) | Both(conditions):
            for condition in conditions:
                yield from leaves(condition)
