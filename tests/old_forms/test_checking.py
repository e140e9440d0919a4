"""A form of several versions is checked line by line by the version of its month."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flows.checking.batch import Batch, Layout, Return, build
from flows.checking.history import InForce
from flows.checking.judge import judge
from flows.reading.cells import Grid
from flows.reading.workbook import interpret
from schemas.declaration import DECLARATION as TODAY
from schemas.declaring.lines import flow
from schemas.declaring.model import Declaration, FigureForm
from schemas.declaring.periods import month_zh, parse_month
from schemas.declaring.rules import at_most, sum_of
from schemas.declaring.versions import with_old_version

JANUARY = parse_month("2021-01")
FORM = FigureForm(
    name="aid",
    number="01",
    form_no="QJMZ01",
    title_zh="救助月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=JANUARY,
    figures=(
        flow("0101", "food", "食品", "万元", ""),
        flow("0102", "clothes", "衣物", "万元", ""),
        flow("0103", "other", "其他", "万元", ""),
        flow("0104", "total", "合计", "万元", ""),
    ),
    rules=(
        *sum_of("B0101", "total", ("food", "clothes", "other"), "合计", "各项"),
        *at_most("B0102", "other", "food", ("其他", "食品")),
    ),
)
Amounts = Mapping[str, tuple[str, str]]
"""本月数 and 本年累计 by figure, as written."""


def declared(form: FigureForm) -> Declaration:
    return replace(TODAY, forms=(form,), ledgers=(), indicators=())


def checked(form: FigureForm, *months: Amounts, units: str | None = None) -> Batch:
    """The returns of January, February, … with those lines, judged together."""
    declaration, returns = declared(form), []
    for number, amounts in enumerate(months):
        month = JANUARY + number
        rows: list[list[object]] = [
            [form.title_zh, "", "", "", ""],
            [f"填报单位：城东街道　报告期：{month_zh(month)}", "", "", "", ""],
            ["代码", "指标名称", "计量单位", "本月数", "本年累计"],
        ]
        for line in form.lines("township", month):
            written = (Decimal(each) for each in amounts[line.name])
            unit = line.asked_in if units is None else units
            rows.append([line.code, line.name_zh, unit, *map(float, written)])
        book = interpret([Grid("表", 0, 0, rows)], "x.xlsx", declaration)
        assert book.unit is not None
        returns.append(Return(str(number), number, book.unit, month, book.sheets, book.findings))
    batch = build(returns, declaration)
    units_here = sorted({each.unit for each in returns})
    in_force = InForce(Layout(declaration), units_here, JANUARY - 12, JANUARY + 12)
    judge(batch, in_force, dt.datetime.fromisoformat("2023-01-01T00:00"))
    return batch


def brief(batch: Batch) -> list[tuple[int, str, str, str | None]]:
    return [(each.at, each.rule, each.level, each.figure) for each in batch.findings]


def same(value: str) -> tuple[str, str]:
    return value, value


def test_a_sum_holds_over_the_lines_that_there_were() -> None:
    form = with_old_version(FORM, JANUARY, absent=("other",))
    right = {"food": same("1.1"), "clothes": same("2.2"), "total": same("3.3")}
    batch = checked(form, right)
    assert (brief(batch), int(batch.unverifiable.sum())) == ([], 0)
    assert brief(checked(form, right | {"total": same("3.4")})) == [(0, "B0101R", "query", "total")]
    assert brief(checked(form, right | {"total": same("4.4")})) == [(0, "B0101", "error", "total")]


def test_a_line_that_ended_within_the_year_is_in_the_totals_year_to_date() -> None:
    ended = FORM.figures[2]
    kept = tuple(each for each in FORM.figures if each.name != "other")
    form = with_old_version(replace(FORM, figures=kept), JANUARY, ended=(ended,))
    first = {
        "food": same("1.1"), "clothes": same("2.2"), "other": same("0.5"), "total": same("3.8"),
    }  # fmt: skip
    later = {"food": ("1.2", "2.3"), "clothes": ("2", "4.2"), "total": ("3.2", "7.0")}
    batch = checked(form, first, later)
    assert (brief(batch), int(batch.unverifiable.sum())) == ([], 0)
    wrong = later | {"total": ("9", "12.8")}
    assert brief(checked(form, first, wrong)) == [(1, "B0101", "error", "total")]


def test_a_rule_whose_line_was_not_there_is_not_asked() -> None:
    form = with_old_version(FORM, JANUARY, absent=("food",))
    batch = checked(form, {"clothes": same("2.2"), "other": same("9"), "total": same("11.2")})
    assert (brief(batch), int(batch.unverifiable.sum())) == ([], 0)


def test_a_total_beside_parts_in_another_unit_is_rounded() -> None:
    form = with_old_version(FORM, JANUARY + 11, asked_in={"food": "元"})
    first = {
        "food": same("11499"),
        "clothes": same("2.2"),
        "other": same("0"),
        "total": same("3.3"),
    }
    # 1.1499 and 1.1489: 2.2988 + 4.4 since January, where the rounded months come to 6.6.
    second = {
        "food": ("11489", "22988"), "clothes": ("2.2", "4.4"), "other": ("0", "0"),
        "total": ("3.3", "6.6"),
    }  # fmt: skip
    assert brief(checked(form, first, second)) == []
    wrong = checked(form, first | {"total": same("3.4")})
    (finding,) = wrong.findings
    assert (finding.rule, finding.level) == ("B0101R", "query")
    assert "合计”本月数为3.4万元，各项之和为3.3499万元，相差0.0501万元" in finding.message


def test_a_total_in_元_beside_parts_in_万元() -> None:
    form = with_old_version(FORM, JANUARY + 11, asked_in={"total": "元"})
    parts = {"food": same("1.1"), "clothes": same("2.2"), "other": same("0.5")}
    assert brief(checked(form, parts | {"total": same("38499.99")})) == []
    (finding,) = checked(form, parts | {"total": same("48000")}).findings
    assert (finding.rule, finding.value) == ("B0101", "48000")
    assert "为48000元，各项之和为38000元，相差10000元" in finding.message


def test_the_first_month_in_万元_within_a_year_cannot_but_be_rounded() -> None:
    form = with_old_version(FORM, JANUARY, asked_in=dict.fromkeys(FORM.latest, "元"))
    first = {
        "food": same("11423.45"), "clothes": same("20000"), "other": same("0"),
        "total": same("31423.45"),
    }  # fmt: skip
    later: dict[str, Any] = {
        "food": ("1.1", "2.2"), "clothes": ("2", "4"), "other": ("0", "0"), "total": ("3.1", "6.2"),
    }  # fmt: skip
    assert brief(checked(form, first, later)) == []
    # 1.142345 + 1.1 is 2.2 or 2.3, not 2.4.
    off = later | {"food": ("1.1", "2.4"), "total": ("3.1", "6.4")}
    assert brief(checked(form, first, off)) == [
        (1, "T01", "error", "food"),
        (1, "T01", "error", "total"),
    ]


def test_decimals_are_those_of_the_months_version() -> None:
    whole = with_old_version(FORM, JANUARY, places={"food": 0})
    fine = with_old_version(FORM, JANUARY, places={"food": 3})
    amounts = {"food": same("1.5"), "clothes": same("1"), "other": same("0"), "total": same("2.5")}
    month, year_to_date = checked(whole, amounts).findings
    for finding in (month, year_to_date):
        assert (finding.rule, finding.figure) == ("V04", "food")
        assert "应为整数" in finding.message
    fractions = amounts | {"food": same("1.525"), "total": same("2.5")}
    assert "V04" not in {rule for _, rule, *_ in brief(checked(fine, fractions))}


def test_a_blank_unit_is_that_of_the_form() -> None:
    form = with_old_version(FORM, JANUARY, asked_in=dict.fromkeys(FORM.latest, "元"))
    amounts = {
        "food": same("11000"), "clothes": same("1000"), "other": same("0"), "total": same("12000"),
    }  # fmt: skip
    batch = checked(form, amounts, units="")
    assert brief(batch) == []
    column = batch.layout.column["total"]
    assert batch.value.micro[0, column] == 1_200_000
    assert {rule for _, rule, *_ in brief(checked(form, amounts, units="万元"))} == {"S05"}


def read_as(form: FigureForm, month: int, names: Mapping[str, str]) -> list[str]:
    """The rules of what is found in a form of zeros where those lines carry those names."""
    rows: list[list[object]] = [
        [form.title_zh, "", "", "", ""],
        [f"填报单位：城东街道　报告期：{month_zh(month)}", "", "", "", ""],
        ["代码", "指标名称", "计量单位", "本月数", "本年累计"],
    ]
    for line in form.lines("township", month):
        rows.append([line.code, names.get(line.name, line.name_zh), line.asked_in, 0.0, 0.0])
    return [each.rule for each in interpret([Grid("表", 0, 0, rows)], "x", declared(form)).findings]


def test_a_lines_own_name_of_other_months_does_not_contradict_its_code() -> None:
    form = with_old_version(FORM, JANUARY + 11, names={"other": "杂项"})
    assert read_as(form, JANUARY + 12, {"other": "杂项"}) == []
    assert read_as(form, JANUARY, {"other": "其他"}) == []
    swapped = with_old_version(FORM, JANUARY + 11, names={"other": "衣物", "clothes": "其他"})
    assert read_as(swapped, JANUARY, {"other": "其他"}) == ["S04"]


def test_a_rule_of_an_old_version_has_the_code_of_todays() -> None:
    then = sum_of("B0101", "total", ("food", "clothes"), "合计", "旧式两项")
    form = with_old_version(
        FORM, JANUARY, absent=("other",), rules=then, without=[each.rule.code for each in then]
    )
    first = {"food": same("1.1"), "clothes": same("2.2"), "total": same("3.3")}
    later = {
        "food": ("1.1", "2.2"), "clothes": ("2.2", "4.4"), "other": same("1"),
        "total": ("9", "12.3"),
    }  # fmt: skip
    (finding,) = checked(form, first, later).findings
    assert (finding.at, finding.rule, finding.level) == (1, "B0101", "error")
    assert "各项之和为4.3" in finding.message
    (finding,) = checked(form, first | {"total": same("9")}).findings
    assert (finding.at, finding.rule) == (0, "B0101")
    assert "旧式两项之和为3.3" in finding.message
