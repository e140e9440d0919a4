"""A sheet of the workbook: cells with looks, widths that show everything, the printed page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from flows.quarterly_report.tables.cells import Said
from flows.quarterly_report.tables.looks import LOOKS
from flows.templating.looks import put_text

PAGE_WIDTH, PAGE_HEIGHT = 106, 480
"""An A4 page on its side: letters as columns count them, and points; something to spare."""
_LINE = 13.5
"""Points: the height of a line of 10 points."""


def wide(text: str) -> int:
    """How many letters wide the text is; a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def shown(said: Said) -> str:
    """The cell's text as its format shows it."""
    if not isinstance(said.value, Decimal):
        return said.value or ""
    places = 1 if "0.0" in said.format else 0
    return f"{said.value:,.{places}f}" + said.format.partition('"')[2].rstrip('"')


class Page:
    """A sheet in the making; rows and columns are counted from 1.

    Its heading and notes begin in the column `first`: not in one that every page repeats, where
    all but the first page would show a piece of them.
    """

    def __init__(
        self, book: Workbook, title: str, heading: str, said: str, *, first: int = 1
    ) -> None:
        self.sheet: Worksheet = book.create_sheet(title)
        self._styles: dict[tuple[str, str], Any] = {}
        self._wide: dict[int, int] = {}
        self._lines: dict[int, int] = {}
        self.columns = self.rows = 0
        self._heading, self._first = heading, first
        self.put(1, first, heading, "title", fits=False)
        self.put(2, first, said, "said", fits=False)
        self.sheet.row_dimensions[1].height = 26
        self.sheet.row_dimensions[2].height = 18

    def put(
        self, row: int, column: int, value: Said | str | None, look: str = "text", *, fits: bool = True
    ) -> None:  # fmt: skip
        """Fill a cell; where it `fits` its column is made wide enough for it."""
        said = value if isinstance(value, Said) else Said(value)
        if look in ("number", "total") and said.short:
            look = "short" if look == "number" else "total short"
        cell: Any = self.sheet.cell(row, column)
        key = look, said.format
        if key not in self._styles:
            first: Any = WriteOnlyCell(self.sheet)
            for name, style in LOOKS[look].items():
                setattr(first, name, style)
            first.number_format = said.format
            self._styles[key] = first._style
        cell._style = copy(self._styles[key])
        if isinstance(said.value, Decimal):
            cell.value = said.value
        elif said.value:
            put_text(cell, said.value)
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if fits:
            self._wide[column] = max(self._wide.get(column, 0), wide(shown(said)))

    def head(self, row: int, texts: Sequence[str], column: int = 1, lines: int = 2) -> None:
        """A row of headings, each of up to so many lines."""
        for at, text in enumerate(texts, column):
            self.put(row, at, text, "head", fits=False)
            self._wide[at] = max(self._wide.get(at, 0), -(-wide(text) // lines) + lines - 1)
        self.tall(row, lines)

    def tall(self, row: int, lines: int) -> None:
        """Give the row room for so many lines."""
        self._lines[row] = max(self._lines.get(row, 1), lines)

    def long(self, row: int, column: int, text: str, width: int) -> None:
        """A text of several lines in a column of that width."""
        self.put(row, column, text, "long", fits=False)
        self._wide[column] = width
        # Words do not fill every line to its end.
        self.tall(row, -(-wide(text) // (width - 3)))

    def merge(self, row: int, first: int, last: int) -> None:
        """Make one of cells of a row."""
        if last > first:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def merge_down(self, first: int, last: int, column: int) -> None:
        """Make one of cells of a column."""
        self.sheet.merge_cells(
            start_row=first, end_row=last, start_column=column, end_column=column
        )

    def note(self, lines: Sequence[str]) -> None:
        """Lines below what is there."""
        for each in lines:
            self.put(self.rows + 1, self._first, each, "note", fits=False)

    def width(self, column: int) -> float:
        """The column's width, in letters."""
        return self._wide.get(column, 8) + 2

    def finish(self, head: int, kept: int, *, group: int = 0, upright: bool = False) -> None:
        """Freeze the head's rows and the first columns and lay the page out.

        All columns fit on a page; with `group` the columns after those kept, so many of which
        belong together, go on over pages that repeat the kept ones.
        """
        sheet = self.sheet
        for column in range(1, self.columns + 1):
            sheet.column_dimensions[get_column_letter(column)].width = self.width(column)
        for row in range(3, self.rows + 1):
            sheet.row_dimensions[row].height = 4 + _LINE * self._lines.get(row, 1)
        if head > 2:
            sheet.freeze_panes = sheet.cell(head + 1, kept + 1).coordinate
            sheet.print_title_rows = f"3:{head}"
        # Lines of text run over the columns of a narrow table; the page is to show all of them.
        last, room = self.columns, sum(self.width(each) for each in range(1, self.columns + 1))
        while room < PAGE_WIDTH * (0.7 if upright else 1):
            last, room = last + 1, room + 10
            sheet.column_dimensions[get_column_letter(last)].width = 10
        sheet.print_area = f"A1:{get_column_letter(last)}{self.rows}"
        setup = sheet.page_setup
        setup.paperSize = sheet.PAPERSIZE_A4
        setup.orientation = "portrait" if upright else "landscape"
        margins = sheet.page_margins
        margins.left = margins.right = 0.45
        margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.6, 0.3, 0.3
        above: Any = sheet.oddHeader
        above.left.text, above.left.size = self._heading.replace("&", "&&"), 9
        below: Any = sheet.oddFooter
        below.center.text, below.center.size = "第 &P 页　共 &N 页", 9
        if group:
            self._abreast(kept, group)
        else:
            setup.fitToWidth, setup.fitToHeight = 1, 0
            sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.sheet_view.showGridLines = False

    def _abreast(self, kept: int, group: int) -> None:
        """As many groups of columns on a page as can be read, all rows on one page."""
        sheet = self.sheet
        tall = sum(float(sheet.row_dimensions[row].height or 15) for row in range(1, self.rows + 1))
        scale = min(0.85, max(0.55, PAGE_HEIGHT / tall))
        room = PAGE_WIDTH / scale - sum(self.width(each) for each in range(1, kept + 1))
        used = 0.0
        for start in range(kept + 1, self.columns + 1, group):
            wanted = sum(self.width(each) for each in range(start, start + group))
            if used and used + wanted > room:
                sheet.col_breaks.append(Break(id=start - 1))
                used = 0.0
            used += wanted
        sheet.print_title_cols = f"A:{get_column_letter(kept)}"
        sheet.page_setup.scale = int(100 * scale)
