"""The district's indicators programme by programme, and which units moved them."""

from __future__ import annotations

from typing import NamedTuple

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import NAMES
from flows.quarterly_report.page.labels import programme_zh
from flows.quarterly_report.page.numbers import Compared, Number, Numbers
from flows.quarterly_report.page.trend import Trend, trend
from flows.quarterly_report.rows import Item
from schemas.declaring.reporting import Programme

PULLING = 3
"""So many units are named that pull an indicator up, and as many that pull it down."""


class Row(NamedTuple):
    """An indicator of the district; `year_to_date` of a flow only."""

    item: Item
    value: Number
    year_to_date: Number | None
    compared: tuple[Compared | None, ...]
    expected: int
    reported: int
    lacking: tuple[int, str]
    lacking_to_date: tuple[int, str]
    trend: Trend | None


class Puller(NamedTuple):
    """A unit that moved an indicator of the district."""

    unit_code: str
    unit_name: str
    pull: Number
    contribution: Number


class Pulls(NamedTuple):
    """The units that moved an indicator most, and the comparison in which they did."""

    item: Item
    name: str
    compared: Compared
    up: tuple[Puller, ...]
    down: tuple[Puller, ...]


class Section(NamedTuple):
    """A programme."""

    programme: Programme
    short: str
    rows: tuple[Row, ...]
    pulls: tuple[Pulls, ...]


def sections(
    numbers: Numbers, comparisons: tuple[str, ...], over: tuple[int, ...]
) -> tuple[Section, ...]:
    """The programmes in order."""
    contents = numbers.contents
    return tuple(
        Section(
            programme,
            programme_zh(contents, programme),
            tuple(_row(numbers, item, comparisons, over) for item in items),
            tuple(found for item in items if (found := _pulls(numbers, contents, item))),
        )
        for programme, items in contents.programmes
    )


def _row(numbers: Numbers, item: Item, comparisons: tuple[str, ...], over: tuple[int, ...]) -> Row:
    level = numbers.contents.level(item.name)
    return Row(
        item,
        numbers.level(item),
        numbers.level(item, measure="year_to_date") if item.kind == "flow" else None,
        tuple(
            # A count at a point in time adds nothing up: it would repeat the comparison before.
            None if each == "ytd_yoy" and item.kind == "stock" else numbers.compared(item, each)
            for each in comparisons
        ),
        level.units_expected if level else 0,
        level.units_reported if level else 0,
        numbers.lacking(item),
        numbers.lacking_to_date(item),
        trend(numbers, item, over),
    )


def _pulls(numbers: Numbers, contents: Contents, item: Item) -> Pulls | None:
    """Of the first comparison that is sound, the year before's rather than the quarter before's."""
    for comparison in ("yoy", "qoq"):
        growth = contents.compared(item.name, comparison)
        if growth is None or growth.status != "ok":
            continue
        pulls = [
            (own.pull, unit)
            for unit in contents.units
            if (own := contents.compared(item.name, comparison, unit)) and own.pull
        ]
        if len(pulls) < 2:
            continue
        up = sorted((-pull, unit) for pull, unit in pulls if pull > 0)[:PULLING]
        down = sorted((pull, unit) for pull, unit in pulls if pull < 0)[:PULLING]
        found = [
            tuple(
                Puller(
                    unit,
                    contents.unit_name(unit),
                    numbers.share(item, unit, comparison, "pull"),
                    numbers.share(item, unit, comparison, "contribution"),
                )
                for _, unit in side
            )
            for side in (up, down)
        ]
        return Pulls(item, NAMES[comparison], numbers.compared(item, comparison), *found)
    return None
