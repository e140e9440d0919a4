"""The cells of a sheet's markup, which are made where they are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from flows.reading.cells import column_letters
from flows.returning.markup import SHEET_ORDER, insert, main

ROWS, COLUMNS = 2**20, 2**14
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


class Address(NamedTuple):
    """A cell's row and column, from 1."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column - 1)}{self.row}"


def address(text: str) -> Address | None:
    """The cell that an address like E7 means; None where it is none."""
    found = _ADDRESS.fullmatch(text.upper())
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return Address(row, column) if row <= ROWS and column <= COLUMNS else None


class SheetCells:
    """The rows and cells of a sheet, whose root element it changes.

    Rows and cells without an address stand behind the ones before them.
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        data = root.find(main("sheetData"))
        if data is None:
            data = etree.Element(main("sheetData"))
            insert(root, data, SHEET_ORDER)
        self._data = data
        self._rows = list(_numbered(data, "row"))
        self._at = dict(self._rows)
        self._cells: dict[int, list[tuple[int, Any]]] = {}
        self._areas = list(_areas(root))

    def whole(self, at: Address) -> Address:
        """The first cell of the merged area that a cell is of, or the cell itself."""
        for first, last in self._areas:
            if first.row <= at.row <= last.row and first.column <= at.column <= last.column:
                return first
        return at

    def cell(self, at: Address) -> Any:
        """The cell's element, a new one where there is none."""
        row = self._row(at.row)
        cells = self._cells.get(at.row)
        if cells is None:
            cells = self._cells[at.row] = list(_numbered(row, "c"))
        for number, cell in cells:
            if number == at.column:
                return cell
        made = etree.Element(main("c"), r=str(at))
        if style := self._usual_style(row, at.column):
            made.set("s", style)
        _put(row, cells, at.column, made)
        row.attrib.pop("spans", None)  # says which columns are in use; nobody needs it
        return made

    def columns(self) -> Iterator[tuple[int, int, Any]]:
        """The first and last column of each element that says something of some columns."""
        listed = self._root.find(main("cols"))
        for each in () if listed is None else listed.iterchildren(main("col")):
            yield int(each.get("min", "1")), int(each.get("max", "1")), each

    def heights(self) -> dict[int, float]:
        """The heights of rows that say theirs, in points."""
        told = ((number, row.get("ht")) for number, row in self._rows)
        return {number: float(height) for number, height in told if height}

    def _row(self, number: int) -> Any:
        row = self._at.get(number)
        if row is None:
            row = self._at[number] = etree.Element(main("row"), r=str(number))
            _put(self._data, self._rows, number, row)
        return row

    def _usual_style(self, row: Any, column: int) -> str:
        """The format of a cell that is not there: its row's, or its column's."""
        if row.get("customFormat") in ("1", "true"):
            return str(row.get("s", ""))
        for first, last, each in self.columns():
            if first <= column <= last:
                return str(each.get("style", ""))
        return ""


def _numbered(parent: Any, name: str) -> Iterator[tuple[int, Any]]:
    """Rows or cells with their numbers, from 1."""
    number = 0
    for each in parent.iterchildren(main(name)):
        said = each.get("r")
        if not said:
            number += 1
        elif name == "row":
            number = int(said)
        else:
            place = address(said)
            if place is None:
                raise ValueError(f"no cell's address: {said}")
            number = place.column
        yield number, each


def _put(parent: Any, others: list[tuple[int, Any]], number: int, made: Any) -> None:
    """Put a row or cell before the first with a greater number."""
    for at, (each, element) in enumerate(others):
        if each > number:
            element.addprevious(made)
            others.insert(at, (number, made))
            return
    if others:
        others[-1][1].addnext(made)  # not behind all: a list of extensions is last
    else:
        parent.insert(0, made)
    others.append((number, made))


def _areas(root: Any) -> Iterator[tuple[Address, Address]]:
    """The first and last cell of every merged area."""
    merged = root.find(main("mergeCells"))
    for each in () if merged is None else merged.iterchildren(main("mergeCell")):
        first, _, last = each.get("ref", "").partition(":")
        corners = address(first), address(last or first)
        if corners[0] is not None and corners[1] is not None:
            yield corners[0], corners[1]
