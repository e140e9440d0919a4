"""A ledger sheet to rows: typed values, and the cells that do not hold their type.

Personal columns are passed over: what they hold leaves the file nowhere.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from operator import itemgetter

from flows.reading import values
from flows.reading.cells import Grid, column_letters, starts_with
from flows.reading.results import FormSheet, Found
from flows.reading.values import read_date, read_number, read_text
from schemas.declaring import general
from schemas.declaring.model import Ledger, LedgerColumn
from schemas.declaring.names import normal
from schemas.declaring.rules import MICRO, Rule

_FOOT = ("单位负责人", "填表人", "联系电话", "报出日期", "填表说明")
UNREADABLE_DATE = "?"
"""Stands for a date cell that holds something else, so that it is not taken as blank."""


def find_ledger_header(grid: Grid, ledger: Ledger) -> tuple[int, dict[str, int]] | None:
    """The header's place and the column of each declared column found there."""
    wanted = {normal(column.name_zh): column.name for column in ledger.columns}
    for row in range(len(grid.rows)):
        found: dict[str, int] = {}
        for column, text in enumerate(grid.normal_texts(row)):
            if text in wanted:
                found.setdefault(wanted[text], column)
        if len(found) * 2 > len(wanted):
            return row, found
    return None


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
        _find(
            findings,
            ledger,
            grid,
            general.LEDGER_COLUMN,
            sheet.head_cell,
            None,
            columns="、".join(absent),
        )
        return sheet
    places = [columns[each.name] for each in ledger.columns if each.name in columns]
    own = itemgetter(places[0], *places)  # of one place alone it would give no tuple
    kept = [(each, columns.get(each.name), each.type == "text") for each in ledger.kept]
    items: list[list[object]] = []
    lines: list[int] = []
    for at in range(header + 1, len(grid.rows)):
        row = grid.rows[at]
        if set(own(row)) == {""} or starts_with(row, _FOOT):
            continue
        line = grid.top + at + 1
        item: list[object] = []
        for column, place, is_text in kept:
            cell = row[place] if place is not None else ""
            if cell == "":
                item.append(None)
            elif is_text and type(cell) is str:
                item.append(cell.strip() or None)
            else:
                item.append(_value(cell, column, ledger, grid, at, place, line, findings))
        items.append(item)
        lines.append(line)
    sheet.rows, sheet.cells = tuple(lines), tuple(zip(*items, strict=True))
    return sheet


def _value(
    cell: object,
    column: LedgerColumn,
    ledger: Ledger,
    grid: Grid,
    at: int,
    place: int | None,
    line: int,
    findings: list[Found],
) -> object:
    text = read_text(cell)
    if not text or place is None:
        return None
    if column.type == "text":
        return text
    if column.type == "choice":
        return _choice(text, column.values)
    blanks = {"row": line, "column": column.name_zh, "text": text}
    if column.type == "date":
        day = read_date(cell)
        if day is None:
            where = grid.address(at, place)
            _find(findings, ledger, grid, general.LEDGER_DATE, where, text, **blanks)
            return UNREADABLE_DATE
        return _iso(day)
    number = read_number(cell)
    whole = column.type == "count"
    good = number.kind in (values.NUMBER, values.NONE) and number.places <= (0 if whole else 6)
    if not good or (whole and number.micro < 0):
        kind = "不小于0的整数" if whole else "数字"
        where = grid.address(at, place)
        _find(findings, ledger, grid, general.LEDGER_NUMBER, where, text, **blanks, kind=kind)
        return None
    return number.micro // MICRO if whole else number.micro


_iso = lru_cache(maxsize=65536)(dt.date.isoformat)


@lru_cache(maxsize=4096)
def _choice(text: str, values: tuple[str, ...]) -> str:
    """The one of the values that the text is; the text itself where it is none."""
    said = normal(text)
    return next((each for each in values if normal(each) == said), text)


def _find(
    findings: list[Found],
    ledger: Ledger,
    grid: Grid,
    rule: Rule,
    cell: str,
    value: str | None,
    /,
    **blanks: object,
) -> None:
    findings.append(
        Found(ledger.name, rule.code, rule.level, None, grid.name, cell, value, rule.say(**blanks))
    )
