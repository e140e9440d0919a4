"""What a template holds: the unit's own lines as its month asks them, earlier months beside them."""

import datetime as dt
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from flows.reading import stamp
from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from flows.templating import front
from flows.templating.ledger_places import SPARE_ROWS
from flows.templating.previous import Held, Previous
from flows.templating.sheets import FIRST_ROW
from flows.templating.workbook import make_template, to_bytes
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger
from schemas.declaring.periods import parse_month
from tests.homes import TOWN
from tests.old_forms.declaration import DECLARATION as OLD
from tests.second_district.declaration import DECLARATION as LIBRARIES

BUREAU = "500114000"
MARCH = parse_month("2023-03")
D = Decimal


def blank(
    unit: str, month: int = MARCH, declaration: Declaration = DECLARATION, **given: Any
) -> openpyxl.Workbook:
    previous = Previous(month, **given)
    made = make_template(declaration, declaration.unit_by_code[unit], previous)
    return openpyxl.load_workbook(io.BytesIO(to_bytes(made.workbook)))


def read(book: openpyxl.Workbook, folder: Path, declaration: Declaration = DECLARATION) -> Workbook:
    path = folder / "x.xlsx"
    book.save(path)
    return read_workbook(path, path.name, declaration)


def fill_all(book: openpyxl.Workbook, value: int) -> None:
    """The same value in every cell of the figure forms that is to be filled in."""
    for sheet in book.worksheets[1:-1]:
        if sheet["E5"].value == "本月数":
            for row in range(FIRST_ROW, sheet.max_row - 2):
                sheet.cell(row, 5).value = value
                if sheet.cell(row, 6).protection.locked is False:
                    sheet.cell(row, 6).value = value


def test_a_unit_has_its_own_forms_and_lines() -> None:
    town, bureau = blank(TOWN), blank(BUREAU)
    assert town.sheetnames == [
        front.TITLE, "社会救助月报表", "养老服务月报表", "未成年人保护月报表",
        "精神障碍社区康复月报表", "婚俗改革月报表", "殡葬改革月报表", "基层治理月报表",
        "政策宣传月报表", "民政设施台账", "“一墓一策”台账", stamp.SHEET,
    ]  # fmt: skip
    # The facilities are never due from the bureau, which may send them; targets are as sent.
    assert bureau.sheetnames == [
        front.TITLE, "未成年人保护月报表", "政策宣传月报表", "党建工作月报表", "民政设施台账",
        "整改清单", stamp.SHEET,
    ]  # fmt: skip
    codes = [town["未成年人保护月报表"].cell(row, 4).value for row in range(6, 10)]
    assert codes == ["0301", "0302", "0303", "0304"]
    assert bureau["未成年人保护月报表"]["D6"].value == "0305"
    assert town[stamp.SHEET].sheet_state == "veryHidden"


def test_its_head_and_foot_are_those_of_the_form() -> None:
    sheet = blank(TOWN)["社会救助月报表"]
    assert sheet["A1"].value == "社会救助月报表"
    assert (sheet["A3"].value, sheet["D3"].value) == ("填报单位：濯水镇", "报告期：2023年3月")
    assert sheet["D2"].value == "表号：QJMZ01"
    assert [cell.value for cell in sheet[5]][:11] == [
        "序号", "指标名称", "计量单位", "代码", "本月数", "本年累计", "说明",
        "上月数", "上年同月", "上月累计", "审核",
    ]  # fmt: skip
    last = FIRST_ROW + 24 + 1
    assert [sheet[f"A{last}"].value, sheet[f"E{last}"].value] == ["单位负责人：", "填表人："]
    assert [sheet[f"A{last + 1}"].value, sheet[f"E{last + 1}"].value] == [
        "联系电话：",
        "报出日期：",
    ]
    assert sheet["D6"].data_type == "s"
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert not sheet.protection.formatColumns
    assert not sheet.protection.formatRows


def test_it_prints_on_a4_without_what_stands_beside_the_form() -> None:
    book = blank(TOWN)
    for sheet in book.worksheets[:-1]:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    form, ledger = book["社会救助月报表"], book["民政设施台账"]
    assert (form.page_setup.orientation, ledger.page_setup.orientation) == (
        "portrait", "landscape",
    )  # fmt: skip
    for sheet, last in ((form, "G"), (ledger, "J")):
        assert sheet.print_title_rows == "$1:$5"
        assert sheet.print_area == f"'{sheet.title}'!$A$1:${last}${sheet.max_row}"


def test_formulas_are_within_what_excel_takes() -> None:
    for book in (blank(TOWN), blank(BUREAU), blank(TOWN, parse_month("2022-02"), OLD)):
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert len(cell.value) < 8192
                        texts = re.findall('"((?:[^"]|"")*)"', cell.value)
                        assert all(len(each) <= 255 for each in texts)
            rules = [each for own in sheet.conditional_formatting for each in own.rules]
            formulas = [text for each in rules for text in each.formula]
            formulas += [each.formula1 for each in sheet.data_validations.dataValidation]
            assert not any("{" in each for each in formulas)  # no lists are taken there


def test_filled_in_without_an_office_suite_it_reads_back(tmp_path: Path) -> None:
    book = blank(TOWN)
    fill_all(book, 3)
    found = read(book, tmp_path)
    assert (found.state, found.unit, found.month) == ("read", TOWN, MARCH)
    assert found.findings == []
    assert [len(sheet.rows) for sheet in found.sheets] == [24, 10, 4, 6, 3, 5, 5, 3, 0, 0]


def test_what_is_worked_out_from_a_blank_is_not_said_once_more(tmp_path: Path) -> None:
    book = blank(TOWN, parse_month("2023-01"))
    assert str(book["政策宣传月报表"]["F6"].value) == "=M6"
    found = read(book, tmp_path)
    assert {(each.rule, (each.cell or "")[0]) for each in found.findings} == {("V01", "E")}


def test_lines_are_those_of_the_month(tmp_path: Path) -> None:
    books = [blank(TOWN, parse_month(month), OLD) for month in ("2021-11", "2022-02")]
    then, now = (book["社会救助月报表"] for book in books)
    lines = {then.cell(row, 4).value: then.cell(row, 2).value for row in range(6, 29)}
    assert lines["0101"] == "城市低保资金支出"
    assert "困难群众救助总人数" in lines.values()
    units = {then.cell(row, 2).value: then.cell(row, 3).value for row in range(6, 29)}
    assert units["临时救助资金支出"] == "元"
    assert "其他民政保障资金支出" not in units
    assert now["C25"].value == "万元"
    for book in books:
        fill_all(book, 3)
        found = read(book, tmp_path, OLD)
        assert (found.unit, found.findings) == (TOWN, [])
    aid = books[0]["社会救助月报表"].cell(list(units).index("临时救助资金支出") + 6, 5)
    aid.value = 10001.01
    found = read(books[0], tmp_path, OLD)
    line = found.sheets[0].line("temporary_aid_funds")
    assert line is not None
    assert line.value == 1_000_101


def test_references_are_in_the_unit_asked_and_the_year_to_date_is_proposed() -> None:
    month = parse_month("2021-11")
    held = {
        (month - 1, "temporary_aid_funds"): Held(D("1.014285"), D("9.123456"), True),
        (month - 12, "temporary_aid_funds"): Held(D("2"), D("20"), True),
        (month - 1, "dibao_exits"): Held(D(4), D(40), True),
        (month - 1, "dibao_additions"): Held(None, None, False),
    }
    sheet = blank(TOWN, month, OLD, values=held)["社会救助月报表"]
    row = {sheet.cell(row, 2).value: row for row in range(6, 29)}
    aid, exits = row["临时救助资金支出"], row["低保退出人数"]
    assert [sheet.cell(aid, at).value for at in (8, 9, 10)] == [10142.85, 20000, 91234.56]
    for row_of, places in ((aid, 2), (exits, 0)):
        total = f"ROUND(J{row_of}+M{row_of},{places})"
        assert sheet.cell(row_of, 6).value == f"=IF(ISNUMBER(M{row_of}),{total},M{row_of})"
        assert sheet.cell(row_of, 13).value.startswith(f"=IF(ISNUMBER(E{row_of}),E{row_of},")
    added = row["低保新增人数"]
    assert sheet.cell(added, 8).value == "—"
    assert sheet.cell(added, 6).value is None  # last month's is not known
    assert not sheet.cell(added, 6).protection.locked
    assert sheet.cell(aid, 8).protection.locked


def test_january_begins_anew() -> None:
    sheet = blank(TOWN, parse_month("2023-01"))["政策宣传月报表"]
    assert sheet["F6"].value == "=M6"


def test_a_line_of_which_only_the_year_to_date_is_asked(tmp_path: Path) -> None:
    lines = DECLARATION.by_name["policy_outreach"]
    assert isinstance(lines, FigureForm)
    first, *others = lines.figures
    form = replace(lines, figures=(replace(first, cumulative_only=True), *others))
    declaration = replace(DECLARATION, forms=(form,), ledgers=(), indicators=())
    held = {(MARCH - 1, first.name): Held(None, D(7), True)}
    book = blank(TOWN, MARCH, declaration, values=held)
    sheet = book[form.title_zh]
    assert (sheet["E6"].protection.locked, sheet["F6"].protection.locked) == (True, False)
    assert (sheet["F6"].value, sheet["J6"].value) == (None, 7)
    fill_all(book, 9)
    sheet["E6"].value = None
    found = read(book, tmp_path, declaration)
    assert found.findings == []
    assert found.sheets[0].years_to_date[0] == 9_000_000


def test_a_quarterly_form_of_another_district(tmp_path: Path) -> None:
    month = parse_month("2023-06")
    held = {(month - 3, "loans"): Held(D(300), D(300), True)}
    book = blank("900001", month, LIBRARIES, values=held)
    sheet = book["图书借阅季报表"]
    assert sheet["D3"].value == "报告期：2023年二季度"
    assert [sheet.cell(5, at).value for at in (5, 8, 10)] == ["本季数", "上季数", "上季累计"]
    assert sheet["F7"].value == "=IF(ISNUMBER(M7),ROUND(J7+M7,0),M7)"
    for row in range(6, 10):
        sheet.cell(row, 5).value = 5
        if row > 6:
            sheet.cell(row, 6).value = 305
    found = read(book, tmp_path, LIBRARIES)
    assert (found.unit, found.month, found.findings) == ("900001", month, [])


def test_what_the_front_sheet_says() -> None:
    sheet = blank(TOWN)[front.TITLE]
    texts = [cell.value for (cell,) in sheet.iter_rows(max_col=1) if isinstance(cell.value, str)]
    numbered = [text for text in texts if text[:2] in [f"{number}．" for number in range(1, 10)]]
    assert len(numbered) == 6
    assert "2023年4月5日前" in numbered[-1]


def test_entries_are_validated_in_chinese() -> None:
    book = blank(TOWN)
    rules = {
        str(each.sqref): each for each in book["社会救助月报表"].data_validations.dataValidation
    }
    people, money = rules["E6"], rules["E22"]
    assert (people.type, people.errorStyle, people.showErrorMessage) == ("custom", "stop", True)
    assert "ROUND(E6,0)=E6" in people.formula1
    assert "ROUND(E22,1)=E22" in money.formula1
    assert "E6<1000000000000" in people.formula1
    for text in ("—", "/", "－", "--", "不适用"):
        assert f'E6="{text}"' in people.formula1
    assert people.prompt == "以“户”为单位填写，整数，不小于0。没有发生填0，不适用填“—”。"
    assert "F6" not in rules  # a stock has no 本年累计
    kinds = {each.type for each in book["民政设施台账"].data_validations.dataValidation}
    assert kinds == {"list", "date", "whole"}
    for sheet in book.worksheets:
        for each in sheet.data_validations.dataValidation:
            assert len(each.formula1) <= 255
            assert len(each.promptTitle) <= 32
            assert len(each.errorTitle) <= 32


def test_texts_from_the_warehouse_are_texts(tmp_path: Path) -> None:
    nasty = ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "#N/A", "甲\x00乙\ufffe"]
    items = tuple(
        {
            "name": text, "kind": "社工站", "village": "甲村", "status": "运行",
            "planned_on": dt.date(2022, 3, 4), "opened_on": None, "capacity": 5, "in_use": None,
            "note": "2023-03",
        }
        for text in nasty
    )  # fmt: skip
    book = blank(TOWN, items={"facilities": items})
    sheet = book["民政设施台账"]
    for row, text in enumerate(nasty, FIRST_ROW):
        cell = sheet.cell(row, 2)
        assert cell.data_type == "s"
        assert cell.value == text.replace("\x00", "").replace("\ufffe", "")
        assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))
    assert sheet.cell(FIRST_ROW, 6).value == dt.datetime(2022, 3, 4)  # noqa: DTZ001
    assert sheet.cell(FIRST_ROW + len(nasty) + SPARE_ROWS - 1, 2).protection.locked is False
    found = read(book, tmp_path)
    (ledger,) = (each for each in found.sheets if each.form == "facilities")
    assert len(ledger.rows) == len(nasty)
    # What begins with = is taken for a formula without its result, when it comes back.
    assert ledger.cells[0][1:4] == ("+1", "-1", "@SUM(A1)")


def test_choices_that_do_not_fit_into_a_validation_stand_in_hidden_cells(tmp_path: Path) -> None:
    ledger = DECLARATION.by_name["facilities"]
    assert isinstance(ledger, Ledger)
    kinds = (*(f"第{number}类民政服务设施" for number in range(40)), "食堂,餐厅")
    columns = tuple(
        replace(each, values=kinds) if each.name == "kind" else each for each in ledger.columns
    )
    other = replace(ledger, columns=columns, counts=())
    declaration = replace(DECLARATION, forms=(), ledgers=(other,), indicators=())
    item = {each.name: None for each in columns} | {
        "name": "甲", "kind": kinds[-1], "village": "甲村", "status": "运行",
    }  # fmt: skip
    book = blank(TOWN, MARCH, declaration, items={"facilities": (item,)})
    sheet = book["民政设施台账"]
    (listed,) = (
        each for each in sheet.data_validations.dataValidation if str(each.sqref).startswith("C6:")
    )
    ((*row,),) = sheet[listed.formula1.replace("$", "")]
    cells = [cell.value for cell in row]
    assert tuple(cells) == kinds
    letter = listed.formula1.split("$")[1]
    assert sheet.column_dimensions[letter].hidden
    found = read(book, tmp_path, declaration)
    assert found.findings == []
    assert [len(each.rows) for each in found.sheets] == [1]


def test_the_bytes_depend_on_the_warehouse_alone() -> None:
    made = (
        "import hashlib, sys; from schemas.declaration import DECLARATION as D;"
        "from flows.templating.workbook import make_template, to_bytes;"
        "from flows.templating.previous import Previous;"
        f"book = make_template(D, D.unit_by_code['{TOWN}'], Previous({MARCH})).workbook;"
        "print(hashlib.sha256(to_bytes(book)).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", made],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_no_part_carries_the_time() -> None:
    made = make_template(DECLARATION, DECLARATION.unit_by_code[TOWN], Previous(MARCH))
    with zipfile.ZipFile(io.BytesIO(to_bytes(made.workbook))) as parts:
        assert {each.date_time for each in parts.infolist()} == {(2022, 1, 1, 0, 0, 0)}
        assert str(dt.datetime.now(dt.UTC).year).encode() not in parts.read("docProps/core.xml")


def test_a_returned_template_of_another_unit_is_unidentified(tmp_path: Path) -> None:
    book = blank(TOWN)
    for sheet in book.worksheets[1:-1]:
        sheet["A3"].value = "填报单位：城东街道"
    found = read(book, tmp_path)
    assert found.state == "unidentified"
    assert "下发给濯水镇2023年3月" in found.reason


def test_what_is_proposed_survives_in_an_old_workbook() -> None:
    """Excel makes #VALUE! of formulas with more than seven functions in each other in an .xls."""
    sheet = blank(TOWN, parse_month("2023-01"))["社会救助月报表"]
    for cell in (sheet["F17"], sheet["M17"]):
        bare = re.sub('"[^"]*"', "", str(cell.value))
        depth = deepest = 0
        for sign in re.findall(r"[A-Z]\(|[()]", bare):
            depth += -1 if sign == ")" else 1
            deepest = max(deepest, depth)
        assert 0 <= deepest <= 7
        assert depth == 0
