"""How numbers are worded: cut and never rounded up, by status and sign, read back again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.explaining.published import Growth
from flows.quarterly_report import growth_wording, wording
from flows.quarterly_report.claims import comparison_fits, value_fits
from flows.quarterly_report.rows import Item

PEOPLE = Item("people", "人数", "人", "stock", 0, "", None, None, "", "", ("people",))


@pytest.mark.parametrize(
    ("value", "said"),
    [(137, "130余"), (130, "130"), (4560, "4500余"), (999, "990余"), (1000, "1000"), (1001, "1000余"),
     (7, "7"), (0, "0"), (10, "10"), (19, "10余"), (-137, "-130余")],
)  # fmt: skip
def test_over_is_cut_to_tens_and_from_a_thousand_to_hundreds(value: int, said: str) -> None:
    assert wording.over(Decimal(value)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(12_960, "1.2万余"), (20_000, "2万"), (9_999, "9900余"), (10_000, "1万"), (10_001, "1万余"),
     (43_760, "4.3万余"), (1_234_567, "123.4万余"), (150, "150")],
)  # fmt: skip
def test_over_wan_is_cut_to_a_tenth_of_ten_thousand(value: int, said: str) -> None:
    assert wording.over_wan(Decimal(value)) == said


def _cut_by_its_digits(value: int) -> str:
    """The same, from the digits as they are written."""
    digits = str(value)
    if len(digits) == 1:
        return digits
    kept = 2 if len(digits) > 3 else 1
    head, rest = digits[:-kept], digits[-kept:]
    return head + "0" * kept + ("余" if rest.strip("0") else "")


def _wan_by_its_digits(value: int) -> str:
    digits = str(value)
    if len(digits) < 5:
        return _cut_by_its_digits(value)
    whole, tenth, rest = digits[:-4], digits[-4], digits[-3:]
    return whole + (f".{tenth}" if tenth != "0" else "") + "万" + ("余" if rest != "000" else "")


@given(st.integers(0, 10**9))
def test_cutting_is_dropping_digits(value: int) -> None:
    assert wording.over(Decimal(value)) == _cut_by_its_digits(value)
    assert wording.over_wan(Decimal(value)) == _wan_by_its_digits(value)


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_what_is_read_back_fits_the_number_and_no_other_that_is_cut_differently(
    value: int, other: int
) -> None:
    for cut in (wording.over, wording.over_wan):
        said = cut(Decimal(value)) + "人"
        for number in (value, other):
            fits = value_fits(said, "人", Decimal(number), Decimal(number))
            assert fits == (cut(Decimal(number)) + "人" == said)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["城南街道", "城西街道"], "城南、城西街道"),
        (["城南街道", "濯水镇"], "城南街道、濯水镇"),
        (["蓬东乡"], "蓬东乡"),
        (["金溪镇", "马喇镇", "太极镇"], "金溪、马喇、太极镇"),
        (["镇", "马喇镇"], "镇、马喇镇"),
        ([], ""),
    ],
)
def test_a_common_ending_is_said_once(names: list[str], said: str) -> None:
    assert wording.together(names) == said


def test_of_many_names_the_first_are_said_and_how_many() -> None:
    assert (
        wording.some(["甲镇", "乙镇", "丙镇", "丁镇", "戊镇", "己镇"])
        == "甲镇、乙镇、丙镇等6个单位"
    )


def _ok(value: str, base: str) -> Growth:
    now, then = Decimal(value), Decimal(base)
    change = now - then
    rate = 100 * change / then
    return Growth(now, then, change, rate, "ok", False, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("growth", "before", "standard", "said"),
    [
        (_ok("105.25", "100"), None, "half_up", "同比增长5.3%"),
        (_ok("105.25", "100"), None, "gb8170", "同比增长5.2%"),
        (_ok("94.75", "100"), None, "half_up", "同比下降5.3%"),
        (_ok("100", "100"), None, "half_up", "同比持平"),
        (_ok("100.04", "100"), None, "half_up", "同比基本持平"),
        (_ok("95", "100"), _ok("105", "100"), "half_up", "同比下降5.0%，由升转降"),
        (_ok("105", "100"), _ok("95", "100"), "half_up", "同比增长5.0%，由降转升"),
        (_ok("105", "100"), _ok("100.01", "100"), "half_up", "同比增长5.0%"),
    ],
)
def test_a_rate_is_rounded_once_and_a_turn_is_said(growth, before, standard, said) -> None:
    assert growth_wording.rate_said(PEOPLE, growth, "yoy", standard, before) == said


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.integers(-999, 999).map(lambda n: Decimal(n) / 10),
)
def test_a_rate_read_back_fits_what_is_printed_and_nothing_else(
    value: int, base: int, other: Decimal
) -> None:
    growth = _ok(str(value), str(base))
    assert growth.rate is not None
    printed = Decimal(wording.printed(growth.rate, 1, "half_up"))
    said = growth_wording.rate_said(PEOPLE, growth, "yoy", "half_up")
    assert comparison_fits(said, "ok", {"rate": printed}, None)
    if printed and other != printed:
        assert not comparison_fits(said, "ok", {"rate": other}, None)
    for status in ("base_zero", "suppressed", "not_comparable", "value_missing", "undefined"):
        assert not comparison_fits(said, status, {"rate": printed}, None)
