"""The list of problems of a returned file, read back: reasons are answers, the sheet is no form."""

import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.demo.world import World
from flows.reading.cells import Grid
from flows.reading.opening import open_sheets
from flows.reading.problem_list import HEADINGS, list_header, read_answers
from flows.reading.results import Answer, Workbook
from flows.reading.workbook import read_workbook
from flows.returning.marking import mark
from flows.returning.remarks import Heading, Remark
from schemas.declaration import DECLARATION
from tests.homes import TOWN, content_of, only
from tests.writing.formats import Sheet, write

JANUARY = 2022 * 12
SAVED = Path(__file__).with_name("saved")
"""`filled()` as LibreOffice 7.4 saved it."""
FORM, LEDGER = "社会救助月报表", "民政设施台账"
REMARKS = [
    Remark(FORM, "E7", FORM, "0102", "城市低保人数", "本月数", "57", "query", "B0101", "请核对。"),
    Remark(
        FORM, "F22", FORM, "0117", "城市低保资金支出", "本年累计", "16.70", "query", "T02", "一"
    ),
    Remark(FORM, "E8", FORM, "0103", "农村低保户数", "本月数", "", "error", "V01", "为空。"),
    Remark(LEDGER, "D6", LEDGER, "", "状态", "", " 运行  中 ", "error", "L02", "请改填。"),
    Remark(FORM, "E9", FORM, "0104", "农村低保人数", "本月数", "0012", "query", "P04", "请核对。"),
    Remark(FORM, "A1", FORM, "", "", "", "", "query", "P03", "复制。"),
    Remark("", "", "", "", "", "", "", "error", "U01", "整个文件。"),
]
ANSWERS = [
    Answer("social_assistance", "0103", False, FORM, "E8", "", "为空。", "原因1"),
    Answer("facilities", "", False, LEDGER, "D6", " 运行  中 ", "请改填。", "原因2"),
    Answer("social_assistance", "", False, FORM, "A1", "", "复制。", "原因3"),
    Answer("social_assistance", "0102", False, FORM, "E7", "57", "请核对。", "原因4"),
    Answer("social_assistance", "0104", False, FORM, "E9", "0012", "请核对。", "原因5"),
    Answer("social_assistance", "0117", True, FORM, "F22", "16.70", "一", "原因6"),
]


@pytest.fixture(scope="module")
def content(district: World) -> bytes:
    forms = "social_assistance", "facilities"
    return content_of(only(district.returns[TOWN, JANUARY], *forms))


@pytest.fixture(scope="module")
def returned(content: bytes) -> bytes:
    return mark(content, "一.xlsx", REMARKS, Heading("濯水镇", "2022年1月", "一.xlsx")).content


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Workbook]:
    def reading(content: bytes) -> Workbook:
        path = tmp_path / "一.xlsx"
        path.write_bytes(content)
        return read_workbook(path, path.name, DECLARATION)

    return reading


def filled(
    returned: bytes, edit: Callable[[Any, int], object] = lambda _sheet, _row: None
) -> bytes:
    """The returned file with a reason in every row, and what else is done to its list."""
    book = openpyxl.load_workbook(io.BytesIO(returned))
    sheet = book["问题清单"]
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "1")
    for row in range(first, sheet.max_row + 1):
        sheet.cell(row, 13).value = f"原因{row - first}"
    edit(sheet, first)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_an_untouched_list_says_nothing(
    content: bytes, returned: bytes, read: Callable[[bytes], Workbook]
) -> None:
    before, after = read(content), read(returned)
    assert before.state == "read"
    assert after == before
    assert after.answers == []


def test_reasons_are_answers(
    content: bytes, returned: bytes, read: Callable[[bytes], Workbook]
) -> None:
    book = read(filled(returned))
    assert book.answers == ANSWERS
    book.answers = []
    assert book == read(content)


@pytest.mark.parametrize("name", ["returned.ods", "returned.xls", "returned.xlsx"])
def test_saved_by_another_program(
    name: str, content: bytes, read: Callable[[bytes], Workbook]
) -> None:
    book, before = read((SAVED / name).read_bytes()), read(content)
    assert book.answers == ANSWERS
    assert (book.unit, book.month, book.findings) == (before.unit, before.month, [])
    assert [each.said for each in book.sheets] == [each.said for each in before.sheets]


def test_rows_put_in_moved_and_deleted(returned: bytes, read: Callable[[bytes], Workbook]) -> None:
    def edit(sheet: Any, first: int) -> None:
        sheet.delete_cols(12)
        sheet.delete_rows(first + 2)
        sheet.insert_rows(first + 1, 2)
        sheet.insert_rows(1, 3)
        sheet.insert_cols(1)
        sheet.move_range(f"A{first + 6}:N{first + 6}", rows=20)

    answers = read(filled(returned, edit)).answers
    assert set(answers) == {each for each in ANSWERS if each.reason != "原因2"}


def test_a_renamed_list_at_the_end(returned: bytes, read: Callable[[bytes], Workbook]) -> None:
    def edit(sheet: Any, _first: int) -> None:
        sheet.title = "说明"
        sheet.parent.move_sheet(sheet, 2)

    assert read(filled(returned, edit)).answers == ANSWERS


NONSENSE: dict[str, tuple[int, object]] = {
    "form": (2, "没有这张表"),
    "no form": (2, None),
    "no place": (3, None),
    "blank reason": (13, "  "),
    "formula for a reason": (13, "=1/0"),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_rows_that_make_no_sense_are_left_out(
    case: str, returned: bytes, read: Callable[[bytes], Workbook]
) -> None:
    column, value = NONSENSE[case]

    def edit(sheet: Any, first: int) -> None:
        sheet.cell(first + 4, column).value = value

    answers = read(filled(returned, edit)).answers
    assert answers == [each for each in ANSWERS if each.reason != "原因4"]


def test_values_and_codes_that_became_numbers(
    returned: bytes, read: Callable[[bytes], Workbook]
) -> None:
    def edit(sheet: Any, first: int) -> None:
        sheet.cell(first + 4, 4).value, sheet.cell(first + 4, 7).value = 102, 57
        sheet.cell(first + 5, 7).value = 12.700000000000001
        sheet.cell(first + 6, 13).value = 2022

    answers = read(filled(returned, edit)).answers
    assert answers[3] == ANSWERS[3]
    assert answers[4].value == "12.7"
    assert answers[5].reason == "2022"


def test_the_list_says_nothing_of_whose_the_file_is(
    content: bytes, read: Callable[[bytes], Workbook]
) -> None:
    heading = Heading("城东街道", "2021年5月", "QJMZ01.xlsx")
    assert read(mark(content, "一.xlsx", REMARKS, heading).content) == read(content)


cells = st.one_of(
    st.sampled_from(["", FORM, LEDGER, f"{FORM}!E7", "!", "0102", "本年累计", *HEADINGS]),
    st.text(max_size=5),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
)


@given(st.lists(st.lists(cells, min_size=13, max_size=13), max_size=5), st.permutations(HEADINGS))
def test_whatever_a_clerk_makes_of_it(rows: list[list[object]], headings: list[str]) -> None:
    grid = Grid("问题清单", 0, 0, [list(headings), *rows])
    assert list_header(grid) == 0
    for answer in read_answers(grid, 0, DECLARATION):
        assert answer.form in DECLARATION.by_name
        assert answer.reason.strip()
        assert {type(each) for each in answer} == {str, bool}


def test_no_sheet_of_a_return_is_taken_for_a_list(content: bytes) -> None:
    grids = open_sheets(content, "").grids
    assert [list_header(grid) for grid in grids] == [None] * len(grids)


def test_a_list_alone_is_no_return(read: Callable[[bytes], Workbook]) -> None:
    rows: list[list[Any]] = [
        ["报表审核问题清单"],
        list(HEADINGS),
        ["1", FORM, f"{FORM}!E7", "0102"],
    ]
    rows[-1] += ["城市低保人数", "本月数", "57", "核实性", "B0101", "请核对。", "", "", "迁出一户"]
    book = read(write([Sheet("清单", rows)], "csv"))
    assert book.state == "unidentified"
    assert [each.reason for each in book.answers] == ["迁出一户"]


def test_a_table_with_some_of_the_headings_is_none(read: Callable[[bytes], Workbook]) -> None:
    rows: list[list[Any]] = [
        ["问题清单"],
        ["序号", "报表", "代码", "问题", "说明"],
        [1, FORM, "0102", "a", "b"],
    ]
    assert read(write([Sheet("问题清单", rows)], "xlsx")).answers == []


def test_answers_are_handed_over(returned: bytes, read: Callable[[bytes], Workbook]) -> None:
    book = read(filled(returned))
    assert pickle.loads(pickle.dumps(book)) == book


def test_no_more_answers_than_a_file_has_findings() -> None:
    row: list[object] = [
        "1",
        FORM,
        f"{FORM}!E7",
        "0102",
        "",
        "本月数",
        "57",
        "核实性",
        "",
        "",
        "",
        "",
        "因",
    ]
    grid = Grid("问题清单", 0, 0, [list(HEADINGS), *(list(row) for _ in range(6000))])
    assert len(read_answers(grid, 0, DECLARATION)) == 5000
