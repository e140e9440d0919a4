"""Figure tables in other shapes, gathered into plain lines that keep their cells.

Two blocks side by side, a table that goes on below or on another sheet (续表): their
lines are put one below the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from flows.reading.across import read_across
from flows.reading.cells import Gathered, Grid, Source, is_foot
from flows.reading.head import is_head
from flows.reading.headings import KINDS, Header, find_header, heading
from schemas.declaring.model import Lines

COLUMNS = {kind: at for at, kind in enumerate(KINDS)}
"""The columns of gathered lines."""


def gather(grids: Sequence[Grid], lines: Lines) -> tuple[Gathered, Source, list[str]] | None:
    """The lines of a form's sheets, the header's first cell, and the headings' measures.

    None where a sheet has no table.
    """
    gathered = Gathered(grids[0].name, 0, 0, [])
    head: Source | None = None
    measures: list[str] = []
    for grid in grids:
        headers = list(_headers(grid))
        for number, header in enumerate(headers):
            last = headers[number + 1].row if number + 1 < len(headers) else len(grid.rows)
            for columns in header.blocks:
                _add(gathered, grid, header.below, last, columns)
            head = head or Source(grid, header.row, min(header.blocks[0].values()))
            measures += header.measures
        if not headers:
            found = read_across(gathered, grid, lines)
            if found is None:
                return None
            head = head or found
    return None if head is None else (gathered, head, measures)


def _headers(grid: Grid) -> Iterator[Header]:
    start = 0
    while (header := find_header(grid, start)) is not None:
        yield header
        start = header.below


def _add(gathered: Gathered, grid: Grid, first: int, last: int, columns: dict[str, int]) -> None:
    places = [columns.get(kind) for kind in KINDS]
    for at in range(first, last):
        if is_head(grid.normal_texts(at)):
            continue  # the head lines of a table that goes on
        sources = [None if column is None else Source(grid, at, column) for column in places]
        row = grid.rows[at]
        if is_foot(row):
            label = next(column for column, cell in enumerate(row) if cell != "")
            sources = [Source(grid, at, label), *[None] * (len(KINDS) - 1)]
        gathered.add(sources)


@lru_cache(maxsize=4096)
def is_header_row(texts: tuple[str, ...]) -> bool:
    """Whether a row looks like the header of a table that goes on."""
    kinds = {heading(text) for text in texts if text} - {None}
    return len(kinds) >= 2
