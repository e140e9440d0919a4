"""How comparisons are worded in running text, by status and sign."""

from __future__ import annotations

from decimal import Decimal

from flows.computing.rounding import Standard, rounded
from flows.explaining.published import Growth
from flows.quarterly_report.rows import Item
from flows.quarterly_report.wording import exactly

NAMES = {"yoy": "同比", "qoq": "环比", "ytd_yoy": "累计同比", "two_year": "两年平均"}
"""What comparisons are called."""
BEFORE = {
    "yoy": "上年同期",
    "qoq": "上季度",
    "ytd_yoy": "上年同期累计",
    "two_year": "前年同期",
}
"""What they are compared with."""


def change_said(item: Item, growth: Growth | None, comparison: str, standard: Standard) -> str:
    """By how much it is more or fewer than before: 比上年同期增加12人."""
    before = BEFORE[comparison]
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
    name, base = NAMES[comparison], BEFORE[comparison]
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


_UNSAID = ("value_missing", "base_missing", "undefined", "not_comparable", "suppressed")


def _unsaid(growth: Growth | None, comparison: str) -> str:
    """Why nothing is compared."""
    name, base = NAMES[comparison], BEFORE[comparison]
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
