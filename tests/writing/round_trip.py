"""From a form's figures to a file and back."""

from decimal import Decimal
from pathlib import Path

from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from schemas.declaration import DECLARATION
from schemas.declaring.rules import MICRO
from tests.writing.chosen import MONTH, UNIT, Case
from tests.writing.formats import EXTENSIONS, ONE_SHEET, write
from tests.writing.layouts import LaidOut, laid_out
from tests.writing.places import Read, read_lines


def written(case: Case) -> tuple[bytes, LaidOut]:
    """The file's bytes, and where its lines stand."""
    laid = laid_out(case.table, case.layout)
    return write(laid.sheets, case.format, **case.looks), laid


def expected(case: Case, laid: LaidOut) -> dict[str, Read]:
    """What is to be read, by figure; a file of one sheet has no name for it."""
    figures = {figure.code: name for name, figure in DECLARATION.figures.items()}
    found = {}
    for line in case.table.lines:
        sheet, value, total = laid.places[line.code]
        where = "" if case.format in ONE_SHEET else sheet
        found[figures[line.code]] = Read(
            _micro(line.value),
            None if line.year_to_date is None else _micro(line.year_to_date),
            where,
            value,
            total,
        )
    return found


def _micro(amount: Decimal) -> int:
    return int(amount * MICRO)


def check_round_trip(case: Case, folder: Path) -> None:
    """Write the case, read it, compare."""
    content, laid = written(case)
    path = folder / f"报表{EXTENSIONS[case.format]}"
    path.write_bytes(content)
    book = read_workbook(path, path.name, DECLARATION)
    assert (book.state, book.unit, book.month) == ("read", UNIT, MONTH), book.reason
    assert _wrong(book) == []
    assert read_lines(book, sheets=case.format not in ONE_SHEET) == expected(case, laid)
    assert {sheet.form for sheet in book.sheets} == {case.form}


def _wrong(book: Workbook) -> list[tuple[str, str | None, str]]:
    return [
        (each.rule, each.cell, each.message) for each in book.findings if each.level != "notice"
    ]
