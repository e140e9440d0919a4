"""What the declaration says about units, figures and formulas, as internal tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import duckdb

from flows.computing.formulas import Formula, parse
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger, Unit

COVERAGE_FIGURES = ("forms_due", "forms_on_time")
"""Flows that are counted from coverage: a unit's forms due, and those that came in time."""
QUARTERS_BACK = {"yoy": 4, "qoq": 1, "ytd_yoy": 4, "two_year": 8}
"""The comparisons of `scope.sql`, and how many quarters before the value their base lies."""

_TABLES = {
    "unit": """code VARCHAR NOT NULL, grp VARCHAR, first_month INTEGER, last_month INTEGER,
        successor VARCHAR""",
    "split": "month INTEGER NOT NULL, unit_code VARCHAR NOT NULL",
    "line": """figure VARCHAR NOT NULL, form VARCHAR, grp VARCHAR, first_month INTEGER NOT NULL,
        last_month INTEGER, months INTEGER NOT NULL, kind VARCHAR NOT NULL,
        cumulative_only BOOLEAN NOT NULL""",
    "redefined": "figure VARCHAR NOT NULL, month INTEGER NOT NULL",
    "boundary": "figure VARCHAR NOT NULL, month INTEGER NOT NULL",
    "indicator_rule": """indicator VARCHAR NOT NULL, ratio BOOLEAN NOT NULL,
        points BOOLEAN NOT NULL, within_year BOOLEAN NOT NULL, scale BIGINT NOT NULL""",
    "indicator_term": """indicator VARCHAR NOT NULL, part VARCHAR NOT NULL,
        figure VARCHAR NOT NULL, coefficient BIGINT NOT NULL, cumulative BOOLEAN NOT NULL""",
}


class Line(NamedTuple):
    """A figure that a group of reporters owes; with `grp` None nobody owes it."""

    figure: str
    form: str
    grp: str | None
    first_month: int
    last_month: int | None
    months: int
    kind: str
    cumulative_only: bool


def declare(connection: duckdb.DuckDBPyConnection, declaration: Declaration) -> None:
    """Write internal.unit, split, line, redefined, boundary, indicator_rule, indicator_term anew.

    Coefficients are whole numbers; an indicator that is no ratio is its sum of terms
    over `scale`. ValueError for a formula that is not understood.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS internal")
    formulas = {each.name: each.formula for each in declaration.indicators}
    names = {line.figure for line in lines(declaration)}
    parsed = {name: parse(name, formulas, names) for name in formulas}
    figures = declaration.figures
    for each in declaration.indicators:
        if each.name in names:
            raise ValueError(f"{each.name} is both a figure and an indicator")
        if (each.kind == "ratio") != bool(parsed[each.name].denominator):
            raise ValueError(f"{each.name} is declared {each.kind}; its formula is not one")
    rules: list[tuple[object, ...]] = [
        (figure.name, False, figure.unit == "%", False, 1) for figure in figures.values()
    ]
    rules += [
        (
            each.name,
            each.kind == "ratio",
            each.unit == "%",
            each.within_year,
            parsed[each.name].scale,
        )
        for each in declaration.indicators
    ]
    terms = [(name, "numerator", name, 1, False) for name in figures]
    terms += [term for name, formula in parsed.items() for term in _terms(name, formula)]
    redefined = {
        (figure.name, month)
        for form in declaration.forms
        for figure in form.figures
        for month in figure.redefined
    }
    _write(connection, "unit", (_unit(declaration, unit) for unit in declaration.units))
    _write(connection, "split", sorted(set(_split(declaration))))
    _write(connection, "line", lines(declaration))
    _write(connection, "redefined", sorted(redefined))
    _write(connection, "boundary", sorted(set(_boundaries(declaration))))
    _write(connection, "indicator_rule", rules)
    _write(connection, "indicator_term", terms)


def lines(declaration: Declaration) -> Iterator[Line]:
    """Who owes which figure when: reported ones, counts from ledgers, and coverage.

    A unit owes the coverage figures for a month in which it owes any form.
    """
    for form in declaration.forms:
        for figure in form.figures:
            yield Line(
                figure.name,
                form.name,
                figure.reporter if figure.reporter in form.due_from else None,
                max(form.valid_from, figure.valid_from or 0),
                _earlier(form.valid_to, figure.valid_to),
                form.months,
                # A figure of several versions is one series, of the latest one's kind.
                declaration.figures[figure.name].kind,
                figure.cumulative_only,
            )
    for ledger, count in declaration.counts.values():
        if count.figure is None:
            kind = "flow" if count.dated else "stock"
            span = (ledger.valid_from, ledger.valid_to, ledger.months)
            for group in ledger.due_from or (None,):
                yield Line(count.name, ledger.name, group, *span, kind, False)
    for each in declaration.all_forms:
        for group in each.due_from:
            for first, last in _due(each, group):
                for name in COVERAGE_FIGURES:
                    yield Line(name, each.name, group, first, last, each.months, "flow", False)


def _boundaries(declaration: Declaration) -> Iterator[tuple[str, int]]:
    """The months from which a figure is asked, or no longer asked, of a group of reporters."""
    own = [line for line in lines(declaration) if line.figure not in COVERAGE_FIGURES]
    for line in own:
        if not _asked(own, line, line.first_month - line.months):
            yield line.figure, line.first_month - line.months + 1
        if line.last_month is not None and not _asked(own, line, line.last_month + line.months):
            yield line.figure, line.last_month + 1


def _asked(among: Iterable[Line], like: Line, month: int) -> bool:
    """Whether any line of that figure and group is asked for the month."""
    return any(
        (each.figure, each.grp) == (like.figure, like.grp)
        and each.first_month <= month
        and (each.last_month is None or month <= each.last_month)
        for each in among
    )


def _due(form: FigureForm | Ledger, group: str) -> Iterable[tuple[int, int | None]]:
    """The spans of months in which the group has something to fill in."""
    if isinstance(form, Ledger):
        return [(form.valid_from, form.valid_to)]
    spans = {
        (max(form.valid_from, each.valid_from or 0), _earlier(form.valid_to, each.valid_to))
        for each in form.figures
        if each.reporter == group
    }
    return sorted(spans, key=lambda span: span[0])


def _earlier(one: int | None, other: int | None) -> int | None:
    ends = [each for each in (one, other) if each is not None]
    return min(ends, default=None)


def _unit(declaration: Declaration, unit: Unit) -> tuple[object, ...]:
    first = None if unit.valid_from is None else periods.month_of(unit.valid_from)
    last = None
    if unit.valid_to is not None:
        # A unit that ends within a month does not exist at that month's end.
        last = periods.month_of(unit.valid_to)
        last -= unit.valid_to < periods.last_day(last)
    return unit.code, declaration.group(unit.code), first, last, unit.successor


def _split(declaration: Declaration) -> Iterator[tuple[int, str]]:
    """The first month at whose end the units are other than before, and each that took part."""
    for split in declaration.splits:
        for code in (split.source, *split.into):
            yield periods.month_of(split.on), code


def _terms(indicator: str, formula: Formula) -> Iterator[tuple[str, str, str, int, bool]]:
    for part, terms in (
        ("numerator", formula.numerator),
        ("denominator", formula.denominator),
    ):
        for (figure, cumulative), coefficient in terms.items():
            yield indicator, part, figure, coefficient, cumulative


def _write(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]
) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE internal.{table} ({_TABLES[table]})")
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        # Column by column: DuckDB takes a row at a time slowly, and units may be many.
        blanks = ", ".join(["unnest(?)"] * len(columns))
        connection.execute(f"INSERT INTO internal.{table} SELECT {blanks}", columns)
