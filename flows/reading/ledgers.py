"""A ledger sheet to rows: typed values, and the cells that do not hold their type.

Personal columns are passed over: what they hold leaves the file nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter

from flows.reading import values
from flows.reading.cells import Grid, Row, column_letters, is_foot
from flows.reading.columns import ColumnReader
from flows.reading.gathering import Surroundings
from flows.reading.head import is_head
from flows.reading.headings import is_numbering
from flows.reading.ledger_headers import LedgerHeader, find_ledger_header, found_on, wrong_header
from flows.reading.results import Continued, FormSheet, Found
from flows.reading.values import (
    counted_from_1900,
    is_not_applicable,
    is_unresolved,
    read_date,
    read_number,
    read_text,
)
from schemas.declaring import general
from schemas.declaring.model import Ledger, LedgerColumn
from schemas.declaring.names import normal
from schemas.declaring.rules import MICRO, Rule


def read_ledger(
    grids: Sequence[Grid], ledger: Ledger, findings: list[Found], around: Surroundings
) -> FormSheet | None:
    """The rows of a ledger on its sheet, or on several that it goes on over; None without a table."""
    sheet = FormSheet(ledger.name, grids[0].name)
    rows: list[int] = []
    cells: list[list[object]] = [[] for _ in ledger.kept]
    for number, grid in enumerate(grids):
        header = find_ledger_header(grid, ledger, 0 if number else around.start)
        if header is None:
            return None
        below = grid.rows[header.row + 1 :]
        if any("" in row for row in below):
            grid.fill_unresolved()
        columns = header.columns
        letters = {name: column_letters(grid.left + at) for name, at in columns.items()}
        if number == 0:
            sheet.head_cell = grid.address(header.row, min(columns.values()))
            sheet.columns = letters
        else:
            sheet.continued.append(Continued(len(rows), grid.name, letters))
        wrong = wrong_header(grid, ledger, header)
        if wrong is not None:
            sheet.broken = True
            findings.append(wrong)
            return sheet
        items = _items(grid, ledger, header, around.strays)
        rows += [grid.top + at + 1 for at, _ in items]
        for column, held in zip(cells, _typed(grid, ledger, columns, items, findings), strict=True):
            column += held
    sheet.rows = tuple(rows)
    sheet.cells = tuple(map(tuple, cells))
    return sheet


def _items(
    grid: Grid, ledger: Ledger, header: LedgerHeader, strays: list[tuple[Grid, int]]
) -> list[tuple[int, Row]]:
    """The rows below the header that are items, each with its place in the grid."""
    columns = header.columns
    places = [columns[each.name] for each in ledger.columns if each.name in columns]
    own = itemgetter(places[0], *places)  # of one place alone it would give no tuple
    required = [columns[each.name] for each in ledger.columns if each.required]
    need = itemgetter(required[0], *required) if required else own
    headings = own(grid.rows[header.row])
    first = header.row + 1
    if (
        first < len(grid.rows)
        and len(read_text(need(grid.rows[first])[0])) <= 3
        and is_numbering(grid.rows[first])
    ):
        first += 1
    return [
        (at, row)
        for at, row in enumerate(grid.rows[first:], first)
        if own(row) != headings
        and ("" not in need(row) or not _is_between(grid, at, own(row), strays))
    ]


def _is_between(
    grid: Grid, at: int, own: tuple[object, ...], strays: list[tuple[Grid, int]]
) -> bool:
    """Whether a row that is not filled in is none at all: blank, a title, a total, a head line."""
    texts = [text for text in grid.normal_texts(at) if text]
    if texts and is_head(texts):
        strays.append((grid, at))
        return True
    if _is_blank(own) or is_foot(grid.rows[at]):
        return True
    if texts and _TOTAL.fullmatch(texts[0]):
        return True
    # Beside 无 there may be a running number, or what a template checks.
    held = [normal(read_text(cell)) for cell in own[1:] if cell != ""]
    if held == ["无"]:
        return True
    filled = sum(cell != "" for cell in grid.rows[at])
    return filled == 1 and bool(texts) and _SECTION.match(texts[0]) is not None


_TOTAL = re.compile(r"(?:本页|本表)?(?:合计|小计|总计|共计)(?:\(.*\))?:?")
_SECTION = re.compile(r"\(?[一二三四五六七八九十]{1,3}[、.)]")


def _typed(
    grid: Grid,
    ledger: Ledger,
    columns: dict[str, int],
    items: list[tuple[int, Row]],
    findings: list[Found],
) -> list[list[object]]:
    """The kept columns of the items, typed."""
    wrong: list[tuple[int, Found]] = []
    cells: list[list[object]] = []
    by_column = list(zip(*(row for _, row in items), strict=True))
    for column in ledger.kept:
        if column.name in columns and items:
            place = columns[column.name]
            written = by_column[place]
            numbers = column.type == "date" and not _NUMBERS.isdisjoint(map(type, written))
            if numbers and grid.from_1904():
                written = tuple(map(counted_from_1900, written))
            held = _reader(column)(written)
            if _WRONG in held:
                wrong += _wrong_cells(grid, ledger, column, place, items, held)
            cells.append(held)
        else:
            cells.append([None] * len(items))
    findings += [found for _, found in sorted(wrong, key=itemgetter(0))]
    return cells


def is_item(row: Row, ledger: Ledger, places: dict[str, int]) -> bool:
    """Whether a row is filled in as an item: all that is required, and nothing of a wrong type.

    `places` are the columns by name. Of what is no mere text, something has to be there.
    """
    typed = False
    for column in ledger.columns:
        at = places.get(column.name, -1)
        cell = row[at] if 0 <= at < len(row) else ""
        if cell == "":
            if column.required:
                return False
        elif column.type != "text":
            (held,) = _reader(column)((cell,))
            if held is _WRONG or (column.values and held not in column.values):
                return False
            typed = True
    return typed


def _is_blank(cells: tuple[object, ...]) -> bool:
    return all(type(cell) is str and (not cell or cell.isspace()) for cell in cells)


_NUMBERS = frozenset((float, int))
_WRONG = object()
"""Stands for a cell that does not hold its column's type, until that is found out."""


def _wrong_cells(
    grid: Grid,
    ledger: Ledger,
    column: LedgerColumn,
    place: int,
    items: list[tuple[int, Row]],
    held: list[object],
) -> list[tuple[int, Found]]:
    """The findings, each with its row; in `held` the cells become what stands for them."""
    of_type, kind, instead = _SAID[column.type]
    found = []
    for number, (at, row) in enumerate(items):
        if held[number] is _WRONG:
            held[number] = instead
            text = read_text(row[place])
            rule = general.LEDGER_NO_RESULT if is_unresolved(text) else of_type
            blanks = {"row": grid.top + at + 1, "column": column.name_zh, "text": text}
            where = grid.address(at, place)
            found.append((at, found_on(ledger, grid, rule, where, text, kind=kind, **blanks)))
    return found


_SAID: dict[str, tuple[Rule, str, str | None]] = {
    "text": (general.LEDGER_NO_RESULT, "", None),
    "choice": (general.LEDGER_NO_RESULT, "", None),
    "date": (general.LEDGER_DATE, "", general.UNREADABLE_DATE),
    "count": (general.LEDGER_NUMBER, "不小于0的整数", None),
    "decimal": (general.LEDGER_NUMBER, f"最多{values.PLACES}位小数的数字", None),
}


def _nothing(cell: object) -> bool:
    """Whether the cell is blank or says that there is nothing to fill in."""
    text = read_text(cell)
    return not text or is_not_applicable(text)


def _text(cell: object) -> object:
    text = read_text(cell)
    return _WRONG if is_unresolved(text) else text or None


def _date(cell: object) -> object:
    if _nothing(cell):
        return None
    day = read_date(cell)
    return _WRONG if day is None else day.isoformat()


def _count(cell: object) -> object:
    if _nothing(cell):
        return None
    number = read_number(cell)
    good = number.kind in _AMOUNTS and number.places == 0 and number.micro >= 0
    return number.micro // MICRO if good else _WRONG


def _decimal(cell: object) -> object:
    if _nothing(cell):
        return None
    number = read_number(cell)
    return number.micro if number.kind in _AMOUNTS and number.places <= values.PLACES else _WRONG


_AMOUNTS = (values.NUMBER, values.NONE)


def _choice(among: tuple[str, ...]) -> Callable[[object], object]:
    """What gives the value that a cell means, or what it says where that is none of them."""
    spelled = {normal(each): each for each in reversed(among)}

    def choose(cell: object) -> object:
        if _nothing(cell):
            return None
        text = read_text(cell)
        return _WRONG if is_unresolved(text) else spelled.get(normal(text), text) or None

    return choose


_READERS = {
    "text": ColumnReader(_text),
    "date": ColumnReader(_date),
    "count": ColumnReader(_count),
    "decimal": ColumnReader(_decimal),
}


@cache
def _choice_reader(among: tuple[str, ...]) -> ColumnReader[object]:
    return ColumnReader(_choice(among))


def _reader(column: LedgerColumn) -> ColumnReader[object]:
    return _choice_reader(column.values) if column.type == "choice" else _READERS[column.type]
