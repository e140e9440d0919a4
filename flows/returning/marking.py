"""A workbook with what was found marked in it, to go back to the unit that sent it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flows.reading import packed
from flows.reading.problem_list import CELL, SHEET_NAME, VALUE, list_header
from flows.returning.cell_marks import Address, SheetCells, address
from flows.returning.clean_copy import clean_copy, sheets_of
from flows.returning.comments import BEGIN, Comments, between
from flows.returning.list_rows import head_lines, listed
from flows.returning.list_sheet import heading_row, sheet_of
from flows.returning.markup import main, says
from flows.returning.package_parts import Parts
from flows.returning.relations import SPREADSHEET, relate, say_type
from flows.returning.remarks import Heading, Remark
from flows.returning.sheets import SheetPart, Sheets
from flows.returning.styles import COLOURS, NO_STYLES, Styles
from schemas.declaring.rules import LEVELS_ZH

_STRICT = tuple(COLOURS)
_SELECTED = re.compile(
    rb"""(<(?:[\w.-]+:)?sheetView\s(?:[^>]*?\s)?tabSelected\s*=\s*)(["'])(?:1|true)\2"""
)
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
    on_sheets = _by_sheet(remarks)
    for sheet in sheets:
        _mark_sheet(parts, sheet, on_sheets.get(sheet.name, {}), styles)
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


def _by_sheet(remarks: Sequence[Remark]) -> Mapping[str, dict[Address, list[Remark]]]:
    found: dict[str, dict[Address, list[Remark]]] = defaultdict(dict)
    for each in remarks:
        at = address(each.cell)
        if each.sheet and at is not None:
            found[each.sheet].setdefault(at, []).append(each)
    return found


def _mark_sheet(
    parts: Parts, sheet: SheetPart, remarks: Mapping[Address, list[Remark]], styles: Styles
) -> None:
    comments = Comments(parts, sheet.part) if sheet.is_cells else None
    earlier = comments.remove_earlier() if comments is not None else []
    if comments is None or not (remarks or earlier):
        _unselect(parts, sheet.part)
        return
    root = parts.root(sheet.part)
    if root.tag != main("worksheet"):
        raise ValueError(f"no worksheet: {root.tag}")
    for view in root.iter(main("sheetView")):
        view.attrib.pop("tabSelected", None)
    cells = SheetCells(root)
    for at in earlier:
        cell = cells.cell(at)
        style = int(cell.get("s", "0"))
        if styles.colour(style) in COLOURS.values():
            cell.set("s", str(styles.filled(style, "")))
    together: dict[Address, list[Remark]] = {}
    for at, said in remarks.items():
        together.setdefault(cells.whole(at), []).extend(said)
    for at, said in together.items():
        said.sort(key=lambda each: _STRICT.index(each.level))
        cell = cells.cell(at)
        cell.set("s", str(styles.filled(int(cell.get("s", "0")), COLOURS[said[0].level])))
    if together:
        comments.add({at: _comment(said) for at, said in together.items()}, cells)


def _unselect(parts: Parts, part: str) -> None:
    """Have a sheet not be selected beside the list: what is typed would go into both."""
    data = parts.read(part)
    if b"tabSelected" in data:
        changed = _SELECTED.sub(rb"\1\g<2>0\2", data)
        if changed != data:
            parts.write(part, changed)
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        for view in parts.root(part).iter(main("sheetView")):
            view.attrib.pop("tabSelected", None)


def _comment(remarks: Sequence[Remark]) -> str:
    return between("\n".join(_words(each) for each in remarks))


def _words(remark: Remark) -> str:
    before = (("上月数", remark.last_month), ("上年同月", remark.last_year))
    lines = (
        f"{LEVELS_ZH[remark.level]}　{remark.rule}",
        remark.message,
        "；".join(f"{label}：{value}" for label, value in before if value),
        f"说明：{remark.explanation}" if remark.explanation else "",
    )
    return "\n".join(line.replace(BEGIN, "") for line in lines if line)
