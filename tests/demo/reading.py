"""Reading cells back, apart from the project's own reader."""

import io
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook


def read_rows(content: bytes, sheet: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def read_cell(content: bytes, sheet: str, cell: str) -> Any:
    row, column = coordinate_to_tuple(cell)
    return read_rows(content, sheet)[row - 1][column - 1]
