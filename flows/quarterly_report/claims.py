"""What a wording claims of a number, read from the wording: the other way round from `wording`."""

from __future__ import annotations

import re
from decimal import Decimal

from flows.quarterly_report.standing_numbers import SUPPRESSED, Number

_CUT = re.compile(r"(-?\d+(?:\.\d+)?)(万?)(余?)")
_STATUS = {
    "value_missing": r"本期数据暂缺",
    "base_missing": r"无可比基数|无数据，不作增减比较",
    "undefined": r"因分母为零，不作.*比较",
    "not_comparable": r"因统计口径或区划调整，与.*不可比",
    "suppressed": r"涉及人数较少，.*不予公布",
    "incomplete": r"因报送不全|同口径（\d+个单位）|按两期均有数据的\d+个单位计",
    "both_zero": r"持平$",
    "base_zero": r"由零(增|降)至|比.*(增加|减少)|基本持平$",
    "turned_negative": r"由正转负|比.*减少|基本持平$",
    "turned_positive": r"由负转正|比.*增加|基本持平$",
    "base_negative": r"为负值，不计算|比.*(增加|减少)|持平$",
    "points": r"(提高|下降)\d+\.\d个百分点|持平",
    "ok": r"(增长|下降)\d+\.\d%|持平|比.*(增加|减少)",
}
_OF_ONE = {
    "本期数据暂缺": "value_missing",
    "无可比基数": "base_missing",
    "分母为零": "undefined",
    "不可比": "not_comparable",
    "不予公布": "suppressed",
    "报送不全": "incomplete",
    "同口径": "incomplete",
    "按两期": "incomplete",
    "由零": "base_zero",
    "由正转负": "turned_negative",
    "由负转正": "turned_positive",
    "为负值": "base_negative",
}
"""What is said of one status and of no other."""
_SIGNED = re.compile(r"(增长|下降|提高|增加|减少)(\d+(?:\.\d+)?)")


def value_fits(text: str, unit: str, exact: Decimal | None, printed: Number) -> bool:
    """Whether a value as worded is that of the database: exact as printed, or cut down to it."""
    if printed is None:
        return text in ("暂缺", "不适用")
    if printed == SUPPRESSED:
        return "不予公布" in text
    match = _CUT.fullmatch(text.removesuffix(unit))
    if match is None or exact is None:
        return False
    said = Decimal(match[1]) * (10_000 if match[2] else 1)
    if match[3]:
        return abs(said) < abs(exact) < abs(said) + _step(said, ten_thousands=bool(match[2]))
    return said == printed


def _step(said: Decimal, *, ten_thousands: bool) -> int:
    if ten_thousands:
        return 1000
    return 100 if abs(said) >= 1000 else 10 if abs(said) >= 10 else 1


def comparison_fits(
    text: str, status: str, measures: dict[str, Number], before: Decimal | None
) -> bool:
    """Whether a comparison as worded has the database's status, direction and amount.

    `measures` are the printed change, rate, matched_change and matched_rate, `before` the
    printed rate (of an indicator in % the change) of a quarter earlier.
    """
    if not re.search(_STATUS[status], text):
        return False
    if any(said in text and status != of for said, of in _OF_ONE.items()):
        return False
    match = _SIGNED.search(text)
    if match is None:
        return True
    said = Decimal(match[2]) * (-1 if match[1] in ("下降", "减少") else 1)
    by_change = match[1] in ("增加", "减少") or "百分点" in text
    matched = "matched_" if status == "incomplete" else ""
    known = measures.get(f"{matched}{'change' if by_change else 'rate'}")
    if not isinstance(known, Decimal) or said != known:
        return False
    turned = "由升转降" if said < 0 else "由降转升"
    turns = before is not None and before * said < 0
    may_turn = status in ("ok", "points") and "年" not in text.partition(match[0])[0]
    return (turned in text) == (turns and may_turn)
