"""Binary workbooks that calamine cannot open: Excel 2 to 5, and damaged later ones."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlrd

from flows.reading import refusals
from flows.reading.cells import CELLS_LIMIT, Grid, TooLarge
from flows.reading.compound import SIGNATURE, workbook_stream
from flows.reading.refusals import RefusedError

_NO_CELL = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def read_old_binary(content: bytes) -> Iterator[Grid]:
    """The sheets of a BIFF workbook, in an OLE2 container or without one.

    Raises RefusedError where it cannot be opened, TooLarge for a sheet that is.
    """
    try:
        # Of its container xlrd would follow chains that lead in circles for ever.
        stream = workbook_stream(content, whole=True) if content.startswith(SIGNATURE) else content
        book = xlrd.open_workbook(file_contents=stream, logfile=io.StringIO())
    except Exception as error:  # a damaged file makes xlrd raise whatever it stumbles over
        password = "encrypted" in str(error)
        refusal = refusals.PASSWORD if password else refusals.DAMAGED
        raise RefusedError(refusal.say()) from error
    for sheet in book.sheets():
        if sheet.nrows * sheet.ncols > CELLS_LIMIT:
            raise TooLarge(sheet.nrows, sheet.ncols, sheet.name)
        rows = [
            [_cell(sheet.cell(row, column), book.datemode) for column in range(sheet.ncols)]
            for row in range(sheet.nrows)
        ]
        yield Grid(sheet.name, 0, 0, rows, from_1904=lambda: book.datemode == 1)


def _cell(cell: xlrd.sheet.Cell, datemode: int) -> object:
    if cell.ctype in _NO_CELL:
        return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
        return moment.date() if moment.hour == moment.minute == moment.second == 0 else moment
    return cell.value
