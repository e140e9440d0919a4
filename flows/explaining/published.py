"""What the warehouse holds, as the explanations read it: published rows and facts with sources.

All that depends on which state of the warehouse is explained stands here: the rows of the two
public tables, and which readings and dated totals are in force.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb

from flows.errors import NotThere
from schemas.declaring import periods

Key = tuple[str, str, int]
"""Unit code, figure (or form), month."""


class File(NamedTuple):
    """A file received: its place below the archive, and in a zip there."""

    submission: str
    received_at: dt.datetime | None
    file_name: str | None
    archived_as: str | None
    member: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A month's value in force of a unit's figure, and where it comes from.

    `mark` is reported, not_applicable, history, counted (from a ledger) or covered (from the
    forms due). `source` is what a dated total says of its origin, `dated_month` the last month
    of the `dated_months` that it covers. `reading` is the version of the form, where there is one.
    """

    month: int
    unit_code: str
    figure: str
    value: Decimal | None
    year_to_date: Decimal | None
    mark: str
    form: str
    submission: str | None = None
    sheet: str | None = None
    cell: str | None = None
    cumulative_cell: str | None = None
    reading: int | None = None
    source: str | None = None
    dated_month: int | None = None
    dated_months: int | None = None


_FACT_COLUMNS = tuple(each.name for each in fields(Fact))


class Level(NamedTuple):
    """A row of quarterly_indicator, without its key."""

    value: Decimal | None
    year_to_date: Decimal | None
    months_reported: int
    units_expected: int
    units_reported: int
    maturity: str


class Growth(NamedTuple):
    """A row of growth, without its key."""

    value: Decimal | None
    base: Decimal | None
    change: Decimal | None
    rate: Decimal | None
    status: str
    restated: bool
    matched_units: int | None
    matched_value: Decimal | None
    matched_base: Decimal | None
    matched_rate: Decimal | None
    contribution: Decimal | None
    pull: Decimal | None


class DueForm(NamedTuple):
    """A form due, what became of it, and the versions of it that came, oldest first."""

    form: str
    due_on: dt.date
    received_at: dt.datetime | None
    state: str | None
    versions: tuple[tuple[str, str], ...]
    """(submission, its form's state): the last one held is what it waits for."""
    submission: str | None
    """The version whose arrival counts."""


class Published:
    """The present state. Each thing is asked for once, for all units together."""

    levels_table = "main.quarterly_indicator"
    growth_table = "main.growth"
    in_force = "{0}.until IS NULL"
    """The condition that a tenure or a dated total is in force."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, dated_files: Mapping[str, File] | None = None
    ) -> None:
        self.connection = connection
        self._files: dict[str, File] = dict(dated_files or {})
        self._levels: dict[int, dict[tuple[str, str], Level]] = {}
        self._growth: dict[tuple[int, str], dict[tuple[str, str], Growth]] = {}
        self._facts: dict[Key, Fact] = {}
        self._loaded: set[tuple[str, int]] = set()
        self._due: dict[int, dict[tuple[str, int], list[DueForm]]] = {}

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(query, list(parameters)).fetchall()

    def quarters(self) -> frozenset[int]:
        """The quarters that have published levels."""
        found = self.rows(f"SELECT DISTINCT quarter FROM {self.levels_table}")
        return frozenset(periods.parse_quarter(label) for (label,) in found)

    def levels(self, quarter: int) -> dict[tuple[str, str], Level]:
        """The published levels of a quarter, by unit code and indicator."""
        if quarter not in self._levels:
            found = self.rows(
                f"SELECT unit_code, indicator, {', '.join(Level._fields)} "
                f"FROM {self.levels_table} WHERE quarter = ?",
                periods.quarter_label(quarter),
            )
            self._levels[quarter] = {(unit, name): Level(*row) for unit, name, *row in found}
        return self._levels[quarter]

    def growth(self, quarter: int, indicator: str) -> dict[tuple[str, str], Growth]:
        """The published growth of an indicator in a quarter, by unit code and comparison."""
        key = quarter, indicator
        if key not in self._growth:
            self.load_growth((quarter,), (indicator,))
        return self._growth[key]

    def load_growth(self, quarters: Collection[int], indicators: Collection[str]) -> None:
        """Have the growth of several quarters and indicators at hand, with one query."""
        labels = {periods.quarter_label(quarter): quarter for quarter in quarters}
        for quarter in quarters:
            for indicator in indicators:
                self._growth.setdefault((quarter, indicator), {})
        for label, unit, indicator, comparison, *row in self.rows(
            f"SELECT quarter, unit_code, indicator, comparison, {', '.join(Growth._fields)} "
            f"FROM {self.growth_table} "
            "WHERE list_contains(?, quarter) AND list_contains(?, indicator)",
            list(labels),
            list(indicators),
        ):
            self._growth[labels[label], indicator][unit, comparison] = Growth(*row)

    def facts(self, figures: Iterable[str], year: int) -> Mapping[Key, Fact]:
        """The facts at hand, those of the figures in the year among them."""
        absent = [each for each in dict.fromkeys(figures) if (each, year) not in self._loaded]
        if absent:
            self._loaded |= {(each, year) for each in absent}
            for row in self.rows(_facts(self.in_force), absent, [year]):
                fact = Fact(*row)
                self._facts[fact.unit_code, fact.figure, fact.month] = fact
        return self._facts

    def files(self, submissions: Iterable[str]) -> Mapping[str, File]:
        """The files at hand, the submissions among them."""
        absent = sorted({each for each in submissions if each not in self._files})
        if absent:
            for row in self.rows(
                f"SELECT {', '.join(File._fields)} FROM main.submission "
                "WHERE list_contains(?, submission)",
                absent,
            ):
                self._files[row[0]] = File(*row)
            for each in absent:
                self._files.setdefault(each, File(each, None, None, None, None))
        return self._files

    def due(self, year: int) -> dict[tuple[str, int], list[DueForm]]:
        """The forms due in the year, by unit code and month."""
        if year not in self._due:
            found: dict[tuple[str, int], list[DueForm]] = defaultdict(list)
            for unit, month, form, due_on, received_at, state, came, which in self.rows(_DUE, year):
                versions = tuple((each["submission"], each["state"]) for each in came or ())
                found[unit, month].append(
                    DueForm(form, due_on, received_at, state, versions, which)
                )
            self._due[year] = dict(found)
        return self._due[year]

    def ledger_rows(
        self, table: str, columns: Collection[str], readings: Collection[int]
    ) -> dict[int, list[dict[str, Any]]]:
        """The rows of a ledger's versions, by reading; `columns` with sheet and row."""
        names = ("row", "sheet", *columns)
        found: dict[int, list[dict[str, Any]]] = {reading: [] for reading in readings}
        try:
            rows = self.rows(
                f"SELECT reading, {', '.join(names)} FROM internal.{table} "
                "WHERE list_contains(?, reading) ORDER BY reading, rowid",
                list(readings),
            )
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise NotThere(
                f"The rows of {table} in the warehouse were kept by another version of this "
                "program or of the ledger; run `minzheng rebuild`."
            ) from error
        for reading, *cells in rows:
            found[reading].append(dict(zip(names, cells, strict=True)))
        return found


def _facts(in_force: str) -> str:
    """The rows of internal.month_value with their sources; parameters are figures and years."""
    wanted = "list_contains(?1, {0}) AND list_contains(?2, {1} // 12)"
    tenure, dated = in_force.format("t"), in_force.format("h")
    total = (
        f"SELECT h.* FROM internal.history h WHERE {dated} AND NOT EXISTS (SELECT 1 "
        "FROM internal.tenure t JOIN internal.figure_value v ON v.reading = t.reading "
        f"WHERE {tenure} AND t.unit_code = h.unit_code AND v.figure = h.figure "
        "AND t.month > h.month - h.months AND t.month <= h.month)"
    )
    dated_columns = "'history', form, submission, sheet, cell, NULL, NULL, source, h.month, months"
    columns = ", ".join(_FACT_COLUMNS)
    return (
        f"WITH total AS ({total}), fact ({columns}) AS ("
        "SELECT t.month, t.unit_code, v.figure, v.value, v.year_to_date, v.mark, t.form, "
        "t.submission, v.sheet, v.cell, v.cumulative_cell, t.reading, NULL, NULL, NULL "
        "FROM internal.tenure t JOIN internal.figure_value v ON v.reading = t.reading "
        f"WHERE {tenure} AND {wanted.format('v.figure', 't.month')} UNION ALL "
        "SELECT t.month, t.unit_code, c.name, c.value, NULL, 'counted', t.form, t.submission, "
        "NULL, NULL, NULL, t.reading, NULL, NULL, NULL "
        "FROM internal.tenure t JOIN internal.ledger_count c ON c.reading = t.reading "
        f"WHERE {tenure} AND NOT c.compared AND {wanted.format('c.name', 't.month')} UNION ALL "
        "SELECT d.month, d.unit_code, n.name, (count(*) FILTER (WHERE n.name = 'forms_due' "
        "OR d.state = 'on_time'))::DECIMAL(18, 6), NULL, 'covered', '', "
        "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM internal.due_form d "
        "CROSS JOIN (SELECT unnest(['forms_due', 'forms_on_time']) AS name) n "
        f"WHERE d.state IS NOT NULL AND {wanted.format('n.name', 'd.month')} GROUP BY ALL UNION ALL "
        f"SELECT h.month, unit_code, figure, value, NULL, {dated_columns} FROM total h "
        f"WHERE {wanted.format('figure', 'h.month')} UNION ALL "
        # A quarter's total stands in its last month; it covers the two before as well.
        f"SELECT h.month - earlier.back, unit_code, figure, 0, NULL, {dated_columns} FROM total h "
        "CROSS JOIN (SELECT unnest([1, 2]) AS back) earlier WHERE months = 3 "
        "AND figure IN (SELECT figure FROM main.figure WHERE kind = 'flow') "
        f"AND {wanted.format('figure', '(h.month - earlier.back)')}) "
        f"SELECT {columns} FROM fact"
    )


_DUE = (
    "WITH version AS (SELECT r.unit_code, r.month, r.form, r.submission, r.sequence, "
    "s.received_at, f.state FROM internal.reading r "
    "JOIN main.submission s ON s.submission = r.submission "
    "JOIN main.submission_form f ON f.submission = r.submission AND f.form = r.form "
    "WHERE r.latest AND r.month // 12 = ?1) "
    "SELECT d.unit_code, d.month, d.form, d.due_on, d.received_at, d.state, "
    "list({'submission': v.submission, 'state': v.state} ORDER BY v.sequence) "
    "FILTER (WHERE v.submission IS NOT NULL), "
    "arg_min(v.submission, v.sequence) FILTER (WHERE v.received_at = d.received_at) "
    "FROM internal.due_form d LEFT JOIN version v ON v.unit_code = d.unit_code "
    "AND v.month = d.month AND v.form = d.form WHERE d.month // 12 = ?1 "
    "GROUP BY d.unit_code, d.month, d.form, d.due_on, d.received_at, d.state "
    "ORDER BY d.unit_code, d.month, d.form"
)
