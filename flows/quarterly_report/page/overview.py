"""The district at a glance: how far the numbers are settled, who is missing, headline numbers."""

from __future__ import annotations

from typing import NamedTuple

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page.labels import form_zh, instant_zh, month_zh, programme_zh
from flows.quarterly_report.page.numbers import Compared, Number, Numbers
from flows.quarterly_report.page.targets import Progress
from flows.quarterly_report.page.trend import Trend, trend
from flows.quarterly_report.rows import Item
from schemas.declaring.reporting import Programme

ON_TIME = "on_time_reporting_rate"
"""The indicator that says how punctual units are, where the district has it."""


class Card(NamedTuple):
    """A headline indicator."""

    item: Item
    value: Number
    lacking: tuple[int, str]
    said: str
    href: str
    trend: Trend | None


class Group(NamedTuple):
    """A programme's headline indicators."""

    programme: Programme
    short: str
    cards: tuple[Card, ...]


class Missing(NamedTuple):
    """What a unit owes: the forms with their months, by state."""

    unit_code: str
    unit_name: str
    missing: str
    held: str


class Overview(NamedTuple):
    """All of the first section."""

    state: str
    facts: tuple[tuple[str, str], ...]
    missing: tuple[Missing, ...]
    gaps: int
    units: int
    complete: int
    on_time: Number | None
    on_time_compared: Compared | None
    met: int
    behind: int
    unsaid: int
    findings: int
    groups: tuple[Group, ...]


def overview(numbers: Numbers, progress: tuple[Progress, ...], over: tuple[int, ...]) -> Overview:
    """The section's parts."""
    contents = numbers.contents
    on_time = contents.items.get(ON_TIME)
    owing = {gap.unit_code for gap in contents.gaps} | {unit for unit, _, _ in contents.pending}
    expected = {unit for unit, _, _ in contents.due}
    return Overview(
        contents.maturity,
        _facts(contents),
        missing(contents),
        len(contents.gaps),
        len(expected),
        len(expected - owing),
        numbers.level(on_time) if on_time else None,
        numbers.compared(on_time, "yoy") if on_time else None,
        sum(each.behind is False for each in progress),
        sum(each.behind is True for each in progress),
        sum(each.behind is None for each in progress),
        len(contents.findings),
        tuple(
            Group(
                programme,
                programme_zh(contents, programme),
                tuple(
                    _card(numbers, contents.items[name], over)
                    for name in programme.headline
                    if name in contents.items
                ),
            )
            for programme, _ in contents.programmes
        ),
    )


def missing(contents: Contents) -> tuple[Missing, ...]:
    """The units that owe forms of the quarter, and which: 1月、2月社会救助."""
    owed: dict[str, dict[str, dict[str, list[int]]]] = {}
    for gap in contents.gaps:
        states = owed.setdefault(gap.unit_code, {"missing": {}, "held": {}})
        states[gap.state].setdefault(gap.form, []).append(gap.month)
    return tuple(
        Missing(
            unit,
            contents.unit_name(unit),
            _forms(contents, states["missing"]),
            _forms(contents, states["held"]),
        )
        for unit, states in owed.items()
    )


def _forms(contents: Contents, months: dict[str, list[int]]) -> str:
    """Forms that lack in the same months are named together."""
    alike: dict[str, list[str]] = {}
    for form, lacking in months.items():
        said = "、".join(month_zh(month) for month in sorted(lacking))
        alike.setdefault(said, []).append(form_zh(contents, form))
    return "；".join(f"{said}{'、'.join(forms)}" for said, forms in alike.items())


def _card(numbers: Numbers, item: Item, over: tuple[int, ...]) -> Card:
    compared = numbers.compared(item, "yoy")
    return Card(
        item,
        numbers.level(item),
        numbers.lacking(item),
        compared.said,
        compared.href,
        trend(numbers, item, over),
    )


def _facts(contents: Contents) -> tuple[tuple[str, str], ...]:
    release = contents.release
    if release is None:
        return (("数据截至", instant_zh(contents.as_of)),)
    facts = (
        ("发布名称", release.name),
        ("数据截至", instant_zh(release.as_of)),
        ("签发", release.released_by or ""),
        ("审定", release.approved_by or ""),
        ("备注", release.note or ""),
    )
    return tuple((name, text) for name, text in facts if text)
