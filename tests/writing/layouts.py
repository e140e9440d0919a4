"""From a form's lines to sheets in any layout that people make of it."""

from dataclasses import replace

from tests.writing.sheets import Sheet
from tests.writing.sideways import one_row, transposed
from tests.writing.tables import COLUMNS, LaidOut, Layout, Line, Place, Table
from tests.writing.upright import upright

__all__ = ["COLUMNS", "LaidOut", "Layout", "Line", "Place", "Sheet", "Table", "laid_out"]


def laid_out(table: Table, layout: Layout) -> LaidOut:
    """The table's sheets, and where each line's amounts stand, by its code."""
    if layout.side == "transposed":
        return transposed(table, layout)
    if layout.side == "one_row":
        # With names only there is no place for another unit of measure.
        return one_row(table, replace(layout, yuan=False))
    return upright(table, layout)
