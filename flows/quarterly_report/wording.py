"""How numbers and comparisons are worded in Chinese.

What is cut is cut towards zero, never rounded: a report may say less than there is, not more.
All else is rounded once, here, from unrounded values.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from flows.computing.rounding import Standard, rounded
from flows.quarterly_report.rows import Item, Level

WITHHELD = "人数较少，不予公布"
"""What stands for a number that is suppressed."""
MISSING = "暂缺"
"""What stands for a number that nobody reported."""
UNDEFINED = "不适用"
"""What stands for a ratio that all reported, over nothing."""
MADE_UP = "【演示数据】本报告数据全部为虚构，仅供演示。"
"""What a report says first where all in it is made up."""
FORM_STATES = {
    "on_time": "按时",
    "late": "迟报",
    "held": "审核未通过",
    "missing": "未报",
}
"""What has become of a form that was due."""
MATURITY = {"provisional": "暂定", "final": "最终", "released": "已发布"}
"""How far numbers are settled."""


def short_of(units: int) -> str:
    """That so many units have no value: 缺2个单位; '' for none."""
    return f"缺{units}个单位" if units > 0 else ""


def printed(value: Decimal, places: int, standard: Standard, *, grouped: bool = False) -> str:
    """The value as it is printed, `grouped` with commas for tables and pages."""
    return format(rounded(value, places, standard), ",f" if grouped else "f")


def exactly(item: Item, value: Decimal, standard: Standard) -> str:
    """The value with its unit: a count whole, money and ratios with one decimal."""
    return f"{printed(value, item.places, standard)}{item.unit}"


def absent(item: Item, level: Level | None) -> str:
    """Why a level has no number: it is suppressed, was not reported, or is over nothing."""
    if level is not None and level.suppressed:
        return WITHHELD
    whole = level is not None and 0 < level.units_expected <= level.units_reported
    none = level is not None and level.value is None
    return UNDEFINED if item.kind == "ratio" and whole and none else MISSING


def over(value: Decimal) -> str:
    """The value cut down to tens below 1,000, to hundreds from there; 余 where something was cut.

    What is below ten in amount is said as it is, cut to a whole number.
    """
    return _cut(value, Decimal(100) if abs(value) >= 1000 else Decimal(10))


def over_wan(value: Decimal) -> str:
    """The value from 10,000 on cut down to 0.1万, below that as `over`."""
    if abs(value) < 10_000:
        return over(value)
    wan = (value / 10_000).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"{_plain(wan)}万" + ("余" if wan * 10_000 != value else "")


def _cut(value: Decimal, step: Decimal) -> str:
    kept = (value / step).to_integral_value(ROUND_DOWN) * step
    if not kept:
        # 余 after nothing says nothing: seven are seven, not "over 0".
        kept = value.to_integral_value(ROUND_DOWN)
    return _plain(kept) + ("余" if kept != value else "")


def _plain(value: Decimal) -> str:
    text = format(value if value else abs(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def together(names: Sequence[str]) -> str:
    """Names joined by 、, their common ending once where all share it: 城南、城西街道."""
    for ending in ("街道", "镇", "乡"):
        if len(names) > 1 and all(
            name.endswith(ending) and len(name) > len(ending) for name in names
        ):
            return "、".join(name.removesuffix(ending) for name in names) + ending
    return "、".join(names)


def some(names: Sequence[str], kind: str = "单位", most: int = 5) -> str:
    """The names, of more than `most` the first three and how many there are."""
    if len(names) <= most:
        return together(names)
    return f"{'、'.join(names[:3])}等{len(names)}个{kind}"
