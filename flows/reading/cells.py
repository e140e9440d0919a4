"""A sheet as rows of cells that keep their address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from schemas.declaring.names import normal

Row = list[object]
Unresolved = Callable[[], dict[tuple[int, int], str]]

CELLS_LIMIT = 2_000_000
"""A sheet with a larger used area is no return of ours."""


class TooLarge(Exception):
    """A sheet of more than CELLS_LIMIT cells; it is given up before they take memory.

    `rows` and `columns` are its size as far as it is known, `sheet` its name.
    """

    def __init__(self, rows: int, columns: int, sheet: str) -> None:
        super().__init__(rows, columns, sheet)
        self.rows = rows
        self.columns = columns
        self.sheet = sheet


class MarkupError(Exception):
    """Markup that cannot be parsed, or that holds no sheet."""


@lru_cache(maxsize=4096)
def column_letters(index: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(slots=True, eq=False)
class Grid:
    """A sheet's used cells; `top` and `left` say where the first one stands, from 0.

    Empty cells are '' as calamine gives them.
    """

    name: str
    top: int
    left: int
    rows: list[Row]
    pending: list[Unresolved] = field(default_factory=list, repr=False)
    """How to find the cells without a result, by row and column from 0, until that is done."""
    from_1904: Callable[[], bool] = field(default=lambda: False, repr=False)
    """Whether a number that stands for a day counts from 1904; it takes a look into the file."""
    _normal: dict[int, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)

    def address(self, row: int, column: int) -> str:
        """The A1 address of a cell, by its place in `rows`."""
        return f"{column_letters(self.left + column)}{self.top + row + 1}"

    def sheet_of(self, row: int) -> str:
        """The name of the sheet on which a row of `rows` stands."""
        return self.name

    def fill_unresolved(self) -> bool:
        """Put errors and formulas without a result where nothing is shown; whether there are any.

        It takes another look into the file, which only a sheet with blanks in it is worth.
        """
        filled = False
        while self.pending:
            for (row, column), text in self.pending.pop()().items():
                at, place = row - self.top, column - self.left
                inside = 0 <= at < len(self.rows) and 0 <= place < len(self.rows[at])
                if inside and self.rows[at][place] == "":
                    self.rows[at][place] = text
                    self._normal.pop(at, None)
                    filled = True
        return filled

    def normal_texts(self, row: int) -> tuple[str, ...]:
        """The texts of a row in their normal form, '' for a cell that holds none."""
        texts = self._normal.get(row)
        if texts is None:
            texts = self._normal[row] = _normal_texts(tuple(self.rows[row]))
        return texts


def trimmed(row: list[str] | Row) -> Row:
    """The row up to its last cell that is not ''."""
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return list(row[:end])


class Rows:
    """The rows of a sheet as they come, from A1 on; raises TooLarge when they are too many.

    What is blank behind the last cell of a row or below the last row is not of the sheet.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows: list[Row] = []
        self._blank = 0
        self._width = 0

    def add(self, row: list[str] | Row) -> None:
        """Put a row below the others, '' for an empty cell; rows may differ in length."""
        cells = trimmed(row)
        if not cells:
            self._blank += 1
            return
        self._width = max(self._width, len(cells))
        count = len(self._rows) + self._blank + 1
        if count * self._width > CELLS_LIMIT:
            raise TooLarge(count, self._width, self._name)
        self._rows += ([] for _ in range(self._blank))
        self._blank = 0
        self._rows.append(cells)

    def grid(self) -> Grid:
        """The sheet, with all rows as long as the longest."""
        for row in self._rows:
            row += [""] * (self._width - len(row))
        return Grid(self._name, 0, 0, self._rows)


@dataclass(slots=True, eq=False)
class Gathered(Grid):
    """Rows put together from cells that stand elsewhere; `sources` has a place for each cell."""

    sources: list[list[Source | None]] = field(default_factory=list)
    stated: list[Sequence[tuple[str, ...]]] = field(default_factory=list)
    """For each row the units of measure that are stated once for its part of the table."""

    def add(self, sources: list[Source | None], stated: Sequence[tuple[str, ...]]) -> None:
        """Add a row of the cells at those places, '' for None."""
        self.rows.append(["" if each is None else each.cell for each in sources])
        self.sources.append(sources)
        self.stated.append(stated)

    def address(self, row: int, column: int) -> str:
        """Where the cell stands, or the first one of its row."""
        own = self.sources[row][column] or self._first(row)
        return own.grid.address(own.row, own.column)

    def sheet_of(self, row: int) -> str:
        """The sheet from which the row comes."""
        return self._first(row).grid.name

    def _first(self, row: int) -> Source:
        return next(each for each in self.sources[row] if each is not None)


class Source(NamedTuple):
    """A cell's place in the grid it comes from."""

    grid: Grid
    row: int
    column: int

    @property
    def cell(self) -> object:
        """What the cell holds."""
        return self.grid.rows[self.row][self.column]


# Head lines and headings repeat from sheet to sheet.
@lru_cache(maxsize=16384)
def _normal_texts(cells: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(normal(cell) if type(cell) is str else "" for cell in cells)


_FOOT = re.compile(
    "(?:(?:单位|统计|部门)?负责人|(?:分管|主管)?领导|(?:填表|填报|制表|审核|复核|经办)人?"
    "|(?:联系)?电话|(?:报出|报送|填报|填表|制表)日期|(?:填表|填报)?说明|备?注)"
    r"(?:签字|签名|签章)?(?:\([^()]*\))?(?::|$)|单位\((?:加?盖?公?)章\)"
)


def is_foot(row: Row) -> bool:
    """Whether the row's first cell that is not blank is a label of the lines below a table."""
    for cell in row:
        if type(cell) is not str:
            return False
        if cell and not cell.isspace():
            return _FOOT.match(normal(cell)) is not None
    return False
