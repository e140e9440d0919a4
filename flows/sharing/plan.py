"""What a share withholds: figures by their counts, and the indicators made from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import duckdb

from flows.sharing.counts import read_counts
from flows.sharing.succession import groups
from flows.sharing.withholding import District, Withheld, withhold
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


def rows_of_series(withheld: Iterable[Series], district: str) -> Iterator[tuple[str, str, bool]]:
    """What is withheld as rows: unit code, indicator, and whether its year to date only."""
    for each in withheld:
        for unit in each.units:
            yield unit, each.indicator, False
        if each.district:
            yield district, each.indicator, each.district is District.YEAR_TO_DATE


def plan(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, quarter: int, threshold: int
) -> list[Series]:
    """All series that a share up to the quarter withholds, sensitive figures first, then what tells of them.

    A derived indicator withholds a unit where any of its figures does, and the district
    where any does or where its units are others than those of its figures.
    """
    sensitive = {name: each for name, each in declaration.figures.items() if each.sensitive}
    counts = read_counts(connection, declaration, sensitive, quarter, threshold)
    figures = {name: withhold(each, threshold) for name, each in counts.items()}
    figures |= _telling(connection, declaration, quarter, figures)
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
    order = {name: 0 if name in sensitive else 1 for name in figures}
    return sorted(found, key=lambda each: (order.get(each.indicator, 2), each.indicator))


def _telling(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    quarter: int,
    withheld: Mapping[str, Withheld],
) -> dict[str, Withheld]:
    """What is withheld of the figures that tell of sensitive ones, with what they tell of.

    Figures that tell of the same are withheld for the same groups: a sum would give back
    the line that is withheld in more of them. Amounts are no counts, so that the threshold
    says nothing of them: two groups in the same totals are enough.
    """
    telling = {name: each for name, each in declaration.figures.items() if each.tells_of}
    counts = read_counts(connection, declaration, telling, quarter, 0)
    found: dict[str, Withheld] = {}
    for told in sorted({each.tells_of for each in telling.values()}):
        results: dict[str, Withheld] = {}
        before: tuple[dict[str, int], set[int]] | None = None
        while True:
            every = [*(withheld[name] for name in told), *results.values()]
            since: dict[str, int] = {}
            for group, at in (item for each in every for item in each.since.items()):
                since[group] = min(at, since.get(group, at))
            totals = {each.total_since for each in every if each.total_since is not None}
            if (since, totals) == before:
                break
            before = since, totals
            results = {
                name: withhold(replace(counts[name], small_total=totals, with_others=since), 0)
                for name, each in telling.items()
                if each.tells_of == told
            }
        level = max(each.district for each in results.values())
        found |= {name: replace(each, district=level) for name, each in results.items()}
    return found


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
