"""The list of problems on the first sheet: what it says, and that it is no more than text."""

import re
from typing import Any

import pytest
from lxml import etree

from flows.reading.problem_list import HEADINGS, TITLE
from tests.returning.marked import cell_row, edited, list_of, opened, parts_of, remark, returned
from tests.writing.formats import Sheet, write

CONTENT = write([Sheet("表", [["a", 1], ["b", 2]]), Sheet("它's", [["c"]])], "xlsx")


def listed(*remarks: Any) -> list[dict[str, Any]]:
    return list_of(edited(CONTENT, *remarks))


def test_errors_come_first_each_level_in_the_order_of_sheets_and_cells() -> None:
    rows = listed(
        remark("它's", "A1", "notice"),
        remark("表", "B10"),
        remark("表", "", "query"),
        remark("它's", "A1"),
        remark("没有", "A1"),
        remark("表", "B2"),
        remark("", ""),
        remark("表", "A2", "query"),
    )
    assert [(row["序号"], row["级别"], row["单元格"]) for row in rows] == [
        ("1", "强制性", "（整个文件）"),
        ("2", "强制性", "表!B2"),
        ("3", "强制性", "表!B10"),
        ("4", "强制性", "它's!A1"),
        ("5", "强制性", "没有!A1"),
        ("6", "核实性", "表"),
        ("7", "核实性", "表!A2"),
        ("8", "提示", "它's!A1"),
    ]


def test_a_row_says_what_the_remark_says() -> None:
    row, = listed(remark("表", "B1", "query", last_month="56", last_year="61"))  # fmt: skip
    assert row == {
        "序号": "1",
        "报表": "社会救助月报表",
        "单元格": "表!B1",
        "代码": "0102",
        "指标": "城市低保人数",
        "栏": "本月数",
        "填报数": "57",
        "级别": "核实性",
        "规则": "B0101",
        "问题": "“城市低保人数”为57，应不小于“城市低保户数”60；请核对后改正。",
        "上月数": "56",
        "上年同月": "61",
        "说明": None,
    }


def test_the_head_says_whose_it_is_and_what_to_do() -> None:
    sheet = opened(edited(CONTENT, remark("表", "A1"), remark("表", "A2", "query")))["问题清单"]
    said = [sheet.cell(row, 1).value for row in range(1, 8)]
    assert said[0] == TITLE
    assert said[1] == "填报单位：濯水镇　　报告期：2022年1月　　文件：濯水镇1月.xlsx"
    assert said[2].startswith("强制性1条：须在报表中改正")
    assert said[3].startswith("核实性1条：")
    assert "黄色的“说明”栏" in said[3]
    assert "报回" in said[4]
    assert said[5:] == [None, "序号"]


def test_nothing_found() -> None:
    sheet = opened(edited(CONTENT))["问题清单"]
    assert sheet["A3"].value == "未发现问题。"


def test_links_lead_to_the_cells() -> None:
    back = edited(
        CONTENT, remark("表", "B2"), remark("它's", "A1"), remark("表", ""), remark("没有", "A1")
    )
    cells = [cell for row in opened(back)["问题清单"] for cell in row if cell.hyperlink]
    links = {cell.coordinate: cell.hyperlink.location for cell in cells}
    first = cell_row(back)
    # The remark of the sheet comes before those of its cells.
    assert links == {
        f"C{first}": "'表'!A1",
        f"C{first + 1}": "'表'!B2",
        f"C{first + 2}": "'它''s'!A1",
    }


def test_only_the_column_of_reasons_is_open_and_yellow_where_one_is_asked_for() -> None:
    back = edited(
        CONTENT,
        remark("表", "A1"),
        remark("表", "A2", "query"),
        remark("表", "B2", "query", explanation="迁出一户"),
        remark("表", "B1", "notice"),
    )
    sheet = opened(back)["问题清单"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    first = cell_row(back)
    locked = {(row, column): sheet.cell(row, column).protection.locked
              for row in range(1, first + 4) for column in range(1, 14)}  # fmt: skip
    assert [place for place, shut in locked.items() if not shut] == [
        (row, 13) for row in range(first, first + 4)
    ]
    reasons = [sheet.cell(row, 13) for row in range(first, first + 4)]
    assert [each.fill.fill_type for each in reasons] == [None, "solid", None, None]
    assert [each.value for each in reasons] == [None, None, "迁出一户", None]
    levels = [sheet.cell(row, 8).value for row in range(first, first + 4)]
    assert levels == ["强制性", "核实性", "核实性（已说明）", "提示"]


def test_how_it_prints_and_shows() -> None:
    back = edited(CONTENT, remark("表", "A1"))
    sheet = opened(back)["问题清单"]
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.freeze_panes == f"A{cell_row(back)}"
    heading = cell_row(back) - 1
    assert sheet.print_title_rows == f"${heading}:${heading}"
    assert sheet.cell(cell_row(back), 10).alignment.wrap_text


FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://a")',
    "\t=1",
    "{=1}",
    "'=1",
    "1E5",
    "3-1",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_becomes_a_formula(text: str) -> None:
    every = dict.fromkeys(("title", "code", "name", "column", "value", "rule", "message"), text)
    back = edited(CONTENT, remark("表", "A1", **every, last_month=text, last_year=text))
    sheet = opened(back)["问题清单"]
    row = sheet[cell_row(back)]
    assert row[6].value == text
    for cell in row:
        assert cell.data_type in ("s", "inlineStr", "n")
        assert cell.data_type != "n" or cell.value is None
        assert cell.number_format == "@"
    name = next(each for each in parts_of(back) if "sheet3" in each)
    assert not re.search(rb"<f\b", parts_of(back)[name])
    styles = etree.fromstring(parts_of(back)["xl/styles.xml"]).find("{*}cellXfs")
    used = {int(each.get("s")) for each in etree.fromstring(parts_of(back)[name]).iter("{*}c")}
    assert all(styles[each].get("quotePrefix") == "1" for each in used)


def test_what_xml_cannot_hold_is_left_out_and_what_looks_escaped_is_not() -> None:
    text = "a\x00\x0b\ud800b_x0041_ c\nd<&>\"'"
    back = edited(CONTENT, remark("表", "A1", message=text, value=text))
    sheet = opened(back)["问题清单"]
    row = sheet[cell_row(back)]
    # As it is stored: programs read _x005F_ as the line that it stands for.
    assert [row[6].value, row[9].value] == ["ab_x005F_x0041_ c\nd<&>\"'"] * 2
    assert "ab_x005F_x0041_ c\nd<&>\"'" in opened(back)["表"]["A1"].comment.text


def test_rows_are_as_high_as_their_texts() -> None:
    long = "应不小于各项之和；" * 30
    back = edited(CONTENT, remark("表", "A1", message=long), remark("表", "A2", message="短"))
    sheet, first = opened(back)["问题清单"], cell_row(back)
    heights = [sheet.row_dimensions[row].height for row in (first, first + 1)]
    assert heights[0] > 150
    assert heights[1] < 40


def test_the_headings_are_those_that_are_read() -> None:
    sheet = opened(returned(CONTENT).content)["问题清单"]
    assert tuple(cell.value for cell in sheet[5]) == HEADINGS
