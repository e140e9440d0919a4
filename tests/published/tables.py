"""The published tables in `data`, and their levels through the project's own computing.

A year's level is December's year to date of a figure that is asked as 本年累计 only; its
printed growth is the fourth quarter's `ytd_yoy`.
"""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flows.computing.compute import compute
from flows.computing.rounding import rounded
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Unit
from schemas.declaring.periods import month_number
from tests.computing.world import Fact, connect

DATA = Path(__file__).parent / "data"
PUBLISHER, AREA = Unit("0", "发布者", "发布者"), Unit("1", "地区", "地区")


class Table(NamedTuple):
    """A table: its series, what its rates are called, and where its missing bases stand."""

    name: str
    series: tuple[str, ...]
    index: bool = False
    """Rates are printed as indices, the year before = 100."""
    bases: str | None = None


TABLES = (
    Table("nbs-2007-8-1", ("revenue", "expenditure"), bases="nbs-1998-8-12"),
    Table("nbs-2006-8-1", ("revenue", "expenditure"), bases="nbs-1998-8-12"),
    Table("nbs-2000-consumption", ("all", "rural", "urban"), index=True),
    Table("xinjiang-2012-7-1", ("revenue", "expenditure"), index=True),
    Table("huzhou-2007-7-4", ("retail_sales",)),
)


class Rate(NamedTuple):
    """A printed rate with the levels it is of, as printed; `base` is None where none is."""

    table: str
    year: int
    series: str
    printed: Decimal
    level: Decimal
    base: Decimal | None


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file in `data`, as text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def levels(table: Table, series: str) -> dict[int, Decimal]:
    """A series' levels by year, those of the table that lends its bases behind its own."""
    names = (table.bases, table.name) if table.bases else (table.name,)
    return {int(row["year"]): Decimal(row[series]) for name in names for row in rows(name)}


def rates() -> list[Rate]:
    """Every rate that is printed. An index of 112.9 is a rate of 12.9."""
    found = []
    for table in TABLES:
        for row in rows(table.name):
            for series in table.series:
                text = row[f"{series}_{'index' if table.index else 'growth'}"]
                if text:
                    year, given = int(row["year"]), levels(table, series)
                    printed = Decimal(text) - (100 if table.index else 0)
                    base = given.get(year - 1)
                    found.append(Rate(table.name, year, series, printed, given[year], base))
    return found


def yearly(values: dict[str, dict[int, Decimal]]) -> dict[tuple[int, str], Decimal | None]:
    """The growth of each year's level over the year before, unrounded, by year and series.

    `values` are levels by series and year. The computing itself finds the base.
    """
    first = min(year for by_year in values.values() for year in by_year)
    figures = tuple(
        Figure(name, f"01{at:02d}", name, "万元", "flow", "", "area", cumulative_only=True)
        for at, name in enumerate(values, 1)
    )
    form = FigureForm(
        "form", "01", "01", "年报", ("area",), ("area",), valid_from=first * 12, figures=figures
    )
    declaration = Declaration(
        PUBLISHER.code,
        PUBLISHER.name,
        (PUBLISHER, AREA),
        {"area": (AREA.kind,)},
        (form,),
        (),
        (),
        lambda month: dt.date(month // 12 + 1, 1, 1),
        lambda unit: (unit.name,),
    )
    facts = [
        Fact(month_number(year, 12), AREA.code, name, None, value)
        for name, by_year in values.items()
        for year, value in by_year.items()
    ]
    with connect(declaration, facts) as connection:
        compute(connection, declaration)
        found = connection.execute(
            "SELECT CAST(left(quarter, 4) AS INTEGER), indicator, rate FROM main.growth "
            "WHERE unit_code = ? AND comparison = 'ytd_yoy' AND right(quarter, 2) = 'Q4'",
            [AREA.code],
        ).fetchall()
    return {(year, name): rate for year, name, rate in found}


@cache
def recomputed(table: Table) -> dict[tuple[int, str], Decimal | None]:
    """The table's rates from its levels, as they would be printed."""
    found = yearly({series: levels(table, series) for series in table.series})
    return {key: None if rate is None else rounded(rate, 1) for key, rate in found.items()}


def may_be_rounding(rate: Rate) -> bool:
    """Whether some levels that round to the printed ones give the printed rate, rounded."""
    if rate.base is None:
        return False
    half, half_base = (_half_of_last(each) for each in (rate.level, rate.base))
    level, base = Fraction(rate.level), Fraction(rate.base)
    lowest = 100 * ((level - half) / (base + half_base) - 1)
    highest = 100 * ((level + half) / (base - half_base) - 1)
    near = Fraction(1, 20)
    return lowest <= Fraction(rate.printed) + near and Fraction(rate.printed) - near <= highest


def _half_of_last(number: Decimal) -> Fraction:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return Fraction(10) ** exponent / 2
