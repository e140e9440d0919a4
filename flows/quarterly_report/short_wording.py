"""How comparisons are worded in narrow cells: a number with words around it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from flows.computing.rounding import Standard, rounded
from flows.explaining.published import Growth
from flows.quarterly_report.rows import Item
from flows.quarterly_report.wording import MISSING, printed


class Short(NamedTuple):
    """A comparison for a narrow cell: words, a number where there is one, its unit, words.

    `measure` is the column of growth that the number is from, '' where it is from none.
    """

    before: str
    number: str = ""
    unit: str = ""
    after: str = ""
    measure: str = ""

    def __str__(self) -> str:
        return f"{self.before}{self.number}{self.unit}{self.after}"


def signed(value: Decimal, places: int, standard: Standard) -> str:
    """The value as it is printed, with + where it is more than nothing."""
    text = printed(value, places, standard, grouped=True)
    return f"+{text}" if rounded(value, places, standard) > 0 else text


def short_rate(item: Item, growth: Growth | None, standard: Standard) -> Short:
    """How it has grown, in few characters: +5.2%, 持平, 报送不全（可比 +3.3%）."""
    if growth is None:
        return Short(_SHORT["base_missing"])
    match growth.status:
        case "ok" if growth.rate is not None:
            return _short_change(growth.rate, "%", "rate", standard)
        case "points" if growth.change is not None:
            return _short_change(growth.change, "个百分点", "change", standard)
        case "base_zero" if growth.value is not None:
            before = "由零增至" if growth.value > 0 else "由零降至"
            number = printed(growth.value, item.places, standard, grouped=True)
            return Short(before, number, item.unit, "", "value")
        case "incomplete":
            return _short_matched(item, growth, standard)
    return Short(_SHORT.get(growth.status, MISSING))


_SHORT = {
    "both_zero": "持平",
    "turned_negative": "由正转负",
    "turned_positive": "由负转正",
    "base_negative": "基数为负",
    "base_missing": "无可比基数",
    "value_missing": "本期暂缺",
    "undefined": "分母为零",
    "not_comparable": "口径不可比",
    "suppressed": "＊",
}


def _short_change(change: Decimal, unit: str, measure: str, standard: Standard) -> Short:
    if not rounded(change, 1, standard):
        return Short("基本持平" if change else "持平")
    return Short("", signed(change, 1, standard), unit, "", measure)


def _short_matched(item: Item, growth: Growth, standard: Standard) -> Short:
    """Of the units that are there in both periods."""
    short = Short("")
    if growth.matched_units and growth.matched_rate is not None:
        short = _short_change(growth.matched_rate, "%", "matched_rate", standard)
    elif item.points and growth.matched_value is not None and growth.matched_base is not None:
        moved = growth.matched_value - growth.matched_base
        short = _short_change(moved, "个百分点", "", standard)
    if not str(short):
        return Short("报送不全")
    gap = " " if short.number else ""
    return short._replace(before=f"报送不全（可比{gap}{short.before}", after="）")
