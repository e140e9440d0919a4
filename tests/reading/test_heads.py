"""Head lines, periods and file names in the ways people write them."""

from dataclasses import replace

import pytest

from flows.reading.cells import Grid
from flows.reading.head import Head, read_head
from flows.reading.identity import months_named, sheet_identity
from flows.reading.period_texts import read_period
from flows.reading.recognising import HEAD_ROWS, head_rows
from schemas.declaration import DECLARATION
from schemas.declaring.periods import month_label, parse_month

FORM = DECLARATION.by_name["community_governance"]


def head(*rows: tuple[object, ...]) -> Head:
    return read_head(Grid("表", 0, 0, [list(row) for row in rows]), 40, DECLARATION)


@pytest.mark.parametrize(
    "row",
    [
        ("填报单位：濯水镇", "报告期：2023年3月"),
        ("填 报 单 位：濯水镇", "报 告 期：2023年3月"),
        ("填报单位", "濯水镇", "报告期", "2023年3月"),
        ("填报单位（盖章）：濯水镇", "报告期：2023年3月"),
        ("填报单位（签字：加盖公章）濯水镇", "报告期：2023年3月"),
        ("填报单位：", "（盖章）", "濯水镇", "报告期：", "2023年3月"),
        ("填报单位：濯水镇（印章）", "报告期：2023年3月"),
        ("填报单位：濯水镇 盖章", "报告期：2023年3月"),
        ("填报单位名称：濯水镇", "报告期：2023年3月"),
        ("填报单位：__濯水镇__ · 报告期：2023年3月。",),
        ("填报单位：濯水镇（500114112）", "报告期：2023年3月"),
        ("填报单位：濯水镇 填表人：李四", "报告期：2023年3月；填报日期：2023年4月3日"),
        ("填报单位：濯水镇 行政区划代码：500114112 报告期：2023年3月 单位：万元",),
        ("说明：报告期为自然月", "填报单位：濯水镇", "报告期：2023年3月"),
        ("填报单位应于每月5日前报送。", "填报单位：濯水镇", "报告期：2023年3月"),
        ("填报单位", "濯水镇", "报告期", 202303.0),
    ],
)
def test_one_unit_and_one_month(row: tuple[object, ...]) -> None:
    said = sheet_identity(head(row), FORM, DECLARATION)
    assert (said.unit, said.month, said.reason) == ("500114112", parse_month("2023-03"), "")


def test_a_name_and_a_code_of_two_units_are_two_answers() -> None:
    said = sheet_identity(
        head(("填报单位：濯水镇（500114001）", "报告期：2023年3月")), FORM, DECLARATION
    )
    assert "不同的填报单位" in said.reason


def test_only_the_unit_that_is_not_in_the_register_is_named() -> None:
    said = sheet_identity(
        head(("填报单位：濯水镇", "填报单位：水濯镇", "报告期：2023年3月")), FORM, DECLARATION
    )
    assert said.reason.startswith("填报单位“水濯镇”不在本区的单位名录中")


def test_october_typed_as_a_number_is_not_january() -> None:
    # 2022.10 typed into a cell is the number 2022.1.
    said = sheet_identity(head(("填报单位", "濯水镇", "报告期", 2022.1)), FORM, DECLARATION)
    assert "看不懂" in said.reason


@pytest.mark.parametrize("text", ["表号：QJMZ07 ·", "表号：QJMZ07 综合机关：黔江区民政局"])
def test_what_stands_behind_the_form_number_is_not_of_it(text: str) -> None:
    assert head((text,)).form_nos == {"QJMZ07"}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2023年3月（3月）", "2023-03"),
        ("2023年三月", "2023-03"),
        ("二〇二三年3月", "2023-03"),
        ("二O二三年三月", "2023-03"),
        ("二〇二三年十二月", "2023-12"),
        ("2023年3月31日", "2023-03"),
        ("2023-03-31", "2023-03"),
        ("2023/03/01", "2023-03"),
        ("2023—03", "2023-03"),
        ("2023.10", "2023-10"),
        ("202303", "2023-03"),
        ("20230331", "2023-03"),
        ("2023年3月1日至31日", "2023-03"),
        ("2023年3月1日-3月31日", "2023-03"),
        ("2023年3月（4月）", None),
        ("2023年3月1日-4月1日", None),
        ("2023年13月", None),
        ("20233", None),
        ("三月", None),
        ("2023", None),
    ],
)
def test_periods(text: str, month: str | None) -> None:
    period = read_period(text)
    assert (period and month_label(period[0])) == month


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("濯水镇QJMZ05月报表.xlsx", set()),
        ("附件1月报表.xlsx", set()),
        ("濯水镇v2月报.xlsx", set()),
        ("濯水镇_2023_04_03.xlsx", set()),
        ("2023-03-2.xlsx", set()),
        ("2023-02-500114112.xlsx", {parse_month("2023-02")}),
        ("濯水镇202303-20230404.xlsx", {parse_month("2023-03")}),
        ("2023年3月报表4月3日报.xlsx", {parse_month("2023-03")}),
        ("二〇二三年二月.xls", {parse_month("2023-02")}),
        ("二月报表.xlsx", {-2}),
    ],
)
def test_months_in_file_names(name: str, months: set[int]) -> None:
    assert months_named(name) == months


def test_what_is_a_heading_is_each_declarations_own() -> None:
    grid = Grid("表", 0, 0, [["台账", "", ""], ["设施名称", "设施类别", "投用日期"]])
    without = replace(DECLARATION, ledgers=())
    assert head_rows(grid, DECLARATION) == (1, 0)
    assert head_rows(grid, without) == (HEAD_ROWS, 0)
