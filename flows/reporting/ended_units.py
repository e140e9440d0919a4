"""Units that ended earlier in the year: what they had reported is part of 本年累计."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Unit

Values = Mapping[tuple[int, str, str], tuple[Decimal | None, Decimal | None, str]]
"""By month, unit and figure: value, year to date and mark of what is in force."""


class ToDate(NamedTuple):
    """A year to date as it stood when its unit ended; `owed` where the unit had to report it."""

    value: Decimal | None
    owed: bool


def ended_units(declaration: Declaration, month: int) -> tuple[Unit, ...]:
    """The units that reported for an earlier month of the year and no longer do."""
    earlier = {
        unit.code
        for at in range(month - month % 12, month)
        for unit in declaration.reporting_units(at)
    }
    earlier -= {unit.code for unit in declaration.reporting_units(month)}
    return tuple(unit for unit in declaration.units if unit.code in earlier)


def last_to_date(
    values: Values,
    declaration: Declaration,
    form: FigureForm,
    figure: Figure,
    unit: Unit,
    month: int,
) -> ToDate:
    """The year to date of the last month that the unit owed before `month`, in its year.

    A month in which the figure does not apply leaves it as it was.
    """
    group = declaration.group(unit.code) or ""
    for at in range(month - 1, month - month % 12 - 1, -1):
        lines = form.lines(group, at) if unit.exists(at) and form.in_force(at) else ()
        if any(line.name == figure.name for line in lines):
            _, to_date, mark = values.get((at, unit.code, figure.name), (None, None, ""))
            if mark != "not_applicable":
                return ToDate(to_date, owed=True)
    return ToDate(None, owed=False)
