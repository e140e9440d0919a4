"""OpenDocument spreadsheets."""

import datetime as dt
from xml.sax.saxutils import escape, quoteattr

from tests.writing.sheets import Cell, Merge, Sheet, shown
from tests.writing.zips import STORED, Entry, entry, packed

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"


def ods(sheets: list[Sheet]) -> bytes:
    """The document's bytes."""
    return packed(parts(sheets))


def parts(sheets: list[Sheet]) -> list[Entry]:
    """The document's parts; the type comes first and is not compressed."""
    spaces = "".join(f' xmlns:{each}="{_NAMES}:{each}:1.0"' for each in ("office", "table", "text"))
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content{spaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{''.join(map(_table, sheets))}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return [
        Entry(b"mimetype", _MIME.encode(), method=STORED),
        entry("content.xml", content),
        entry("META-INF/manifest.xml", manifest),
    ]


def _table(sheet: Sheet) -> str:
    starts, covered = sheet.starts, sheet.covered
    rows = []
    for at, row in enumerate(sheet.rows):
        cells = "".join(
            "<table:covered-table-cell/>"
            if (at, column) in covered
            else _cell(cell, starts.get((at, column)))
            for column, cell in enumerate(row)
        )
        rows.append(f"<table:table-row>{cells or '<table:table-cell/>'}</table:table-row>")
    return f"<table:table table:name={quoteattr(sheet.name)}>{''.join(rows)}</table:table>"


def _cell(cell: Cell, area: Merge | None) -> str:
    spans = ""
    if area is not None:
        spans = (
            f' table:number-columns-spanned="{area.columns}"'
            f' table:number-rows-spanned="{area.rows}"'
        )
    if cell is None:
        return f"<table:table-cell{spans}/>"
    text = f"<text:p>{escape(shown(cell))}</text:p>"
    if isinstance(cell, str):
        kind = ' office:value-type="string"'
    elif isinstance(cell, dt.date):
        kind = f' office:value-type="date" office:date-value="{cell.isoformat()}"'
    else:
        kind = f' office:value-type="float" office:value="{shown(cell)}"'
    return f"<table:table-cell{spans}{kind}>{text}</table:table-cell>"
