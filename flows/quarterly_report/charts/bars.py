"""Charts of one row a name: targets, growth, the pull of the units, reporting."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from flows.quarterly_report.charts.letters import drawable, ems
from flows.quarterly_report.charts.sheet import BODY, GREY, INK, SMALL, WIDTH, Sheet, plain

ROW = 0.215
"""Inches from row to row."""


class Frame(NamedTuple):
    """Room for rows: names to the left, what is said of each to the right."""

    left: float
    width: float
    height: float


def frame(names: Sequence[str], said: Sequence[str], row: float = ROW) -> Frame:
    """The room that is left for bars between the names and what is said."""
    left = max((ems(each) for each in names), default=0.0) * BODY / 72 + 0.2
    right = max((ems(each) for each in said), default=0.0) * SMALL / 72 + 0.2
    return Frame(left, max(WIDTH - left - right, 1.2), len(names) * row)


def rows(sheet: Sheet, top: float, room: Frame, names: Sequence[str]) -> Axes:
    """Axes with the names down the left side, the first on top."""
    axes = sheet.axes(room.left, top, room.width, room.height)
    plain(axes)
    axes.set_ylim(len(names) - 0.5, -0.5)
    # Whenever an axis is drawn its labels are set anew, from what is given here.
    axes.set_yticks(range(len(names)), [drawable(each) for each in names])
    axes.tick_params(axis="y", labelsize=BODY, labelcolor=INK, pad=4)
    axes.xaxis.set_ticks_position("top")
    axes.tick_params(axis="x", pad=1)
    axes.grid(axis="x")
    return axes


def said_at_right(axes: Axes, at: int, text: str) -> None:
    """Words of a row, to the right of the axes."""
    axes.annotate(
        text,
        (1, at),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        ha="left",
        va="center",
        fontsize=SMALL,
        color=INK,
        annotation_clip=False,
    )


def zero_line(axes: Axes, at: float = 0.0) -> None:
    """The line from which bars begin."""
    axes.axvline(at, color=GREY, linewidth=0.8, zorder=3)


def legend(sheet: Sheet, handles: Sequence[Artist]) -> None:
    """What the bars stand for, in one line below the title."""
    sheet.figure.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(0.004, 1 - 0.5 / sheet.height),
        ncols=len(handles),
        frameon=False,
        fontsize=SMALL,
        labelcolor=INK,
        handlelength=1.6,
        handleheight=0.8,
        columnspacing=1.4,
        borderpad=0.2,
    )


def percents(low: float, high: float, most: int = 6) -> list[float]:
    """Round marks for an axis in percent."""
    for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 10000):
        if (high - low) / step <= most:
            first = int(low / step) - 1
            marks = [step * at for at in range(first, first + most + 4)]
            return [each for each in marks if low - 1e-9 <= each <= high + 1e-9]
    return [0.0]


def signed(value: Decimal, text: str) -> str:
    """The printed value with its sign; what is printed as nothing has none."""
    return f"+{text}" if value > 0 and any(each in "123456789" for each in text) else text
