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


def heir(declaration: Declaration, unit: Unit, month: int) -> Unit | None:
    """The unit that a unit has become by the month, through its successors; None where none."""
    return next((each for each in declaration.successors(unit) if each.exists(month)), None)


def carried_on(
    values: Values, declaration: Declaration, figure: Figure, unit: Unit, month: int
) -> bool:
    """Whether the unit's heir counts on from its year to date: more than its own months come to.

    Then what the unit had reported is in the heir's 本年累计 already.
    """
    follower = heir(declaration, unit, month)
    if follower is None:
        return False
    to_date = values.get((month, follower.code, figure.name), (None, None, ""))[1]
    own = [
        value
        for at in range(month - month % 12, month + 1)
        if (value := values.get((at, follower.code, figure.name), (None, None, ""))[0]) is not None
    ]
    return to_date is not None and to_date > sum(own, Decimal(0))
