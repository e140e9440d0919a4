"""What a unit adds to the district's change."""

from fractions import Fraction


def pull(change: Fraction, district_base: Fraction) -> Fraction:
    """拉动, in percentage points of the district's rate."""
    return 100 * change / district_base


def contribution(
    change: Fraction, all_changes: list[Fraction], district_change: Fraction
) -> Fraction | None:
    """贡献率, in percent of the district's change.

    None where the district does not move, or where the units that go the other way
    add up to more than the district's change: a share would then mislead.
    """
    if district_change == 0:
        return None
    against = sum((abs(each) for each in all_changes if each * district_change < 0), Fraction(0))
    if against > abs(district_change):
        return None
    return 100 * change / district_change
