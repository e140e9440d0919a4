"""How numbers and comparisons are worded in Chinese.

What is cut is cut towards zero, never rounded: a report may say less than there is, not more.
All else is rounded once, here, from unrounded values.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from flows.computing.rounding import Standard, rounded
from flows.quarterly_report.contents import Growth, Item, Level

WITHHELD = "人数较少，不予公布"
"""What stands for a number that is suppressed."""
MISSING = "暂缺"
"""What stands for a number that nobody reported."""
UNDEFINED = "不适用"
"""What stands for a ratio that all reported, over nothing."""
MADE_UP = "【演示数据】本报告数据全部为虚构，仅供演示。"
"""What a report says first where all in it is made up."""
NAMES = {"yoy": "同比", "qoq": "环比", "ytd_yoy": "累计同比", "two_year": "两年平均"}
"""What comparisons are called."""
_BEFORE = {
    "yoy": "上年同期",
    "qoq": "上季度",
    "ytd_yoy": "上年同期累计",
    "two_year": "前年同期",
}
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


def change_said(item: Item, growth: Growth | None, comparison: str, standard: Standard) -> str:
    """By how much it is more or fewer than before: 比上年同期增加12人."""
    before = _BEFORE[comparison]
    match growth.status if growth else "base_missing":
        case "value_missing":
            return "本期数据暂缺，不作增减比较"
        case "base_missing":
            return f"因{before}无数据，不作增减比较"
        case "undefined":
            return "因分母为零，不作增减比较"
        case "suppressed":
            return "涉及人数较少，增减情况不予公布"
    if growth is None or growth.status in _UNSAID:
        return _unsaid(growth, comparison)
    value, base, against = growth.value, growth.base, f"比{before}"
    if growth.status == "incomplete":
        if growth.matched_value is None or growth.matched_base is None:
            return f"因报送不全，暂不与{before}比较"
        value, base = growth.matched_value, growth.matched_base
        against = f"按两期均有数据的{growth.matched_units}个单位计，{against}"
    assert value is not None
    assert base is not None
    if item.points:
        return against + _points(value - base, standard)
    if not rounded(value - base, item.places, standard):
        level = "持平" if value == base else "基本持平"
        return f"{against.removesuffix(f'比{before}')}与{before}{level}"
    return against + _moved(item, value - base, standard)


def rate_said(
    item: Item,
    growth: Growth | None,
    comparison: str,
    standard: Standard,
    before: Growth | None = None,
) -> str:
    """How it has grown, by status and sign: 同比增长5.2%.

    `before` is the same comparison a quarter earlier: where the rates' signs differ, 由升转降 or
    由降转升 is added.
    """
    name, base = NAMES[comparison], _BEFORE[comparison]
    if growth is None or growth.status in _UNSAID:
        return _unsaid(growth, comparison)
    match growth.status:
        case "incomplete":
            matched = _matched(item, growth, standard)
            if matched is None:
                return f"因报送不全，{name}暂不计算"
            return f"同口径（{growth.matched_units}个单位）{name}{matched}，总体{name}待报齐后计算"
        case "points":
            assert growth.change is not None
            said = f"{name}{_points(growth.change, standard)}"
            return said + _turn(growth.change, before and before.change, standard)
        case "both_zero":
            return f"{name}持平"
        case "base_zero":
            assert growth.value is not None
            direction = "增" if growth.value > 0 else "降"
            return f"{name}由零{direction}至{exactly(item, growth.value, standard)}"
        case "turned_negative":
            return f"{name}由正转负"
        case "turned_positive":
            return f"{name}由负转正"
        case "base_negative":
            return f"{base}为负值，不计算{name}增速"
    assert growth.rate is not None
    said = f"{name}{_rate(growth.rate, standard)}"
    return said + _turn(growth.rate, before and before.rate, standard)


def _matched(item: Item, growth: Growth, standard: Standard) -> str | None:
    """How the units present in both periods have grown together."""
    if not growth.matched_units:
        return None
    if item.points and growth.matched_value is not None and growth.matched_base is not None:
        return _points(growth.matched_value - growth.matched_base, standard)
    return None if growth.matched_rate is None else _rate(growth.matched_rate, standard)


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


_UNSAID = ("value_missing", "base_missing", "undefined", "not_comparable", "suppressed")


def _unsaid(growth: Growth | None, comparison: str) -> str:
    """Why nothing is compared."""
    name, base = NAMES[comparison], _BEFORE[comparison]
    match growth.status if growth else "base_missing":
        case "value_missing":
            return f"本期数据暂缺，{name}暂不计算"
        case "undefined":
            return f"因分母为零，不作{name}比较"
        case "not_comparable":
            return f"因统计口径或区划调整，与{base}不可比"
        case "suppressed":
            return f"涉及人数较少，{name}情况不予公布"
    return f"{name}无可比基数"


def _moved(item: Item, change: Decimal, standard: Standard) -> str:
    direction = "增加" if change > 0 else "减少"
    return f"{direction}{exactly(item, abs(change), standard)}"


def _rate(rate: Decimal, standard: Standard) -> str:
    shown = rounded(rate, 1, standard)
    if not shown:
        return "基本持平" if rate else "持平"
    return f"{'增长' if shown > 0 else '下降'}{abs(shown)}%"


def _points(change: Decimal, standard: Standard) -> str:
    shown = rounded(change, 1, standard)
    if not shown:
        return "基本持平" if change else "持平"
    return f"{'提高' if shown > 0 else '下降'}{abs(shown)}个百分点"


def _turn(now: Decimal, before: Decimal | None, standard: Standard) -> str:
    """Where the sign differs from a quarter ago, of what is printed."""
    signs = [rounded(each, 1, standard) for each in (now, before or Decimal(0))]
    if not all(signs) or (signs[0] > 0) == (signs[1] > 0):
        return ""
    return "，由降转升" if now > 0 else "，由升转降"
