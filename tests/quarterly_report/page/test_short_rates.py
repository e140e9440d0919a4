"""Comparisons in a narrow cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flows.explaining.published import Growth
from flows.quarterly_report.rows import Item
from flows.quarterly_report.short_wording import short_rate

PEOPLE = Item("a", "人数", "人", "stock", 0, "", None, None, "", "", ())
SHARE = Item("b", "占比", "%", "ratio", 1, "", None, None, "", "", ())


def growth(status: str, **parts: object) -> Growth:
    found: dict[str, object] = dict.fromkeys(Growth._fields)
    found |= {"status": status, "restated": False}
    found |= {
        name: Decimal(str(part)) if name != "matched_units" else part
        for name, part in parts.items()
    }
    return Growth(**found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (growth("ok", rate="5.24"), "+5.2%"),
        (growth("ok", rate="-3.75"), "-3.8%"),
        (growth("ok", rate="0.04"), "基本持平"),
        (growth("ok", rate="0"), "持平"),
        (growth("points", change="1.2"), "+1.2个百分点"),
        (growth("both_zero", value="0"), "持平"),
        (growth("base_zero", value="1234"), "由零增至1,234人"),
        (growth("base_zero", value="-5"), "由零降至-5人"),
        (growth("turned_negative"), "由正转负"),
        (growth("turned_positive"), "由负转正"),
        (growth("base_negative"), "基数为负"),
        (growth("incomplete", matched_units=27, matched_rate="3.31"), "报送不全（可比 +3.3%）"),
        (growth("incomplete", matched_units=27, matched_rate="0"), "报送不全（可比持平）"),
        (growth("incomplete", matched_units=0), "报送不全"),
        (growth("base_missing"), "无可比基数"),
        (growth("value_missing"), "本期暂缺"),
        (growth("undefined"), "分母为零"),
        (growth("not_comparable"), "口径不可比"),
        (growth("suppressed"), "＊"),
        (None, "无可比基数"),
    ],
)
def test_a_comparison_is_short(given: Growth | None, said: str) -> None:
    assert str(short_rate(PEOPLE, given, "half_up")) == said


def test_matched_shares_are_compared_in_points() -> None:
    given = growth("incomplete", matched_units=3, matched_value="10.5", matched_base="10.3")
    assert str(short_rate(SHARE, given, "half_up")) == "报送不全（可比 +0.2个百分点）"
