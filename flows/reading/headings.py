"""The headings of a figure table, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flows.reading.cells import Grid

NAME, UNIT, CODE, MONTH, CUMULATIVE, NOTE = "name", "unit", "code", "month", "cumulative", "note"
KINDS = (NAME, CODE, UNIT, MONTH, CUMULATIVE, NOTE)
HEADERS = {
    "指标名称": NAME,
    "指标": NAME,
    "计量单位": UNIT,
    "单位": UNIT,
    "代码": CODE,
    "指标代码": CODE,
    "本月数": MONTH,
    "本月": MONTH,
    "本期数": MONTH,
    "本季数": MONTH,
    "本年累计": CUMULATIVE,
    "本年累计数": CUMULATIVE,
    "累计": CUMULATIVE,
    "说明": NOTE,
    "情况说明": NOTE,
    "备注": NOTE,
}
_SPARE = "备注"
"""Taken for 说明 only where there is no 说明 beside it."""
_DEEPEST = 3
"""A header has no more rows than this."""
_NUMBERS = frozenset((int, float))
_TALLEST = 60
"""A table on its side stands among so many rows."""
_BEHIND = re.compile(r"\(([^()]*)\)$")


class Header(NamedTuple):
    """A table's header: its rows from `row` up to `below`, and each block's columns by kind.

    Two blocks side by side have the headings twice. `measures` are the units of measure
    that stand behind a heading, as in 本月数（万元）.
    """

    row: int
    below: int
    blocks: list[dict[str, int]]
    measures: list[str]


def heading(text: str) -> str | None:
    """The kind of a heading in its normal form, with or without brackets behind it."""
    kind = HEADERS.get(text)
    if kind is None and text.endswith(")"):
        kind = HEADERS.get(_BEHIND.sub("", text))
    return kind


def find_header(grid: Grid, start: int = 0) -> Header | None:
    """The first header at or below the row `start`, or None."""
    for row in range(start, len(grid.rows)):
        texts = grid.normal_texts(row)
        if HEADERS.keys().isdisjoint(texts):
            continue
        end = min(row + _DEEPEST + 1, len(grid.rows))
        if end > row + 1 and _NUMBERS.intersection(map(type, grid.rows[row + 1])):
            end = row + 1  # no header goes on with numbers, and most have one right below
        found = _read_header(tuple(map(grid.normal_texts, range(row, end))))
        if found is not None:
            return Header(row, row + found[0], *found[1:])
    return None


# The headers of a form repeat from file to file, and so do the names of its first lines.
@lru_cache(maxsize=4096)
def _read_header(
    texts: tuple[tuple[str, ...], ...],
) -> tuple[int, list[dict[str, int]], list[str]] | None:
    """How many of the rows are a header's, and what it says, from a row of it and those below."""
    for depth in range(1, min(_DEEPEST, len(texts)) + 1):
        stack = texts[:depth]
        kinds = _stacked(stack) if depth > 1 else [heading(text) for text in texts[0]]
        blocks = _blocks(kinds, texts[0])
        if depth < len(texts) and _goes_on(stack[-1], texts[depth]):
            continue
        if blocks and (depth == 1 or kinds.count(MONTH) <= kinds.count(NAME)):
            return depth, blocks, [each for own in stack for each in _measures(own)]
    return None


def _goes_on(texts: Sequence[str], below: Sequence[str]) -> bool:
    """Whether headings are broken over two rows: 本年 over 累计."""
    return any(
        text and under and heading(text + under) is not None
        for text, under in zip(texts, below, strict=True)
    )


def has_table(grid: Grid) -> bool:
    """Whether a figure table stands on the sheet, upright or on its side."""
    if find_header(grid) is not None:
        return True
    return any(
        {NAME, MONTH} <= {heading(text) for text in column if text}
        for column in zip(
            *map(grid.normal_texts, range(min(_TALLEST, len(grid.rows)))), strict=True
        )
    )


def _measures(texts: Sequence[str]) -> list[str]:
    found = (_BEHIND.search(text) for text in texts if heading(text) in (MONTH, CUMULATIVE))
    return [match[1] for match in found if match is not None]


def _blocks(kinds: Sequence[str | None], texts: Sequence[str]) -> list[dict[str, int]]:
    """The columns of each block; a block needs its names and its amounts."""
    blocks: list[dict[str, int]] = [{}]
    several = kinds.count(NAME) > 1
    for column, kind in enumerate(kinds):
        if kind is None:
            continue
        if kind in blocks[-1]:
            spare = kind == NOTE and texts[blocks[-1][NOTE]] == _SPARE
            if several and kind != NOTE:
                blocks.append({})
            elif not (spare and texts[column] != _SPARE):
                continue
        blocks[-1][kind] = column
    whole = [each for each in blocks if NAME in each and MONTH in each]
    return whole if len(whole) == len(blocks) else whole[:1]


def _stacked(stack: Sequence[tuple[str, ...]]) -> list[str | None]:
    """The kind of each column from the texts above one another, joined where they have to be.

    In all rows but the last a text stands for the blank cells to its right as well: it is
    over merged cells.
    """
    first = stack[0]
    names = [at for at, text in enumerate(first) if heading(text) == NAME]
    if any(heading("".join(row[at] for row in stack)) != NAME for at in names):
        return [None] * len(first)  # what stands below is a line already
    filled = [list(row) for row in stack]
    for at, row in enumerate(filled[:-1]):
        for column in range(1, len(row)):
            if not row[column] and not (at and stack[at - 1][column]):
                row[column] = row[column - 1]
    kinds: list[str | None] = []
    for column in range(len(first)):
        own = [row[column] for row in stack]
        kind = _joined(own) or _joined([row[column] for row in filled])
        kinds.append(kind if any(own) else None)
    return kinds


def _joined(texts: list[str]) -> str | None:
    """The kind of the texts above one another, or of the lower ones: 数量, 本年, 累计."""
    kinds = (heading("".join(texts[start:])) for start in range(len(texts)))
    return next((kind for kind in kinds if kind is not None), None)
