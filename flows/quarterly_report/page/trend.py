"""Small lines of the levels of quarters, as points of an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page.numbers import HIDDEN, NONE, Numbers
from flows.quarterly_report.rows import Item
from flows.quarterly_report.suppressed import BACK
from schemas.declaring import periods

WIDTH, HEIGHT, EDGE = 112, 28, 4


class Dot(NamedTuple):
    """A quarter's level; `partial` where units are lacking in it."""

    x: str
    y: str
    partial: bool


class Trend(NamedTuple):
    """Lines through neighbouring quarters, broken where one has no level, and what they say."""

    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    said: str


def quarters(contents: Contents) -> tuple[int, ...]:
    """The quarters, oldest first, from the first of which there is any level."""
    there = {quarter for quarter, _, _ in contents.levels}
    first = min(there, default=contents.quarter)
    return tuple(range(max(first, contents.quarter - BACK), contents.quarter + 1))


def trend(numbers: Numbers, item: Item, over: Sequence[int]) -> Trend | None:
    """The district's levels; None where there are fewer than two."""
    contents = numbers.contents
    levels = [contents.levels.get((each, contents.district, item.name)) for each in over]
    known = [
        (at, each, each.value) for at, each in enumerate(levels) if each and each.value is not None
    ]
    if len(known) < 2:
        return None
    values = [value for _, _, value in known]
    dots = {
        at: Dot(_x(at, len(over)), _y(value, min(values), max(values)), level.units_reported < level.units_expected)
        for at, level, value in known
    }  # fmt: skip
    lines: list[list[str]] = [[]]
    for at in range(len(over)):
        if at in dots:
            lines[-1].append(f"{dots[at].x},{dots[at].y}")
        elif lines[-1]:
            lines.append([])
    texts = "，".join(
        NONE if each is None else numbers.text(each.value, item.places, hidden=each.suppressed)
        for each in levels
    ).replace(HIDDEN, "不予公布")
    said = f"{periods.quarter_zh(over[0])}至{periods.quarter_zh(over[-1])}：{texts}"
    drawn = tuple(" ".join(each) for each in lines if len(each) > 1)
    return Trend(drawn, tuple(dots.values()), said)


def _x(at: int, count: int) -> str:
    return _short(EDGE + (WIDTH - 2 * EDGE) * at / max(count - 1, 1))


def _y(value: Decimal, low: Decimal, high: Decimal) -> str:
    share = 0.5 if high == low else float((value - low) / (high - low))
    return _short(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share)


def _short(place: float) -> str:
    return f"{place:.1f}".removesuffix(".0")
