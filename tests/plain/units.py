"""Who a unit is at a later date: renamed and merged units followed to their successors."""

from schemas.declaring import periods
from schemas.declaring.district import Declaration


def heir(declaration: Declaration, code: str, month: int) -> str:
    """The last of the unit's successors, or the first that has not ended by the month's end."""
    while _is_over(declaration, code, month):
        successor = declaration.unit_by_code[code].successor
        if successor is None:
            break
        code = successor
    return code


def there_until(declaration: Declaration, codes: list[str], month: int) -> int | None:
    """The last month of the year, up to this one, at whose end any of the units existed."""
    for each in range(month, month - month % 12 - 1, -1):
        if any(declaration.unit_by_code[code].exists(each) for code in codes):
            return each
    return None


def gone_into(declaration: Declaration, month: int) -> dict[str, list[str]]:
    """For every reporting unit at the month's end, all units that it now stands for.

    With A merged into B: {'B': ['A', 'B']} after the merger, {'A': ['A'], 'B': ['B']} before.
    A unit that ended without a successor is among them to the end of its year.
    """
    found: dict[str, list[str]] = {}
    for unit in declaration.units:
        if declaration.group(unit.code) is not None:
            found.setdefault(heir(declaration, unit.code, month), []).append(unit.code)
    return {
        code: sources
        for code, sources in found.items()
        if declaration.unit_by_code[code].exists(month)
        or (
            _is_over(declaration, code, month)
            and there_until(declaration, sources, month) is not None
        )
    }


def _is_over(declaration: Declaration, code: str, month: int) -> bool:
    last = declaration.unit_by_code[code].valid_to
    return last is not None and last < periods.last_day(month)


def altered(declaration: Declaration, sources: list[str], from_month: int, to_month: int) -> bool:
    """Whether the units, now one, are other than before: parted after the first month, or ended.

    A split is of the month that holds its day: at that month's end the units are the new ones.
    """
    if there_until(declaration, sources, to_month) != to_month:
        return True
    return any(
        from_month < periods.month_of(split.on) <= to_month
        and (split.source in sources or any(code in sources for code in split.into))
        for split in declaration.splits
    )
