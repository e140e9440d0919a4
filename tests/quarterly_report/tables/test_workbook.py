"""The workbook as leaders open and print it."""

import io
import re
import time
import zipfile
from collections import Counter
from dataclasses import replace

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from flows.quarterly_report.charts.sheet import source
from flows.quarterly_report.packaging import settled
from flows.quarterly_report.tables import tables
from flows.quarterly_report.tables.page import wide
from schemas.declaring.district import Declaration
from tests.quarterly_report.conftest import Gathered

_FORMATS = {"#,##0": 0, "#,##0.0": 1, '0.0"%"': 1, "0.0": 1, '0"%"': 0}


@pytest.fixture(scope="module")
def book(workbook: bytes) -> Workbook:
    return load_workbook(io.BytesIO(workbook))


def test_the_sheets(provisional: Gathered, book: Workbook) -> None:
    programmes = [each.title_zh for each, _ in provisional[0].programmes]
    others = ["综合", "目标进度", "报送情况", "数据修订", "指标解释"]
    assert book.sheetnames == ["封面", "主要指标", *programmes, *others]


def test_numbers_are_numbers_as_they_are_shown(book: Workbook) -> None:
    seen: Counter[str] = Counter()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if cell.data_type != "n" or cell.value is None:
                    continue
                places = _FORMATS[cell.number_format]
                assert round(float(cell.value), places) == cell.value
                assert cell.alignment.horizontal == "right"
                shown = f"{cell.value:,.{places}f}" + "%" * ("%" in cell.number_format)
                width = sheet.column_dimensions[get_column_letter(cell.column)].width
                assert len(shown) + 1 < width
                seen[cell.number_format] += 1
    assert seen.total() > 500
    assert {"#,##0", "#,##0.0", '0.0"%"'} <= set(seen)


def test_texts_that_do_not_wrap_have_room(book: Workbook) -> None:
    for sheet in book.worksheets:
        merged = {place for area in sheet.merged_cells.ranges for row in area.rows for place in row}
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                boxed = cell.border.left.style is not None and (cell.row, cell.column) not in merged
                alignment = cell.alignment
                if not boxed or not isinstance(cell.value, str) or alignment.textRotation:
                    continue
                width = sheet.column_dimensions[get_column_letter(cell.column)].width
                lines = (sheet.row_dimensions[cell.row].height - 4) / 13.5
                if cell.fill.fgColor.rgb != "00EEF3F8":  # a programme's band runs on
                    assert wide(cell.value) <= (width - 1) * (lines if alignment.wrap_text else 1)


def test_pages_are_set_up(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.print_area
        assert int(sheet.page_setup.paperSize) == 9
        wide_one = sheet.title != "封面"
        assert sheet.page_setup.orientation == ("landscape" if wide_one else "portrait")
        if wide_one and sheet.title != "数据修订":
            assert re.fullmatch(r"[AB]\d", sheet.freeze_panes or "")
            assert sheet.print_title_rows
        fits = sheet.sheet_properties.pageSetUpPr is not None
        assert fits or sheet.print_title_cols == "$A:$A"
        assert "&P" in (sheet.oddFooter.center.text or "")


def test_the_cover_says_how_settled_it_is(
    book: Workbook, released_workbook: bytes, provisional: Gathered
) -> None:
    texts = [cell.value for row in book["封面"].iter_rows() for cell in row if cell.value]
    assert "暂定" in texts
    assert len(provisional[0].gaps) == sum(each in ("未报", "审核未通过") for each in texts)
    cover = load_workbook(io.BytesIO(released_workbook))["封面"]
    texts = [cell.value for row in cover.iter_rows() for cell in row if cell.value]
    assert {"已发布", "2022Q4", "王五", "赵六"} <= set(texts)


def test_what_is_made_up_says_so_on_every_sheet(provisional: Gathered) -> None:
    made_up = replace(provisional[0], synthetic=True)
    for sheet in load_workbook(io.BytesIO(tables(made_up))).worksheets:
        assert "虚构" in str(sheet["A2"].value or sheet["B2"].value)
    assert source(made_up) == f"【演示数据】{source(provisional[0])}"


def test_forms_that_came_are_counted(provisional: Gathered, book: Workbook) -> None:
    database = provisional[1]
    sheet = book["报送情况"]
    states = dict(
        database.execute(
            "SELECT state, count(*) FROM coverage WHERE month >= '2023-01-01' GROUP BY state"
        ).fetchall()
    )
    (total,) = (row for row in sheet.iter_rows(values_only=True) if row[0] == "合计")
    numbers = [each for each in total[1:] if each is not None]
    named = [states.get(each, 0) for each in ("on_time", "late", "held", "missing")]
    assert numbers == [sum(states.values()), *named]
    signs = Counter(cell for row in sheet.iter_rows(min_row=5, values_only=True) for cell in row)
    assert [signs[each] for each in "√迟退缺"] == named


def test_revisions_since_the_release(provisional: Gathered, book: Workbook) -> None:
    since = provisional[0].since
    assert since is not None
    rows = list(book["数据修订"].iter_rows(min_row=5, values_only=True))
    item = provisional[0].items[since.revisions[0].figure]
    assert rows[0][0] == item.name_zh
    assert rows[0][3:6] == (13, 15, "再次更正.xlsx")
    assert len([row for row in rows if row[0] == item.name_zh]) == 1 + len(since.effects)


def test_no_text_becomes_a_formula(provisional: Gathered) -> None:
    contents = provisional[0]
    evil = '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)"
    names = list(contents.items)
    items = {
        **contents.items,
        **{name: replace(contents.items[name], name_zh=text, definition_zh=text) for name, text in zip(names, evil, strict=False)},
    }  # fmt: skip
    told: Declaration = contents.declaration
    units = tuple(replace(each, name=f"=1+{each.code}") for each in told.units)
    told = replace(told, units=units, name_zh="=2+3")
    book = load_workbook(io.BytesIO(tables(replace(contents, items=items, declaration=told))))
    quoted = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value[0] in "=+-@":
                    assert cell.quotePrefix
                    quoted += 1
    assert quoted > 20


def test_the_same_contents_give_the_same_bytes(provisional: Gathered, workbook: bytes) -> None:
    assert tables(provisional[0]) == workbook
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = parts.read("docProps/core.xml").decode()
    at = provisional[0].as_of
    assert at.strftime("%Y-%m-%d") in about  # the same day in UTC
    assert about.count("Z</dcterms:") == 2


def test_a_document_of_word_is_settled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for at in (1_000_000_000.0, 1_500_000_000.0):
        monkeypatch.setattr(time, "time", lambda at=at: at)
        document, file = Document(), io.BytesIO()
        document.add_paragraph("报告")
        document.save(file)
        made.append(settled(file.getvalue()))
    assert made[0] == made[1] == settled(made[0])
    assert Document(io.BytesIO(made[0])).paragraphs[0].text == "报告"
