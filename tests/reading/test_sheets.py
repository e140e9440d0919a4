"""What people do to a sheet, and what is then read from it."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from flows.demo.world import World
from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from schemas.declaration import DECLARATION
from tests.homes import TOWN, content_of

JANUARY = 2022 * 12


@pytest.fixture
def edited(district: World, tmp_path: Path) -> Callable[..., Workbook]:
    """The town's January, after an edit of one of its sheets."""

    def read(title: str, edit: Callable[[Any], object]) -> Workbook:
        book = openpyxl.load_workbook(io.BytesIO(content_of(district.returns[TOWN, JANUARY])))
        edit(book[title])
        path = tmp_path / "一.xlsx"
        book.save(path)
        return read_workbook(path, path.name, DECLARATION)

    return read


def place(sheet: Any, text: str) -> tuple[int, int]:
    """Row and column of the cell that holds the text."""
    return next((c.row, c.column) for row in sheet.iter_rows() for c in row if c.value == text)


def rules(book: Workbook) -> list[tuple[str, str | None]]:
    return [(each.rule, each.cell) for each in book.findings]


def sheet_of(book: Workbook, form: str) -> Any:
    return next(each for each in book.sheets if each.form == form)


def test_a_unit_left_blank_beside_one_in_yuan_is_not_taken_for_ten_thousands(
    edited: Callable[..., Workbook],
) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "0117")
        sheet.cell(row, column - 1).value = "元"
        for below in range(1, 8):
            sheet.cell(row + below, column - 1).value = None

    found = rules(edited("社会救助月报表", edit))
    assert [rule for rule, _ in found].count("S05") == 7


def test_a_heading_of_one_word_is_the_unit_of_measure(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "计量单位")
        sheet.cell(row, column).value = "单位"
        row, code = place(sheet, DECLARATION.figures["relief_funds"].code)
        sheet.cell(row, column).value = "元"
        sheet.cell(row, code + 1).value = 657000

    sheet = sheet_of(edited("社会救助月报表", edit), "social_assistance")
    line = sheet.line("relief_funds")
    assert (line.value, line.converted) == (65_700_000, True)


def test_a_code_beside_the_name_of_another_forms_line(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "0701")
        sheet.cell(row, column - 2).value = "“六送六进”活动场次"

    assert [rule for rule, _ in rules(edited("基层治理月报表", edit))] == ["S04"]


@pytest.mark.parametrize(
    "foot",
    [
        "审核人：王五",
        "填报人：李四",
        "制表人：李四",
        "统计负责人：张三",
        "分管领导：",
        "填报日期：2022-02-03",
    ],
)
def test_lines_below_the_table_are_no_figures(edited: Callable[..., Workbook], foot: str) -> None:
    def edit(sheet: Any) -> None:
        _, column = place(sheet, "指标名称")
        sheet.cell(sheet.max_row + 1, column).value = foot
        sheet.cell(sheet.max_row + 1, column).value = "以上数据为月末数，请核对后报出"

    assert rules(edited("基层治理月报表", edit)) == []


def test_an_unknown_line_with_a_number_below_the_foot_is_still_said(
    edited: Callable[..., Workbook],
) -> None:
    def edit(sheet: Any) -> None:
        _, column = place(sheet, "指标名称")
        month = place(sheet, "本月数")[1]
        sheet.cell(sheet.max_row + 1, column).value = "审核人：王五"
        last = sheet.max_row + 1
        sheet.cell(last, column).value = "其他活动"
        sheet.cell(last, month).value = 7

    assert [rule for rule, _ in rules(edited("基层治理月报表", edit))] == ["S01"]


@pytest.mark.parametrize("numbering", ["①", "（1）、", "1，", "其中：1."])
def test_numbering_before_a_name(edited: Callable[..., Workbook], numbering: str) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "0701")
        name = sheet.cell(row, column - 2)
        name.value = numbering + name.value
        for below in range(row, sheet.max_row + 1):
            sheet.cell(below, column).value = None

    assert rules(edited("基层治理月报表", edit)) == []


def test_a_ledger_with_its_required_columns_alone(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, _ = place(sheet, "设施名称")
        for heading in ("计划下达日期", "投用日期", "容量", "在用", "备注"):
            sheet.cell(row, place(sheet, heading)[1]).value = None

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    assert sheet_of(book, "facilities").rows


def test_a_ledger_heading_with_its_unit_behind_it(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "在用")
        sheet.cell(row, column).value = "在用（人）"

    assert "in_use" in sheet_of(edited("民政设施台账", edit), "facilities").columns


def test_a_ledger_row_of_spaces_is_no_row(edited: Callable[..., Workbook]) -> None:
    before = sheet_of(edited("民政设施台账", lambda sheet: None), "facilities").rows

    def edit(sheet: Any) -> None:
        row, column = place(sheet, "设施名称")
        sheet.insert_rows(row + 2)
        sheet.cell(row + 2, column).value = "\u3000"

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    assert len(sheet_of(book, "facilities").rows) == len(before)


@pytest.mark.parametrize("beside", [None, 1, "1"])
def test_a_ledger_that_says_none_has_none(edited: Callable[..., Workbook], beside: object) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "设施名称")
        sheet.delete_rows(row + 1, 40)
        sheet.cell(row + 1, column).value = "无"
        sheet.cell(row + 1, 1).value = beside

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    assert sheet_of(book, "facilities").rows == ()


def test_an_item_with_its_name_alone_is_one(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "设施名称")
        sheet.delete_rows(row + 1, 40)
        sheet.cell(row + 1, 1).value = 1
        sheet.cell(row + 1, column).value = "一、城东食堂"

    book = edited("民政设施台账", edit)
    assert len(sheet_of(book, "facilities").rows) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (20211231, "2021-12-31"),
        ("2021-12-31 10:05", "2021-12-31"),
        ("2021年12月31号", "2021-12-31"),
        ("2021—12—31", "2021-12-31"),
        ("/", None),
    ],
)
def test_dates_of_a_ledger(
    edited: Callable[..., Workbook], written: object, read: str | None
) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "投用日期")
        sheet.cell(row + 1, column).value = written

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    ledger = DECLARATION.by_name["facilities"]
    at = [each.name for each in ledger.kept].index("opened_on")
    assert sheet_of(book, "facilities").cells[at][0] == read


def test_a_year_of_the_wrong_millennium_is_no_date(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "投用日期")
        sheet.cell(row + 1, column).value = "0021-12-31"

    assert [rule for rule, _ in rules(edited("民政设施台账", edit))] == ["L03"]


def test_a_cover_and_a_contents_sheet_are_no_forms(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        cover = sheet.parent.create_sheet("封面", 0)
        for row in (("社会救助月报表",), ("填报单位：", "濯水镇"), ("报告期：", "2022年1月")):
            cover.append(row)
        contents = sheet.parent.create_sheet("目录", 1)
        for title in ("社会救助月报表", "养老服务月报表", "基层治理月报表"):
            contents.append((title,))

    book = edited("社会救助月报表", edit)
    assert (book.unit, rules(book)) == (TOWN, [])
    assert sheet_of(book, "social_assistance").line("orphans").value >= 0


def test_a_reason_in_the_column_of_reasons_is_not_the_remark_before_it(
    edited: Callable[..., Workbook],
) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "说明")
        sheet.cell(row, column).value = "备注"
        sheet.cell(row, column + 1).value = "说明"
        sheet.cell(row + 1, column).value = "同上月"
        sheet.cell(row + 1, column + 1).value = "两户迁出"

    assert sheet_of(edited("基层治理月报表", edit), "community_governance").reasons[0] == "两户迁出"


def test_a_formula_without_a_result_is_said_on_its_cell(edited: Callable[..., Workbook]) -> None:
    places: dict[str, str] = {}

    def edit(sheet: Any) -> None:
        for code, formula in (("0101", "=1/0"), ("0117", "=SUM(E6:E9)")):
            row, column = place(sheet, code)
            sheet.cell(row, column + 1).value = formula
            places[code] = sheet.cell(row, column + 1).coordinate
        row, column = place(sheet, "0118")
        sheet.cell(row, column + 1).value = "#REF!"
        sheet.cell(row, column + 1).data_type = "e"
        places["0118"] = sheet.cell(row, column + 1).coordinate

    book = edited("社会救助月报表", edit)
    said = {each.cell: (each.rule, each.value) for each in book.findings}
    assert said == {
        places["0101"]: ("V05", "=1/0"),
        places["0117"]: ("V05", "=SUM(E6:E9)"),
        places["0118"]: ("V05", "#REF!"),
    }


def test_an_error_is_no_reason_and_no_unit_of_measure(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "0101")
        for at, text in ((column - 1, "#REF!"), (column + 3, "#N/A")):
            sheet.cell(row, at).value = text
            sheet.cell(row, at).data_type = "e"

    book = edited("社会救助月报表", edit)
    assert [(each.rule, each.value) for each in book.findings] == [("S05", "#REF!")]
    assert set(sheet_of(book, "social_assistance").reasons) <= {""}


@pytest.mark.parametrize(
    ("heading", "formula"), [("在用", "=1+1"), ("设施名称", "=A1"), ("投用日期", "=TODAY()")]
)
def test_a_formula_without_a_result_in_a_ledger(
    edited: Callable[..., Workbook], heading: str, formula: str
) -> None:
    where = []

    def edit(sheet: Any) -> None:
        row, column = place(sheet, heading)
        sheet.cell(row + 1, column).value = formula
        where.append(sheet.cell(row + 1, column).coordinate)

    book = edited("民政设施台账", edit)
    assert [(each.rule, each.cell, each.value) for each in book.findings] == [
        ("L09", where[0], formula)
    ]


def test_a_period_by_formula_without_a_result_is_named(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        for each in sheet.parent:
            for row in each.iter_rows():
                for cell in row:
                    if str(cell.value).startswith("报告期"):
                        cell.value = '="报告期："&TEXT(TODAY(),"yyyy年m月")'

    book = edited("基层治理月报表", edit)
    assert book.state == "unidentified"
    assert "报告期" in book.reason


def ledger_rows(book: Workbook) -> list[tuple[object, ...]]:
    return list(zip(*sheet_of(book, "facilities").cells, strict=True))


@pytest.fixture
def facilities(edited: Callable[..., Workbook]) -> list[tuple[object, ...]]:
    return ledger_rows(edited("民政设施台账", lambda sheet: None))


def test_a_ledger_with_grouped_headings(
    edited: Callable[..., Workbook], facilities: list[tuple[object, ...]]
) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "容量")
        sheet.insert_rows(row)
        for each in range(1, sheet.max_column + 1):  # those that are not grouped are merged
            sheet.cell(row, each).value = sheet.cell(row + 1, each).value
            sheet.cell(row + 1, each).value = None
        for at, text in enumerate(("容量", "在用")):
            sheet.cell(row + 1, column + at).value = text
        sheet.cell(row, column).value = "床位"
        sheet.cell(row, column + 1).value = None

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    assert ledger_rows(book) == facilities


def test_a_ledger_that_goes_on_below_and_has_titles_and_totals(
    edited: Callable[..., Workbook], facilities: list[tuple[object, ...]]
) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "设施名称")
        heads = [cell.value for cell in sheet[row]]
        sheet.insert_rows(row + 3, 4)
        sheet.cell(row + 3, 1).value = "小计"
        sheet.cell(row + 3, place(sheet, "在用")[1]).value = 12
        sheet.cell(row + 4, 1).value = "民政设施台账（续表）"
        for at, text in enumerate(heads, 1):
            sheet.cell(row + 5, at).value = text
        sheet.cell(row + 6, column).value = "二、农村设施"

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    assert ledger_rows(book) == facilities


def test_a_ledger_that_goes_on_on_another_sheet(
    edited: Callable[..., Workbook], facilities: list[tuple[object, ...]]
) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "设施名称")
        more = sheet.parent.create_sheet("续")
        more["B1"] = "民政设施台账（续表）"
        for at, cell in enumerate(sheet[row], 2):
            more.cell(2, at).value = cell.value
        for at, cell in enumerate(sheet[row + 2], 2):
            more.cell(3, at).value = cell.value
        more.cell(3, column + 1).value = None  # an item without its name
        sheet.delete_rows(row + 2)

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    read = sheet_of(book, "facilities")
    assert len(read.rows) == len(facilities)
    assert read.item_place(0, "name")[0] == read.sheet
    last = read.item_place(len(read.rows) - 1, "name")
    assert last == ("续", f"{chr(64 + 1 + ord(read.columns['name']) - 64)}3")


def test_codes_below_the_heading_of_amounts_are_no_amounts(
    edited: Callable[..., Workbook],
) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "本月数")
        sheet.cell(row, column - 1).value = "本月数"
        for at in (column, column + 1):
            sheet.cell(row, at).value = None

    found = rules(edited("基层治理月报表", edit))
    assert "S13" in {rule for rule, _ in found}


def test_a_ledger_full_of_mistakes_is_told_of_some_and_held(
    edited: Callable[..., Workbook],
) -> None:
    def edit(sheet: Any) -> None:
        for _ in range(150):
            sheet.append(["x"] * 12)

    book = edited("民政设施台账", edit)
    (form,) = {each.form for each in book.findings}
    *kept, last = book.findings
    assert len(kept) == 200
    assert last.rule == "S18"
    assert (last.level, last.form) == ("error", form)
    assert "只列出前200处" in last.message
    ledger = sheet_of(book, str(form))
    assert ledger.broken
    assert last.cell == ledger.head_cell != "A1"
    assert not ledger.rows
    assert not any(each.broken for each in book.sheets if each is not ledger)


def test_a_file_full_of_mistakes_is_told_of_no_more_than_a_thousand(
    edited: Callable[..., Workbook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.reading.bounding.FORM_FINDINGS", 20)
    monkeypatch.setattr("flows.reading.bounding.FILE_FINDINGS", 30)

    def edit(sheet: Any) -> None:
        for other in sheet.parent:
            for _ in range(30):
                other.append(["第二行", "x", "x", "x", "x", "x", "x", "x", "x", "x"])

    book = edited("社会救助月报表", edit)
    assert len(book.findings) <= 30 + len(book.sheets)


def test_a_ledger_of_more_rows_than_any_is_not_read(
    edited: Callable[..., Workbook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.reading.forms.LEDGER_ROWS", 50)

    def edit(sheet: Any) -> None:
        for _ in range(60):
            sheet.append(["x"] * 12)

    book = edited("民政设施台账", edit)
    (found,) = book.findings
    assert found.rule == "S12"
    assert sheet_of(book, str(found.form)).broken


def test_a_form_on_many_sheets_is_told_on_the_first_of_them(
    edited: Callable[..., Workbook],
) -> None:
    def edit(sheet: Any) -> None:
        for _ in range(11):
            sheet.parent.copy_worksheet(sheet)

    book = edited("社会救助月报表", edit)
    twice = [each for each in book.findings if each.rule == "S06"]
    assert len(twice) == 8
    assert "等12个" in twice[0].message
    assert twice[0].message.count("、") == 7


def test_a_document_in_a_cell_is_not_told_whole(edited: Callable[..., Workbook]) -> None:
    def edit(sheet: Any) -> None:
        row, column = place(sheet, "0117")
        sheet.cell(row, column + 1).value = "长" * 20_000

    book = edited("社会救助月报表", edit)
    (found,) = [each for each in book.findings if "长" in each.message]
    assert len(found.message) < 300
    assert found.value == "长" * 100 + "…"
    assert found.message.endswith("。")


@pytest.mark.parametrize("shown_as", ["yyyy-mm-dd", "General"])
def test_dates_that_count_from_1904(edited: Callable[..., Workbook], shown_as: str) -> None:
    opened = dt.date(2021, 12, 31)

    def edit(sheet: Any) -> None:
        sheet.parent.epoch = CALENDAR_MAC_1904
        row, column = place(sheet, "投用日期")
        sheet.cell(row + 1, column).value = (opened - CALENDAR_MAC_1904.date()).days
        sheet.cell(row + 1, column).number_format = shown_as

    book = edited("民政设施台账", edit)
    assert rules(book) == []
    at = [each.name for each in DECLARATION.by_name["facilities"].kept].index("opened_on")
    assert sheet_of(book, "facilities").cells[at][0] == opened.isoformat()
