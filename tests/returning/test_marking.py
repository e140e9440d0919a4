"""A workbook that goes back: marked where something is said, else the very file."""

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from flows.demo.world import World
from flows.reading.refusals import RefusedError
from flows.returning.marking import mark
from tests.homes import TOWN, content_of
from tests.returning.marked import (
    AMBER,
    BLUE,
    HEADING,
    RED,
    edited,
    list_of,
    opened,
    parts_of,
    read,
    remark,
    returned,
    same_report,
)
from tests.writing.formats import EXTENSIONS, ONE_SHEET, Sheet, write

JANUARY = 2022 * 12
FORM = "社会救助月报表"


@pytest.fixture(scope="module")
def content(district: World) -> bytes:
    return content_of(district.returns[TOWN, JANUARY])


def cells(content: bytes, **how: Any) -> dict[tuple[str, str], tuple[object, ...]]:
    """Every cell of every sheet but the list: value, type and looks, the fill last."""
    return {
        (sheet.title, cell.coordinate): (
            *(cell.value, cell.data_type, cell.number_format),
            *(repr(each) for each in (cell.font, cell.border, cell.alignment, cell.protection)),
            cell.fill.fgColor.rgb,
        )
        for sheet in opened(content, **how)
        if not sheet.title.startswith("问题清单")
        for row in sheet.iter_rows()
        for cell in row
    }


def test_only_the_marked_cells_fill_is_another(content: bytes) -> None:
    back = edited(
        content,
        remark(FORM, "E7"),
        remark(FORM, "F9", "query"),
        remark("养老服务月报表", "E6", "notice"),
    )
    for data_only in (True, False):
        before, after = cells(content, data_only=data_only), cells(back, data_only=data_only)
        changed = {place for place in before if before[place] != after[place]}
        assert changed == {(FORM, "E7"), (FORM, "F9"), ("养老服务月报表", "E6")}
        assert all(before[place][:-1] == after[place][:-1] for place in changed)
        assert [after[FORM, "E7"][-1], after[FORM, "F9"][-1]] == [RED, AMBER]
        assert after["养老服务月报表", "E6"][-1] == BLUE
    assert same_report(read(back), read(content))


def test_other_parts_stay_byte_for_byte(content: bytes) -> None:
    before, after = parts_of(content), parts_of(edited(content, remark(FORM, "E7")))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
    }
    assert [name for name in after if name in before] == list(before)


def test_a_comment_says_all_that_is_remarked(content: bytes) -> None:
    back = edited(
        content,
        remark(FORM, "E7", "query", last_month="56", last_year="61", explanation="迁出一户"),
        remark(FORM, "E7", "error", rule="V03", message="不能为负数。"),
    )
    cell = opened(back)[FORM]["E7"]
    assert cell.fill.fgColor.rgb == RED
    assert cell.comment.author == "审核"
    assert cell.comment.text.split("\n") == [
        "【审核意见】",
        "强制性　V03",
        "不能为负数。",
        "核实性　B0101",
        "“城市低保人数”为57，应不小于“城市低保户数”60；请核对后改正。",
        "上月数：56；上年同月：61",
        "说明：迁出一户",
        "【以上由审核程序写入】",
    ]


def test_cells_that_are_not_there_are_made_with_their_rows_or_columns_look() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    sheet["B2"] = 1
    sheet.column_dimensions["D"].number_format = "0.00"
    sheet.row_dimensions[7].number_format = "0.0"
    content = saved(book)
    back = edited(
        content, remark("表", "A1"), remark("表", "D2"), remark("表", "D7"), remark("表", "C9")
    )
    made = opened(back)["表"]
    assert [made[each].comment is not None for each in ("A1", "D2", "D7", "C9")] == [True] * 4
    assert [made[each].number_format for each in ("A1", "D2", "D7")] == ["General", "0.00", "0.0"]
    assert made["B2"].value == 1


def test_a_merged_area_is_marked_on_its_first_cell() -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["B2"] = "合并"
    book.active.merge_cells("B2:D4")
    back = opened(edited(saved(book), remark("表", "C3"), remark("表", "D4", "notice")))["表"]
    assert back["B2"].fill.fgColor.rgb == RED
    assert back["B2"].comment.text.count("B0101") == 2
    assert [str(each) for each in back.merged_cells.ranges] == ["B2:D4"]


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_comments_that_are_there_stay() -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["A1"].comment = Comment("街道自己的批注", "李某")
    book.active["B1"].comment = Comment("另一条", "李某")
    back = opened(edited(saved(book), remark("表", "A1"), remark("表", "C1")))["表"]
    assert back["A1"].comment.text.startswith("街道自己的批注\n【审核意见】\n强制性")
    assert back["A1"].comment.author == "李某"
    assert back["B1"].comment.text == "另一条"
    assert back["C1"].comment.author == "审核"


def test_a_second_return_takes_the_place_of_the_first() -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["A1"].comment = Comment("街道自己的批注", "李某")
    book.active["A1"].number_format = "0.00"
    first = edited(saved(book), remark("表", "A1"), remark("表", "B2", "query"))
    again = opened(first)
    again["表"]["B2"].comment.text += "\n已向村里核实"
    second = edited(saved(again), remark("表", "C3"))
    back = opened(second)
    assert back.sheetnames == ["问题清单", "表"]
    assert [row["单元格"] for row in list_of(second)] == ["表!C3"]
    sheet = back["表"]
    assert sheet["A1"].comment.text == "街道自己的批注"
    assert sheet["B2"].comment.text.strip() == "已向村里核实"
    assert sheet["C3"].comment.text.count("【审核意见】") == 1
    fills = [sheet[each].fill.fill_type for each in ("A1", "B2", "C3")]
    assert fills == [None, None, "solid"]
    assert sheet["A1"].number_format == "0.00"
    assert edited(second, remark("表", "C3")).count(b"PK\1\2") == second.count(b"PK\1\2")


def test_what_a_sheet_is_made_of_stays() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    sheet["A1"], sheet["B1"] = "=1+1", "=SUM(A1:A1)"
    sheet.protection.sheet = True
    sheet.protection.password = "a"
    check = DataValidation(
        "whole", allow_blank=True, formula1="0", formula2="9", operator="between"
    )
    check.add("C1:C9")
    sheet.add_data_validation(check)
    sheet.print_area = "A1:C9"
    other = book.create_sheet("另一张")
    other.print_title_rows = "1:2"
    book.active = other
    before = saved(book)
    back = opened(edited(before, remark("表", "A1"), remark("另一张", "B2")))
    assert back["表"]["A1"].value == "=1+1"
    assert back["表"].protection.sheet
    assert back["表"].protection.password == sheet.protection.password
    assert back["表"].data_validations.dataValidation[0].sqref == check.sqref
    assert back["表"].print_area == "'表'!$A$1:$C$9"
    assert back["另一张"].print_title_rows == "$1:$2"
    assert back.active.title == "问题清单"
    assert [bool(each.sheet_view.tabSelected) for each in back] == [True, False, False]


def test_only_the_list_is_selected_where_nothing_is_marked(content: bytes) -> None:
    back = opened(edited(content))
    selected = [each.title for each in back if each.sheet_view.tabSelected]
    assert selected == ["问题清单"]


def test_macros_stay() -> None:
    sheets = [Sheet("表", [["a", 1]])]
    before = write(sheets, "xlsm")
    marked = returned(before, remark("表", "B1"), name="一.xlsm")
    assert (marked.suffix, marked.is_copy) == (".xlsm", False)
    parts = parts_of(marked.content)
    assert parts["xl/vbaProject.bin"] == parts_of(before)["xl/vbaProject.bin"]
    assert b"macroEnabled" in parts["[Content_Types].xml"]


def test_what_was_made_from_a_template_is_a_workbook() -> None:
    kind = b"spreadsheetml.sheet.main+xml"
    before = write([Sheet("表", [["a"]])], "xlsx")
    name = "[Content_Types].xml"
    parts = parts_of(before)
    parts[name] = parts[name].replace(kind, b"spreadsheetml.template.main+xml")
    marked = returned(packed(parts), remark("表", "A1"))
    assert (marked.suffix, marked.is_copy) == (".xlsx", False)
    assert kind in parts_of(marked.content)[name]


def packed(parts: dict[str, bytes]) -> bytes:
    from tests.writing.zips import zipped

    return zipped(parts)


@pytest.mark.parametrize("format", sorted(EXTENSIONS))
def test_every_format_comes_back_marked(format: str) -> None:
    rows = [["标题", None, None], [None, "0101", 12.5], [None, " 甲 ", -3]]
    sheets = [Sheet("表", rows)]  # type: ignore[arg-type]
    if format not in ONE_SHEET:
        sheets.append(Sheet("第二张", [["x"], [None, 5]]))
    name = f"表{EXTENSIONS[format]}"
    marked = returned(write(sheets, format), remark("表", "C2"), name=name)
    assert marked.is_copy == (format not in ("xlsx", "xlsm"))
    back = opened(marked.content)
    assert back.sheetnames == ["问题清单", *(sheet.name for sheet in sheets)]
    assert back["表"]["C2"].comment is not None
    assert back["表"]["C2"].fill.fgColor.rgb == RED
    assert str(back["表"]["C2"].value) == "12.5"
    assert back["表"]["B2"].value == "0101"


def test_what_is_no_workbook_is_refused() -> None:
    for content in (b"", b"%PDF-1.7", b"PK\3\4 cut short"):
        with pytest.raises(RefusedError):
            mark(content, "一.xlsx", [], HEADING)


def test_a_remark_on_a_sheet_or_cell_that_is_not_there_is_only_listed(content: bytes) -> None:
    back = edited(content, remark("没有这张", "A1"), remark(FORM, "?"), remark(FORM, "XFE1"))
    assert len(list_of(back)) == 3
    assert same_report(read(back), read(content))
    assert cells(back) == cells(content)
