"""A small district whose sums can be done in the head."""

import dataclasses
import datetime as dt
from decimal import Decimal

from flows.computing.compute import compute
from schemas.declaring.district import Declaration
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm, Indicator, Unit
from schemas.declaring.periods import parse_month
from tests.computing.world import Fact, FormState, connect

DISTRICT = "1"
FIRST = parse_month("2020-01")
A, B, C = (Unit(code, f"{code}镇", "镇") for code in ("A", "B", "C"))


def cumulative(code, name):
    """A figure of which only 本年累计 is asked."""
    return dataclasses.replace(flow(code, name, name, "万元", ""), cumulative_only=True)


MONTHLY = FigureForm(
    "monthly",
    "01",
    "M01",
    "月报",
    ("township",),
    ("township",),
    valid_from=FIRST,
    figures=(
        stock("1", "people", "人数", "人", ""),
        stock("2", "villagers", "农村人数", "人", ""),
        flow("3", "funds", "资金", "万元", ""),
        cumulative("4", "spent"),
        stock("5", "share", "比重", "%", ""),
    ),
)
QUARTERLY = FigureForm(
    "quarterly",
    "02",
    "Q02",
    "季报",
    ("township",),
    ("township",),
    "quarter",
    FIRST,
    figures=(flow("1", "trips", "人次", "人次", ""), cumulative("2", "paid")),
)
INDICATORS = (
    Indicator("townspeople", "", "人", "stock", "people - villagers", ""),
    Indicator("villager_share", "", "%", "ratio", "100 * villagers / people", ""),
    Indicator("per_head", "", "元", "ratio", "10000 * funds / people", ""),
    Indicator(
        "spending_so_far", "", "%", "ratio", "100 * ytd(funds) / people", "", within_year=True
    ),
)


def district(*units, forms=(MONTHLY, QUARTERLY), indicators=INDICATORS):
    """A declaration with these units; A and B unless told."""
    return Declaration(
        DISTRICT,
        "某区",
        (Unit(DISTRICT, "某区", "区"), *(units or (A, B))),
        {"township": ("镇",)},
        forms,
        (),
        indicators,
        lambda month: dt.date(month // 12, month % 12 + 1, 28),
        lambda unit: (unit.name,),
    )


def facts(text):
    """Facts from lines 'month unit figure value [year to date] [mark]'; '-' is no value.

    A month may be a span, '2022-01..2022-03': the value is that of each month.
    """
    found = []
    for line in text.strip().splitlines():
        months, unit, figure, value, *rest = line.split()
        to_date = next((each for each in rest if each[0].isdigit()), None)
        mark = next((each for each in rest if each[0].isalpha()), "reported")
        first, _, last = months.partition("..")
        for month in range(parse_month(first), parse_month(last or first) + 1):
            number = None if value == "-" else Decimal(value)
            total = None if to_date is None else Decimal(to_date)
            found.append(Fact(month, unit, figure, number, total, mark))
    return found


def accepted(months, *units, forms=("monthly",), held=()):
    """Form states of a span of months, all accepted but those (month, unit) held."""
    first, _, last = months.partition("..")
    return [
        FormState(month, unit, form, (month, unit) not in held)
        for month in range(parse_month(first), parse_month(last or first) + 1)
        for unit in units
        for form in forms
    ]


class Computed:
    """The two tables, asked cell by cell; decimals without trailing zeros, as text."""

    def __init__(self, text, declaration=None, states=()):
        declaration = declaration or district()
        self.connection = connect(declaration, facts(text), states)
        compute(self.connection, declaration)

    def quarterly(self, quarter, unit, indicator, columns="value"):
        return self._row("quarterly_indicator", columns, (quarter, unit, indicator), "TRUE")

    def growth(self, quarter, unit, indicator, comparison, columns="status, rate"):
        where = (quarter, unit, indicator)
        return self._row("growth", columns, where, f"comparison = '{comparison}'")

    def _row(self, table, columns, key, also):
        rows = self.connection.execute(
            f"SELECT {columns} FROM {table}"
            f" WHERE quarter = ? AND unit_code = ? AND indicator = ? AND {also}",
            key,
        ).fetchall()
        if not rows:
            return "no row"
        (row,) = rows
        shown = tuple(plain(each) for each in row)
        return shown if len(shown) > 1 else shown[0]


def plain(value):
    """A decimal as a person writes it."""
    if not isinstance(value, Decimal):
        return value
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
