"""Web pages to one grid: Excel's and WPS's own, systems' exports, error pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from lxml import etree

from flows.reading.cells import CELLS_LIMIT, Grid, MarkupError, Row, Rows, TooLarge
from flows.reading.feeding import feed
from flows.reading.page_cells import collapsed, full_value, is_comment, span
from flows.reading.texts import SHEET_NAME_LONGEST

_DEEPEST = 500
"""The parser's time grows with the depth; no page that people see is deeper."""
_COLSPAN_MOST, _ROWSPAN_MOST = 1000, 65534
_DROPPED = frozenset({"script", "style", "template", "noscript"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd div dl dt fieldset figure footer form"
    " h1 h2 h3 h4 h5 h6 head header hr html li main nav ol p pre section table ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SPACE = re.compile(r"[ \t\n\r\f]+")
_NAME = re.compile(r"<x:Name>([^<>]{1,200})</x:Name>", re.IGNORECASE)


def read_page(text: str, name: str = "") -> Grid:
    """The page as one sheet from A1 on; raises MarkupError and TooLarge.

    A line of text outside tables is a row of one cell, a <tr> is a row; the rows of a table
    within a cell stand between what is before and behind it in that row. A cell that spans
    others keeps its value in the first. Excel's and LibreOffice's full values are floats,
    all else is text. The sheet's name is `name`, else what Excel wrote, else the title.
    """
    told = _NAME.search(text)
    target = _Target(name or (unescape(told[1]).strip() if told else ""))
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=False)
    content = text.replace("\0", "").encode("utf-8", "replace")
    feed(parser, content)
    return target.grid()


@dataclass(slots=True)
class _Table:
    row: int = -1
    column: int = 0
    cells: Row | None = None
    """The open row."""
    covered: list[tuple[int, int, int]] = field(default_factory=list)
    """Columns (from, to, until which row) that cells of rows above reach into."""
    covering: list[tuple[int, int, int]] = field(default_factory=list)
    passed: int = 0
    """How many of `covered` are left of `column`."""
    attributes: dict[str, str] | None = None
    """Of the open cell."""
    split: bool = False
    """Whether a table within it has parted the open row."""


class _Target:
    """Takes the events of the parser."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = Rows(name or "Sheet1")
        self._title: list[str] = []
        self._text: list[str] = []
        self._tables: list[_Table] = []
        self._depth = self._hidden = self._pre = self._steps = 0
        self._in_title = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MarkupError("nested too deeply")
        if self._hidden or tag in _DROPPED or is_comment(attributes):
            self._hidden += 1
        elif tag == "title":
            self._in_title = True
        elif tag == "table":
            self._flush()
            self._tables.append(_Table())
        elif tag == "tr" or tag in _GROUPS:
            self._end_row()
            if tag == "tr":
                self._start_row()
            elif self._tables:
                self._tables[-1].covered = []
        elif tag in ("td", "th"):
            self._start_cell(attributes)
        elif tag == "br" or tag in _BLOCKS:
            self._text.append("\n")
            self._pre += tag == "pre"
        elif tag == "input" and attributes.get("type", "text").lower() in ("text", "number"):
            self._text.append(attributes.get("value", ""))

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._hidden:
            self._hidden -= 1
        elif tag == "title":
            self._in_title = False
        elif tag == "table":
            self._end_row()
            self._flush()
            if self._tables:
                self._tables.pop()
            if self._tables and self._tables[-1].cells is not None:
                self._tables[-1].attributes = {}
        elif tag == "tr" or tag in _GROUPS:
            self._end_row()
            if tag in _GROUPS and self._tables:
                self._tables[-1].covered = []
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _BLOCKS:
            self._text.append("\n")
            self._pre -= tag == "pre"

    def data(self, text: str) -> None:
        if self._in_title:
            self._title.append(text)
        elif not self._hidden:
            lines = text.splitlines() if self._pre else [text]
            self._text.append("\n".join(_SPACE.sub(" ", line) for line in lines))
            if self._pre and text.endswith("\n"):
                self._text.append("\n")

    def comment(self, text: str) -> None:
        """Nothing: what is in a comment is not on the page."""

    def close(self) -> None:
        """Nothing: the grid is taken from the target."""

    def grid(self) -> Grid:
        while self._tables:
            self._end_row()
            self._tables.pop()
        self._flush()
        grid = self._rows.grid()
        name = self._name or collapsed(self._title).replace("\n", " ")[:SHEET_NAME_LONGEST]
        return Grid(name or "Sheet1", 0, 0, grid.rows)

    def _flush(self) -> None:
        """End the text before a table, which splits the row that the table is in."""
        if self._tables and self._tables[-1].cells is not None:
            table = self._tables[-1]
            table.split = True
            self._end_row()
            table.cells, table.column, table.passed = [], 0, len(table.covered)
            return
        self._add_lines()

    def _add_lines(self) -> None:
        if not self._text:
            return
        for line in collapsed(self._text).split("\n"):
            if line.strip():
                self._rows.add([line])
        self._text = []

    def _start_row(self) -> None:
        if not self._tables:
            self._tables.append(_Table())
        self._flush()
        table = self._tables[-1]
        table.row += 1
        kept = [each for each in table.covered if each[2] > table.row]
        kept += [each for each in table.covering if each[2] > table.row]
        self._count_steps(len(table.covered) + len(table.covering))
        table.covered = sorted(kept)
        table.covering = []
        table.cells, table.column, table.passed, table.split = [], 0, 0, False

    def _end_row(self) -> None:
        if not self._tables or self._tables[-1].cells is None:
            return
        self._end_cell()
        self._add_lines()
        table = self._tables[-1]
        if table.cells or not table.split:
            self._rows.add(table.cells or [])
        table.cells = None

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        if not self._tables or self._tables[-1].cells is None:
            self._start_row()
        table = self._tables[-1]
        self._add_lines()  # between cells: browsers too put it above the row
        table.attributes = attributes

    def _end_cell(self) -> None:
        """Put the open cell where no cell above reaches; it may stand in a row no more."""
        table = self._tables[-1] if self._tables else None
        if table is None or table.attributes is None or table.cells is None:
            return
        self._count_steps(1)
        while table.passed < len(table.covered) and (
            table.covered[table.passed][0] <= table.column
        ):
            table.column = max(table.column, table.covered[table.passed][1])
            table.passed += 1
        value = full_value(collapsed(self._text), table.attributes)
        self._text = []
        if value != "":
            if table.column >= CELLS_LIMIT:
                raise TooLarge(table.row + 1, table.column + 1, self._name or "Sheet1")
            table.cells += [""] * (table.column - len(table.cells))
            table.cells.append(value)
        end = table.column + (span(table.attributes, "colspan", _COLSPAN_MOST) or 1)
        down = span(table.attributes, "rowspan", _ROWSPAN_MOST)
        if down != 1:  # 0 is down to the end of the group
            until = table.row + down if down else 2**31
            table.covering.append((table.column, end, until))
        table.column = end
        table.attributes = None

    def _count_steps(self, steps: int) -> None:
        self._steps += steps
        if self._steps > 4 * CELLS_LIMIT:
            table = self._tables[-1]
            raise TooLarge(table.row + 1, table.column + 1, self._name or "Sheet1")
