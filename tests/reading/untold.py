"""Spreadsheet files of single cells, written part by part and record by record."""

import io
import struct
from collections.abc import Iterable
from typing import Any

import python_calamine
from xlwt.CompoundDoc import XlsDoc

from flows.reading.untold import Untold
from tests.writing.zips import entry, packed

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NAME = "社会救助月报表"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    return packed(entry(name, content) for name, content in parts.items())


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
