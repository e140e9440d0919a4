"""A sheet as rows of cells that keep their address."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from schemas.declaring.names import normal

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
    _normal: dict[int, list[str]] = field(default_factory=dict, init=False, repr=False)

    def address(self, row: int, column: int) -> str:
        """The A1 address of a cell, by its place in `rows`."""
        return f"{column_letters(self.left + column)}{self.top + row + 1}"

    def normal_texts(self, row: int) -> list[str]:
        """The texts of a row in their normal form, '' for a cell that holds none."""
        texts = self._normal.get(row)
        if texts is None:
            texts = [normal(cell) if type(cell) is str else "" for cell in self.rows[row]]
            self._normal[row] = texts
        return texts


def starts_with(row: Row, words: tuple[str, ...]) -> bool:
    """Whether the row's first cell that is not blank is a text that begins with one of them."""
    for cell in row:
        if type(cell) is not str:
            return False
        if cell and not cell.isspace():
            return normal(cell).startswith(words)
    return False
