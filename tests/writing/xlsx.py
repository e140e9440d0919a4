"""Workbooks of Office Open XML, in the ways in which programs write them."""

import datetime as dt
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from tests.writing.sheets import Cell, Sheet, address, serial, shown
from tests.writing.zips import Entry, entry, packed

_HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


@dataclass(frozen=True)
class Look:
    """What programs write differently."""

    shared: bool = True
    dimension: bool = True
    references: bool = True
    prefix: str = ""
    strict: bool = False
    macros: bool = False

    @property
    def main(self) -> str:
        """The namespace of cells and sheets."""
        if self.strict:
            return "http://purl.oclc.org/ooxml/spreadsheetml/main"
        return "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    @property
    def relations(self) -> str:
        """The namespace of what belongs to what."""
        if self.strict:
            return "http://purl.oclc.org/ooxml/officeDocument/relationships"
        return "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(sheets: list[Sheet], look: Look) -> bytes:
    """The workbook's bytes."""
    return packed(parts(sheets, look))


def parts(sheets: list[Sheet], look: Look) -> list[Entry]:
    """The workbook's parts, in the order of Excel."""
    texts: dict[str, int] = {}
    written = [_sheet(sheet, look, texts) for sheet in sheets]
    files = {"[Content_Types].xml": _content_types(len(sheets), look)}
    files["_rels/.rels"] = _relations(
        [("rId1", f"{look.relations}/officeDocument", "xl/workbook.xml")]
    )
    files["xl/workbook.xml"] = _workbook(sheets, look)
    kinds = [("worksheet", f"worksheets/sheet{each + 1}.xml") for each in range(len(sheets))]
    kinds += [("styles", "styles.xml")]
    if look.shared:
        kinds.append(("sharedStrings", "sharedStrings.xml"))
    related = [
        (f"rId{number}", f"{look.relations}/{kind}", target)
        for number, (kind, target) in enumerate(kinds, 1)
    ]
    if look.macros:
        related.append((f"rId{len(related) + 1}", _VBA, "vbaProject.bin"))
    files["xl/_rels/workbook.xml.rels"] = _relations(related)
    for number, content in enumerate(written, 1):
        files[f"xl/worksheets/sheet{number}.xml"] = content
    files["xl/styles.xml"] = _styles(look)
    if look.shared:
        files["xl/sharedStrings.xml"] = _strings(texts, look)
    entries = [entry(name, content) for name, content in files.items()]
    if look.macros:
        entries.append(entry("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)))
    return entries


def _sheet(sheet: Sheet, look: Look, texts: dict[str, int]) -> str:
    p = f"{look.prefix}:" if look.prefix else ""
    rows = []
    for at, row in enumerate(sheet.rows):
        cells = "".join(
            _cell(cell, at, column, look, texts, p)
            for column, cell in enumerate(row)
            if cell is not None or not look.references
        )
        if look.references and cells:
            rows.append(f'<{p}row r="{at + 1}">{cells}</{p}row>')
        elif not look.references:
            rows.append(f"<{p}row>{cells}</{p}row>" if cells else f"<{p}row/>")
    width = max((len(row) for row in sheet.rows), default=0)
    size = f"A1:{address(max(len(sheet.rows), 1) - 1, max(width, 1) - 1)}"
    areas = "".join(
        f'<{p}mergeCell ref="{address(*each[:2])}:'
        f'{address(each.row + each.rows - 1, each.column + each.columns - 1)}"/>'
        for each in sheet.merges
    )
    return "".join(
        [
            _HEADER,
            _open("worksheet", look),
            f'<{p}dimension ref="{size}"/>' if look.dimension else "",
            f"<{p}sheetData>{''.join(rows)}</{p}sheetData>",
            f'<{p}mergeCells count="{len(sheet.merges)}">{areas}</{p}mergeCells>' if areas else "",
            f"</{p}worksheet>",
        ]
    )


def _cell(cell: Cell, row: int, column: int, look: Look, texts: dict[str, int], p: str) -> str:
    at = f' r="{address(row, column)}"' if look.references else ""
    if cell is None:
        return f"<{p}c{at}/>"
    if isinstance(cell, dt.date):
        return f'<{p}c{at} s="1"><{p}v>{serial(cell)}</{p}v></{p}c>'
    if not isinstance(cell, str):
        return f"<{p}c{at}><{p}v>{shown(cell)}</{p}v></{p}c>"
    if look.shared:
        index = texts.setdefault(cell, len(texts))
        return f'<{p}c{at} t="s"><{p}v>{index}</{p}v></{p}c>'
    return f'<{p}c{at} t="inlineStr"><{p}is>{_text(cell, p)}</{p}is></{p}c>'


def _text(text: str, p: str) -> str:
    return f'<{p}t xml:space="preserve">{escape(text)}</{p}t>'


def _open(name: str, look: Look) -> str:
    prefix, own = (f"{look.prefix}:", f":{look.prefix}") if look.prefix else ("", "")
    return f'<{prefix}{name} xmlns{own}="{look.main}" xmlns:r="{look.relations}">'


def _strings(texts: dict[str, int], look: Look) -> str:
    p = f"{look.prefix}:" if look.prefix else ""
    items = "".join(f"<{p}si>{_text(text, p)}</{p}si>" for text in texts)
    return f"{_HEADER}{_open('sst', look)}{items}</{p}sst>"


def _workbook(sheets: list[Sheet], look: Look) -> str:
    p = f"{look.prefix}:" if look.prefix else ""
    named = "".join(
        f'<{p}sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    inner = f"<{p}sheets>{named}</{p}sheets>"
    return f"{_HEADER}{_open('workbook', look)}{inner}</{p}workbook>"


def _relations(related: list[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, kind, target in related
    )
    return f'{_HEADER}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(count: int, look: Look) -> str:
    main = _MACROS if look.macros else f"{_TYPES}.sheet.main+xml"
    named: dict[str, str] = {"/xl/workbook.xml": main, "/xl/styles.xml": f"{_TYPES}.styles+xml"}
    for number in range(1, count + 1):
        named[f"/xl/worksheets/sheet{number}.xml"] = f"{_TYPES}.worksheet+xml"
    if look.shared:
        named["/xl/sharedStrings.xml"] = f"{_TYPES}.sharedStrings+xml"
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in named.items()
    )
    return (
        f'{_HEADER}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f"{overrides}</Types>"
    )


def _styles(look: Look) -> str:
    """Cell format 0 is general, 1 a date."""
    p = f"{look.prefix}:" if look.prefix else ""
    formats = "".join(
        f'<{p}xf numFmtId="{each}" fontId="0" fillId="0" borderId="0"/>' for each in (0, 14)
    )
    return (
        f"{_HEADER}{_open('styleSheet', look)}"
        f'<{p}fonts count="1"><{p}font/></{p}fonts>'
        f'<{p}fills count="1"><{p}fill><{p}patternFill patternType="none"/></{p}fill></{p}fills>'
        f'<{p}borders count="1"><{p}border/></{p}borders>'
        f'<{p}cellStyleXfs count="1"><{p}xf/></{p}cellStyleXfs>'
        f'<{p}cellXfs count="2">{formats}</{p}cellXfs>'
        f'<{p}cellStyles count="1"><{p}cellStyle name="Normal" xfId="0" builtinId="0"/>'
        f"</{p}cellStyles></{p}styleSheet>"
    )
