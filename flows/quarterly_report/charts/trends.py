"""A programme's headline indicators over the quarters, side by side."""

from __future__ import annotations

from decimal import Decimal

from matplotlib.axes import Axes

from flows.quarterly_report.charts.letters import ems, wrapped
from flows.quarterly_report.charts.sheet import BLUE, BODY, GREY, HEAD, INK, SMALL, WIDTH, Sheet
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.rows import Item, Level
from flows.quarterly_report.suppressed import BACK
from flows.quarterly_report.tags import period_texts
from flows.quarterly_report.wording import MISSING, WITHHELD, printed, short_of
from schemas.declaring.reporting import Programme

_ABREAST = 3
_TALL, _UNDER = 1.3, 0.36
"""Inches: a panel, and what stands below it."""
_STAR = "＊"


def trend(contents: Contents, programme: Programme) -> Sheet | None:
    """The chart; None where no headline indicator has a level in any of the quarters."""
    items = [contents.items[each] for each in programme.headline if each in contents.items]
    series = {item.name: [contents.level(item.name, back=at) for at in range(BACK, -1, -1)] for item in items}  # fmt: skip
    if not any(level is not None for levels in series.values() for level in levels):
        return None
    first = min(
        at for levels in series.values() for at, level in enumerate(levels) if level is not None
    )
    # Two quarters are the least that a line can be seen between.
    first = min(first, BACK - 1)
    quarters = range(contents.quarter - BACK + first, contents.quarter + 1)
    shown = {name: levels[first:] for name, levels in series.items()}
    every = [level for levels in shown.values() for level in levels if level is not None]
    notes = []
    if any(_short(level) and level.value is not None for level in every):
        notes.append("空心点：有单位缺报。")
    if any(level.value is None and level.suppressed for level in every):
        notes.append(f"{_STAR}：{WITHHELD}。")
    room = (WIDTH - 0.12) / _ABREAST
    names = [wrapped(item.name_zh, (room - 0.12) * 72 / BODY)[:2] for item in items]
    above = 0.16 * max(map(len, names)) + 0.22
    period = period_texts(contents)["报告期"]
    sheet = Sheet(
        contents,
        f"{programme.title_zh}：主要指标走势",
        f"{period}；单位见各图，纵轴不一定从零起",
        -(-len(items) // _ABREAST) * (above + _TALL + _UNDER),
        notes,
    )
    for at, item in enumerate(items):
        left = 0.06 + at % _ABREAST * room
        top = at // _ABREAST * (above + _TALL + _UNDER)
        sheet.text(
            left, HEAD + top, "\n".join(names[at]), fontsize=BODY, color=INK, linespacing=1.25
        )
        level = shown[item.name][-1]
        said = f"单位：{item.unit}"
        if level is not None and (short := short_of(level.units_expected - level.units_reported)):
            said += f"；{short}"
        sheet.text(left, HEAD + top + above - 0.2, said, fontsize=SMALL, color=GREY)
        axes = sheet.axes(left + 0.46, top + above, room - 0.62, _TALL)
        _panel(axes, contents, item, shown[item.name], quarters)
    return sheet


def _short(level: Level) -> bool:
    return level.units_reported < level.units_expected


def _panel(
    axes: Axes, contents: Contents, item: Item, levels: list[Level | None], quarters: range
) -> None:
    numbers = [
        None if level is None or level.value is None else float(level.value) for level in levels
    ]
    low, high = _limits([each for each in numbers if each is not None])
    axes.set_ylim(low, high)
    axes.set_xlim(-0.4, len(levels) - 0.6)
    axes.set_xticks(range(len(levels)), _ticks(quarters))
    _scale(axes, contents, item, low, high)
    gaps = [float("nan") if each is None else each for each in numbers]
    axes.plot(range(len(levels)), gaps, color=BLUE, linewidth=1.3, zorder=2)
    for short in (False, True):
        told = [
            (at, number)
            for at, (number, level) in enumerate(zip(numbers, levels, strict=True))
            if number is not None and level is not None and _short(level) == short
        ]
        axes.plot(
            [at for at, _ in told],
            [number for _, number in told],
            linestyle="",
            marker="o",
            markersize=4.2,
            markeredgecolor=BLUE,
            markerfacecolor="white" if short else BLUE,
            zorder=3,
        )
    for at, level in enumerate(levels):
        if level is not None and level.value is None and level.suppressed:
            axes.text(at, low, _STAR, ha="center", va="bottom", color=GREY, fontsize=BODY)
    _last(axes, contents, item, levels, numbers)


def _ticks(quarters: range) -> list[str]:
    """The quarters' names, the year's below its first one."""
    ticks = [f"{'一二三四'[each % 4]}{'' if len(quarters) > 6 else '季'}" for each in quarters]
    for at, quarter in enumerate(quarters):
        # Where a year has one quarter here, its name would run into the next one's.
        alone = at == 0 and quarter % 4 == 3 and len(quarters) > 2
        if (at == 0 or quarter % 4 == 0) and not alone:
            ticks[at] += f"\n{quarter // 4}年"
    return ticks


def _last(
    axes: Axes,
    contents: Contents,
    item: Item,
    levels: list[Level | None],
    numbers: list[float | None],
) -> None:
    """The quarter's own value beside its point: above or below the line, where it is nearer."""
    level, number = levels[-1], numbers[-1]
    if level is None or number is None or level.value is None:
        withheld = level is not None and level.value is None and level.suppressed
        axes.text(0.98, 0.5, WITHHELD if withheld else f"本季度{MISSING}", transform=axes.transAxes, ha="right", fontsize=SMALL, color=GREY)  # fmt: skip
        return
    said = printed(level.value, item.places, contents.standard, grouped=True)
    width = axes.get_position().width * WIDTH * 72 / (len(levels) or 1)
    spanned = int(ems(said) * BODY / width) + 2
    near = [each for each in numbers[-spanned:] if each is not None]
    above = max(near) - number <= number - min(near)
    axes.annotate(
        said,
        (len(levels) - 1, max(near) if above else min(near)),
        xytext=(4, 4 if above else -4),
        textcoords="offset points",
        ha="right",
        va="bottom" if above else "top",
        fontsize=BODY,
        color=INK,
        zorder=4,
    )


def _limits(there: list[float]) -> tuple[float, float]:
    """Room around the line, at least a fifth of its height, so that little does not look much."""
    if not there:
        return 0.0, 1.0
    low, high = min(there), max(there)
    span = max(high - low, 0.2 * max(abs(low), abs(high))) or 1.0
    middle = (low + high) / 2
    bottom, top = middle - span * 0.8, middle + span * 0.8
    if low >= 0 and bottom < 0.3 * high:
        bottom = -0.12 * high if low < 0.15 * high else 0.0
    return bottom, top


def _scale(axes: Axes, contents: Contents, item: Item, low: float, high: float) -> None:
    """At least three marks at round numbers, where there is room for them."""
    marks, places = _marks(low, high, item.places)
    axes.set_yticks(
        [float(each) for each in marks],
        [printed(each, places, contents.standard, grouped=True) for each in marks],
    )
    axes.grid(axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _marks(low: float, high: float, places: int) -> tuple[list[Decimal], int]:
    """Multiples of the greatest of …, 10, 5, 2, 1, … that gives three; and their decimals."""
    power = Decimal(str(high - low or 1.0)).adjusted()
    marks: list[Decimal] = []
    for step in (Decimal(each).scaleb(power + down) for down in (0, -1, -2) for each in (5, 2, 1)):
        if step < Decimal(1).scaleb(-places):
            break
        first = int(Decimal(str(low)) / step) - 1
        marks = [step * at for at in range(first, first + 60)]
        marks = [each for each in marks if low <= float(each) <= high and (low > 0 or each >= 0 or low < -0.2 * high)]  # fmt: skip
        if len(marks) >= 3:
            return marks, places if step < 1 else 0
    return marks, 0
