"""A figure of a unit in a quarter, put together from months, with every cell it uses.

The same rules as in `flows/computing/quarters.sql`, followed one value at a time, so that
what comes out can be laid beside what was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from flows.explaining.facts import Fact, Key
from flows.explaining.rules import Figure, Rules


class Use(NamedTuple):
    """A fact as it enters a sum: its value or its 本年累计, added or taken away."""

    fact: Fact
    cumulative: bool
    sign: int

    @property
    def amount(self) -> Fraction:
        """What it adds."""
        given = self.fact.year_to_date if self.cumulative else self.fact.value
        return self.sign * Fraction(given or 0)


class Piece(NamedTuple):
    """A source's month in a span.

    `amount` is None where there is no value: what was expected is missing, what was not is not
    applicable. `to_date` says that it is the year to date as reported and no month's own.
    """

    source: str
    month: int
    amount: Fraction | None
    uses: tuple[Use, ...]
    expected: bool = True
    to_date: bool = False


class Span(NamedTuple):
    """A figure over a quarter or since January: its value, and the pieces that it adds up.

    `why` says why there is no value where none of the pieces is missing.
    """

    value: Fraction | None
    expected: bool
    pieces: tuple[Piece, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class FigureQuarter:
    """A figure of a unit in a quarter; `there` where anything of it was expected or came."""

    there: bool
    quarter: Span
    year: Span

    def span(self, cumulative: bool) -> Span:
        """The year to date, or the quarter."""
        return self.year if cumulative else self.quarter


@dataclass(slots=True)
class _Own:
    """What one source owes and has given since January."""

    source: str
    pieces: dict[int, Piece] = field(default_factory=dict)
    dated: set[int] = field(default_factory=set)
    latest: Fact | None = None

    @property
    def expected(self) -> set[int]:
        return {month for month, piece in self.pieces.items() if piece.expected}

    @property
    def missing(self) -> set[int]:
        return {month for month in self.expected if self.pieces[month].amount is None}

    @property
    def to_date(self) -> Piece | None:
        """The year to date as last reported; None where a month was expected after that."""
        if self.latest is None or max(self.expected, default=0) > self.latest.month:
            return None
        use = Use(self.latest, True, 1)
        return Piece(self.source, self.latest.month, use.amount, (use,), to_date=True)


_PARTLY_DATED = "dated totals of only some of its months"
_NOTHING = "no month of it was asked for"


def figure_quarter(
    rules: Rules, facts: Mapping[Key, Fact], figure: Figure, unit_code: str, quarter: int
) -> FigureQuarter:
    """The figure of a unit, with those that have become it, in a quarter."""
    last = quarter * 3 + 2
    year = range(last - last % 12, last + 1)
    three = range(last - 2, last + 1)
    standing = rules.register.standing(quarter).get(unit_code)
    sources, until = ((), last) if standing is None else standing
    every = [_own(rules, facts, figure, source, year) for source in sources]
    owns = [own for own in every if own.expected]
    expected = set().union(*(own.expected for own in owns))
    missing = set().union(*(own.missing for own in owns))
    in_quarter = _pieces(every, range(last, last + 1) if figure.stock else three)
    if figure.stock:
        due = last in expected
        value = _total(in_quarter) if due and last not in missing else None
        span = Span(value, due, in_quarter, "" if due else _NOTHING)
        return FigureQuarter(bool(owns), span, span)
    # Nobody owed a dated total: all months in which the unit was there, or no value. A form of
    # several months is due at a quarter's end, for a quarter of which no dated total tells.
    dated = set().union(*(own.dated for own in owns))
    absent = set(range(year[0], until + 1)) - expected
    wanted = expected & set(three)
    whole = not dated & set(three) or not absent & set(three)
    known = bool(wanted) and not missing & set(three) and whole
    of_quarter = Span(
        _total(in_quarter) if known else None,
        bool(wanted),
        in_quarter,
        "" if known else _NOTHING if not wanted else "" if whole else _PARTLY_DATED,
    )
    if figure.cumulative_only:
        of_year = _as_reported(every, owns, year)
    else:
        pieces = _pieces(every, year)
        if figure.months > 1:
            told = {month // 3 for month in dated}
            absent = {month for month in absent if month % 3 == 2 or month // 3 in told}
        whole = not dated or not absent
        value = _total(pieces) if owns and not missing and whole else None
        why = "" if value is not None or missing else _PARTLY_DATED if owns else _NOTHING
        of_year = Span(value, True, pieces, why)
    return FigureQuarter(bool(owns), of_quarter, of_year)


def _as_reported(every: list[_Own], owns: list[_Own], year: range) -> Span:
    """The year to date of each as it last reported it, else the sum of its months.

    As reported, nothing is lost by a month that never came.
    """
    pieces: list[Piece] = []
    known = bool(owns)
    for own in every:
        if own.to_date is not None:
            pieces.append(own.to_date)
        else:
            pieces += _pieces([own], year)
            known = known and not own.missing
    value = _total(tuple(pieces)) if known else None
    return Span(value, True, tuple(pieces), "" if owns else _NOTHING)


def _own(rules: Rules, facts: Mapping[Key, Fact], figure: Figure, source: str, year: range) -> _Own:
    own = _Own(source)
    unit = rules.register.units.get(source)
    for month in year:
        fact = facts.get((source, figure.name, month))
        amount, uses = _amount(facts, figure, fact)
        to_date = fact is not None and figure.cumulative_only and fact.year_to_date is not None
        not_applicable = fact is not None and fact.mark == "not_applicable"
        owed = (
            unit is not None
            and source != rules.register.district
            and unit.exists(month)
            and any(line.group == unit.group and line.owed(month) for line in figure.lines)
        )
        given = amount is not None or to_date
        if given or owed or not_applicable:
            expected = given or (owed and not not_applicable)
            own.pieces[month] = Piece(source, month, amount, uses, expected)
        if fact is not None and fact.mark == "history":
            own.dated.add(month)
        if to_date:
            own.latest = fact
    return own


def _amount(
    facts: Mapping[Key, Fact], figure: Figure, fact: Fact | None
) -> tuple[Fraction | None, tuple[Use, ...]]:
    """The month's own amount and what it is made of.

    A figure that only comes as year to date: the difference from the period before, found by
    its number, so a gap gives none; the year's first stands as it is.
    """
    if fact is None:
        return None, ()
    plain = Use(fact, False, 1)
    if fact.value is not None or not figure.cumulative_only or fact.year_to_date is None:
        return (None if fact.value is None else plain.amount), (plain,)
    now = Use(fact, True, 1)
    if fact.month % 12 < figure.months:
        return now.amount, (now,)
    earlier = facts.get((fact.unit_code, fact.figure, fact.month - figure.months))
    if earlier is None or earlier.year_to_date is None:
        return None, (now,)
    before = Use(earlier, True, -1)
    return now.amount + before.amount, (now, before)


def _pieces(owns: list[_Own], months: range) -> tuple[Piece, ...]:
    return tuple(own.pieces[month] for own in owns for month in months if month in own.pieces)


def _total(pieces: tuple[Piece, ...]) -> Fraction:
    return sum((piece.amount for piece in pieces if piece.amount is not None), Fraction(0))
