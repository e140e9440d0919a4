"""Cells without a result, and the day that numbers count from, are found in every format.

Broken files are passed over.
"""

import io
import struct
import zipfile
from collections.abc import Iterable
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from xlwt.CompoundDoc import XlsDoc

from flows.reading.package import PART_BYTES
from flows.reading.untold import Untold

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NAME = "社会救助月报表"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo("x")
            entry.filename = name  # as it is given: the constructor would look at slashes
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return into.getvalue()


def relations(target: str, kind: str = "worksheet") -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def sheet_of(rows: str, namespace: str = MAIN) -> str:
    return f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'


def xlsx_parts(sheet: str | bytes, target: str = "worksheets/sheet1.xml") -> dict[str, Any]:
    return {
        "_rels/.rels": relations("xl/workbook.xml", "officeDocument"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{NAME}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(target),
        "xl/worksheets/sheet1.xml": sheet,
    }


def unresolved_in(rows: str) -> dict[tuple[int, int], str]:
    """What is found in rows of an .xlsx sheet; calamine must show '' at each place."""
    content = zipped(xlsx_parts(sheet_of(rows)))
    found = Untold(content).unresolved(NAME)
    assert {seen(content, NAME, place) for place in found} <= {""}
    return found


def seen(content: bytes, sheet: str, place: tuple[int, int]) -> object:
    """What calamine gives for a place; '' outside of the sheet's used area."""
    read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    grid = read.get_sheet_by_name(sheet)
    top, left = grid.start or (0, 0)
    rows = grid.to_python(skip_empty_area=True)
    row, column = place[0] - top, place[1] - left
    if 0 <= row < len(rows) and 0 <= column < len(rows[row]):
        return rows[row][column]
    return ""


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


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of BIFF5 and BIFF8."""
    return struct.pack("<HH", kind, len(content)) + content


def formula(row: int, column: int, result: bytes, kind: int = 0x0006) -> bytes:
    tokens = b"\x1e\x01\x00"
    head = struct.pack("<HHH", row, column, 15) + result
    return record(kind, head + struct.pack("<HIH", 0, 0, len(tokens)) + tokens)


def special(kind: int, value: int = 0) -> bytes:
    return bytes([kind, 0, value, 0, 0, 0, 0xFF, 0xFF])


def bof(kind: int, version: int = 0x0600) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", version, kind, 0, 0, 0, 0))


EOF = record(0x000A)
TEXT = record(0x0207, b"\x01\x00\x00x")


def xls_stream(cells: bytes, version: int = 0x0600) -> bytes:
    if version == 0x0600:
        name = bytes([len(NAME), 1]) + NAME.encode("utf-16-le")
    else:
        name = bytes([len(NAME.encode("gbk"))]) + NAME.encode("gbk")
    start = bof(0x0005, version) + record(0x0042, struct.pack("<H", 936 if name[1] != 1 else 1200))
    offset = len(start) + 4 + 6 + len(name) + len(EOF)
    sheet = record(0x0085, struct.pack("<IBB", offset, 0, 0) + name)
    return start + sheet + EOF + bof(0x0010, version) + cells + EOF


def xls(stream: bytes) -> bytes:
    into = io.BytesIO()
    XlsDoc().save(into, stream)
    return into.getvalue()


def test_formulas_that_xlwt_writes_have_no_result() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet(NAME)
    sheet.write(0, 0, 7)
    sheet.write(12, 4, xlwt.Formula("SUM(E6:E12)"))
    sheet.row(3).set_cell_error(2, "#REF!")
    book.add_sheet("Other").write(1, 1, xlwt.Formula("1+1"))
    book.save(into := io.BytesIO())
    content = into.getvalue()
    formulas = Untold(content)
    assert formulas.unresolved(NAME) == {(3, 2): "#REF!", (12, 4): "="}
    assert formulas.unresolved("Other") == {(1, 1): "="}
    assert {seen(content, NAME, place) for place in formulas.unresolved(NAME)} == {""}


SHARED = record(0x04BC, bytes(10))
CHART = bof(0x0020) + formula(8, 8, special(3)) + EOF


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (formula(1, 2, struct.pack("<d", 3.5)), {}),
        (formula(1, 2, special(1, 1)), {}),
        (formula(1, 2, special(2, 0x17)), {(1, 2): "#REF!"}),
        (formula(1, 2, special(2, 0x2A), 0x0406), {(1, 2): "#N/A"}),
        (formula(1, 2, special(3), 0x0206), {(1, 2): "="}),
        (formula(1, 2, special(0)) + TEXT, {}),
        (formula(1, 2, special(0)) + SHARED + TEXT, {}),
        (formula(1, 2, special(0)) + record(0x0221, bytes(14)) + TEXT, {}),
        (formula(1, 2, special(0)) + SHARED, {(1, 2): "="}),
        (formula(1, 2, special(0)) + record(0x0207, b"\x00\x00\x00"), {(1, 2): "="}),
        (formula(1, 2, special(0)) + formula(1, 3, special(0)) + TEXT, {(1, 2): "="}),
        (record(0x0205, struct.pack("<HHHBB", 1, 2, 0, 0x07, 1)), {(1, 2): "#DIV/0!"}),
        (record(0x0205, struct.pack("<HHHBB", 1, 2, 0, 1, 0)), {}),
        (CHART + formula(1, 2, special(3)), {(1, 2): "="}),
    ],
)
@pytest.mark.parametrize("version", [0x0500, 0x0600])
def test_results_in_binary_records(
    cells: bytes, found: dict[tuple[int, int], str], version: int
) -> None:
    content = xls(xls_stream(cells, version))
    assert Untold(content).unresolved(NAME) == found
    as_read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names[0]
    assert Untold(content).unresolved(as_read) == found


def test_what_stands_before_the_break_in_a_stream_is_found() -> None:
    stream = xls_stream(formula(1, 2, special(2, 0x17)))[: -len(EOF)] + b"\x06\x00\xff"
    assert Untold(xls(stream)).unresolved(NAME) == {(1, 2): "#REF!"}


def test_a_chain_of_sectors_that_leads_in_a_circle_ends() -> None:
    content = bytearray(xls(xls_stream(formula(1, 2, special(2, 0x17)))))
    table = 512 * (1 + struct.unpack_from("<I", content, 76)[0])
    struct.pack_into("<128I", content, table, *[0] * 128)
    struct.pack_into("<III", content, 60, 0, 1, 0)
    struct.pack_into("<I", content, 72, 0xFFFFFF)
    Untold(bytes(content)).unresolved(NAME)


def brt(kind: int, content: bytes = b"") -> bytes:
    """A record of BIFF12."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    return (
        head + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + content
    )


def wide_text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(cells: Iterable[bytes]) -> bytes:
    sheet = struct.pack("<II", 0, 1) + wide_text("rId1") + wide_text(NAME)
    begin = brt(0x81) + brt(0x94, bytes(16)) + brt(0x91)
    return zipped(
        {
            "xl/workbook.bin": brt(0x83) + brt(0x8F) + brt(0x9C, sheet) + brt(0x90) + brt(0x84),
            "xl/_rels/workbook.bin.rels": relations("worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": begin + b"".join(cells) + brt(0x92) + brt(0x82),
        }
    )


def test_results_in_an_xlsb() -> None:
    def cell(column: int, value: bytes) -> bytes:
        return struct.pack("<II", column, 0) + value

    tokens = struct.pack("<HI", 0, 3) + b"\x1e\x01\x00" + bytes(4)
    row = brt(0x00, struct.pack("<I", 6) + bytes(13))
    cells = [
        row,
        brt(0x03, cell(0, b"\x17")),
        brt(0x05, cell(1, struct.pack("<d", 2))),
        brt(0x08, cell(2, wide_text("有") + tokens)),
        brt(0x08, cell(3, wide_text("") + tokens)),
        brt(0x08, cell(4, wide_text("长" * 90) + tokens)),
        brt(0x09, cell(5, struct.pack("<d", 0) + tokens)),
        brt(0x0B, cell(300, b"\x07" + tokens)),
    ]
    content = xlsb(cells)
    found = Untold(content).unresolved(NAME)
    assert found == {(6, 0): "#REF!", (6, 3): "=", (6, 300): "#DIV/0!"}
    assert Untold(content).unresolved("没有") == {}


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


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)
ODS_ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"{}><text:p>{}</text:p></table:table-cell>'
)


def ods(*tables: str) -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": ODS.format("".join(tables)),
        }
    )


def table(rows: str, name: str = NAME) -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


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
    Untold(bytes(content)).unresolved(NAME)
    cut = data.draw(st.integers(0, len(content)))
    Untold(bytes(content[:cut])).unresolved(NAME)


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
