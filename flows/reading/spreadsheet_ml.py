"""Excel 2003's XML spreadsheets (SpreadsheetML) to grids."""

from __future__ import annotations

import datetime as dt
import re

from lxml import etree

from flows.reading.cells import CELLS_LIMIT, Grid, MarkupError, Row, TooLarge
from flows.reading.feeding import feed

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_NS = f"{{{NAMESPACE}}}"
_DATE_1904 = "{urn:schemas-microsoft-com:office:excel}Date1904"
_COUNT = re.compile(r"\d{1,9}", re.ASCII)


def read_spreadsheet_ml(text: str) -> list[Grid]:
    """The worksheets of an XML spreadsheet; raises MarkupError and TooLarge.

    Numbers are floats, dates without a time `datetime.date`, booleans bool, errors their
    text; a cell with a formula and no value is '=' and the formula. What is merged keeps
    its value in the first cell.
    """
    target = _Target()
    parser = etree.XMLParser(
        target=target,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    content = text.encode("utf-8", "replace")
    feed(parser, content)
    if not target.grids:
        raise MarkupError("no worksheet")
    return target.grids


class _Target:
    """Takes the events of the parser; `grids` has the worksheets that have ended."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._from_1904 = False
        self._cells = 0
        self._path: list[str] = []
        self._name = ""
        self._sheet: dict[tuple[int, int], object] = {}
        self._row = self._column = 0
        self._next_row = self._next_column = 0
        self._formula: str | None = None
        self._type: str | None = None
        self._text: list[str] = []

    def doctype(self, *_: object) -> None:
        raise MarkupError("a document type: its entities are not resolved")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        if tag == _DATE_1904:
            self._from_1904 = True
        elif tag == _NS + "Worksheet":
            self._name = _attribute(attributes, "Name") or f"Sheet{len(self.grids) + 1}"
            self._sheet = {}
            self._next_row = 0
        elif tag == _NS + "Row":
            self._row = _index(attributes, self._next_row)
            self._next_row = self._row + 1 + _count(attributes, "Span")
            self._next_column = 0
        elif tag == _NS + "Cell":
            # What MergeDown covers is skipped by Index: without it Excel refuses the file.
            self._column = _index(attributes, self._next_column)
            self._next_column = self._column + 1 + _count(attributes, "MergeAcross")
            self._formula = _attribute(attributes, "Formula")
            self._type = None
        elif tag == _NS + "Data" and parent == _NS + "Cell":  # a comment has Data too
            self._type = _attribute(attributes, "Type") or "String"
            self._text = []

    def data(self, text: str) -> None:
        if self._type is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        self._path.pop()
        if tag == _NS + "Data" and self._path[-1:] == [_NS + "Cell"]:
            self._put(_value("".join(self._text), self._type or "String"))
            self._formula = self._type = None
        elif tag == _NS + "Cell":
            if self._formula:
                self._put("=" + self._formula.removeprefix("="))
            self._formula = None
        elif tag == _NS + "Worksheet":
            self._end_sheet()

    def close(self) -> None:
        """Nothing: the grids are taken from the target."""

    def _put(self, value: object) -> None:
        if value != "":
            self._sheet[self._row, self._column] = value
            if len(self._sheet) > CELLS_LIMIT:
                raise TooLarge(self._row + 1, self._column + 1, self._name)

    def _end_sheet(self) -> None:
        if not self._sheet:
            self.grids.append(Grid(self._name, 0, 0, []))
            return
        top = min(row for row, _ in self._sheet)
        left = min(column for _, column in self._sheet)
        height = max(row for row, _ in self._sheet) - top + 1
        width = max(column for _, column in self._sheet) - left + 1
        self._cells += height * width  # many small files of cells far apart are one large one
        if self._cells > CELLS_LIMIT:
            raise TooLarge(height, width, self._name)
        rows: list[Row] = [[""] * width for _ in range(height)]
        for (row, column), value in self._sheet.items():
            rows[row - top][column - left] = value
        from_1904 = self._from_1904  # it stands before the sheets
        self.grids.append(Grid(self._name, top, left, rows, from_1904=lambda: from_1904))
        self._sheet = {}


def _attribute(attributes: dict[str, str], name: str) -> str | None:
    value = attributes.get(_NS + name)
    return attributes.get(name) if value is None else value


def _count(attributes: dict[str, str], name: str) -> int:
    text = _attribute(attributes, name)
    if text is None:
        return 0
    if not _COUNT.fullmatch(text.strip()):
        raise MarkupError(f"{name} is no number: {text[:20]}")
    return int(text)


def _index(attributes: dict[str, str], following: int) -> int:
    """The place from 0 that Index (from 1) says, else the one that follows.

    MarkupError where it goes back: programs refuse such files.
    """
    if not _attribute(attributes, "Index"):
        return following
    index = _count(attributes, "Index") - 1
    if index < following:
        raise MarkupError("a row or cell that stands before the one above it")
    return index


def _value(text: str, kind: str) -> object:
    try:
        if kind == "Number":
            return float(text) if text.strip() else ""
        if kind == "DateTime":
            moment = dt.datetime.fromisoformat(text.strip())
            return moment.date() if moment.time() == dt.time() else moment
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return "" if text.isspace() else text.replace("\r\n", "\n")
