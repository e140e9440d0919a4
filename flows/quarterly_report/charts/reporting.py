"""In what state the forms due came, month by month of the year."""

from __future__ import annotations

from typing import Any

from matplotlib.patches import Patch

from flows.quarterly_report.charts import bars
from flows.quarterly_report.charts.sheet import BLUE, INK, ORANGE, SKY, SMALL, Sheet
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.tags import period_texts
from flows.quarterly_report.wording import FORM_STATES

_LOOKS: dict[str, dict[str, Any]] = {
    "on_time": {"facecolor": BLUE, "edgecolor": BLUE},
    "late": {"facecolor": SKY, "edgecolor": INK, "hatch": "////"},
    "held": {"facecolor": ORANGE, "edgecolor": INK, "hatch": "\\\\\\\\"},
    "missing": {"facecolor": "white", "edgecolor": INK},
}
_LEGEND = 0.2


def states(contents: Contents) -> dict[int, dict[str, int]]:
    """How many forms due came in which state, by month of the year up to the quarter's end."""
    found = {}
    for month in range(contents.quarter // 4 * 12, contents.last_month + 1):
        counts = dict.fromkeys(_LOOKS, 0)
        for unit in contents.declaration.reporting_units(month):
            for form in contents.declaration.due(unit.code, month):
                # What is not past due yet has no state.
                if due := contents.coverage.get((unit.code, month, form.name)):
                    counts[due.state] += 1
        if any(counts.values()):
            found[month] = counts
    return found


def reporting(contents: Contents) -> Sheet | None:
    """The chart; None where nothing was due."""
    found = states(contents)
    if not found:
        return None
    names = [f"{month % 12 + 1}月" for month in found]
    said = ["　".join(f"{FORM_STATES[state]}{counts[state]}" for state in _LOOKS) for counts in found.values()]  # fmt: skip
    room = bars.frame(names, said, 0.26)
    period = period_texts(contents)["报告期"]
    first = contents.quarter // 4 * 12
    whole = f"{first // 12}年1月至{contents.last_month % 12 + 1}月"
    sheet = Sheet(
        contents,
        f"{whole}报表报送情况",
        f"单位：份；各单位应报报表和台账，截至编制{period}报告时",
        _LEGEND + 0.2 + room.height,
    )
    bars.legend(sheet, [Patch(label=FORM_STATES[state], linewidth=0.5, **looks) for state, looks in _LOOKS.items()])  # fmt: skip
    axes = bars.rows(sheet, _LEGEND + 0.15, room, names)
    for at, counts in enumerate(found.values()):
        start = 0
        for state, looks in _LOOKS.items():
            if not counts[state]:
                continue
            axes.barh([at], [counts[state]], left=start, height=0.62, linewidth=0.5, zorder=2, **looks)  # fmt: skip
            start += counts[state]
        bars.said_at_right(axes, at, said[at])
    most = max(sum(counts.values()) for counts in found.values())
    axes.set_xlim(0, most)
    marks = [each for each in bars.percents(0, most, 5) if each == int(each)]
    axes.set_xticks(marks, [f"{each:g}" for each in marks])
    axes.tick_params(axis="x", labelsize=SMALL)
    bars.zero_line(axes)
    return sheet
