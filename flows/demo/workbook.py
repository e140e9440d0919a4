"""Workbooks as units send them, written with openpyxl, the same bytes for the same content."""

import io
import re
import zipfile
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from flows.demo.cells import NO_CELLS, Styles, sheet_data
from flows.demo.grid import MADE, Grid, grid_of
from flows.demo.layout import Layout
from flows.demo.returns import FigureSheet, Return, Sheet

NAMES_WIDTH = 34
SAVED = (2022, 1, 1, 0, 0, 0)
"""The time in every file's entries: the bytes must not depend on the clock."""
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Book:
    """A return and how it is laid out: all that a workbook needs, and picklable."""

    content: Return
    layout: Layout


def write_workbook(book: Book) -> bytes:
    """The workbook's bytes, one sheet a form, marked as synthetic in foot and properties."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = MADE
    workbook.properties.keywords = "演示数据"
    names = sheet_names(book)
    sheets = _in_order(book)
    grids = [grid_of(sheet, book.layout) for sheet in sheets]
    for sheet, grid in zip(sheets, grids, strict=True):
        _add_sheet(workbook, names[sheet.form], grid, isinstance(sheet, FigureSheet))
    styles = _styles(workbook)
    _add_extra(workbook, book.layout)
    into = io.BytesIO()
    with _Archive(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.cells = {
            f"xl/worksheets/sheet{number}.xml": sheet_data(grid, styles)
            for number, grid in enumerate(grids, 1)
        }
        ExcelWriter(workbook, archive).write_data()
    return into.getvalue()


def sheet_names(book: Book) -> dict[str, str]:
    """The sheets' names by form."""
    style = book.layout.sheet_names
    named = {}
    for number, sheet in enumerate(book.content.sheets, 1):
        if style == "Sheet":
            named[sheet.form] = f"Sheet{number}"
        elif style == "form_no":
            named[sheet.form] = sheet.form_no
        elif style == "numbered":
            named[sheet.form] = f"{number}.{sheet.title_zh}"
        else:
            named[sheet.form] = sheet.title_zh
    return named


def cell_of(book: Book, form: str, key: str | int, column: str) -> tuple[str, str]:
    """(sheet, cell) of a figure's column, or of a ledger row's (index from 0), by the header."""
    for sheet in book.content.sheets:
        if sheet.form == form:
            row, at = grid_of(sheet, book.layout).places[key, column]
            return sheet_names(book)[form], f"{get_column_letter(at)}{row}"
    raise KeyError(form)


def _in_order(book: Book) -> list[Sheet]:
    sheets = list(book.content.sheets)
    if book.layout.shuffled:
        Random(book.layout.seed).shuffle(sheets)
    return sheets


def _add_sheet(workbook: Any, name: str, grid: Grid, wide_names: bool) -> None:
    made = workbook.create_sheet(name)
    if wide_names:
        made.column_dimensions[
            get_column_letter(grid.header.index("指标名称") + 1)
        ].width = NAMES_WIDTH
    first = get_column_letter(len(grid.rows[grid.title_row - 1]))
    last = get_column_letter(grid.width)
    made.merged_cells.add(f"{first}{grid.title_row}:{last}{grid.title_row}")


def _styles(workbook: Any) -> Styles:
    def numbered(cell: Any, **looks: object) -> int:
        for name, look in looks.items():
            setattr(cell, name, look)
        return int(cell.style_id)

    sheet, centred = workbook.worksheets[0], Alignment(horizontal="center")
    return Styles(
        numbered(WriteOnlyCell(sheet), font=Font(bold=True, size=16), alignment=centred),
        numbered(WriteOnlyCell(sheet), font=Font(bold=True), alignment=centred),
        numbered(WriteOnlyCell(sheet), number_format="yyyy-mm-dd"),
    )


def _add_extra(workbook: Any, layout: Layout) -> None:
    if layout.extra:
        made = workbook.create_sheet("填表说明" if layout.extra == "visible" else "草稿")
        made.append(["请各单位于次月5日前报送。" if layout.extra == "visible" else "临时计算"])
        made.append([MADE] if layout.extra == "visible" else [3, 5, 8])
        if layout.extra == "hidden":
            made.sheet_state = "hidden"


class _Archive(zipfile.ZipFile):
    """A zip file whose entries do not carry the time of writing, and with the sheets' cells."""

    cells: dict[str, bytes]

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        content = data.encode() if isinstance(data, str) else bytes(data)
        if name == "docProps/core.xml":
            content = _TIMES.sub(rb"\g<1>2022-01-01T00:00:00Z", content)
        entry = zipfile.ZipInfo(name, SAVED)
        entry.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(entry, content, compresslevel=1)

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name, content = str(arcname or filename), Path(filename).read_bytes()
        self.writestr(name, content.replace(NO_CELLS, self.cells.get(name, NO_CELLS)))
