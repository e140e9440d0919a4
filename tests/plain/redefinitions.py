"""Whether a figure was defined otherwise, or asked for part of a span only."""

from tests.plain.formulas import Formula
from tests.plain.owing import Nature


def redefined_between(
    formula: Formula, natures: dict[str, Nature], comparison: str, quarter: int, base_quarter: int
) -> bool:
    """Whether, for any figure, the months of value and base lie on both sides of a change."""
    for figure, cumulative in formula.terms:
        nature = natures[figure]
        whole_year = cumulative or comparison == "ytd_yoy"
        from_month = first_month(nature, base_quarter, whole_year)
        to_month = 3 * quarter + 2
        if any(from_month < month <= to_month for month in nature.redefined):
            return True
        if nature.kind == "flow" and any(
            first_month(nature, each, whole_year) < month <= 3 * each + 2
            for each in (quarter, base_quarter)
            for month in nature.boundaries
        ):
            return True
    return False


def first_month(nature: Nature, quarter: int, whole_year: bool) -> int:
    """The first month that the quarter's value is made of."""
    last = 3 * quarter + 2
    if nature.kind == "stock":
        return last
    return last - last % 12 if whole_year else last - 2
