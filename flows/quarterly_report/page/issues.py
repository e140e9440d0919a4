"""Findings that are open, and what has been revised since the last release."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from flows.explaining.published import Growth
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import NAMES
from flows.quarterly_report.page.labels import LEVELS, form_zh, instant_zh, month_zh
from flows.quarterly_report.page.numbers import NONE, Numbers
from flows.quarterly_report.rows import Effect, Item, Since
from flows.quarterly_report.short_wording import short_rate
from schemas.declaring import periods

UNSAID = "涉及人数较少，详见退回表"
"""What stands for a finding's message that might tell a small count."""
_MEASURES = {
    "value": "本季数",
    "year_to_date": "本年累计",
    "target": "季末目标",
    "year_target": "全年目标",
    "completion": "完成率",
    "lead": "超进度",
}

_BLANK = Growth(None, None, None, None, "", False, None, None, None, None, None, None)


class Issue(NamedTuple):
    """An open finding."""

    unit_code: str
    unit_name: str
    month: str
    form: str
    level: str
    rule: str
    place: str
    message: str


class Revised(NamedTuple):
    """A value that was corrected."""

    unit_code: str
    unit_name: str
    month: str
    item: Item
    old: str
    new: str
    file_name: str
    at: str


class Effected(NamedTuple):
    """A number of the district that corrections changed."""

    item: Item
    measure: str
    old: str
    new: str


class Revisions(NamedTuple):
    """What has changed since a release."""

    release: str
    quarter: str
    as_of: str
    values: tuple[Revised, ...]
    effects: tuple[Effected, ...]
    hidden: int


def issues(contents: Contents) -> tuple[Issue, ...]:
    """The open findings, unit by unit."""
    return tuple(
        Issue(
            each.unit_code,
            contents.unit_name(each.unit_code),
            month_zh(each.month),
            form_zh(contents, each.form),
            LEVELS.get(each.level, each.level),
            each.rule,
            " ".join(part for part in (each.sheet, each.cell) if part),
            UNSAID if each.message is None else each.message,
        )
        for each in contents.findings
    )


def revisions(numbers: Numbers) -> Revisions | None:
    """None where nothing was released before."""
    contents = numbers.contents
    since = contents.since
    if since is None:
        return None
    return Revisions(
        since.release,
        periods.quarter_zh(since.quarter),
        instant_zh(since.as_of),
        _values(numbers, since),
        tuple(
            _effect(numbers, each, contents.items[each.indicator])
            for each in since.effects
            if each.indicator in contents.items
        ),
        since.hidden,
    )


def _values(numbers: Numbers, since: Since) -> tuple[Revised, ...]:
    contents = numbers.contents
    return tuple(
        Revised(
            each.unit_code,
            contents.unit_name(each.unit_code),
            periods.month_zh(each.month),
            (item := contents.items[each.figure]),
            numbers.text(each.old_value, item.places),
            numbers.text(each.new_value, item.places),
            each.file_name or NONE,
            instant_zh(each.revised_at),
        )
        for each in since.revisions
        if each.figure in contents.items
    )


def _effect(numbers: Numbers, effect: Effect, item: Item) -> Effected:
    comparison = effect.measure.removesuffix("_matched")
    name = _MEASURES.get(comparison) or NAMES.get(comparison, comparison)
    if comparison != effect.measure:
        name += "（同口径）"
    old, new = (
        _number(numbers, comparison, item, number, status)
        for number, status in (
            (effect.old_number, effect.old_status),
            (effect.new_number, effect.new_status),
        )
    )
    return Effected(item, name, old, new)


def _number(
    numbers: Numbers, measure: str, item: Item, number: Decimal | None, status: str | None
) -> str:
    """The number with its unit; where a comparison has none, why."""
    if number is None:
        blank = _BLANK._replace(status=status or "base_missing")
        return str(short_rate(item, blank, numbers.standard)) if measure in NAMES else NONE
    if measure in NAMES:
        unit = "个百分点" if item.points else "%"
        return f"{numbers.moved(number, 1)}{unit}"
    if measure in ("completion", "lead"):
        return f"{numbers.text(number, 1)}{'%' if measure == 'completion' else '个百分点'}"
    return f"{numbers.text(number, item.places)}{item.unit}"
