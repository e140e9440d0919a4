"""Who a unit has become, and which units are one series through mergers."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.declaring import periods
from schemas.declaring.model import Unit


def groups(units: Sequence[Unit]) -> dict[str, str]:
    """Each unit's group by code: all that are linked by successors, named by their last code."""
    named = {unit.code: unit.code for unit in units}
    for unit in units:
        if unit.successor in named:
            one, other = sorted((named[unit.code], named[unit.successor]))
            named.update({code: other for code, name in named.items() if name == one})
    return named


def followed(units: dict[str, Unit], code: str, quarter: int) -> str:
    """The unit in whose row of that quarter the values of `code` are, as in scope.sql."""
    end = periods.last_day(quarter * 3 + 2)
    seen = set()
    while code not in seen:
        seen.add(code)
        unit = units[code]
        ended = unit.valid_to is not None and unit.valid_to < end
        if ended and unit.successor in units:
            code = unit.successor
    return code
