"""A district of two libraries that report loans and spending by the quarter."""

import datetime as dt

from schemas.declaring import periods
from schemas.declaring.balances import at_most
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Indicator, Unit

FORM = FigureForm(
    name="lending",
    number="21",
    form_no="LIB21",
    title_zh="图书借阅季报表",
    reporters=("library",),
    due_from=("library",),
    frequency="quarter",
    valid_from=periods.parse_month("2023-01"),
    figures=(
        Figure("readers", "2101", "持证读者数", "人", "stock", "card holders", "library"),
        Figure("loans", "2102", "借阅册次", "册次", "flow", "books lent", "library"),
        Figure(
            "loans_to_children", "2103", "其中：少儿册次", "册次", "flow", "of those", "library"
        ),
        Figure("spending", "2104", "经费支出", "万元", "flow", "money spent", "library", 1),
    ),
    rules=at_most("B2101", "loans_to_children", "loans", ("其中：少儿册次", "借阅册次")),
)


def due_on(month: int) -> dt.date:
    """The 15th of the following month."""
    return periods.first_day(month + 1).replace(day=15)


def unit_names(unit: Unit) -> tuple[str, ...]:
    """A library's name, and with its city before it."""
    return unit.name, f"临江市{unit.name}"


DECLARATION = Declaration(
    district="900",
    name_zh="临江市",
    units=(
        Unit("900", "临江市", "市"),
        Unit("900001", "东馆", "馆"),
        Unit("900002", "西馆", "馆"),
    ),
    reporters={"library": ("馆",)},
    forms=(FORM,),
    ledgers=(),
    indicators=(
        Indicator(
            "loans_per_reader", "人均借阅", "册次/人", "ratio", "loans / readers", "loans a reader"
        ),
    ),
    due_on=due_on,
    unit_names=unit_names,
)
