"""Who a unit is at a later date: renamed and merged units followed to their successors."""

from schemas.declaring.district import Declaration


def unit_at(declaration: Declaration, code: str, month: int) -> str | None:
    """The unit in being at the month's end that this unit is or has gone into."""
    unit = declaration.unit_by_code[code]
    while not unit.exists(month):
        if unit.successor is None:
            return None
        unit = declaration.unit_by_code[unit.successor]
    return unit.code


def gone_into(declaration: Declaration, month: int) -> dict[str, list[str]]:
    """For every reporting unit in being at the month's end, all units that it now stands for.

    With A merged into B: {'B': ['A', 'B']} after the merger, {'A': ['A'], 'B': ['B']} before.
    """
    found: dict[str, list[str]] = {}
    for unit in declaration.units:
        if declaration.group(unit.code) is not None:
            now = unit_at(declaration, unit.code, month)
            if now is not None:
                found.setdefault(now, []).append(unit.code)
    return found
