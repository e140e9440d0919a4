"""A ledger's header: where each declared column stands, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flows.reading.cells import Grid
from flows.reading.results import Found
from flows.reading.values import read_text
from schemas.declaring import general
from schemas.declaring.model import Ledger, LedgerColumn
from schemas.declaring.names import normal
from schemas.declaring.rules import Rule


class LedgerHeader(NamedTuple):
    """A ledger's header: its last row, the column of each declared column found there.

    `doubled` is a column whose heading stands there already.
    """

    row: int
    columns: dict[str, int]
    doubled: int | None


def find_ledger_header(grid: Grid, ledger: Ledger, start: int = 0) -> LedgerHeader | None:
    """The header of a ledger's table, from the row `start` on."""
    wanted = _headings(ledger.columns)
    for row in range(start, len(grid.rows)):
        texts = grid.normal_texts(row)
        found, doubled = _found_in(texts, wanted)
        if not found:
            continue
        whole = len(found) == len(wanted)
        both = None if whole else _with_grouped(grid, row, found, wanted)
        if both is not None and _is_header(both, ledger):
            return LedgerHeader(row + 1, both, doubled)
        if _is_header(found, ledger):
            return LedgerHeader(row, found, doubled)
    return None


def _with_grouped(
    grid: Grid, row: int, found: dict[str, int], wanted: dict[str, str]
) -> dict[str, int] | None:
    """The columns with those whose headings stand a row lower, grouped; None without such."""
    if row + 1 == len(grid.rows):
        return None
    texts = grid.normal_texts(row + 1)
    below, _ = _found_in(texts, wanted)
    if not below or len(below) < sum(cell != "" for cell in grid.rows[row + 1]):
        return None
    both = {name: at for name, at in found.items() if name not in below} | below
    return both if len(set(both.values())) == len(both) else None


@lru_cache(maxsize=64)
def _headings(columns: tuple[LedgerColumn, ...]) -> dict[str, str]:
    return {normal(each.name_zh): each.name for each in columns}


def _found_in(texts: Sequence[str], wanted: dict[str, str]) -> tuple[dict[str, int], int | None]:
    """The column of each heading, and one that says what another does."""
    found: dict[str, int] = {}
    doubled: int | None = None
    behind: list[tuple[str, int]] = []
    for column, text in enumerate(texts):
        name = wanted.get(text)
        if name is not None:
            if name in found and doubled is None:
                doubled = column
            found.setdefault(name, column)
        elif text.endswith(")"):  # 容量（人）is 容量; 所在村（社区）has its brackets declared
            name = wanted.get(_SUFFIX.sub("", text))
            if name is not None:
                behind.append((name, column))
    exact = set(found)
    for name, column in behind:
        if name in exact:
            continue  # 在用（上月）beside 在用
        if name in found and doubled is None:
            doubled = column
        found.setdefault(name, column)
    return found, doubled


def _is_header(found: dict[str, int], ledger: Ledger) -> bool:
    required = {column.name for column in ledger.columns if column.required}
    return len(found) * 2 > len(ledger.columns) or (len(found) > 1 and required <= found.keys())


_SUFFIX = re.compile(r"\([^()]*\)$")


def wrong_header(grid: Grid, ledger: Ledger, header: LedgerHeader) -> Found | None:
    """What keeps a ledger from being read: a column that is not there, or twice, or misnamed."""
    columns, row = header.columns, header.row
    absent = [each.name_zh for each in ledger.columns if each.name not in columns and each.required]
    if absent:
        where = grid.address(row, min(columns.values()))
        said = "、".join(absent)
        return found_on(ledger, grid, general.LEDGER_COLUMN, where, None, columns=said)
    if header.doubled is not None:
        text = read_text(grid.rows[row][header.doubled])
        where = grid.address(row, header.doubled)
        return found_on(ledger, grid, general.LEDGER_COLUMN_TWICE, where, text, column=text)
    missing = [
        each.name_zh
        for each in ledger.columns
        if each.name not in columns and each.type != "text" and not each.personal
    ]
    if missing:
        other = _other_column(grid, header)
        if other is not None:
            text = read_text(grid.rows[row][other])
            where = grid.address(row, other)
            rule, said = general.LEDGER_OTHER_COLUMN, "、".join(missing)
            return found_on(ledger, grid, rule, where, text, columns=said, other=text)
    return None


def _other_column(grid: Grid, header: LedgerHeader) -> int | None:
    """A column that is filled in below a heading that is not declared."""
    known = set(header.columns.values())
    for column, text in enumerate(grid.normal_texts(header.row)):
        odd = text and text != "序号" and column not in known
        if odd and any(row[column] != "" for row in grid.rows[header.row + 1 :]):
            return column
    return None


def found_on(
    ledger: Ledger,
    grid: Grid,
    rule: Rule,
    cell: str,
    value: str | None,
    /,
    **blanks: object,
) -> Found:
    """A finding on a cell of a ledger; `value` is what stands there."""
    return Found(
        ledger.name, rule.code, rule.level, None, grid.name, cell, value, rule.say(**blanks)
    )
