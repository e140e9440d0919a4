"""Whose file and which month: from head lines, cross-checked, never guessed."""

import pytest

from flows.reading.cells import Grid
from flows.reading.head import read_head
from flows.reading.identity import months_named, units_named
from flows.reading.period_texts import read_period
from flows.reading.workbook import interpret
from schemas.declaration import DECLARATION
from schemas.declaring.periods import parse_month

MARCH = parse_month("2023-03")


@pytest.mark.parametrize(
    "text",
    [
        "2023年3月", "2023年03月", "2023-03", "2023.3", "2023/3", "202303", "二〇二三年三月",
        "二○二三年三月", "２０２３年３月", "2023 年 3 月", "2023年3月份", "2023-03-01",
    ],
)  # fmt: skip
def test_a_month_in_its_many_spellings(text: str) -> None:
    assert read_period(text) == (MARCH, 1)


@pytest.mark.parametrize(
    ("text", "month"), [("二〇二二年十月", 10), ("二〇二二年十一月", 11), ("二〇二二年十二月", 12)]
)
def test_months_above_ten_in_chinese(text: str, month: int) -> None:
    assert read_period(text) == (parse_month(f"2022-{month:02d}"), 1)


@pytest.mark.parametrize("text", ["2023年一季度", "2023年第1季度", "2023Q1", "2023-Q1"])
def test_quarters(text: str) -> None:
    assert read_period(text) == (MARCH, 3)


@pytest.mark.parametrize("text", ["3月", "2023年", "2023年13月", "本月", "2023年上半年", ""])
def test_what_is_no_period(text: str) -> None:
    assert read_period(text) is None


def sheet(name: str = "社会救助月报表", *heads: str) -> Grid:
    rows: list[list[object]] = [[text, "", "", ""] for text in heads]
    rows.append(["指标名称", "计量单位", "代码", "本月数"])
    rows.append(["“家和五送”活动场次", "场次", "0501", 3.0])
    return Grid(name, 0, 0, rows)


TITLE, NUMBER = "婚俗改革月报表", "表号：QJMZ05"
OURS, PERIOD = "填报单位：濯水镇", "报告期：2023年3月"


def read(*heads: str, file_name: str = "x.xlsx") -> tuple[str, str | None, int | None, str]:
    book = interpret([sheet("一", *heads)], file_name, DECLARATION)
    return book.state, book.unit, book.month, book.reason


@pytest.mark.parametrize(
    "unit",
    [
        "濯水镇",
        "黔江区濯水镇",
        "重庆市黔江区濯水镇",
        "濯水镇人民政府",
        "濯 水 镇（盖章）",
        "500114112",
    ],
)
def test_a_unit_in_its_many_names(unit: str) -> None:
    assert read(TITLE, NUMBER, f"填报单位：{unit}", PERIOD)[:3] == ("read", "500114112", MARCH)


def test_labels_in_one_cell_or_beside_their_values() -> None:
    together = f"{NUMBER}    填报单位：濯水镇      报告期：2023年3月"
    assert read(TITLE, together)[1:3] == ("500114112", MARCH)
    rows: list[list[object]] = [
        [TITLE, "", "", ""],
        ["填报单位：", "濯水镇", "报告期", "2023年3月"],
        ["指标名称", "计量单位", "代码", "本月数"],
    ]
    head = read_head(Grid("一", 0, 0, rows), 3, DECLARATION)
    assert (head.units, head.periods) == (["濯水镇"], ["2023年3月"])


@pytest.mark.parametrize(
    ("heads", "reason"),
    [
        ((TITLE, OURS), "没有写报告期"),
        ((TITLE, PERIOD), "没有写填报单位"),
        ((TITLE, OURS, PERIOD, "报告期：2023年2月"), "写了不同的报告期"),
        ((TITLE, OURS, "填报单位：石会镇", PERIOD), "写了不同的填报单位"),
        ((TITLE, "填报单位：龙浔镇", PERIOD), "不在本区的单位名录中"),
        ((TITLE, "填报单位：中塘乡", PERIOD), "“中塘乡”在2023年3月不存在"),
        ((TITLE, OURS, "报告期：三月"), "看不懂"),
    ],
)
def test_two_answers_or_none_are_unidentified_with_the_reason(
    heads: tuple[str, ...], reason: str
) -> None:
    state, unit, _, said = read(*heads)
    assert (state, unit) == ("unidentified", None)
    assert reason in said
    assert "请" in said


@pytest.mark.parametrize(
    ("file_name", "reason"),
    [
        ("石会镇2023-03月报.xlsx", "文件名却是石会镇"),
        ("2023-03_500114106.xlsx", "文件名却是石会镇"),
        ("濯水镇2023-02月报.xlsx", "文件名中的月份不一致"),
        ("濯水镇2月民政报表.xlsx", "文件名中的月份不一致"),
    ],
)
def test_a_file_name_that_contradicts(file_name: str, reason: str) -> None:
    state, _, _, said = read(TITLE, OURS, PERIOD, file_name=file_name)
    assert state == "unidentified"
    assert reason in said


@pytest.mark.parametrize(
    "file_name",
    [
        "2023-03_500114112.xlsx", "濯水镇3月民政报表（最终版）.xlsx", "濯水镇2023-03-2.xlsx",
        "报表.xlsx", "濯水镇3月报（4月5日报送）.xlsx", "20230403.xlsx",
    ],
)  # fmt: skip
def test_a_file_name_that_agrees_or_says_nothing(file_name: str) -> None:
    assert read(TITLE, OURS, PERIOD, file_name=file_name)[0] == "read"


def test_names_within_names() -> None:
    assert units_named("水市镇2023-03.xlsx", MARCH, DECLARATION) == {"500114125"}
    assert months_named("2022-02-1") == set()
    assert months_named("濯水镇1月") == {-1}


def test_a_sheet_of_another_unit_is_left_out_alone() -> None:
    good = [TITLE, NUMBER, OURS, PERIOD]
    other = ["未成年人保护月报表", "表号：QJMZ03", "填报单位：石会镇", PERIOD]
    third = ["政策宣传月报表", "表号：QJMZ08", OURS, PERIOD]
    grids = [sheet("一", *good), sheet("二", *other), sheet("三", *third)]
    book = interpret(grids, "x.xlsx", DECLARATION)
    assert (book.state, book.unit) == ("read", "500114112")
    assert [each.form for each in book.sheets] == ["marriage_customs", "policy_outreach"]
    assert [(each.rule, each.sheet) for each in book.findings if each.rule[0] == "U"] == [
        ("U01", "二")
    ]


def test_a_form_number_and_a_title_of_two_forms() -> None:
    book = interpret([sheet("一", TITLE, "表号：QJMZ03", OURS, PERIOD)], "x.xlsx", DECLARATION)
    assert [each.rule for each in book.findings] == ["U02"]
    assert book.state == "unidentified"


def test_the_analyst_says_whose_it_is() -> None:
    book = interpret([sheet("一", TITLE)], "x.xlsx", DECLARATION, ("500114112", MARCH))
    assert (book.state, book.unit, book.month) == ("read", "500114112", MARCH)
