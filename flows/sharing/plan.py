"""What a share withholds: figures by their counts, and the indicators made from them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from flows.sharing.counts import read_counts
from flows.sharing.succession import groups
from flows.sharing.withholding import District, withhold
from schemas.declaring.district import Declaration


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator of which something is withheld.

    `units` are codes, those of units that have merged among them; `groups` counts units
    that were one through mergers once.
    """

    indicator: str
    units: tuple[str, ...]
    groups: int
    district: District


def plan(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, quarter: int, threshold: int
) -> list[Series]:
    """All series that a share up to the quarter withholds, sensitive figures first.

    A derived indicator withholds a unit where any of its figures does, and the district
    where any does or where its units are others than those of its figures.
    """
    counts = read_counts(connection, declaration, quarter, threshold)
    figures = {name: withhold(each, threshold) for name, each in counts.items()}
    group = groups(declaration.units)
    found = []
    for indicator, terms in _terms(connection, list(figures)).items():
        hidden = frozenset().union(*(figures[name].groups for name, _ in terms))
        district = max(
            District.ALL if cumulative and figures[name].district else figures[name].district
            for name, cumulative in terms
        )
        if hidden and any(
            _others(connection, declaration.district, indicator, name, quarter)
            for name, _ in terms
            if name != indicator
        ):
            district = District.ALL
        if hidden or district:
            units = sorted(code for code, name in group.items() if name in hidden)
            found.append(Series(indicator, tuple(units), len(hidden), district))
    return sorted(found, key=lambda each: (each.indicator not in figures, each.indicator))


def _terms(
    connection: duckdb.DuckDBPyConnection, figures: list[str]
) -> dict[str, list[tuple[str, bool]]]:
    """The sensitive figures in each indicator, and whether their year to date is meant."""
    terms: dict[str, list[tuple[str, bool]]] = {}
    for indicator, figure, cumulative in connection.execute(
        "SELECT DISTINCT indicator, figure, cumulative FROM internal.indicator_term "
        "WHERE figure IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL",
        [figures],
    ).fetchall():
        terms.setdefault(indicator, []).append((figure, cumulative))
    return terms


def _others(
    connection: duckdb.DuckDBPyConnection, district: str, indicator: str, figure: str, quarter: int
) -> bool:
    """Whether in any quarter the district's indicator is of other units than the figure's total.

    All units of the indicator have the figure, so the numbers of units tell. A dated total
    stands instead of its units.
    """
    row = connection.execute(
        "WITH part AS (SELECT quarter, indicator, unit_code = ? AS total, numerator IS NOT NULL "
        "AS there, ytd_numerator IS NOT NULL AS ytd_there, reported, ytd_reported "
        "FROM internal.quarterly_part WHERE indicator IN (?, ?) AND quarter <= ?), "
        "members AS (SELECT quarter, indicator, "
        "count(*) FILTER (there AND NOT total) AS units, "
        "count(*) FILTER (ytd_there AND NOT total) AS ytd_units, "
        "bool_or(total AND there AND reported = 0) AS dated, "
        "bool_or(total AND ytd_there AND ytd_reported = 0) AS ytd_dated "
        "FROM part GROUP BY quarter, indicator) "
        "SELECT count(*) FROM (FROM members WHERE indicator = ?) i "
        "JOIN (FROM members WHERE indicator = ?) f USING (quarter) "
        "WHERE (i.units, i.ytd_units, i.dated, i.ytd_dated) "
        "IS DISTINCT FROM (f.units, f.ytd_units, f.dated, f.ytd_dated)",
        [district, indicator, figure, quarter, indicator, figure],
    ).fetchone()
    return row is not None and row[0] > 0
