"""The headings of a figure table, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flows.reading.cells import Grid, Row
from flows.reading.measures import Statement, read_statement, stated_in
from flows.reading.values import read_text
from schemas.declaring.names import normal

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
_OTHER_PERIODS = frozenset(
    ("上月", "上季", "上期", "上年", "去年", "上年同月", "上年同季", "上年同期", "去年同期")
)
REFERENCES = frozenset(
    f"{period}{what}" for period in _OTHER_PERIODS for what in ("", "数", "累计", "累计数")
)
"""Headings of amounts that stand beside those to fill in, for comparison: no column of theirs."""
_WEAK = ("备注", "单位", "指标")
"""Taken for a column's heading only where no other says the same kind: 备注 beside 说明."""
_DEEPEST = 3
"""A header has no more rows than this."""
_NUMBERS = frozenset((int, float))
_TALLEST = 60
"""A table on its side stands among so many rows."""
_BEHIND = re.compile(r"\(([^()]*)\)$")
_COUNTED = re.compile(r"\d{1,2}|[甲乙丙丁]|[A-G]")


class Header(NamedTuple):
    """A table's header: its rows from `row` up to `below`, and each block's columns by kind.

    Two blocks side by side have the headings twice. `stated` are the units of measure in its
    texts, as in 本月数（万元）. `doubled` is a column whose heading stands in its block already.
    """

    row: int
    below: int
    blocks: list[dict[str, int]]
    stated: list[Statement]
    doubled: int | None


def heading(text: str) -> str | None:
    """The kind of a heading in its normal form; in brackets it may have a unit or a number."""
    kind = HEADERS.get(text)
    if kind is None and text.endswith(")"):
        match = _BEHIND.search(text)
        if match is not None and (read_statement(match[1]) or _COUNTED.fullmatch(match[1])):
            return HEADERS.get(text[: match.start()])
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
            depth, blocks, stated, doubled = found
            return Header(row, row + depth, blocks, stated, doubled)
    return None


# The headers of a form repeat from file to file, and so do the names of its first lines.
@lru_cache(maxsize=4096)
def _read_header(
    texts: tuple[tuple[str, ...], ...],
) -> tuple[int, list[dict[str, int]], list[Statement], int | None] | None:
    """How many of the rows are a header's, and what it says, from a row of it and those below."""
    for depth in range(1, min(_DEEPEST, len(texts)) + 1):
        stack = texts[:depth]
        kinds = _stacked(stack) if depth > 1 else [heading(text) for text in texts[0]]
        if depth < len(texts) and _goes_on(stack[-1], texts[depth]):
            continue
        blocks, doubled = _blocks(kinds, stack)
        if blocks and (depth == 1 or not _is_across(texts[0], kinds)):
            return depth, blocks, stated_in(text for own in stack for text in own), doubled
    return None


def _is_across(first: tuple[str, ...], kinds: Sequence[str | None]) -> bool:
    """Whether 本月数 stands under the names of lines, not of a table's one block."""
    months = [at for at, kind in enumerate(kinds) if kind == MONTH]
    over = {first[at] for at in months if first[at]}
    return len(months) > kinds.count(NAME) and len(over) == len(months)


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


def _blocks(
    kinds: Sequence[str | None], stack: Sequence[tuple[str, ...]]
) -> tuple[list[dict[str, int]], int | None]:
    """The columns of each block, which needs its names and its amounts, and a doubled one."""
    blocks: list[dict[str, int]] = [{}]
    several, doubled = kinds.count(NAME) > 1, None
    for column, kind in enumerate(kinds):
        if kind is None:
            continue
        own = blocks[-1]
        if several and kind != NOTE and (kind in own or _begins(kinds, column, own)):
            blocks.append({kind: column})
            continue
        if kind in own:
            weak = any(texts[own[kind]] in _WEAK for texts in stack)
            if not weak or any(texts[column] in _WEAK for texts in stack):
                if kind in (MONTH, CUMULATIVE) and doubled is None:
                    doubled = column
                continue
        own[kind] = column
    whole = [each for each in blocks if NAME in each and MONTH in each]
    if whole and len(whole) < len(blocks) and several:
        doubled = min(min(each.values()) for each in blocks if each not in whole)
    return whole, doubled


def _begins(kinds: Sequence[str | None], column: int, own: dict[str, int]) -> bool:
    """Whether a column is the first of the next block: behind a gap, with its names next to it."""
    behind_gap = column > 0 and kinds[column - 1] is None and kinds[column] in (CODE, UNIT)
    return behind_gap and kinds[column + 1 : column + 2] == [NAME] and {NAME, MONTH} <= own.keys()


def _stacked(stack: Sequence[tuple[str, ...]]) -> list[str | None]:
    """The kind of each column from the texts above one another, joined where they have to be.

    In all rows but the last a text stands for the blank cells to its right as well: it is
    over merged cells. Another period with nothing below it is a heading by itself.
    """
    first = stack[0]
    names = [at for at, text in enumerate(first) if heading(text) == NAME]
    if any(heading("".join(row[at] for row in stack)) != NAME for at in names):
        return [None] * len(first)  # what stands below is a line already
    filled = [list(row) for row in stack]
    for at, row in enumerate(filled[:-1]):
        alone = False
        for column in range(1, len(row)):
            before = stack[at][column - 1]
            if before:
                below = any(lower[column - 1] for lower in stack[at + 1 :])
                alone = before in _OTHER_PERIODS and not below
            if not row[column] and not alone and not (at and stack[at - 1][column]):
                row[column] = row[column - 1]
    kinds: list[str | None] = []
    for column in range(len(first)):
        own = [row[column] for row in stack]
        over = [row[column] for row in filled]
        # 上月 over 本月数 and 本年累计 takes both for comparison.
        kind = None if _OTHER_PERIODS.intersection(over) else _joined(own) or _joined(over)
        kinds.append(kind if any(own) else None)
    return kinds


def _joined(texts: list[str]) -> str | None:
    """The kind of the texts above one another, or of the lower ones: 数量, 本年, 累计.

    上月 over 累计 is neither.
    """
    if not REFERENCES.isdisjoint((*texts, "".join(texts))):
        return None
    kinds = (heading("".join(texts[start:])) for start in range(len(texts)))
    return next((kind for kind in kinds if kind is not None), None)


def is_numbering(row: Row) -> bool:
    """Whether a row numbers the columns: 甲 乙 丙 1 2, or 1 2 3 4."""
    texts = [text for cell in row if (text := normal(read_text(cell)))]
    if len(texts) >= 3 and all(text.isdigit() for text in texts):
        return [int(text) for text in texts] == list(range(1, len(texts) + 1))
    letters = [text for text in texts if _LETTER.fullmatch(text)]
    return len(letters) >= 2 and all(
        text.isdigit() or text in letters or text in _BESIDE for text in texts
    )


_BESIDE = ("-", "—", "栏次", "序号")
_LETTER = re.compile(r"\(?[甲乙丙丁戊己庚A-G]\)?")
