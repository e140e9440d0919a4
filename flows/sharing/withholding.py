"""Which units of a sensitive figure are withheld, so that totals do not give them away.

The reader is taken for one who holds the shares of all quarters so far, knows which units
are in which total, and can solve equations. Units are withheld from a quarter on, with
every number of theirs; what an earlier share showed of them is known. What is left to
solve for are *parts*, single reported amounts, and all that is known of those are the
district's totals that they are in.

Parts that are in the same totals can be exchanged for one another without any total
moving. So where such a set adds up to the threshold or more, each part of it may be
anything from 0 to that sum; and where it is of two units or more, each may also be 0.
That is what is seen to here, total by total as they are shared. One of the units must be
withheld for cover only, so that who knows this rule does not know all of them for small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import Literal, NamedTuple


class District(IntEnum):
    """How much of the district's own series is withheld."""

    SHOWN = 0
    YEAR_TO_DATE = 1
    ALL = 2


class Total(NamedTuple):
    """A number of the district: of a quarter, or a dated one from before the forms."""

    quarter: int
    measure: Literal["value", "year_to_date", "month", "quarter"]
    month: int = 0
    """For a dated total the month it stands in."""


@dataclass(frozen=True, slots=True)
class Part:
    """An amount reported by a unit of the group, and the totals that it is in."""

    group: str
    quarter: int
    value: Decimal
    totals: frozenset[Total]


@dataclass(frozen=True, slots=True)
class Counts:
    """A sensitive figure up to a quarter.

    `small` are the groups with a small number, by the quarter whose share would show it;
    `small_total` the quarters in which the district has one. `with_others` are groups to be
    withheld for the sake of another figure, with the quarter from which on.
    """

    parts: Sequence[Part]
    totals: Collection[Total]
    small: Mapping[int, Collection[str]]
    small_total: Collection[int]
    with_others: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the share of a quarter withholds of a figure.

    `since` are the groups, with the quarter from which on each is withheld; `total_since`
    is the one from which on the district's whole series is.
    """

    since: Mapping[str, int]
    district: District
    total_since: int | None = None

    @property
    def groups(self) -> frozenset[str]:
        """The groups that are withheld."""
        return frozenset(self.since)


def is_small(value: Decimal | None, threshold: int) -> bool:
    """Whether a count is of so few that it may not be shown; none is nobody."""
    return value is not None and 0 < abs(value) < threshold


def withhold(counts: Counts, threshold: int) -> Withheld:
    """Withhold quarter by quarter what the shares of all quarters together need.

    Quarters are taken in order, so that a later share withholds all that an earlier one
    did. Which further units are chosen depends on presence and codes only; how many are
    needed depends on whether amounts add up to the threshold.
    """
    quarters = {part.quarter for part in counts.parts} | {each.quarter for each in counts.totals}
    since: dict[str, int] = {}
    shared: set[Total] = set()
    district = District.SHOWN
    small: dict[str, int] = {}
    total_since: int | None = None
    quarters |= {*counts.small, *counts.small_total, *counts.with_others.values()}
    for quarter in sorted(quarters):
        for group in counts.small.get(quarter, ()):
            since.setdefault(group, quarter)
            small.setdefault(group, quarter)
        for group, at in counts.with_others.items():
            if at == quarter:
                since.setdefault(group, quarter)
        if quarter in counts.small_total:
            district = District.ALL
        new = {each for each in counts.totals if each.quarter == quarter}
        known = [part for part in counts.parts if part.quarter <= quarter]
        for level in District:
            if level < district:
                continue
            district = level
            shown = shared | _shown(new, level)
            further = _further(known, since, small, shown, quarter, threshold)
            if further is not None:
                since |= dict.fromkeys(further, quarter)
                shared = shown
                break
        if district is District.ALL and total_since is None:
            total_since = quarter
    return Withheld(since, district, total_since)


def _shown(totals: Iterable[Total], level: District) -> set[Total]:
    if level is District.ALL:
        return set()
    hidden = "year_to_date" if level is District.YEAR_TO_DATE else None
    return {each for each in totals if each.measure != hidden}


def _further(
    parts: Sequence[Part],
    since: Mapping[str, int],
    small: Mapping[str, int],
    shown: set[Total],
    quarter: int,
    threshold: int,
) -> list[str] | None:
    """The groups to be withheld besides from the quarter on; None where none would do."""
    later = {group: at for group, at in since.items() if at <= quarter}
    present: dict[str, int] = {}
    for part in parts:
        present[part.group] = present.get(part.group, 0) + 1
    further: list[str] = []
    while True:
        sets: dict[frozenset[Total], list[Part]] = {}
        for part in parts:
            if later.get(part.group, quarter + 1) <= part.quarter and part.totals & shown:
                sets.setdefault(part.totals & shown, []).append(part)
        open_sets = [key for key, each in sets.items() if not _covered(each, small, threshold)]
        if not open_sets:
            return further
        key = min(open_sets, key=sorted)
        candidates = {
            part.group
            for part in parts
            if part.quarter == quarter and part.group not in later and part.totals & shown == key
        }
        if not candidates:
            return None
        chosen = max(candidates, key=lambda group: (present[group], group))
        further.append(chosen)
        later[chosen] = quarter


def _covered(parts: Collection[Part], small: Mapping[str, int], threshold: int) -> bool:
    """Whether parts that are in the same totals keep one another secret.

    One of them must be of a group that has no small number so far: of five that are known
    to be small and add up to five each is known to be one.
    """
    values = [part.value for part in parts]
    return not any(values) or (
        sum(values) >= threshold
        and len({part.group for part in parts}) >= 2
        and any(small.get(part.group, part.quarter + 1) > part.quarter for part in parts)
    )
