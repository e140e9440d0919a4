"""The rules by which the warehouse was computed: units, lines and formulas, as it keeps them.

They are read from the warehouse and not from today's declaration, since a published number
is explained by what it was made with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import duckdb

from flows.computing.declared import COVERAGE_FIGURES

QUARTERS_BACK = {"yoy": 4, "qoq": 1, "ytd_yoy": 4, "two_year": 8}
"""The comparisons, and how many quarters before the value their base lies."""


class Unit(NamedTuple):
    """A unit of the register; months are numbers, `group` its group of reporters."""

    code: str
    name: str
    group: str | None
    first_month: int | None
    last_month: int | None
    successor: str | None

    def exists(self, month: int) -> bool:
        """Whether the unit exists at the month's end."""
        return (self.first_month is None or self.first_month <= month) and (
            self.last_month is None or month <= self.last_month
        )


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

    district: str
    units: dict[str, Unit]
    figures: dict[str, Figure]
    indicators: dict[str, Indicator]
    computed: frozenset[int]
    _followed: dict[int, dict[str, str]] = field(default_factory=dict)
    _members: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def followed(self, quarter: int) -> dict[str, str]:
        """Every unit's code to that of the unit it has become at the quarter's end.

        The district stands for itself; a unit that ended without a successor is not there.
        """
        if quarter not in self._followed:
            found = {code: self._follow(code, quarter * 3 + 2) for code in self.units}
            found[self.district] = self.district
            self._followed[quarter] = {code: now for code, now in found.items() if now is not None}
        return self._followed[quarter]

    def _follow(self, code: str, last_month: int) -> str | None:
        seen: set[str] = set()
        while code not in seen:  # a circle of successors ends
            seen.add(code)
            unit = self.units.get(code)
            if unit is None:
                return None
            if unit.exists(last_month):
                return code
            if unit.last_month is None or unit.last_month >= last_month or not unit.successor:
                return None
            code = unit.successor
        return None

    def members(self, quarter: int) -> dict[str, tuple[str, ...]]:
        """The units there are at the quarter's end, each with those that have become it."""
        if quarter not in self._members:
            found: dict[str, list[str]] = defaultdict(list)
            for code, now in sorted(self.followed(quarter).items()):
                found[now].append(code)
            self._members[quarter] = {
                now: tuple(sorted(codes, key=lambda code: (code != now, code)))
                for now, codes in found.items()
            }
        return self._members[quarter]

    @cached_property
    def by_figure(self) -> dict[str, tuple[Indicator, ...]]:
        """The indicators that a figure stands in."""
        found: dict[str, dict[str, Indicator]] = defaultdict(dict)
        for indicator in self.indicators.values():
            for term in indicator.terms:
                found[term.figure][indicator.name] = indicator
        return {figure: tuple(each.values()) for figure, each in found.items()}


def load_rules(
    connection: duckdb.DuckDBPyConnection, district: str, computed: frozenset[int]
) -> Rules:
    """The rules of a warehouse in which the quarters `computed` have rows."""

    def rows(query: str) -> Iterable[tuple[object, ...]]:
        return connection.execute(query).fetchall()

    units = {
        str(code): Unit(str(code), str(name), _text(group), _number(first), _number(last), _text(after))
        for code, name, group, first, last, after in rows(
            "SELECT u.code, coalesce(r.name, u.code), u.grp, u.first_month, u.last_month, u.successor "
            "FROM internal.unit u LEFT JOIN main.reporting_unit r ON r.code = u.code ORDER BY u.code"
        )
    }  # fmt: skip
    months: dict[str, dict[str, set[int]]] = {"redefined": {}, "boundary": {}}
    for table, found in months.items():
        for figure, month in rows(f"SELECT figure, month FROM internal.{table}"):
            found.setdefault(str(figure), set()).add(int(str(month)))
    return Rules(
        district,
        units,
        _figures(rows, months),
        _indicators(rows),
        computed,
    )


def _figures(rows: object, months: dict[str, dict[str, set[int]]]) -> dict[str, Figure]:
    assert callable(rows)
    lines: dict[str, list[Line]] = defaultdict(list)
    about: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for figure, name_zh, form, group, first, last, every, kind, cumulative in rows(
        "SELECT l.figure, coalesce(i.name_zh, l.figure), l.form, l.grp, l.first_month, "
        "l.last_month, l.months, l.kind, l.cumulative_only FROM internal.line l "
        "LEFT JOIN main.indicator i ON i.indicator = l.figure ORDER BY l.rowid"
    ):
        lines[figure].append(Line(form, group, first, last, every))
        about[figure].append((name_zh, kind, cumulative))
    return {
        figure: Figure(
            figure,
            about[figure][0][0],
            about[figure][0][1] == "stock",
            any(cumulative for _, _, cumulative in about[figure]),
            min(line.months for line in own),
            tuple(own),
            frozenset(months["redefined"].get(figure, ())),
            frozenset(months["boundary"].get(figure, ())),
        )
        for figure, own in lines.items()
    }


def _indicators(rows: object) -> dict[str, Indicator]:
    assert callable(rows)
    terms: dict[str, list[Term]] = defaultdict(list)
    for indicator, part, figure, coefficient, cumulative in rows(
        "SELECT indicator, part, figure, coefficient, cumulative FROM internal.indicator_term "
        "ORDER BY rowid"
    ):
        terms[indicator].append(Term(figure, part == "numerator", coefficient, cumulative))
    return {
        name: Indicator(
            name, name_zh, unit, formula, ratio, points, within_year, scale, tuple(terms[name])
        )
        for name, name_zh, unit, formula, ratio, points, within_year, scale in rows(
            "SELECT r.indicator, i.name_zh, i.unit, i.formula, r.ratio, r.points, r.within_year, "
            "r.scale FROM internal.indicator_rule r JOIN main.indicator i USING (indicator) "
            "ORDER BY r.rowid"
        )
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))
