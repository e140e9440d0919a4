"""A ledger sheet to rows: typed values, and the cells that do not hold their type.

Personal columns are passed over: what they hold leaves the file nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from operator import itemgetter

from flows.reading import values
from flows.reading.cells import Grid, Row, column_letters, is_foot
from flows.reading.results import FormSheet, Found
from flows.reading.values import is_not_applicable, read_date, read_number, read_text
from schemas.declaring import general
from schemas.declaring.model import Ledger, LedgerColumn
from schemas.declaring.names import normal
from schemas.declaring.rules import MICRO, Rule


def find_ledger_header(grid: Grid, ledger: Ledger) -> tuple[int, dict[str, int]] | None:
    """The header's place and the column of each declared column found there."""
    wanted = {normal(column.name_zh): column.name for column in ledger.columns}
    required = {column.name for column in ledger.columns if column.required}
    for row in range(len(grid.rows)):
        found: dict[str, int] = {}
        for column, text in enumerate(grid.normal_texts(row)):
            # 容量（人）is 容量; 所在村（社区）has its brackets in the declaration.
            name = wanted.get(text)
            if name is None and text.endswith(")"):
                name = wanted.get(_SUFFIX.sub("", text))
            if name is not None:
                found.setdefault(name, column)
        if len(found) * 2 > len(wanted) or (len(found) > 1 and required <= found.keys()):
            return row, found
    return None


_SUFFIX = re.compile(r"\([^()]*\)$")


def read_ledger(
    grid: Grid, ledger: Ledger, header: int, columns: dict[str, int], findings: list[Found]
) -> FormSheet:
    """The rows below the header."""
    sheet = FormSheet(ledger.name, grid.name)
    sheet.head_cell = grid.address(header, min(columns.values()))
    sheet.columns = {name: column_letters(grid.left + at) for name, at in columns.items()}
    absent = [each.name_zh for each in ledger.columns if each.name not in columns and each.required]
    if absent:
        sheet.broken = True
        findings.append(
            _found(
                ledger,
                grid,
                general.LEDGER_COLUMN,
                sheet.head_cell,
                None,
                columns="、".join(absent),
            )
        )
        return sheet
    places = [columns[each.name] for each in ledger.columns if each.name in columns]
    own = itemgetter(places[0], *places)  # of one place alone it would give no tuple
    items = [
        (at, row)
        for at, row in enumerate(grid.rows[header + 1 :], header + 1)
        if not _is_blank(own(row)) and not is_foot(row)
    ]
    sheet.rows = tuple(grid.top + at + 1 for at, _ in items)
    wrong: list[tuple[int, Found]] = []
    cells: list[tuple[object, ...]] = []
    by_column = list(zip(*(row for _, row in items), strict=True))
    for column in ledger.kept:
        if column.name in columns and items:
            place = columns[column.name]
            held = list(map(_reader(column), by_column[place]))
            if _WRONG in held:
                wrong += _wrong_cells(grid, ledger, column, place, items, held)
            cells.append(tuple(held))
        else:
            cells.append((None,) * len(items))
    sheet.cells = tuple(cells)
    findings += [found for _, found in sorted(wrong, key=itemgetter(0))]
    return sheet


def _is_blank(cells: tuple[object, ...]) -> bool:
    return all(type(cell) is str and (not cell or cell.isspace()) for cell in cells)


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
    rule, kind, instead = _SAID[column.type]
    found = []
    for number, (at, row) in enumerate(items):
        if held[number] is _WRONG:
            held[number] = instead
            text = read_text(row[place])
            blanks = {"row": grid.top + at + 1, "column": column.name_zh, "text": text}
            where = grid.address(at, place)
            found.append((at, _found(ledger, grid, rule, where, text, kind=kind, **blanks)))
    return found


_SAID = {
    "date": (general.LEDGER_DATE, "", general.UNREADABLE_DATE),
    "count": (general.LEDGER_NUMBER, "不小于0的整数", None),
    "decimal": (general.LEDGER_NUMBER, "数字", None),
}


def _nothing(cell: object) -> bool:
    """Whether the cell is blank or says that there is nothing to fill in."""
    text = read_text(cell)
    return not text or is_not_applicable(text)


# What stands in one column repeats from row to row and from month to month.
@lru_cache(maxsize=65536, typed=True)
def _text(cell: object) -> str | None:
    return read_text(cell) or None


@lru_cache(maxsize=65536, typed=True)
def _date(cell: object) -> object:
    if _nothing(cell):
        return None
    day = read_date(cell)
    return _WRONG if day is None else day.isoformat()


@lru_cache(maxsize=65536, typed=True)
def _count(cell: object) -> object:
    if _nothing(cell):
        return None
    number = read_number(cell)
    good = number.kind in _AMOUNTS and number.places == 0 and number.micro >= 0
    return number.micro // MICRO if good else _WRONG


@lru_cache(maxsize=65536, typed=True)
def _decimal(cell: object) -> object:
    if _nothing(cell):
        return None
    number = read_number(cell)
    return number.micro if number.kind in _AMOUNTS and number.places <= values.PLACES else _WRONG


_AMOUNTS = (values.NUMBER, values.NONE)


@lru_cache(maxsize=65536, typed=True)
def _choice(among: tuple[str, ...], cell: object) -> str | None:
    """The value that the cell means, or what it says where that is none of them."""
    if _nothing(cell):
        return None
    text = read_text(cell)
    said = normal(text)
    return next((each for each in among if normal(each) == said), text) or None


_READERS: dict[str, Callable[[object], object]] = {
    "text": _text,
    "date": _date,
    "count": _count,
    "decimal": _decimal,
}


def _reader(column: LedgerColumn) -> Callable[[object], object]:
    return partial(_choice, column.values) if column.type == "choice" else _READERS[column.type]


def _found(
    ledger: Ledger,
    grid: Grid,
    rule: Rule,
    cell: str,
    value: str | None,
    /,
    **blanks: object,
) -> Found:
    return Found(
        ledger.name, rule.code, rule.level, None, grid.name, cell, value, rule.say(**blanks)
    )
