"""By how much the district's indicators have grown over the year, sorted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from matplotlib.lines import Line2D

from flows.quarterly_report.charts import bars
from flows.quarterly_report.charts.sheet import BLUE, GREY, INK, RED, SMALL, Sheet
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.rows import Item
from flows.quarterly_report.tags import period_texts
from flows.quarterly_report.wording import printed

_ROW = 0.19
_CUT = 100
"""Percent: what is further away is drawn here with an arrow, so that the rest can be seen."""


class Rate(NamedTuple):
    """A rate in %; `units` is how many units it is of, None for all of them."""

    item: Item
    rate: Decimal
    units: int | None


def rates(contents: Contents) -> list[Rate]:
    """The rates over the year of what leaders look at, the highest first.

    That is every programme's headline indicators and those with targets: all of a district's
    indicators would be a page in which nothing is found. What may not be told is not there.
    Where not all units have reported it is that of the units with both periods.
    """
    found = []
    headline = {each for programme, _ in contents.programmes for each in programme.headline}
    headline |= {each.indicator for each in contents.targets}
    for name in headline & set(contents.items):
        item, growth = contents.items[name], contents.compared(name, "yoy")
        if growth is None:
            continue
        if growth.status == "ok" and growth.rate is not None:
            found.append(Rate(item, growth.rate, None))
        elif growth.status == "incomplete" and growth.matched_rate is not None:
            found.append(Rate(item, growth.matched_rate, growth.matched_units))
    return sorted(found, key=lambda each: (-each.rate, each.item.name))


def growth(contents: Contents) -> Sheet | None:
    """The chart; None where nothing can be compared."""
    told = rates(contents)
    if not told:
        return None
    names = [each.item.name_zh for each in told]
    said = [_said(contents, each) for each in told]
    room = bars.frame(names, said, _ROW)
    partly = any(each.units is not None for each in told)
    notes = ["按百分点比较的、暂无可比增速的和不予公布的指标未列入，见统计表。"]
    if partly:
        notes.insert(
            0,
            "空心点：同口径增速，仅按两期均有数据的单位（括号内为个数）计算。",
        )
    far = [each for each in told if abs(each.rate) > _CUT]
    if far:
        notes.append(f"超过±{_CUT}%的以箭头表示，数值见右侧。")
    sheet = Sheet(
        contents,
        f"{period_texts(contents)['报告期']}主要指标同比增速",
        "单位：%；由高到低",
        0.22 + room.height,
        notes,
    )
    axes = bars.rows(sheet, 0.2, room, names)
    shown = [max(-float(_CUT), min(float(_CUT), float(each.rate))) for each in told]
    reach = max(abs(each) for each in shown) or 1.0
    low = min(0.0, *shown) - reach * 0.06
    high = max(0.0, *shown) + reach * 0.06
    axes.set_xlim(low, high)
    marks = bars.percents(low, high)
    axes.set_xticks(marks, [f"{each:g}" for each in marks])
    for falls in (False, True):
        # All stems in one line with breaks, all points of one look together: a small file.
        stems: list[tuple[float, float]] = []
        points: dict[tuple[str, bool], list[tuple[float, int]]] = {}
        for at, (each, value) in enumerate(zip(told, shown, strict=True)):
            if said[at].startswith("-") == falls:
                stems += [(0, at), (value, at), (math.nan, at)]
                far_marker = "<" if falls else ">"
                marker = far_marker if abs(each.rate) > _CUT else "o"
                points.setdefault((marker, each.units is None), []).append((value, at))
        colour = RED if falls else BLUE
        axes.plot(*_columns(stems), color=colour, linewidth=0.9, zorder=2)
        for (marker, whole), places in points.items():
            axes.plot(
                *_columns(places),
                linestyle="",
                marker=marker,
                markersize=3.6,
                markerfacecolor=colour if whole else "white",
                markeredgecolor=colour,
                markeredgewidth=0.9,
                zorder=4,
            )
    for at, text in enumerate(said):
        bars.said_at_right(axes, at, text)
    bars.zero_line(axes)
    _key(sheet, partly)
    return sheet


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _said(contents: Contents, each: Rate) -> str:
    told = bars.signed(each.rate, printed(each.rate, 1, contents.standard))
    return told if each.units is None else f"{told}（{each.units}）"


def _key(sheet: Sheet, partly: bool) -> None:
    """Which point is which, on the line below the title."""
    points = [(INK, "全部单位")] + ([("white", "同口径")] if partly else [])
    handles = [
        Line2D([], [], linestyle="", marker="o", markersize=4, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.9, label=label)
        for face, label in points
    ]  # fmt: skip
    sheet.figure.legend(
        handles=handles,
        loc="upper right",
        bbox_to_anchor=(0.995, 1 - 0.26 / sheet.height),
        ncols=len(handles),
        frameon=False,
        fontsize=SMALL,
        labelcolor=GREY,
        handletextpad=0.1,
        columnspacing=1.0,
    )
