"""Binary workbooks of Excel 2007 and later (BIFF12)."""

import datetime as dt
import struct

from tests.writing.sheets import Cell, Sheet, serial
from tests.writing.zips import Entry, entry, packed

Record = tuple[int, bytes]
ROW, BLANK, REAL, TEXT, SHARED = 0, 1, 5, 6, 7
_STRING_ITEM, _FORMAT = 19, 47
_BOOK, _BOOK_END, _SHEET, _SHEET_END, _CELLS, _CELLS_END = 131, 132, 129, 130, 145, 146
_SHEETS, _SHEETS_END, _NAMED_SHEET, _CALCULATION, _SIZE = 143, 144, 156, 157, 148
_STRINGS, _STRINGS_END, _MERGED, _MERGES, _MERGES_END = 159, 160, 176, 177, 178
_STYLES, _STYLES_END, _FORMATS, _FORMATS_END = 278, 279, 617, 618
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsb(sheets: list[Sheet], shared: bool = True) -> bytes:
    """The workbook's bytes; texts are shared or stand in their cells."""
    return packed(parts(sheets, shared))


def parts(sheets: list[Sheet], shared: bool = True) -> list[Entry]:
    """The workbook's parts."""
    texts: dict[str, int] | None = {} if shared else None
    written = [joined(_sheet(sheet, texts)) for sheet in sheets]
    targets = [
        ("worksheet", f"worksheets/sheet{number}.bin") for number in range(1, len(sheets) + 1)
    ]
    targets += [("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")]
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.bin")]),
        "xl/workbook.bin": joined(_workbook(sheets)),
        "xl/_rels/workbook.bin.rels": _relations(targets),
    }
    for number, content in enumerate(written, 1):
        files[f"xl/worksheets/sheet{number}.bin"] = content
    files["xl/styles.bin"] = joined(_styles())
    files["xl/sharedStrings.bin"] = joined(_strings(list(texts or ())))
    return [entry(name, content) for name, content in files.items()]


def joined(records: list[Record]) -> bytes:
    """Records as they stand in a part."""
    return b"".join(_seven(kind) + _seven(len(body)) + body for kind, body in records)


def split(part: bytes) -> list[Record]:
    """A part's records; `joined` puts them together again."""
    records, at = [], 0
    while at < len(part):
        kind, at = _read_seven(part, at, 2)
        size, at = _read_seven(part, at, 4)
        records.append((kind, part[at : at + size]))
        at += size
    return records


def _seven(number: int) -> bytes:
    """A number in bytes of seven bits, the low ones first."""
    written = bytearray()
    while number >= 0x80:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*written, number))


def _read_seven(part: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place in range(most):
        byte = part[at]
        number |= (byte & 0x7F) << 7 * place
        at += 1
        if byte < 0x80:
            break
    return number, at


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def _workbook(sheets: list[Sheet]) -> list[Record]:
    named = [
        (_NAMED_SHEET, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(sheet.name))
        for number, sheet in enumerate(sheets, 1)
    ]
    listed = [(_SHEETS, b""), *named, (_SHEETS_END, b"")]
    return [(_BOOK, b""), *listed, (_CALCULATION, bytes(26)), (_BOOK_END, b"")]


def _sheet(sheet: Sheet, texts: dict[str, int] | None) -> list[Record]:
    width = max((len(row) for row in sheet.rows), default=0)
    last = max(len(sheet.rows), 1) - 1, max(width, 1) - 1
    records = [(_SHEET, b""), (_SIZE, struct.pack("<4I", 0, last[0], 0, last[1])), (_CELLS, b"")]
    for at, row in enumerate(sheet.rows):
        cells = [(column, cell) for column, cell in enumerate(row) if cell is not None]
        if cells:
            spans = struct.pack("<III", 1, cells[0][0], cells[-1][0])
            records.append((ROW, struct.pack("<IIH3x", at, 0, 300) + spans))
            records += [_cell(column, cell, texts) for column, cell in cells]
    records.append((_CELLS_END, b""))
    if sheet.merges:
        records.append((_MERGES, struct.pack("<I", len(sheet.merges))))
        for row, column, rows, columns in sheet.merges:
            area = row, row + rows - 1, column, column + columns - 1
            records.append((_MERGED, struct.pack("<4I", *area)))
        records.append((_MERGES_END, b""))
    return [*records, (_SHEET_END, b"")]


def _cell(column: int, cell: Cell, texts: dict[str, int] | None) -> Record:
    about = struct.pack("<II", column, 0)
    if isinstance(cell, dt.date):
        return REAL, struct.pack("<IId", column, 1, serial(cell))
    if not isinstance(cell, str):
        assert cell is not None
        return REAL, about + struct.pack("<d", cell)
    if texts is None:
        return TEXT, about + _wide(cell)
    return SHARED, about + struct.pack("<I", texts.setdefault(cell, len(texts)))


def _strings(texts: list[str]) -> list[Record]:
    count = struct.pack("<II", len(texts), len(texts))
    items = [(_STRING_ITEM, b"\0" + _wide(text)) for text in texts]
    return [(_STRINGS, count), *items, (_STRINGS_END, b"")]


def _styles() -> list[Record]:
    """Cell format 0 is general, 1 a date."""
    formats = [(_FORMAT, struct.pack("<HH12x", 0, each)) for each in (0, 14)]
    listed = [(_FORMATS, struct.pack("<I", 2)), *formats, (_FORMATS_END, b"")]
    return [(_STYLES, b""), *listed, (_STYLES_END, b"")]


def _relations(targets: list[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
    )


def _content_types(count: int) -> str:
    kinds = {"workbook": "sheet.binary.macroEnabled.main", "styles": "styles"}
    kinds |= {f"worksheets/sheet{number}": "worksheet" for number in range(1, count + 1)}
    kinds |= {"sharedStrings": "sharedStrings"}
    inner = "".join(
        f'<Override PartName="/xl/{name}.bin" ContentType="application/vnd.ms-excel.{kind}"/>'
        for name, kind in kinds.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="bin" ContentType="application/octet-stream"/>{inner}</Types>'
    )
