"""Someone who holds all shares of a district and solves for what they do not show.

He knows the declaration (it is in the shared tables) and, which is more than the tables
tell, where a number is withheld and where there is none. He knows that counts are not
negative. From that he writes down every equation that the shared tables imply and finds
the least and the greatest that each withheld number can be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from flows.computing.declared import lines
from flows.computing.formulas import Formula, parse
from schemas.declaring import periods
from schemas.declaring.district import Declaration

Key = tuple[Any, ...]
"""('month' | 'to date', figure, unit, month) or ('value' | 'year', figure, unit, quarter)."""
ROUNDED = Fraction(1, 10**10)
BACK = {"yoy": 4, "ytd_yoy": 4, "qoq": 1, "two_year": 8}


@dataclass
class Tables:
    """What of the shared (or the true) tables the attacker works with."""

    months: dict[Key, Decimal | None] = field(default_factory=dict)
    quarters: dict[Key, Decimal | None] = field(default_factory=dict)
    dated: set[tuple[str, int]] = field(default_factory=set)
    """District rows that no unit stands behind: figure, quarter."""
    growth: list[dict[str, Any]] = field(default_factory=list)


def read(
    connection: duckdb.DuckDBPyConnection, district: str, last: int, *, released: bool = False
) -> Tables:
    """The tables up to a quarter; `released` puts the released rows in the live ones' place."""
    found = Tables()
    quarterly = "released_indicator" if released else "quarterly_indicator"
    growth = "released_growth" if released else "growth"
    for month, unit, figure, value, to_date in connection.execute(
        "SELECT year(month) * 12 + month(month) - 1, unit_code, figure, value, year_to_date "
        "FROM main.monthly_figure ORDER BY ALL"
    ).fetchall():
        if month // 3 <= last:
            found.months["month", figure, unit, month] = value
            found.months["to date", figure, unit, month] = to_date
    for label, unit, indicator, value, to_date, units in connection.execute(
        "SELECT quarter, unit_code, indicator, value, year_to_date, units_reported "
        f"FROM main.{quarterly} ORDER BY ALL"
    ).fetchall():
        quarter = periods.parse_quarter(label)
        if quarter <= last:
            found.quarters["value", indicator, unit, quarter] = value
            found.quarters["year", indicator, unit, quarter] = to_date
            if unit == district and not units:
                found.dated.add((indicator, quarter))
    rows = connection.execute(f"SELECT * FROM main.{growth} ORDER BY ALL")
    names = [each[0] for each in rows.description or ()]
    found.growth = [
        row
        for each in rows.fetchall()
        if periods.parse_quarter((row := dict(zip(names, each, strict=True)))["quarter"]) <= last
    ]
    return found


class Attacker:
    """All equations and bounds that hold between the numbers of the sensitive figures."""

    def __init__(self, declaration: Declaration, truth: Tables, shares: Iterable[Tables]) -> None:
        self.declaration = declaration
        self.truth = truth  # asked only for whether there is a number, and at the end
        self.index: dict[Key, int] = {}
        self.equal: list[tuple[dict[Key, Fraction], Fraction]] = []
        self.at_most: list[tuple[dict[Key, Fraction], Fraction]] = []
        self.known: dict[Key, Decimal] = {}
        figures = declaration.figures
        self.figures = {name for name, each in figures.items() if each.sensitive}
        formulas = {each.name: each.formula for each in declaration.indicators}
        names = {line.figure for line in lines(declaration)}
        self.formulas = {name: parse(name, formulas, names) for name in formulas}
        for figure in sorted(self.figures):
            self._figure(figure)
        for share in shares:
            self._learn(share)

    def there(self, key: Key) -> bool:
        kept = self.truth.months if key[0] in ("month", "to date") else self.truth.quarters
        return kept.get(key) is not None

    def _say(self, terms: Iterable[tuple[Key, int | Fraction]], total: int | Fraction = 0) -> None:
        row: dict[Key, Fraction] = {}
        for key, factor in terms:
            self.index.setdefault(key, len(self.index))
            row[key] = row.get(key, Fraction(0)) + factor
        self.equal.append((row, Fraction(total)))

    def _bound(self, terms: Iterable[tuple[Key, Fraction]]) -> None:
        row: dict[Key, Fraction] = {}
        for key, factor in terms:
            self.index.setdefault(key, len(self.index))
            row[key] = row.get(key, Fraction(0)) + factor
        self.at_most.append((row, Fraction(0)))

    def _sources(self, unit: str, quarter: int) -> list[str]:
        """The units whose values are in the unit's row of that quarter."""
        if unit == self.declaration.district:
            return [unit]
        end = periods.last_day(quarter * 3 + 2)
        by_code = self.declaration.unit_by_code

        def becomes(code: str) -> str:
            one = by_code[code]
            gone = one.valid_to is not None and one.valid_to < end
            return becomes(one.successor) if gone and one.successor else code

        return [
            each.code
            for each in self.declaration.units
            if each.code != self.declaration.district and becomes(each.code) == unit
        ]

    def _figure(self, figure: str) -> None:
        """How months, quarters, years to date and the district hang together."""
        declared = self.declaration.figures[figure]
        months = [key for key in self.truth.months if key[1] == figure]
        for kind, _, unit, month in months:
            if not self.there((kind, figure, unit, month)):
                continue
            self.index.setdefault((kind, figure, unit, month), len(self.index))
            if kind == "to date" and not declared.cumulative_only:
                year = [("month", figure, unit, at) for at in range(month // 12 * 12, month + 1)]
                came = [each for each in year if self.there(each)]
                own = ("to date", figure, unit, month)
                if len(came) == len(year):
                    self._say([(own, 1), *((each, -1) for each in year)])
                else:
                    self._bound([(own, Fraction(-1)), *((each, Fraction(1)) for each in came)])
        district = self.declaration.district
        quarters = [k for k in self.truth.quarters if k[1] == figure and self.there(k)]
        for kind, _, unit, quarter in quarters:
            own = (kind, figure, unit, quarter)
            if unit == district:
                if (figure, quarter) not in self.truth.dated:
                    units = [k for k in quarters if k[0] == kind and k[3] == quarter]
                    self._say([(own, 1), *((k, -1) for k in units if k[2] != district)])
                continue
            if declared.kind == "stock":
                first = quarter * 3 + 2
            else:
                first = quarter * 3 if kind == "value" else quarter // 4 * 12
            last = quarter * 3 + 2
            terms: list[tuple[Key, int | Fraction]] = [(own, 1)]
            for source in self._sources(unit, quarter):
                parts = [("month", figure, source, at) for at in range(first, last + 1)]
                terms += [(each, -1) for each in parts if self.there(each)]
                if declared.cumulative_only:
                    terms += self._differences(figure, source, first, last)
            self._say(terms)
        if declared.cumulative_only:
            for unit in {key[2] for key in months}:
                self._rising(
                    figure, unit, [k for k in months if k[0] == "to date" and k[2] == unit]
                )

    def _to_date(self, figure: str, unit: str, month: int) -> Key | None:
        for at in range(month, month // 12 * 12 - 1, -1):
            if self.there(("to date", figure, unit, at)):
                return ("to date", figure, unit, at)
        return None

    def _differences(
        self, figure: str, unit: str, first: int, last: int
    ) -> list[tuple[Key, int | Fraction]]:
        upper = self._to_date(figure, unit, last)
        lower = self._to_date(figure, unit, first - 1) if first % 12 else None
        return [*([(upper, -1)] if upper else []), *([(lower, 1)] if lower else [])]

    def _rising(self, figure: str, unit: str, keys: list[Key]) -> None:
        there = sorted((key for key in keys if self.there(key)), key=lambda key: key[3])
        for one, other in pairwise(there):
            if one[3] // 12 == other[3] // 12:
                self._bound([(one, Fraction(1)), (other, Fraction(-1))])

    def _learn(self, share: Tables) -> None:
        for key, value in (*share.months.items(), *share.quarters.items()):
            if value is None:
                continue
            if key[1] in self.figures:
                self.index.setdefault(key, len(self.index))
                self.known[key] = value
            elif key[1] in self.formulas:
                self._derived(self.formulas[key[1]], key, Fraction(value))
        for row in share.growth:
            if row["indicator"] in self.figures:
                self._growth(row)

    def _derived(self, formula: Formula, key: Key, value: Fraction) -> None:
        kind, _, unit, quarter = key
        terms = {*formula.numerator, *formula.denominator}
        if not {figure for figure, _ in terms} & self.figures:
            return
        units = [unit]
        if unit == self.declaration.district:
            all_units = {k[2] for k in self.truth.quarters if k[3] == quarter} - {unit}
            units = sorted(
                each
                for each in all_units
                if all(self.there((kind, figure, each, quarter)) for figure, _ in terms)
            )

        def part(side: dict[tuple[str, bool], int], factor: Fraction) -> list[tuple[Key, Fraction]]:
            found = []
            for (figure, _), coefficient in side.items():
                for each in units:
                    at = (kind, figure, each, quarter)
                    found.append((at, factor * coefficient))
                    if figure not in self.figures:  # shown everywhere
                        self.known[at] = self.truth.quarters[at] or Decimal(0)
            return found

        if formula.denominator:
            above = part(formula.numerator, Fraction(1))
            self._bound([*above, *part(formula.denominator, -(value + ROUNDED))])
            below = [(at, -factor) for at, factor in above]
            self._bound([*below, *part(formula.denominator, value - ROUNDED)])
        else:
            self._say(part(formula.numerator, Fraction(1)), value * formula.scale)

    def _growth(self, row: dict[str, Any]) -> None:
        """Every number of a row, by itself: each gives away what it is made from."""
        kind = "year" if row["comparison"] == "ytd_yoy" else "value"
        figure, quarter, unit = (
            row["indicator"],
            periods.parse_quarter(row["quarter"]),
            row["unit_code"],
        )
        back = quarter - BACK[row["comparison"]]
        value = [((kind, figure, unit, quarter), Fraction(1))]
        base = self._base(kind, figure, unit, quarter, back)
        moved = [*value, *((key, -factor) for key, factor in base)]
        total = self.declaration.district
        total_base = [((kind, figure, total, back), Fraction(1))]
        total_moved = [
            ((kind, figure, total, quarter), Fraction(1)),
            (total_base[0][0], Fraction(-1)),
        ]
        for name, terms in (("value", value), ("base", base), ("change", moved)):
            if row[name] is not None:
                self._say(terms, Fraction(row[name]))
        for name, of in (("rate", base), ("pull", total_base), ("contribution", total_moved)):
            if row[name] is not None and row["comparison"] != "two_year":
                self._share(moved, of, Fraction(row[name]) / 100)
        if row["matched_value"] is not None:
            both = [
                key[2]
                for key in self.truth.quarters
                if (key[0], key[1], key[3]) == (kind, figure, quarter)
                and key[2] != total
                and self.there(key)
                and self._whole(kind, figure, key[2], quarter, back)
            ]
            self._say(
                [((kind, figure, each, quarter), 1) for each in both],
                Fraction(row["matched_value"]),
            )
            bases = [self._base(kind, figure, each, quarter, back) for each in both]
            self._say([term for each in bases for term in each], Fraction(row["matched_base"]))

    def _base(
        self, kind: str, figure: str, unit: str, quarter: int, back: int
    ) -> list[tuple[Key, Fraction]]:
        """The rows of the earlier quarter of all that has become the unit."""
        rows = [unit, *self._sources(unit, quarter)]
        keys = {(kind, figure, each, back) for each in rows}
        return [(key, Fraction(1)) for key in sorted(keys) if self.there(key)]

    def _whole(self, kind: str, figure: str, unit: str, quarter: int, back: int) -> bool:
        rows = {unit, *self._sources(unit, quarter)}
        keys = [(kind, figure, each, back) for each in rows]
        asked = [key for key in keys if key in self.truth.quarters]
        return bool(asked) and all(self.there(key) for key in asked)

    def _share(
        self, part: list[tuple[Key, Fraction]], of: list[tuple[Key, Fraction]], share: Fraction
    ) -> None:
        """part = share * of, but for the share's last decimal; `of` may be negative."""
        slack = 1000 * ROUNDED  # of a hundred times a small number
        row: dict[Key, Fraction] = {}
        for key, factor in (*part, *((key, -share * factor) for key, factor in of)):
            self.index.setdefault(key, len(self.index))
            row[key] = row.get(key, Fraction(0)) + factor
        self.at_most.append((row, slack * 1000))
        self.at_most.append(({key: -factor for key, factor in row.items()}, slack * 1000))

    def small(self, threshold: int) -> list[Key]:
        """The true numbers from 1 to below the threshold that are not known."""
        kept = {**self.truth.months, **self.truth.quarters}
        return [
            key
            for key, value in kept.items()
            if key[1] in self.figures and value is not None and 0 < value < threshold
        ]

    def widths(self, keys: Iterable[Key]) -> dict[Key, float]:
        """How far apart the least and the greatest are that each number can be."""
        bounds: list[tuple[float | None, float | None]] = [(0, None)] * len(self.index)
        for key, value in self.known.items():
            bounds[self.index.setdefault(key, len(self.index))] = (float(value), float(value))
        above, above_total = self._matrix(self.at_most)
        equal, equal_total = self._matrix(self.equal)
        found = {}
        for key in keys:
            if key in self.known:
                found[key] = 0.0
                continue
            ends = []
            for sign in (1, -1):
                goal = np.zeros(len(self.index))
                goal[self.index[key]] = sign
                result = linprog(goal, above, above_total, equal, equal_total, bounds, "highs")
                assert result.status in (0, 3), (key, result.message)  # 3: without end
                ends.append(sign * np.inf * -1 if result.status == 3 else sign * result.fun)
            found[key] = ends[1] - ends[0]
        return found

    def _matrix(self, rows: list[tuple[dict[Key, Fraction], Fraction]]):
        if not rows:
            return None, None
        places = [
            (at, self.index[key], float(f))
            for at, (row, _) in enumerate(rows)
            for key, f in row.items()
        ]
        line, column, value = zip(*places, strict=True)
        matrix = csr_array((value, (line, column)), shape=(len(rows), len(self.index)))
        return matrix, [float(total) for _, total in rows]
