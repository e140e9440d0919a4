"""Mutations of the cells themselves, written again in the same format."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

from tests.fuzzing.valid import Given
from tests.writing.formats import Cell, Sheet, write

_CELLS: tuple[Cell, ...] = (
    "12人", "约12", "12.5.1", "一百", "#REF!", "无", "—", "不适用", "1,23", "１２，３４５", "(12)",
    "12%", "1e3", " ", "-", "0x10", "∞", "①", "12①", "TRUE", "=1+1", "'12", "2022-07-31",
    dt.date(2022, 7, 31), 10**11, 10**13, 1e300, Decimal("0.123456789"), -1, 0, 0.1 + 0.2,
    "x" * 5000, "\u200b", "元", "本月数", "指标名称", "续表", "单位：元", "填报单位：城东街道",
)  # fmt: skip
Rows = list[list[Cell]]
Change = Callable[[random.Random, Rows], None]


def _any_cell(rng: random.Random, rows: Rows) -> tuple[list[Cell], int]:
    row = rng.choice([row for row in rows if row])
    return row, rng.randrange(len(row))


def _replaced(rng: random.Random, rows: Rows) -> None:
    row, at = _any_cell(rng, rows)
    row[at] = rng.choice(_CELLS)


def _blank(rng: random.Random, rows: Rows) -> None:
    row, at = _any_cell(rng, rows)
    row[at] = None


def _swapped(rng: random.Random, rows: Rows) -> None:
    (one, first), (two, second) = _any_cell(rng, rows), _any_cell(rng, rows)
    one[first], two[second] = two[second], one[first]


def _copied(rng: random.Random, rows: Rows) -> None:
    (one, first), (two, second) = _any_cell(rng, rows), _any_cell(rng, rows)
    one[first] = two[second]


def _row_dropped(rng: random.Random, rows: Rows) -> None:
    rows.pop(rng.randrange(len(rows)))


def _row_twice(rng: random.Random, rows: Rows) -> None:
    at = rng.randrange(len(rows))
    rows.insert(at, [*rows[at]])


def _rows_swapped(rng: random.Random, rows: Rows) -> None:
    one, two = rng.randrange(len(rows)), rng.randrange(len(rows))
    rows[one], rows[two] = rows[two], rows[one]


def _row_shifted(rng: random.Random, rows: Rows) -> None:
    rng.choice(rows).insert(0, rng.choice((None, None, 1, "合计")))


def _column_inserted(rng: random.Random, rows: Rows) -> None:
    at, filler = rng.randrange(6), rng.choice((None, 1, "备注"))
    for row in rows:
        if len(row) > at:
            row.insert(at, filler)


def _column_dropped(rng: random.Random, rows: Rows) -> None:
    at = rng.randrange(6)
    for row in rows:
        del row[at : at + 1]


_CHANGES: dict[str, Change] = {
    "cell replaced": _replaced,
    "cell blank": _blank,
    "cells swapped": _swapped,
    "cell copied": _copied,
    "row dropped": _row_dropped,
    "row twice": _row_twice,
    "rows swapped": _rows_swapped,
    "row shifted": _row_shifted,
    "column inserted": _column_inserted,
    "column dropped": _column_dropped,
}


def _of_a_sheet(change: Change) -> Callable[[random.Random, Given], bytes]:
    def mutated(rng: random.Random, given: Given) -> bytes:
        sheets = [*given.laid.sheets]
        at = rng.randrange(len(sheets))
        rows = [[*row] for row in sheets[at].rows]
        for _ in range(rng.choice((1, 1, 1, 2, 5))):
            change(rng, rows)
        sheets[at] = Sheet(sheets[at].name, rows)
        return write(sheets, given.format, **given.looks)

    return mutated


CELLS = {name: _of_a_sheet(change) for name, change in _CHANGES.items()}
