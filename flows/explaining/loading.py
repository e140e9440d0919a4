"""The rules as the warehouse keeps them.

They are read from it and not from today's declaration, since a published number is explained
by what it was made with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import duckdb

from flows.explaining.register import Register, Split, Unit
from flows.explaining.rules import Figure, Indicator, Line, Rules, Term
from schemas.declaring import periods

Rows = Callable[[str], list[tuple[Any, ...]]]


def load_rules(
    connection: duckdb.DuckDBPyConnection, district: str, computed: frozenset[int]
) -> Rules:
    """The rules of a warehouse in which the quarters `computed` have rows."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query).fetchall()

    units = {
        row[0]: Unit(*row)
        for row in rows(
            "SELECT u.code, coalesce(r.name, u.code), u.grp, u.first_month, u.last_month, u.successor "
            "FROM internal.unit u LEFT JOIN main.reporting_unit r ON r.code = u.code ORDER BY u.code"
        )
    }
    months: dict[str, dict[str, set[int]]] = {"redefined": {}, "boundary": {}}
    for table, found in months.items():
        for figure, month in rows(f"SELECT figure, month FROM internal.{table}"):
            found.setdefault(figure, set()).add(month)
    splits = tuple(
        Split(on, periods.month_of(on), source, tuple(into))
        for on, source, into in rows(
            "SELECT split_on, source, list(into_code ORDER BY into_code) FROM main.unit_split "
            "GROUP BY split_on, source ORDER BY split_on, source"
        )
    )
    register = Register(district, units, splits)
    return Rules(register, _figures(rows, months), _indicators(rows), computed)


def _figures(rows: Rows, months: dict[str, dict[str, set[int]]]) -> dict[str, Figure]:
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


def _indicators(rows: Rows) -> dict[str, Indicator]:
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
