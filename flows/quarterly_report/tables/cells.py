"""What stands in a cell for a number: the number as it is printed, or a sign why there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from flows.explaining.published import Growth
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.rows import Item, Level
from flows.quarterly_report.wording import printed
from flows.templating.looks import amount_format

WITHHELD, MISSING, PENDING, NONE = "＊", "—", "…", "/"
SIGNS = (
    f"{WITHHELD} 人数较少，不予公布",
    f"{MISSING} 未报或审核未通过",
    f"{PENDING} 报送不全，暂不计算",
    f"{NONE} 不适用或不可比",
)
"""What the signs mean, for the line below a table."""
PERCENT, POINTS = '0.0"%"', "0.0"
Measure = Literal["change", "rate", "matched_rate"]


class Said(NamedTuple):
    """A cell: a number as printed with its format, or a text; `short` where units lack."""

    value: Decimal | str | None
    format: str = "General"
    short: bool = False


def number(contents: Contents, value: Decimal, places: int, form: str = "") -> Said:
    """The number rounded once, as everywhere, so that what is stored is what is shown."""
    return Said(Decimal(printed(value, places, contents.standard)), form or amount_format(places))


def level(
    contents: Contents, item: Item, of: Level | None, name: Literal["value", "year_to_date"]
) -> Said:
    """The value, or the district's year to date; nothing where no value is asked for."""
    if of is None:
        return Said(None)
    value: Decimal | None = getattr(of, name)
    if value is not None:
        short = of.units_reported < of.units_expected
        if name == "year_to_date":
            short = bool(contents.lacking(item.name, cumulative=True))
        return number(contents, value, item.places)._replace(short=short)
    if of.suppressed:
        return Said(WITHHELD)
    return Said(MISSING if of.units_reported < of.units_expected else NONE)


def growth(contents: Contents, item: Item, of: Growth | None, name: Measure) -> Said:
    """By how much it has changed, in its unit or in %; in points where it is itself in %.

    Nothing where it is not compared at all.
    """
    if of is None:
        return Said(None)
    value: Decimal | None = getattr(of, name)
    if value is None:
        return Said(_why(of, name))
    if name == "change":
        places, form = (1, POINTS) if item.points else (item.places, "")
        return number(contents, value, places, form)
    return number(contents, value, 1, PERCENT)


def count(of: int) -> Said:
    """A whole number that is not rounded."""
    return Said(Decimal(of), "#,##0")


def _why(of: Growth, name: Measure) -> str:
    match of.status:
        case "suppressed":
            return WITHHELD
        case "value_missing":
            return MISSING
        case "incomplete" if name != "matched_rate":
            return PENDING
    return NONE


def lacking(expected: int | None, reported: int | None) -> str:
    """How many units lack: 缺2; '' for none."""
    short = (expected or 0) - (reported or 0)
    return f"缺{short}" if short > 0 else ""
