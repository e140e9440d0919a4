"""The sensitive figures of a warehouse: their parts, their totals, and what is small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import duckdb

from flows.sharing.succession import followed, groups
from flows.sharing.withholding import Counts, Part, Total, is_small
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure


class _Month(NamedTuple):
    unit: str
    month: int
    value: Decimal | None
    year_to_date: Decimal | None


@dataclass
class _Found:
    """What is known of a figure while it is gathered."""

    months: list[_Month] = field(default_factory=list)
    reported: set[tuple[str, int]] = field(default_factory=set)
    reported_to_date: set[tuple[str, int]] = field(default_factory=set)
    totals: set[Total] = field(default_factory=set)
    small: dict[int, set[str]] = field(default_factory=dict)
    small_total: set[int] = field(default_factory=set)


def read_counts(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    figures: Mapping[str, Figure],
    quarter: int,
    threshold: int,
) -> dict[str, Counts]:
    """The figures up to the quarter, by name; small is what is below the threshold.

    Reads the public tables and internal.quarterly_part and indicator_term.
    """
    group = groups(declaration.units)
    found = {name: _Found() for name in figures}

    def mark(figure: str, unit: str, at: int, *values: Decimal | None) -> None:
        if any(is_small(value, threshold) for value in values):
            if unit == declaration.district:
                found[figure].small_total.add(at)
            else:
                found[figure].small.setdefault(at, set()).add(group[unit])

    for name, unit, month, value, to_date in _months(connection, figures, quarter):
        found[name].months.append(_Month(unit, month, value, to_date))
        mark(name, unit, month // 3, value, to_date)
    for name, unit, at, value, to_date in _quarters(connection, figures, quarter):
        mark(name, unit, at, value, to_date)
    for name, unit, at, reported, reported_to_date in _reported(connection, figures, quarter):
        of = found[name]
        if unit == declaration.district:
            of.totals |= {Total(at, "value")} if reported else set()
            if reported_to_date and figures[name].kind == "flow":  # a stock's is its value
                of.totals.add(Total(at, "year_to_date"))
        else:
            of.reported |= {(unit, at)} if reported else set()
            of.reported_to_date |= {(unit, at)} if reported_to_date else set()
    for name, of in found.items():
        of.totals.update(_dated(of.months, figures[name], declaration.district))
        for unit, at, value in _untold(of.months, declaration.district):
            mark(name, unit, at, value)
    return {
        name: Counts(
            list(_parts(of, figures[name], declaration, group)),
            of.totals,
            of.small,
            of.small_total,
        )
        for name, of in found.items()
    }


def _months(
    connection: duckdb.DuckDBPyConnection, figures: Iterable[str], quarter: int
) -> list[tuple[str, str, int, Decimal | None, Decimal | None]]:
    return connection.execute(
        "SELECT figure, unit_code, year(month)::INTEGER * 12 + month(month)::INTEGER - 1 AS number, "
        "value, year_to_date FROM main.monthly_figure "
        "WHERE figure IN (SELECT unnest(?::VARCHAR[])) AND number < ? ORDER BY ALL",
        [list(figures), quarter * 3 + 3],
    ).fetchall()


def _quarters(
    connection: duckdb.DuckDBPyConnection, figures: Iterable[str], quarter: int
) -> Iterator[tuple[str, str, int, Decimal | None, Decimal | None]]:
    """The numbers of quarters, live and released, that are counts of one of the figures.

    A derived indicator that is no ratio is one of each of them in it.
    """
    columns = "unit_code, quarter, value, year_to_date"
    rows = connection.execute(
        f"SELECT DISTINCT t.figure, {columns} FROM (SELECT indicator, {columns} "
        f"FROM main.quarterly_indicator UNION ALL SELECT indicator, {columns} "
        "FROM main.released_indicator UNION ALL SELECT indicator, unit_code, quarter, value, base "
        # A base as released may have been corrected since.
        "FROM main.released_growth) JOIN internal.indicator_term t USING (indicator) "
        "JOIN internal.indicator_rule r USING (indicator) "
        "WHERE NOT r.ratio AND t.figure IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL",
        [list(figures)],
    ).fetchall()
    for name, unit, label, value, to_date in rows:
        at = periods.parse_quarter(label)
        if at <= quarter:
            yield name, unit, at, value, to_date


def _reported(
    connection: duckdb.DuckDBPyConnection, figures: Iterable[str], quarter: int
) -> list[tuple[str, str, int, bool, bool]]:
    """Who is in which total: figure, unit, quarter, and whether it has value, year to date."""
    return connection.execute(
        "SELECT indicator, unit_code, quarter, numerator IS NOT NULL, ytd_numerator IS NOT NULL "
        "FROM internal.quarterly_part WHERE indicator IN (SELECT unnest(?::VARCHAR[])) "
        "AND quarter <= ? ORDER BY ALL",
        [list(figures), quarter],
    ).fetchall()


def _dated(months: Iterable[_Month], figure: Figure, district: str) -> Iterator[Total]:
    """The district's dated totals; one may be of the month or of the quarter that ends with it."""
    for each in months:
        if each.unit == district and each.value is not None:
            yield Total(each.month // 3, "month", each.month)
            if figure.kind == "flow":
                yield Total(each.month // 3, "quarter")


def _untold(months: Iterable[_Month], district: str) -> Iterator[tuple[str, int, Decimal]]:
    """What years to date tell of months without a value: unit, quarter, amount."""
    last: dict[tuple[str, int], Decimal] = {}
    told: dict[tuple[str, int], Decimal] = {}
    for each in sorted(months, key=lambda row: (row.unit, row.month)):
        year = each.unit, each.month // 12
        told[year] = told.get(year, Decimal(0)) + (each.value or 0)
        if each.year_to_date is not None and each.unit != district:
            yield (
                each.unit,
                each.month // 3,
                each.year_to_date - last.get(year, Decimal(0)) - told.pop(year),
            )
            last[year] = each.year_to_date


def _parts(
    found: _Found, figure: Figure, declaration: Declaration, group: dict[str, str]
) -> Iterator[Part]:
    units = declaration.unit_by_code
    years: dict[int, list[Total]] = {}
    for total in found.totals:
        years.setdefault(total.quarter // 4, []).append(total)
    for unit, month, value in _amounts(found.months, figure):
        if unit == declaration.district:
            continue
        quarter = month // 3
        totals = set()
        for total in years.get(quarter // 4, ()):
            row = followed(units, unit, total.quarter), total.quarter
            match total.measure:
                case "value":
                    there = total.quarter == quarter and row in found.reported
                    there = there and (figure.kind == "flow" or month % 3 == 2)
                case "year_to_date":
                    there = total.quarter >= quarter and row in found.reported_to_date
                case "month":
                    there = total.month == month
                case "quarter":
                    there = total.quarter == quarter
            if there:
                totals.add(total)
        yield Part(group[unit], quarter, value, frozenset(totals))


def _amounts(months: Iterable[_Month], figure: Figure) -> Iterator[tuple[str, int, Decimal]]:
    """The amounts that nothing smaller was reported of: unit, last month, amount."""
    last: dict[tuple[str, int], Decimal] = {}
    for each in sorted(months, key=lambda row: (row.unit, row.month)):
        if each.value is not None:
            yield each.unit, each.month, each.value
        elif figure.cumulative_only and each.year_to_date is not None:
            year = each.unit, each.month // 12
            yield each.unit, each.month, each.year_to_date - last.get(year, Decimal(0))
            last[year] = each.year_to_date
