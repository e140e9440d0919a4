"""How far the year's targets are met, in numbers, words and bars."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page.numbers import Number, Numbers
from flows.quarterly_report.rows import Item, Target
from flows.quarterly_report.wording import printed

BAR = 200
"""How long a bar of 100% is."""
_LONGEST = Decimal(130)
"""Bars stop at so many percent: the number beside them says the rest."""


class Progress(NamedTuple):
    """A target and how far it is met; `behind` is None where it is not known.

    `bar` and `mark` are lengths: of what is reached, and where it should be by now.
    """

    item: Item
    value: Number
    target: Number
    of: str
    completion: Number
    expected: str
    lead: Number
    said: str
    behind: bool | None
    lacking: int
    bar: int
    mark: int
    year_target: str


def progress(numbers: Numbers) -> tuple[Progress, ...]:
    """The targets, furthest behind first."""
    contents = numbers.contents
    return tuple(
        _progress(numbers, contents, target, contents.items[target.indicator])
        for target in contents.targets
        if target.indicator in contents.items
    )


def _progress(numbers: Numbers, contents: Contents, target: Target, item: Item) -> Progress:
    own = target.target is not None
    last = contents.quarter % 4 == 3
    behind = None if target.lead is None else target.lead < 0
    expected, reported = target.units_expected or 0, target.units_reported or 0
    reached, due = _percents(target, item)
    year = ""
    if own and not last and target.year_target is not None:
        year = printed(target.year_target, item.places, contents.standard, grouped=True)
    return Progress(
        item,
        numbers.aim(target, item, "year_to_date"),
        numbers.aim(target, item, "target"),
        "全年目标" if last or not own else "本季末目标",
        numbers.aim(target, item, "completion"),
        f"{target.time_progress}%",
        numbers.aim(target, item, "lead"),
        _said(target, behind, last),
        behind,
        max(expected - reported, 0),
        _length(reached),
        _length(due),
        year and f"{year}{item.unit}",
    )


def _percents(target: Target, item: Item) -> tuple[Decimal | None, Decimal]:
    """What is reached and what is due: of a share itself, not a share of a share."""
    aim = target.target if target.target is not None else target.year_target
    if item.points:
        return target.value, aim or Decimal(0)
    return target.completion, Decimal(target.time_progress if target.target is None else 100)


def _length(percent: Decimal | None) -> int:
    kept = min(max(percent or Decimal(0), Decimal(0)), _LONGEST)
    return int(kept * BAR / 100)


def _said(target: Target, behind: bool | None, last: bool) -> str:
    if target.suppressed and target.value is None:
        return "不予公布"
    if behind is None:
        return "暂缺"
    if last:
        return "未完成全年目标" if behind else "已完成全年目标"
    if target.target is not None:
        return "未达本季目标" if behind else "已达本季目标"
    if not target.lead:
        return "与序时进度持平"
    return "慢于序时进度" if behind else "快于序时进度"
