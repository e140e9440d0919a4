"""A sheet as rows of cells that keep their address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Row = list[object]


@lru_cache(maxsize=4096)
def column_letters(index: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's used cells; `top` and `left` say where the first one stands, from 0.

    Empty cells are '' as calamine gives them.
    """

    name: str
    top: int
    left: int
    rows: list[Row]

    def address(self, row: int, column: int) -> str:
        """The A1 address of a cell, by its place in `rows`."""
        return f"{column_letters(self.left + column)}{self.top + row + 1}"

    def texts(self, row: int) -> Iterator[tuple[int, object]]:
        """The cells of a row that are not empty, with their column."""
        for column, cell in enumerate(self.rows[row]):
            if cell != "":
                yield column, cell
