"""A small district for the tests: four townships at most, and lines as the test wants them."""

import datetime as dt
from decimal import Decimal

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import Figure, FigureForm, Indicator, Unit
from tests.computing.world import Fact, FormState
from tests.plain import growth, quarterly
from tests.plain.rows import GrowthRow, QuarterlyRow

DISTRICT = "900"
TOWN_A, TOWN_B = Unit("901", "甲镇", "镇"), Unit("902", "乙镇", "镇")
PEOPLE = stock("01", "people", "人数", "人", "")
RURAL = stock("02", "rural", "农村人数", "人", "")
FUNDS = flow("03", "funds", "资金", "万元", "")
GRANTS = flow("04", "grants", "人次", "人次", "")
TO_DATE = Figure("to_date", "05", "累计", "万元", "flow", "", cumulative_only=True)


def declare(
    *figures: Figure,
    units: tuple[Unit, ...] = (TOWN_A, TOWN_B),
    indicators: tuple[Indicator, ...] = (),
    quarterly_form: bool = False,
) -> Declaration:
    """One form with these figures, asked of the townships since 2020."""
    form = FigureForm(
        name="form",
        number="01",
        form_no="01",
        title_zh="月报表",
        reporters=("township",),
        due_from=("township",),
        frequency="quarter" if quarterly_form else "month",
        valid_from=periods.parse_month("2020-01"),
        figures=figures,
    )
    return Declaration(
        district=DISTRICT,
        name_zh="区",
        units=(Unit(DISTRICT, "区", "区"), *units),
        reporters={"township": ("镇",)},
        forms=(form,),
        ledgers=(),
        indicators=indicators,
        due_on=lambda month: dt.date(2020, 1, 1),
        unit_names=lambda unit: (unit.name,),
    )


def months(unit: str, figure: str, first: str, *values: str | int | None) -> list[Fact]:
    """Consecutive months from the first; None for one that did not come."""
    start = periods.parse_month(first)
    return [
        Fact(start + step, unit, figure, Decimal(value))
        for step, value in enumerate(values)
        if value is not None
    ]


def to_date(unit: str, first: str, *values: str | None) -> list[Fact]:
    """Consecutive months of which only the year to date is given."""
    start = periods.parse_month(first)
    return [
        Fact(start + step, unit, "to_date", None, Decimal(value))
        for step, value in enumerate(values)
        if value is not None
    ]


def quarter(
    declaration: Declaration,
    facts: list[Fact],
    label: str,
    unit: str,
    indicator: str,
    form_states: tuple[FormState, ...] = (),
) -> QuarterlyRow:
    """The one row asked for."""
    (row,) = (
        each
        for each in quarterly(declaration, facts, form_states)
        if (each.quarter, each.unit_code, each.indicator) == (label, unit, indicator)
    )
    return row


def compare(
    declaration: Declaration,
    facts: list[Fact],
    label: str,
    unit: str,
    indicator: str,
    comparison: str,
) -> GrowthRow:
    """The one comparison asked for."""
    wanted = (label, unit, indicator, comparison)
    (row,) = (
        each
        for each in growth(declaration, facts, ())
        if (each.quarter, each.unit_code, each.indicator, each.comparison) == wanted
    )
    return row
