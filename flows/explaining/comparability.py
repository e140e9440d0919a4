"""Whether two periods can be compared: of one kind, and of the same unit.

The rules of `step_redefined` and `step_altered` in `flows/computing/pairs.sql`.
"""

from __future__ import annotations

from typing import NamedTuple

from flows.computing.declared import QUARTERS_BACK
from flows.explaining.register import Split
from flows.explaining.rules import Indicator, Rules


def redefined(rules: Rules, indicator: Indicator, quarter: int, comparison: str) -> bool:
    """Whether the two periods are not of one kind, by definition or by the months asked."""
    back = QUARTERS_BACK[comparison]
    for term in indicator.terms:
        figure = rules.figures[term.figure]
        in_year = term.cumulative or comparison == "ytd_yoy"
        if any(
            _first(quarter - back, figure.stock, in_year) < month <= quarter * 3 + 2
            for month in figure.redefined
        ):
            return True
        if not figure.stock and any(
            _first(each, False, in_year) < month <= each * 3 + 2
            for month in figure.boundaries
            for each in (quarter, quarter - back)
        ):
            return True
    return False


class Altered(NamedTuple):
    """Why a unit is not the same in both periods: it was parted between them, or has ended.

    `ended` is the last month at whose end it was there.
    """

    splits: tuple[Split, ...]
    ended: int | None


def altered(
    rules: Rules, indicator: Indicator, quarter: int, comparison: str, unit_code: str
) -> Altered | None:
    """What has altered the unit between the periods; None where it is the same in both.

    A split is of the month that holds its day: at that month's end the units are the new ones.
    """
    register, last = rules.register, quarter * 3 + 2
    standing = register.standing(quarter).get(unit_code)
    if standing is None or unit_code == register.district:
        return None
    base = quarter - QUARTERS_BACK[comparison]
    since = min(
        _first(base, rules.figures[term.figure].stock, term.cumulative or comparison == "ytd_yoy")
        for term in indicator.terms
    )
    splits = tuple(
        split
        for split in register.splits
        if since < split.month <= last
        and any(code in standing.sources for code in (split.source, *split.into))
    )
    ended = standing.until if standing.until < last else None
    return Altered(splits, ended) if splits or ended is not None else None


def _first(quarter: int, stock: bool, in_year: bool) -> int:
    """The month up to which a change lies before the span."""
    if stock:
        return quarter * 3 + 2
    return quarter // 4 * 12 if in_year else quarter * 3
