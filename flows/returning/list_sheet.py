"""The list of problems as a worksheet's markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from flows.reading.cells import column_letters
from flows.reading.problem_list import CELL, FORM, HEADINGS, LEVEL, NAME, PROBLEM, REASON, TITLE
from flows.returning.list_rows import Listed
from flows.returning.markup import MAIN, stored
from flows.returning.styles import COLOURS, Styles

_WIDTHS = (5.0, 16.0, 18.0, 6.0, 18.0, 9.0, 10.0, 10.0, 7.0, 44.0, 9.0, 9.0, 30.0)
_TO_FILL, _HEADER = "FFFFFF66", "FFD9D9D9"
_LINE = 14.0
"""The height of a line of 10 points, in points."""
_LONGEST_LINES = 28
"""A row of Excel is at most 409 points high."""
_LINKED, _LEVEL, _REASON = (HEADINGS.index(each) for each in (CELL, LEVEL, REASON))
_AT_LEFT = frozenset(HEADINGS.index(each) for each in (FORM, CELL, NAME, PROBLEM, REASON))


class _Formats(NamedTuple):
    """The numbers of the list's cell formats in the workbook."""

    title: int
    head: int
    header: int
    text: int
    centred: int
    link: int
    open: int
    to_fill: int
    levels: dict[str, int]


def sheet_of(lines: Sequence[str], rows: Sequence[Listed], styles: Styles) -> bytes:
    """The worksheet: the title, the lines below it, a blank row, the headings and the rows."""
    formats = _formats(styles)
    head = [(TITLE, formats.title, 26.0), *((each, formats.head, 17.0) for each in lines)]
    written = [
        f'<row r="{at}" ht="{height}" customHeight="1">{_text(f"A{at}", text, style)}</row>'
        for at, (text, style, height) in enumerate(head, 1)
    ]
    header = heading_row(lines)
    written.append(_row(header, HEADINGS, [formats.header] * len(HEADINGS), _LINE + 6))
    for at, row in enumerate(rows, header + 1):
        written.append(_row(at, row.texts, _styles_of(row, formats), _height(row.texts)))
    last = column_letters(len(HEADINGS) - 1)
    end = header + len(rows)
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(_WIDTHS, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFC00000"/>'
        f'<pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{last}{end}"/>'
        '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{header}" topLeftCell="A{header + 1}" activePane="bottomLeft"'
        f' state="frozen"/><selection pane="bottomLeft" activeCell="{last}{header + 1}"'
        f' sqref="{last}{header + 1}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{_LINE}"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(written)}</sheetData>"
        '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>'
        f"{_links(rows, header + 1)}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第&amp;P页，共&amp;N页</oddFooter></headerFooter>"
        f'<ignoredErrors><ignoredError sqref="A1:{last}{end}" numberStoredAsText="1"/>'
        "</ignoredErrors></worksheet>"
    ).encode()


def heading_row(lines: Sequence[str]) -> int:
    """The row of the headings: below the title, the lines and a blank row."""
    return len(lines) + 3


def _formats(styles: Styles) -> _Formats:
    plain, bold = styles.add_font(), styles.add_font(("b", "1"))
    large = styles.add_font(("b", "1"), size=16)
    blue = styles.add_font(("u", "single"), ("color", "FF0563C1"))
    border = styles.add_border()
    return _Formats(
        styles.add_text(large, wrapped=False),
        styles.add_text(plain, wrapped=False),
        styles.add_text(bold, border, _HEADER, across="center"),
        styles.add_text(plain, border),
        styles.add_text(plain, border, across="center"),
        styles.add_text(blue, border),
        styles.add_text(plain, border, open=True),
        styles.add_text(plain, border, _TO_FILL, open=True),
        {
            level: styles.add_text(bold, border, colour, across="center")
            for level, colour in COLOURS.items()
        },
    )


def _styles_of(row: Listed, formats: _Formats) -> list[int]:
    styles = [formats.text if at in _AT_LEFT else formats.centred for at in range(len(HEADINGS))]
    if row.place:
        styles[_LINKED] = formats.link
    styles[_LEVEL] = formats.levels[row.remark.level]
    asked = row.remark.level == "query" and not row.texts[_REASON]
    styles[_REASON] = formats.to_fill if asked else formats.open
    return styles


def _row(at: int, texts: Sequence[str], styles: Sequence[int], height: float) -> str:
    cells = "".join(
        _text(f"{column_letters(column)}{at}", text, style)
        for column, (text, style) in enumerate(zip(texts, styles, strict=True))
    )
    # Not a height of its own: the row grows with the reason that is written into it.
    return f'<row r="{at}" ht="{height}">{cells}</row>'


def _text(place: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    words = escape(stored(text), {"\r": "&#13;"})
    inner = f'<is><t xml:space="preserve">{words}</t></is>'
    return f'<c r="{place}" s="{style}" t="inlineStr">{inner}</c>'


def _height(texts: Sequence[str]) -> float:
    lines = max(_lines(text, width) for text, width in zip(texts, _WIDTHS, strict=True))
    return min(lines, _LONGEST_LINES) * _LINE + 4


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a Chinese letter is two wide."""
    lines, room = 0, int(width * 0.9)  # a line is not broken before a comma or within a number
    for line in text.split("\n"):
        wide = sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in line)
        lines += max(1, -(-wide // room))
    return lines


def _links(rows: Sequence[Listed], first: int) -> str:
    letter = column_letters(_LINKED)
    links = "".join(
        f'<hyperlink ref="{letter}{at}" location="{escape(stored(row.place), {chr(34): "&quot;"})}"/>'
        for at, row in enumerate(rows, first)
        if row.place
    )
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""
