"""How cells look, and which of them may be filled in: each look is made once a workbook."""

from __future__ import annotations

import datetime as dt
import re
from copy import copy
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

BODY, HEADING = "宋体", "黑体"
ENTRY, GREY, HEAD = "FFF8DC", "F2F2F2", "DDE6F0"
RED, AMBER = "F8CBAD", "FFE699"
_EDGE = Side(style="thin", color="808080")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_LINE = Border(bottom=_EDGE)
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
"""No cell holds more characters."""
_AS_FORMULA = ("=", "+", "-", "@", "'")


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


def _aligned(horizontal: str, *, wrap: bool = True, indent: int = 0) -> Alignment:
    return Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap, indent=indent)


def _font(size: float = 11, **more: Any) -> Font:
    return Font(name=BODY, size=size, **more)


_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font": Font(name=HEADING, size=16, bold=True), "alignment": _aligned("center")},
    "said": {"font": _font(), "alignment": _aligned("left", wrap=False)},
    "said right": {"font": _font(), "alignment": _aligned("right", wrap=False)},
    "note": {"font": _font(9, color="7F7F7F"), "alignment": _aligned("left", wrap=False)},
    "advice": {"font": _font(12), "alignment": _aligned("left")},
    "head": {
        "font": _font(bold=True),
        "alignment": _aligned("center"),
        "fill": _fill(HEAD),
        "border": _BOX,
    },
    "head grey": {
        "font": _font(10, color="7F7F7F"),
        "alignment": _aligned("center"),
        "fill": _fill(GREY),
        "border": _BOX,
    },
    "text": {"font": _font(), "alignment": _aligned("left", indent=1), "border": _BOX},
    "centred": {"font": _font(), "alignment": _aligned("center"), "border": _BOX},
    "total": {
        "font": _font(bold=True),
        "alignment": _aligned("center"),
        "fill": _fill(GREY),
        "border": _BOX,
    },
    "entry": {
        "font": _font(),
        "alignment": _aligned("right", wrap=False),
        "fill": _fill(ENTRY),
        "border": _BOX,
        "protection": Protection(locked=False),
    },
    "entry text": {
        "font": _font(10),
        "alignment": _aligned("left"),
        "fill": _fill(ENTRY),
        "border": _BOX,
        "protection": Protection(locked=False),
    },
    "blocked": {"fill": _fill(GREY), "border": _BOX},
    "reference": {
        "font": _font(10, color="7F7F7F"),
        "alignment": _aligned("right", wrap=False),
        "fill": _fill(GREY),
        "border": _BOX,
    },
    "check": {"font": _font(9), "alignment": _aligned("left"), "border": _BOX},
    "helper": {"font": _font(9, color="7F7F7F")},
    "foot": {"font": _font(), "alignment": _aligned("right", wrap=False)},
    "foot entry": {
        "font": _font(),
        "alignment": _aligned("left", wrap=False),
        "fill": _fill(ENTRY),
        "border": _LINE,
        "protection": Protection(locked=False),
    },
}
TEXT, DAY = "@", "yyyy-mm-dd"


def amount_format(places: int) -> str:
    """The number format of amounts with so many decimals."""
    return "#,##0" + ("." + "0" * places if places else "")


class Looks:
    """The looks of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheet = workbook.worksheets[0]
        self._known: dict[tuple[str, str], Any] = {}

    def put(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: str | int | Decimal | dt.date | None = None,
        look: str = "text",
        number_format: str = "General",
    ) -> None:
        """Fill a cell; a text is a text, whatever it begins with."""
        cell = self._dressed(sheet, row, column, look, number_format)
        if isinstance(value, str):
            put_text(cell, value)
        elif isinstance(value, Decimal):
            cell.value = int(value) if value == value.to_integral_value() else float(value)
        elif value is not None:
            cell.value = value

    def formula(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        formula: str,
        look: str = "check",
        number_format: str = "General",
    ) -> None:
        """Fill a cell with a formula, given without its equals sign."""
        self._dressed(sheet, row, column, look, number_format).value = f"={formula}"

    def merged(
        self, sheet: Worksheet, row: int, first: int, last: int, value: str, look: str
    ) -> None:
        """Fill cells of a row that become one."""
        for column in range(first, last + 1):
            self.put(sheet, row, column, value if column == first else None, look)
        if last > first:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def _dressed(
        self, sheet: Worksheet, row: int, column: int, look: str, number_format: str
    ) -> Cell:
        cell: Any = sheet.cell(row, column)  # styles are copied whole: one by one takes long
        key = look, number_format
        if key not in self._known:
            first: Any = WriteOnlyCell(self._sheet)
            for name, style in _LOOKS[look].items():
                setattr(first, name, style)
            first.number_format = number_format
            self._known[key] = first._style
        cell._style = copy(self._known[key])
        assert isinstance(cell, Cell)
        return cell


def without_illegal(text: str) -> str:
    """The text without the characters that XML forbids."""
    return _NO_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))


def put_text(cell: Cell, text: str) -> None:
    """Fill a cell with a text from anywhere: never a formula, and nothing that XML forbids."""
    clean = without_illegal(text)[:_LONGEST]
    if not clean:
        return
    cell.value = clean
    cell.data_type = "s"
    if clean.startswith(_AS_FORMULA):
        cell.quotePrefix = True
