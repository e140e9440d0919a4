"""The boxes of comments in a sheet's drawing in VML, hidden until pointed at.

The drawing is changed as text: what Excel writes there need not be well-formed XML.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from flows.returning.cell_marks import COLUMNS, ROWS, Address, SheetCells

NO_BOXES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml"'
    b' xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    b' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SPACES = (
    b' xmlns:v="urn:schemas-microsoft-com:vml"',
    b' xmlns:o="urn:schemas-microsoft-com:office:office"',
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"',
)
_ROOT = re.compile(rb"<xml\b[^>]*>")
_TYPE = b'"_x0000_t202"'
_TYPE_202 = NO_BOXES[NO_BOXES.index(b"<v:shapetype") : NO_BOXES.index(b"</xml>")]
# Programs choose other prefixes than v and x.
_SHAPE = re.compile(rb"<(?:\w+:)?shape\s.*?</(?:\w+:)?shape>\s*", re.DOTALL)
_NUMBER = re.compile(rb'"_x0000_s(\d{1,9})"')
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d{1,9})\s*<")
_BEFORE_ROW = re.compile(rb"<(\w+:|)(?=Row>)")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d{1,9})\s*<")
_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)[^<]*(<)")
_FIRST = 1025
_WIDTH, _LINE = 340, 16
"""A box's width, and the height of a line of 9 points, in pixels."""
_LETTERS = 52
"""Half-width letters in a line of a box; a Chinese one takes two."""
_TALLEST = 600


class Boxes:
    """The boxes in a drawing. ValueError where it is not written as programs write it."""

    def __init__(self, content: bytes) -> None:
        if b"</xml>" not in content or b"\0" in content:
            raise ValueError("a drawing that is not written as usual")
        self._content = content

    def without(self, cells: Iterable[Address]) -> bytes:
        """The drawing without the boxes of those cells."""
        gone = set(cells)
        return _SHAPE.sub(lambda shape: b"" if _cell(shape[0]) in gone else shape[0], self._content)

    def with_boxes(self, texts: Mapping[Address, str], cells: SheetCells) -> bytes:
        """The drawing with a box for each cell's text; one that is there gets room for it."""
        size = _Sizes(cells)
        there = set()

        def enlarged(shape: re.Match[bytes]) -> bytes:
            at = _cell(shape[0])
            if at is None or at not in texts:
                return shape[0]
            there.add(at)
            anchor = _anchor(at, texts[at], size).encode()
            if _ANCHOR.search(shape[0]):
                return _ANCHOR.sub(lambda found: found[1] + anchor + found[2], shape[0])
            return _BEFORE_ROW.sub(rb"<\1Anchor>" + anchor + rb"</\1Anchor>\g<0>", shape[0])

        content = _SHAPE.sub(enlarged, self._content)
        number = max((_FIRST - 1, *map(int, _NUMBER.findall(content))))
        made = [] if _TYPE in content else [_TYPE_202]
        for at in sorted(texts.keys() - there):
            number += 1
            made.append(_box(number, at, _anchor(at, texts[at], size)))
        root = _ROOT.search(content)
        unsaid = b"".join(each for each in _SPACES if root is None or each not in root[0])
        made = [re.sub(rb"^<v:\w+", lambda tag: tag[0] + unsaid, each) for each in made]
        before, _, after = content.rpartition(b"</xml>")
        return b"".join((before, *made, b"</xml>", after))


class _Sizes:
    """How wide a sheet's columns and how high its rows are, in pixels."""

    def __init__(self, cells: SheetCells) -> None:
        self._widths = [
            (first, last, round(float(each.get("width", "9")) * 7 + 5))
            for first, last, each in cells.columns()
        ]
        self._heights = cells.heights()

    def width(self, column: int) -> int:
        return next((wide for first, last, wide in self._widths if first <= column <= last), 72)

    def height(self, row: int) -> int:
        return round(self._heights.get(row, 14.25) * 4 / 3)


def _cell(shape: bytes) -> Address | None:
    """The cell that a shape is the box of."""
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return Address(int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def _anchor(at: Address, text: str, size: _Sizes) -> str:
    """Where the box is: column, pixels into it, row, pixels into it, of its corners."""
    lines = sum(-(-max(_letters(line), 1) // _LETTERS) for line in text.split("\n"))
    height = min(lines * _LINE + 12, _TALLEST)
    column = min(at.column + 1, COLUMNS - 10)
    row = min(max(at.row - 1, 1), ROWS - 50)
    right, right_in = _reached(column, _WIDTH + 15, size.width, COLUMNS)
    below, below_in = _reached(row, height + 4, size.height, ROWS)
    corners = (column - 1, 15, row - 1, 4, right - 1, right_in, below - 1, below_in)
    return ", ".join(map(str, corners))


def _reached(start: int, pixels: int, size: Callable[[int], int], last: int) -> tuple[int, int]:
    """The column or row that so many pixels from the start of one reach, and how far into it."""
    while start < last and pixels > size(start):
        pixels -= size(start)
        start += 1
    return start, pixels


def _letters(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in line)


def _box(number: int, at: Address, anchor: str) -> bytes:
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        f"margin-left:80pt;margin-top:5pt;width:{_WIDTH * 3 // 4}pt;height:90pt;z-index:1;"
        'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{at.row - 1}</x:Row><x:Column>{at.column - 1}</x:Column></x:ClientData></v:shape>"
    ).encode()
