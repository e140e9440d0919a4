"""How many points of an indicator's growth each unit brought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flows.quarterly_report.charts import bars
from flows.quarterly_report.charts.sheet import BLUE, PALE_RED, RED, Sheet
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import rate_said
from flows.quarterly_report.rows import Item
from flows.quarterly_report.tags import period_texts
from flows.quarterly_report.wording import WITHHELD, printed

_ROW = 0.18


def pulled(contents: Contents) -> tuple[Item, list[tuple[str, Decimal]]] | None:
    """The first headline indicator with a rate that units have their parts in, and the parts.

    Units by code, the greatest part first. None where there is no such indicator.
    """
    for programme, _ in contents.programmes:
        for name in programme.headline:
            whole = contents.compared(name, "yoy")
            if name not in contents.items or whole is None or whole.status != "ok":
                continue
            parts = [
                (unit, growth.pull)
                for unit in contents.units
                if (growth := contents.compared(name, "yoy", unit)) and growth.pull is not None
            ]
            # What one unit alone reports, it alone has brought.
            if len(parts) > 1:
                parts.sort(key=lambda each: (-each[1], each[0]))
                return contents.items[name], parts
    return None


def pulls(contents: Contents) -> Sheet | None:
    """The chart; None where no headline indicator has parts to show."""
    found = pulled(contents)
    if found is None:
        return None
    item, parts = found
    standard = contents.standard
    names = [contents.unit_name(unit) for unit, _ in parts]
    said = [bars.signed(pull, printed(pull, 2, standard)) for _, pull in parts]
    room = bars.frame(names, said, _ROW)
    rate = rate_said(item, contents.compared(item.name, "yoy"), "yoy", standard)
    hidden = [
        unit
        for unit in contents.units
        if (growth := contents.compared(item.name, "yoy", unit)) and growth.status == "suppressed"
    ]
    notes = ["各单位的拉动相加等于全区增速（四舍五入后可能略有出入）。"]
    if hidden:
        notes = [f"另有{len(hidden)}个单位{WITHHELD}。"]
    sheet = Sheet(
        contents,
        f"{period_texts(contents)['报告期']}{item.name_zh}：各单位的拉动",
        f"单位：百分点；全区{rate}",
        0.22 + room.height,
        notes,
    )
    axes = bars.rows(sheet, 0.2, room, names)
    values = [float(pull) for _, pull in parts]
    low, high = min(0.0, *values), max(0.0, *values)
    margin = (high - low) * 0.04 or 1.0
    axes.set_xlim(low - (margin if low else 0), high + margin)
    marks = bars.percents(low, high)
    axes.set_xticks(marks, [f"{each:g}" for each in marks])
    for at, value in enumerate(values):
        looks: dict[str, Any] = {"facecolor": BLUE, "edgecolor": BLUE} if value >= 0 else {"facecolor": PALE_RED, "edgecolor": RED, "hatch": "////"}  # fmt: skip
        axes.barh([at], [value], height=0.6, linewidth=0.7, zorder=2, **looks)
        bars.said_at_right(axes, at, said[at])
    bars.zero_line(axes)
    return sheet
