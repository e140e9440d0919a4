"""What rounding excuses over time: the same for judging a return and for a template's formulas."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from flows.checking.batch import Bools, Ints
from schemas.declaring import general
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure
from schemas.declaring.rules import HALF, MICRO
from schemas.declaring.versions import TEN_THOUSAND_YUAN, YUAN


class Allowance(NamedTuple):
    """How far a 本年累计 may be off, in millionths, to be a query, or to be right."""

    query: int
    right: int


def units_asked(declaration: Declaration, figure: str, first: int, end: int) -> set[str]:
    """The units that the figure is asked in from the month `first` on, before `end`."""
    form = declaration.form_of[figure]
    versions = [
        (month, declaration.version(figure, month))
        for month in range(first, end)
        if form.in_force(month)
    ]
    return {version.asked_in for month, version in versions if version.asked(month)}


def year_to_date_allowance(
    figure: Figure, converted: bool, base: int, asked_in: Collection[str]
) -> Allowance:
    """What a 本年累计 may be off; `asked_in` are the units of what its `base` is made of.

    `converted` says that it stands in 元 and was divided.
    """
    # A cell in 元 is exact, and so is a base in 元: there is nothing that was rounded.
    rounded = not converted
    if figure.unit != TEN_THOUSAND_YUAN or not (rounded or TEN_THOUSAND_YUAN in asked_in):
        return Allowance(0, 0)
    limit = general.ROUNDING_YEAR_TO_DATE
    # The first month in 万元 after months in 元 cannot but be rounded.
    first = rounded and YUAN in asked_in and bool(base % (MICRO // 10**figure.kept_places))
    return Allowance(limit, limit if first else 0)


def carried_slack(exact: Bools) -> Ints:
    """How far stocks may be off where some of the amounts are in 元 and the others are rounded.

    `exact` says which amounts (columns) of which returns (rows) are in 元. It is half the
    last decimal for each of the others.
    """
    rounded: Ints = (~exact).sum(axis=1) * HALF * exact.any(axis=1)
    return rounded
