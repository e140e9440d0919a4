"""Sheets as the writers take them: a name, rows of cells, what is merged."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

Cell = str | int | float | Decimal | dt.date | None


class Merge(NamedTuple):
    """A merged area by its first cell, from 0, and how many rows and columns it covers."""

    row: int
    column: int
    rows: int
    columns: int

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell is of the area."""
        below, right = row - self.row, column - self.column
        return 0 <= below < self.rows and 0 <= right < self.columns


class Sheet(NamedTuple):
    """A sheet from its cell A1 on; of a merged area only the first cell holds anything."""

    name: str
    rows: list[list[Cell]]
    merges: tuple[Merge, ...] = ()

    @property
    def starts(self) -> dict[tuple[int, int], Merge]:
        """Merged areas by their first cell."""
        return {(each.row, each.column): each for each in self.merges}

    @property
    def covered(self) -> set[tuple[int, int]]:
        """The cells of merged areas but their first ones."""
        return {
            (row, column)
            for area in self.merges
            for row in range(area.row, area.row + area.rows)
            for column in range(area.column, area.column + area.columns)
            if (row, column) != area[:2]
        }


def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def address(row: int, column: int) -> str:
    """The A1 address of a cell counted from 0."""
    return f"{letters(column)}{row + 1}"


EPOCH = dt.date(1899, 12, 30)


def serial(day: dt.date) -> int:
    """The number that stands for a day in a workbook."""
    return (day - EPOCH).days


def shown(cell: Cell) -> str:
    """The cell as it is written where all is text."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else str(cell)
