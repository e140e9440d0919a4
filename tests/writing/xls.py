"""Workbooks of Excel 97 to 2003 (BIFF8 in OLE2); WPS writes the same into its .et.

Other programs write the records without the container, as Excel 2 to 4 did.
"""

import datetime as dt
import io
from decimal import Decimal

import xlwt

from tests.writing.sheets import Cell, Sheet


def xls(sheets: list[Sheet]) -> bytes:
    """The workbook's bytes."""
    content = io.BytesIO()
    _book(sheets).save(content)
    return content.getvalue()


def raw_biff(sheets: list[Sheet]) -> bytes:
    """The workbook's records alone."""
    records: bytes = _book(sheets).get_biff_data()
    return records


def _book(sheets: list[Sheet]) -> xlwt.Workbook:
    book = xlwt.Workbook(encoding="utf-8")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    general = xlwt.easyxf()
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        starts = sheet.starts
        for at, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                style = date if isinstance(cell, dt.date) else general
                if area := starts.get((at, column)):
                    last = at + area.rows - 1, column + area.columns - 1
                    page.write_merge(at, last[0], column, last[1], _stored(cell), style)
                elif cell is not None:
                    page.write(at, column, _stored(cell), style)
    return book


def _stored(cell: Cell) -> object:
    return float(cell) if isinstance(cell, Decimal) else cell
