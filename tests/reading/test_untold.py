"""Cells without a result, and the day that numbers count from, are found in every format.

Broken files are passed over.
"""

import io
import struct
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.package import PART_BYTES
from flows.reading.untold import Untold
from tests.reading.untold import (
    EOF,
    MAIN,
    NAME,
    ODS,
    ODS_ERROR,
    RELATIONS,
    STRICT_MAIN,
    STRICT_RELATIONS,
    bof,
    brt,
    formula,
    ods,
    record,
    relations,
    sheet_of,
    special,
    table,
    unresolved_in,
    xls,
    xls_stream,
    xlsb,
    xlsx_parts,
    zipped,
)


def test_formulas_that_openpyxl_writes_have_no_result() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表一 & 二"
    sheet["B2"] = 5
    sheet["E13"] = "=SUM(E6:E12)"
    sheet["AA3"] = "=B2<6"
    sheet["C4"] = "#REF!"
    other = book.create_sheet("其他")
    other["A1"] = "if / of"
    into = io.BytesIO()
    book.save(into)
    formulas = Untold(into.getvalue())
    assert formulas.unresolved("表一 & 二") == {
        (2, 26): "=B2<6",
        (3, 2): "#REF!",
        (12, 4): "=SUM(E6:E12)",
    }
    assert formulas.unresolved("其他") == {}
    assert formulas.unresolved("没有") == {}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2"><f>A1+1</f></c>', "=A1+1"),
        ('<c r="B2"><f>A1+1</f><v/></c>', "=A1+1"),
        ('<c r="B2" t="str"><f>A1&amp;""</f><v></v></c>', '=A1&""'),
        ('<c r="B2"><f ca="1">NOW()</f><v></v></c>', "=NOW()"),
        ('<c r="B2"><f t="shared" ref="B2:B9" si="0">A2*2</f><v></v></c>', "=A2*2"),
        ('<c r="B2"><f t="shared" si="0"/></c>', "="),
        ('<c r="B2"><f t="array" ref="B2:B3">A1:A2</f></c>', "=A1:A2"),
        ('<c r="B2"><f/></c>', "="),
        ('<c r="B2"><f\n>=A1</f ></c>', "=A1"),
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ("<c r='B2' t='e'><v>#N/A</v></c>", "#N/A"),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
    ],
)
def test_a_cell_without_a_result(cell: str, text: str) -> None:
    resolved = '<c r="A2"><f>1+1</f><v>2</v></c>'
    assert unresolved_in(f'<row r="2">{resolved}{cell}</row>') == {(1, 1): text}


def test_an_error_of_libreoffice_is_given_as_itself() -> None:
    rows = '<row r="1"><c r="A1" t="e"><f>A1</f><v>Err:522</v></c></row>'
    content = zipped(xlsx_parts(sheet_of(rows)))
    assert Untold(content).unresolved(NAME) == {(0, 0): "Err:522"}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>A1+1</f><v>0</v></c>',
        '<c r="B2" t="str"><f>A1&amp;""</f><v>x</v></c>',
        '<c r="B2"><v>3</v><f>A1+1</f></c>',
        '<c r="B2"><f t="shared" si="0"/><v>4</v></c>',
        '<c r="B2" t="inlineStr"><f>A1</f><is><t>无</t></is></c>',
        '<c r="B2" t="inlineStr"><is><t>half of f/ t="e"</t></is></c>',
        '<c r="B2" s="1"/>',
    ],
)
def test_a_cell_with_a_result_or_none_to_have(cell: str) -> None:
    assert unresolved_in(f'<row r="2">{cell}</row>') == {}


def test_cells_and_rows_without_an_address_are_counted_on() -> None:
    rows = (
        "<row/><row><c/><c><f>1</f></c></row>"
        '<row r="5"><c r="C5"><v>1</v></c><c t="e"><v>#NUM!</v></c></row>'
        '<row><c><f>2</f></c><c r="AB6"/><c><f>3</f></c></row>'
        '<row r="8"><c r="A9"><f>4</f></c><c><f>5</f></c></row>'
    )
    assert unresolved_in(rows) == {
        (1, 1): "=1",
        (4, 3): "#NUM!",
        (5, 0): "=2",
        (5, 28): "=3",
        (8, 0): "=4",
        (7, 1): "=5",
    }


def test_formulas_outside_of_the_cells_are_none_of_theirs() -> None:
    sheet = sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "</worksheet>",
        '<extLst><x:ext xmlns:x="urn:x"><x:f>A1</x:f><c r="A9"><f>1</f></c></x:ext></extLst>'
        "</worksheet>",
    )
    assert Untold(zipped(xlsx_parts(sheet))).unresolved(NAME) == {}


CELL = '<row r="2"><c r="B2"><f>A1+1</f></c><c r="C2" t="e"><v>#REF!</v></c></row>'


def prefixed() -> dict[str, Any]:
    cells = CELL.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    return xlsx_parts(
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{cells}</x:sheetData></x:worksheet>'
    ) | {
        "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:relationships="{RELATIONS}">'
        f'<x:sheets><x:sheet name="{NAME}" sheetId="1" relationships:id="rId1"/></x:sheets>'
        "</x:workbook>"
    }


def strict() -> dict[str, Any]:
    parts = xlsx_parts(sheet_of(CELL, STRICT_MAIN))
    book = parts["xl/workbook.xml"].replace(MAIN, STRICT_MAIN)
    return parts | {"xl/workbook.xml": book.replace(RELATIONS, STRICT_RELATIONS)}


def wide(encoding: str) -> dict[str, Any]:
    def encoded(part: str) -> bytes:
        return f'<?xml version="1.0" encoding="UTF-16"?>\n{part}'.encode(encoding)

    parts = xlsx_parts(sheet_of(CELL))
    return {name: encoded(part) for name, part in parts.items()}


def backslashed() -> dict[str, Any]:
    return {name.replace("/", "\\"): part for name, part in xlsx_parts(sheet_of(CELL)).items()}


def moved() -> dict[str, Any]:
    parts = xlsx_parts(sheet_of(CELL))
    return {
        "_rels/.rels": relations("/book/main.xml", "officeDocument"),
        "book/main.xml": parts["xl/workbook.xml"],
        "book/_rels/main.xml.rels": relations("../Sheets/One.xml"),
        "sheets/one.xml": parts["xl/worksheets/sheet1.xml"],
    }


@pytest.mark.parametrize(
    "parts",
    [
        xlsx_parts(sheet_of(CELL)),
        xlsx_parts(sheet_of(CELL), "/xl/worksheets/sheet1.xml"),
        xlsx_parts(sheet_of(CELL), "xl/worksheets/sheet1.xml"),
        prefixed(),
        strict(),
        wide("utf-16"),
        wide("utf-16-be"),
        backslashed(),
        moved(),
    ],
    ids=["plain", "rooted", "whole", "prefixed", "strict", "utf16", "utf16be", "slashes", "moved"],
)
def test_however_the_parts_are_written(parts: dict[str, Any]) -> None:
    assert Untold(zipped(parts)).unresolved(NAME) == {(1, 1): "=A1+1", (1, 2): "#REF!"}


def test_a_zip_file_with_something_before_or_after_it() -> None:
    content = zipped(xlsx_parts(sheet_of(CELL)))
    expected = Untold(content).unresolved(NAME)
    assert expected
    assert Untold(b"before" + content).unresolved(NAME) == expected
    with zipfile.ZipFile(commented := io.BytesIO(content), "a") as archive:
        archive.comment = b"a comment"
    assert Untold(commented.getvalue()).unresolved(NAME) == expected


def test_from_which_day_the_numbers_of_dates_count() -> None:
    parts = xlsx_parts(sheet_of(""))
    book = parts["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    later = xls(bof(0x0005) + record(0x0022, b"\1\0") + EOF)
    settings = brt(0x99, struct.pack("<II", 1, 0))
    binary = {"xl/_rels/workbook.bin.rels": relations("worksheets/sheet1.bin")}
    assert Untold(zipped(parts | {"xl/workbook.xml": book})).from_1904()
    assert Untold(later).from_1904()
    assert Untold(zipped(binary | {"xl/workbook.bin": brt(0x83) + settings})).from_1904()
    null_date = ODS.format('<table:null-date table:date-value="1904-01-01"/>')
    assert Untold(zipped({"content.xml": null_date})).from_1904()
    assert not Untold(
        zipped({"content.xml": null_date.replace("1904-01-01", "1899-12-30")})
    ).from_1904()
    assert not Untold(zipped(parts)).from_1904()
    assert not Untold(xls(bof(0x0005) + record(0x0022, b"\0\0") + EOF)).from_1904()
    assert not Untold(xlsb([])).from_1904()
    assert not Untold(b"PK\3\4 and nothing else").from_1904()


def test_results_in_an_ods() -> None:
    empty = '<table:table-cell table:number-columns-repeated="3"/>'
    twice = ' table:number-columns-repeated="2"'
    rows = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
        f"<table:table-header-rows><table:table-row>{empty}{ODS_ERROR.format('', 'Err:502')}"
        '<table:covered-table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:formula="of:=SUM([.E6:.E12])"/></table:table-row>'
        '</table:table-header-rows><table:table-row table:number-rows-repeated="2">'
        '<table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="0">'
        "<text:p>0</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string">'
        "<text:p/></table:table-cell>"
        '<table:table-cell table:formula="of:=[.A2]" office:value-type="string">'
        "<text:p>无</text:p></table:table-cell>"
        f"{ODS_ERROR.format(twice, '#DIV/0!')}</table:table-row>"
        '<table:table-row><table:table-cell table:formula="oooc:=1/0" office:value-type="float" '
        'office:value="0"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
    )
    plain = "<table:table-row><table:table-cell><text:p>#N/A</text:p></table:table-cell></table:table-row>"
    formulas = Untold(ods(table(rows), table(plain, "二")))
    first = 1_000_000
    assert formulas.unresolved(NAME) == {
        (first, 3): "Err:502",
        (first, 6): "=SUM([.E6:.E12])",
        (first + 1, 1): '=""',
        (first + 1, 3): "#DIV/0!",
        (first + 1, 4): "#DIV/0!",
        (first + 2, 1): '=""',
        (first + 2, 3): "#DIV/0!",
        (first + 2, 4): "#DIV/0!",
        (first + 3, 0): "#DIV/0!",
    }
    assert formulas.unresolved("二") == {}


def test_an_error_repeated_over_the_whole_sheet_is_not_written_out() -> None:
    cell = ODS_ERROR.format(' table:number-columns-repeated="16384"', "#REF!")
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    found = Untold(ods(table(row))).unresolved(NAME)
    assert found[0, 0] == found[0, 16383] == "#REF!"
    assert len(found) == 100_000


SAMPLES = {
    "xlsx": zipped(xlsx_parts(sheet_of(CELL))),
    "xls": xls(xls_stream(formula(1, 2, special(2, 0x17)))),
    "xlsb": xlsb([brt(0x00, bytes(17)), brt(0x03, bytes(8) + b"\x17")]),
    "ods": ods(table(f"<table:table-row>{ODS_ERROR.format('', '#REF!')}</table:table-row>")),
}


@pytest.mark.parametrize("kind", SAMPLES)
@given(data=st.data())
def test_a_broken_file_raises_nothing(kind: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[kind])
    assert Untold(bytes(content)).unresolved(NAME)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for broken in (bytes(content), bytes(content[:cut])):
        found = Untold(broken)
        assert all(text for text in found.unresolved(NAME).values())
        assert found.from_1904() in (True, False)


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_spreadsheet_has_no_cells(content: bytes) -> None:
    assert Untold(content).unresolved(NAME) == {}


@pytest.mark.parametrize("value", ["&e;", '<v a="&e;">#REF!</v>'])
def test_a_part_with_entities_is_not_read(value: str) -> None:
    dtd = '<!DOCTYPE worksheet [<!ENTITY e "#REF!">]>'
    sheet = sheet_of(f'<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c t="e"><v>{value}</v></c></row>')
    assert Untold(zipped(xlsx_parts(dtd + sheet))).unresolved(NAME) == {}


def test_markup_is_read_up_to_where_it_breaks() -> None:
    rows = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row><row r="2"><c r="A2"'
    assert Untold(zipped(xlsx_parts(sheet_of(rows)))).unresolved(NAME) == {(0, 0): "#REF!"}


def test_no_more_of_a_part_is_unpacked_than_the_limit() -> None:
    cell = '<row r="{0}"><c r="A{0}" t="e"><v>#REF!</v></c></row>'
    filler = b"<row/>" + b" " * 999_994
    sheet = (
        sheet_of(cell.format(1)).removesuffix("</sheetData></worksheet>").encode()
        + filler * (PART_BYTES // len(filler) + 1)
        + cell.format(900_000).encode()
        + b"</sheetData></worksheet>"
    )
    assert Untold(zipped(xlsx_parts(sheet))).unresolved(NAME) == {(0, 0): "#REF!"}
