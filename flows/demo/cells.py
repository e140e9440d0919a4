"""A grid's cells as the sheet's XML.

openpyxl writes the workbook around them; cell by cell it would take twice the time,
and a benchmark wants thousands of workbooks.
"""

import datetime as dt
from dataclasses import dataclass
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from flows.demo.grid import Cell, Grid

NO_CELLS = b"<sheetData></sheetData>"
"""What openpyxl writes for a sheet without rows."""
DAY_0 = dt.date(1899, 12, 30)
LETTERS = tuple(get_column_letter(number) for number in range(1, 40))


@dataclass(frozen=True, slots=True)
class Styles:
    """The numbers of the workbook's cell styles."""

    title: int
    header: int
    date: int


def sheet_data(grid: Grid, styles: Styles) -> bytes:
    """The `sheetData` element: one `c` for each cell that holds something."""
    usual = {grid.title_row: styles.title, grid.header_row: styles.header}
    parts = ["<sheetData>"]
    for number, row in enumerate(grid.rows, 1):
        style = usual.get(number, 0)
        parts.append(f'<row r="{number}">')
        for letter, value in zip(LETTERS, row, strict=False):
            if value is not None:
                parts.append(_cell(f"{letter}{number}", value, style, styles))
        parts.append("</row>")
    parts.append("</sheetData>")
    return "".join(parts).encode()


def _cell(place: str, value: Cell, style: int, styles: Styles) -> str:
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="{styles.date}"><v>{(value - DAY_0).days}</v></c>'
    if not isinstance(value, str):
        return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'
    if value.startswith("="):
        # Without a stored result, as a program leaves it that does not calculate.
        return f'<c r="{place}" s="{style}"><f>{escape(value[1:])}</f><v></v></c>'
    text = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
    return f'<c r="{place}" s="{style}" t="inlineStr">{text}</c>'
