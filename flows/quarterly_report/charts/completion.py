"""How far the year's targets are met, against what was to be reached by now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from flows.quarterly_report.charts import bars
from flows.quarterly_report.charts.sheet import BLUE, INK, ORANGE, PALE_ORANGE, Sheet
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.rows import Target
from flows.quarterly_report.tags import period_texts
from flows.quarterly_report.wording import WITHHELD, printed, short_of

_LEGEND = 0.2


def targets(contents: Contents) -> Sheet | None:
    """The chart; None where no target can be measured."""
    told = [each for each in contents.targets if _reached(contents, each) is not None]
    if not told:
        return None
    told.sort(key=lambda each: each.lead or Decimal(0), reverse=True)
    names = [contents.items[each.indicator].name_zh for each in told]
    said = [_said(contents, each) for each in told]
    period = period_texts(contents)["报告期"]
    notes = ["本年累计数占目标的%；未列本季度目标的，按全年目标计；以%计量的指标为实际值。"]
    if hidden := [each for each in contents.targets if each.suppressed]:
        names_hidden = "、".join(
            contents.items[each.indicator].name_zh
            for each in hidden
            if each.indicator in contents.items
        )
        notes.append(f"{names_hidden}：{WITHHELD}。")
    room = bars.frame(names, said)
    sheet = Sheet(
        contents,
        f"{period}目标任务完成情况",
        f"单位：%；年内序时进度{told[0].time_progress}%",
        _LEGEND + 0.2 + room.height,
        notes,
    )
    ahead, behind = _patch(True), _patch(False)
    mark = Line2D(
        [],
        [],
        linestyle="",
        marker="|",
        markersize=9,
        markeredgewidth=1.6,
        color=INK,
        label="应达进度",
    )
    bars.legend(sheet, [ahead, behind, mark])
    axes = bars.rows(sheet, _LEGEND + 0.15, room, names)
    for at, each in enumerate(told):
        reached = _reached(contents, each)
        assert reached is not None
        expected = reached - (each.lead or Decimal(0))
        axes.barh([at], [float(reached)], height=0.56, **_looks((each.lead or 0) >= 0), zorder=2)
        for colour, width in (("white", 3.4), (INK, 1.6)):  # to be seen on a dark bar too
            axes.plot(
                [float(expected)] * 2, [at - 0.4, at + 0.4], color=colour, linewidth=width, zorder=4
            )
        bars.said_at_right(axes, at, said[at])
    low = min(0.0, *(float(_reached(contents, each) or 0) for each in told))
    high = max(
        *(float(_reached(contents, each) or 0) for each in told),
        *(float((_reached(contents, each) or 0) - (each.lead or 0)) for each in told),
    )
    axes.set_xlim(low, high * 1.03 or 1.0)
    marks = bars.percents(low, high * 1.03)
    axes.set_xticks(marks, [f"{each:g}" for each in marks])
    bars.zero_line(axes)
    return sheet


def _reached(contents: Contents, target: Target) -> Decimal | None:
    """What the bar shows: completion, or the value itself where that is in %."""
    item = contents.items.get(target.indicator)
    if item is None or target.suppressed or target.lead is None:
        return None
    return target.value if item.points else target.completion


def _said(contents: Contents, target: Target) -> str:
    reached, standard = _reached(contents, target), contents.standard
    assert reached is not None
    lead = target.lead or Decimal(0)
    apart = printed(abs(lead), 1, standard)
    told = f"{printed(reached, 1, standard)}%，"
    if any(each in "123456789" for each in apart):
        told += f"{'超' if lead > 0 else '欠'}{apart}个百分点"
    else:
        told += "与应达进度持平"
    short = short_of((target.units_expected or 0) - (target.units_reported or 0))
    return told + (f"（{short}）" if short else "")


def _looks(ahead: bool) -> dict[str, Any]:
    """Ahead is full; behind is hatched besides its colour."""
    if ahead:
        return {"facecolor": BLUE, "edgecolor": BLUE, "linewidth": 0.6}
    return {"facecolor": PALE_ORANGE, "edgecolor": ORANGE, "hatch": "////", "linewidth": 0.9}


def _patch(ahead: bool) -> Patch:
    return Patch(label="达到或超过应达进度" if ahead else "落后于应达进度", **_looks(ahead))
