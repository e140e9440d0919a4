"""A workbook with what was found marked in it, to go back to the unit that sent it."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from flows.reading import packed
from flows.reading.problem_list import CELL, SHEET_NAME, VALUE, list_header
from flows.returning.clean_copy import clean_copy, sheets_of
from flows.returning.list_rows import head_lines, listed
from flows.returning.list_sheet import heading_row, sheet_of
from flows.returning.markup import says
from flows.returning.package_parts import Parts
from flows.returning.relations import SPREADSHEET, relate, say_type
from flows.returning.remarks import Heading, Remark
from flows.returning.sheet_marks import by_sheet, mark_sheet
from flows.returning.sheets import Sheets
from flows.returning.styles import NO_STYLES, Styles

_LIST_WORDS = (CELL, VALUE)


class Marked(NamedTuple):
    """The workbook that goes back; `suffix` is .xlsx or .xlsm.

    `is_copy` says that it is not the very file that came, but a copy of its values.
    """

    content: bytes
    suffix: str
    is_copy: bool = False


def mark(content: bytes, file_name: str, remarks: Sequence[Remark], heading: Heading) -> Marked:
    """The workbook with each remark on its cell, and all of them on a first sheet.

    An .xlsx or .xlsm keeps all else as it is. Any other format, and a package that cannot be
    changed safely, becomes an .xlsx of the same values. The same input gives the same bytes.
    RefusedError where nothing in the file can be read. What no worker has read within its limits
    is not given here: a parser may take all memory or never end.
    """
    if packed.is_zip(content):
        try:
            return _marked(content, remarks, heading, copied=False)
        except MemoryError:
            raise
        except Exception:  # whatever is unforeseen in a package: a copy of it has nothing of that
            pass
    copy = clean_copy(content, file_name)
    there = [each._replace(sheet=copy.names.get(each.sheet, each.sheet)) for each in remarks]
    return _marked(copy.content, there, heading, copied=True)


def _marked(content: bytes, remarks: Sequence[Remark], heading: Heading, *, copied: bool) -> Marked:
    parts = Parts(content)
    book = Sheets(parts)
    for name in _earlier_lists(content, parts, book):
        book.remove(name)
    styles = _styles(parts, book)
    sheets = book.all()
    places = {sheet.name: at for at, sheet in enumerate(sheets)}
    on_sheets = by_sheet(remarks)
    for sheet in sheets:
        mark_sheet(parts, sheet, on_sheets.get(sheet.name, {}), styles)
    lines = head_lines(heading, remarks, copied=copied)
    made = sheet_of(lines, listed(remarks, places), styles)
    book.put_first(SHEET_NAME, made, heading_row(lines))
    return Marked(parts.packed(), book.suffix, copied)


def _earlier_lists(content: bytes, parts: Parts, book: Sheets) -> list[str]:
    """The sheets that are lists of problems from an earlier return."""
    texts = book.related("sharedStrings")
    said = [*([texts] if texts else []), *(sheet.part for sheet in book.all())]
    if not any(all(says(parts.read(each), word) for word in _LIST_WORDS) for each in said):
        return []
    lists = [grid.name for grid in sheets_of(content, "").grids if list_header(grid) is not None]
    return [each.name for each in book.all() if each.name in lists]


def _styles(parts: Parts, book: Sheets) -> Styles:
    part = book.related("styles")
    if not part:
        part = posixpath.join(posixpath.dirname(book.part), "styles.xml")
        parts.write(part, NO_STYLES)
        say_type(parts, part, f"{SPREADSHEET}.styles+xml")
        relate(parts, book.part, "styles", part)
    return Styles(parts.root(part))
