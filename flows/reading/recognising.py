"""Which form a sheet is, by its head lines, and whether it can be one at all."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import NamedTuple

from flows.reading import refusals
from flows.reading.cells import Grid
from flows.reading.head import Head
from flows.reading.headings import HEADERS, has_table
from flows.reading.identity import Said
from flows.reading.ledger_headers import find_ledger_header
from flows.reading.ledgers import is_item
from flows.reading.refusals import Refusal
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger
from schemas.declaring.names import normal, normal_line

HEAD_ROWS = 40
"""Head lines stand among so many rows."""


class Sheet(NamedTuple):
    """A sheet of a form, and what its head lines say."""

    grid: Grid
    form: FigureForm | Ledger
    head: Head
    said: Said
    start: int
    """The row at or below which its table stands."""


def head_rows(grid: Grid, declaration: Declaration) -> tuple[int, int]:
    """How many rows are above the table, and from which row on it is to be looked for.

    What stands in the table is no head line.
    """
    headings, names = _headings(declaration)
    rows = range(min(HEAD_ROWS, len(grid.rows)))
    for row in rows:
        cells = grid.rows[row]
        if len(cells) - cells.count("") < HEADINGS_LEAST:
            continue
        texts = grid.normal_texts(row)
        if headings.isdisjoint(texts):
            continue
        if len(headings.intersection(texts)) >= HEADINGS_LEAST:
            return row, max(0, row - 1)  # of grouped headings the upper row has few
    for row in rows:
        if len(names.intersection(grid.normal_texts(row))) >= NAMES_LEAST:
            return row, 0
    return HEAD_ROWS, 0


@lru_cache(maxsize=8)
def _headings(declaration: Declaration) -> tuple[frozenset[str], frozenset[str]]:
    """The headings of all tables, and the names of all lines, which are those of one on its side."""
    columns = {each.name_zh for ledger in declaration.ledgers for each in ledger.columns}
    figures = {each.name_zh for form in declaration.forms for each in form.figures}
    return frozenset(map(normal, columns)) | frozenset(HEADERS), frozenset(map(normal, figures))


HEADINGS_LEAST = 3
NAMES_LEAST = 2


def forms_named(head: Head, declaration: Declaration) -> list[FigureForm | Ledger]:
    """The forms that a sheet's head lines name by number or title."""
    return [
        form
        for form in declaration.all_forms
        if form.form_no in head.form_nos or form.name in head.titles
    ]


def goes_on(grid: Grid, form: FigureForm | Ledger) -> bool:
    """Whether a sheet has a table such as the form's."""
    if isinstance(form, Ledger):
        return find_ledger_header(grid, form) is not None
    return has_table(grid)


def has_ledger(grid: Grid, declaration: Declaration) -> bool:
    """Whether a sheet has the header of any ledger."""
    return any(find_ledger_header(grid, each) is not None for each in declaration.ledgers)


class Above:
    """A sheet of a form, with which a sheet that says nothing may go on."""

    def __init__(self, sheet: Sheet) -> None:
        self.form = sheet.form
        self._sheet = sheet

    @cached_property
    def _places(self) -> dict[str, int]:
        """The columns of a ledger, counted from A; none of a form of figures."""
        grid, form = self._sheet.grid, self._sheet.form
        if not isinstance(form, Ledger):
            return {}
        header = find_ledger_header(grid, form, self._sheet.start)
        columns = {} if header is None else header.columns
        return {name: at + grid.left for name, at in columns.items()}

    def rows_gone_on(self, grid: Grid) -> int:
        """How many rows of a sheet are filled in as items of the ledger, below the same columns.

        0 where that is no ledger, where the first row is none or most rows are none.
        """
        if not isinstance(self.form, Ledger) or not self._places:
            return 0
        places = {name: at - grid.left for name, at in self._places.items()}
        filled = [row for row in grid.rows if len(row) - row.count("") > 1]
        if not filled or not is_item(filled[0], self.form, places):
            return 0
        fitting = sum(is_item(row, self.form, places) for row in filled)
        return fitting if fitting * 2 > len(filled) else 0


def may_be_filled(grid: Grid, forms: list[FigureForm | Ledger], declaration: Declaration) -> bool:
    """Whether a sheet that names forms in a title only could be one of them, filled in."""
    for form in forms:
        if isinstance(form, Ledger) and find_ledger_header(grid, form) is not None:
            return True
    if has_table(grid):
        return True
    names = {
        name
        for form in forms
        if isinstance(form, FigureForm)
        for figure in form.figures
        for name in figure.names
    }
    texts = (cell for row in grid.rows for cell in row if type(cell) is str)
    return sum(normal_line(text) in names for text in texts) >= 2


def _is_table(grid: Grid) -> bool:
    """Whether a sheet has a table at all: two rows of two cells or more."""
    return sum(sum(cell != "" for cell in row) >= 2 for row in grid.rows) >= 2


def why_no_form(grids: list[Grid], *, tables: bool) -> Refusal:
    """Why none of a file's sheets is a form; `tables` says that some look like one."""
    if not any(grid.rows for grid in grids):
        return refusals.NOTHING_INSIDE
    if tables or any(_is_table(grid) for grid in grids):
        return refusals.NO_FORM
    return refusals.WORDS_ONLY
