"""Where a picture of the entities has its boxes and the lines between them.

Boxes stand in columns with a channel to the left of each. All that refers to one table hangs
on that table's trunk: a line down the channel, of the table's own colour. Trunks of a table
that is referred to from several columns meet in a rail above the boxes, so that no line ever
goes through a box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flows.documenting.entities import Entity

COLUMNS = (
    ("run", "submission", "submission_form", "finding", "returned", "decision"),
    ("form_step", "coverage", "monthly_figure", "revision", "contract"),
    ("reporting_unit", "unit_split", "a view a form"),
    ("indicator", "figure", "a view a ledger", "target", "progress"),
    ("quarterly_indicator", "growth", "release", "released_indicator", "released_growth"),
    ("released_progress", "released_figure", "release_revision", "release_effect"),
    ("released_coverage", "released_finding", "released_withheld"),
)
"""Which stand below one another; what is not named here comes last in the shortest column."""
WIDTH, HEAD, LINE, FOOT = 232, 30, 20, 8
_MARGIN, _GAP, _LANE, _RAIL = 28, 26, 14, 14
_CHANNEL = 34
"""Beside the trunks, for the ends of the lines."""


class Box(NamedTuple):
    """An entity's box: its corner and height, in pixels; its columns' lines are in order."""

    entity: Entity
    left: int
    top: int
    height: int

    @property
    def middle(self) -> int:
        """The height at which lines to it come in."""
        return self.top + HEAD // 2

    def line(self, at: int) -> int:
        """The middle of a column's line."""
        return self.top + HEAD + LINE * at + LINE // 2


class Stub(NamedTuple):
    """The end of a reference at its box: the columns' lines from `first` to `last`."""

    left: int
    trunk: int
    first: int
    last: int


class Trunk(NamedTuple):
    """A line down a channel, from `top` to `bottom`, and what hangs on it."""

    at: int
    top: int
    bottom: int
    stubs: tuple[Stub, ...]
    head: Box | None
    """The box that is referred to, where it stands beside this channel."""


class Rail(NamedTuple):
    """A line above the boxes that joins a table's trunks."""

    at: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Boxes, and of each table that is referred to its trunks and rail."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    trunks: Mapping[str, tuple[Trunk, ...]]
    rails: Mapping[str, Rail]


def plan(wanted: Mapping[str, Entity]) -> Plan:
    """The places of all; the same entities give the same plan."""
    columns = _columns(wanted)
    place = {each.title: number for number, column in enumerate(columns) for each in column}
    used: list[list[str]] = [[] for _ in columns]
    for each in wanted.values():
        for to in each.refers:
            for number in (place[each.title], place[to.table]):
                if to.table not in used[number]:
                    used[number].append(to.table)
    for targets in used:
        # A trunk that only joins neighbours is nearest to them, the busiest one farthest.
        targets.sort(key=lambda name: (-sum(name in each for each in used), place[name], name))
    railed = [name for name in wanted if sum(name in each for each in used) > 1]
    top = _MARGIN + _RAIL * len(railed) + _GAP
    boxes: dict[str, Box] = {}
    lanes: list[dict[str, int]] = []
    left = _MARGIN
    bottom = top
    for column, targets in zip(columns, used, strict=True):
        lanes.append({name: left + _LANE * at for at, name in enumerate(targets)})
        left += _LANE * len(targets) + _CHANNEL - _LANE
        below = top
        for each in column:
            boxes[each.title] = Box(each, left, below, _height(each))
            below += _height(each) + _GAP
        bottom = max(bottom, below - _GAP)
        left += WIDTH + _MARGIN
    heights = {name: _MARGIN + _RAIL * at for at, name in enumerate(railed)}
    trunks = {
        name: tuple(
            _trunk(name, lane[name], [boxes[each.title] for each in column], heights.get(name))
            for lane, column in zip(lanes, columns, strict=True)
            if name in lane
        )
        for name in dict.fromkeys(name for targets in used for name in targets)
    }
    rails = {name: Rail(heights[name], trunks[name][0].at, trunks[name][-1].at) for name in railed}
    return Plan(left, bottom + _MARGIN, tuple(boxes.values()), trunks, rails)


def _columns(wanted: Mapping[str, Entity]) -> list[list[Entity]]:
    columns = [[wanted[name] for name in names if name in wanted] for names in COLUMNS]
    named = {name for names in COLUMNS for name in names}
    for name, each in wanted.items():
        if name not in named:
            min(columns, key=lambda column: sum(map(_height, column))).append(each)
    return [column for column in columns if column]


def _height(entity: Entity) -> int:
    """Its head, a line a column shown, one for the others, one a view where it is several."""
    lines = len(entity.shown) + (entity.more > 0) + (len(entity.members) if entity.several else 0)
    return HEAD + LINE * lines + FOOT


def _trunk(name: str, at: int, boxes: Sequence[Box], rail: int | None) -> Trunk:
    stubs = []
    for box in boxes:
        lines = {column.name: box.line(number) for number, column in enumerate(box.entity.shown)}
        for to in box.entity.refers:
            if to.table == name:
                ends = [lines[column] for column in to.columns]
                stubs.append(Stub(box.left, at, min(ends), max(ends)))
    head = next((box for box in boxes if box.entity.title == name), None)
    ends = [(stub.first + stub.last) // 2 for stub in stubs]
    ends += [] if head is None else [head.middle]
    top = min(ends) if rail is None else rail
    return Trunk(at, top, max(ends), tuple(stubs), head)
