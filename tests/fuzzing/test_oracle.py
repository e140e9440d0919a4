"""The oracle sees what it is there for."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from flows.reading.results import Found, Workbook
from flows.reading.workbook import read_workbook
from schemas.declaration import DECLARATION
from schemas.declaring.rules import MICRO
from tests.fuzzing.mutations import KINDS, mutated
from tests.fuzzing.oracle import CHANGED, HELD, OTHERWISE, REFUSED, SAME, judge
from tests.fuzzing.second import second_reading
from tests.fuzzing.valid import Given, any_return
from tests.writing.formats import ONE_SHEET, write
from tests.writing.layouts import Layout, laid_out

FORMATS = ("xlsx", "xlsm", "xlsb", "xls", "et", "biff", "ods")


@pytest.fixture(params=FORMATS)
def given(request: pytest.FixtureRequest) -> Given:
    drawn = any_return(random.Random(request.param), (request.param,))
    laid = laid_out(drawn.table, Layout())
    return replace(drawn, laid=laid, content=write(laid.sheets, drawn.format))


@pytest.fixture
def book(given: Given, tmp_path: Path) -> Workbook:
    path = tmp_path / given.name
    path.write_bytes(given.content)
    return read_workbook(path, given.name, DECLARATION)


def sheet_with(book: Workbook, **changes: object) -> Workbook:
    return replace(book, sheets=[replace(book.sheets[0], **changes)])


def test_a_right_file(given: Given, book: Workbook) -> None:
    judged = judge(given, given.content, book)
    assert (judged.outcome, judged.problems) == (SAME, [])


def test_a_wrong_value(given: Given, book: Workbook) -> None:
    values = book.sheets[0].values
    for other in (values[0] + MICRO, values[0] * 10, None):
        wrong = sheet_with(book, values=(other, *values[1:]))
        assert judge(given, given.content, wrong).wrong


def test_a_value_of_another_line(given: Given, book: Workbook) -> None:
    values = (12345 * MICRO, *book.sheets[0].values[1:])
    assert judge(given, given.content, sheet_with(book, values=values)).wrong


def test_a_line_that_is_lost(given: Given, book: Workbook) -> None:
    sheet = book.sheets[0]
    fewer = {
        name: getattr(sheet, name)[1:]
        for name in ("figures", "values", "years_to_date", "applicable", "converted", "rows")
    }
    judged = judge(given, given.content, sheet_with(book, **fewer, reasons=sheet.reasons[1:]))
    assert judged.wrong == [f"lines lost: {sheet.figures[0]}"]


def test_another_unit_or_month(given: Given, book: Workbook) -> None:
    for other in (replace(book, unit="500114001"), replace(book, month=given.identity[1] + 1)):
        judged = judge(given, given.content, other)
        assert judged.outcome == OTHERWISE
        assert judged.wrong


def test_nothing_said(given: Given, book: Workbook) -> None:
    assert judge(given, given.content, replace(book, sheets=[])).wrong
    assert judge(given, given.content, Workbook("unreadable", "")).crashes
    assert judge(given, given.content, Workbook("lost", "文件内容异常")).crashes


def test_a_form_with_errors_is_held(given: Given, book: Workbook) -> None:
    sheet = book.sheets[0]
    found = Found(given.form, "S03", "error", None, sheet.sheet, "A1", None, "表中缺少这一行。")
    other = replace(sheet_with(book, values=(7, *sheet.values[1:])), findings=[found])
    judged = judge(given, given.content, other)
    assert (judged.outcome, judged.problems) == (HELD, [])


def test_a_cell_that_holds_another_number_since(given: Given, book: Workbook) -> None:
    first, *rest = given.table.lines
    table = replace(given.table, lines=(first._replace(value=first.value + 7), *rest))
    content = write(laid_out(table, Layout()).sheets, given.format)
    assert judge(given, content, book).wrong, "what was read is no longer there"
    values = (int((first.value + 7) * MICRO), *book.sheets[0].values[1:])
    judged = judge(given, content, sheet_with(book, values=values))
    assert (judged.outcome, judged.problems) == (CHANGED, [])


def test_a_refusal(given: Given) -> None:
    judged = judge(given, b"", Workbook("unreadable", "文件是空的（0字节）；请重新保存后再报。"))
    assert (judged.outcome, judged.problems) == (REFUSED, [])
    slow = Workbook("unreadable", "文件过于庞大或异常，20秒内读不完；请另存后再报。")
    assert judge(given, b"", slow).hangs


@pytest.mark.parametrize("format", list(KINDS))
def test_the_second_reading_finds_every_amount(format: str) -> None:
    for number in range(12):
        given = any_return(random.Random(f"{format} {number}"), (format,))
        cells = second_reading(given.content, format)
        for line in given.table.lines:
            sheet, value, total = given.laid.places[line.code]
            held = cells["" if format in ONE_SHEET else sheet]
            assert held[value]
            assert total is None or held[total]


def test_the_same_seed_gives_the_same_files() -> None:
    for number in range(40):
        one, two = mutated(5, number), mutated(5, number)
        assert (one.kind, one.name, one.content) == (two.kind, two.name, two.content)
