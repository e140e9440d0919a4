"""Figure tables in other shapes, gathered into plain lines that keep their cells.

Two blocks side by side, a table that goes on below or on another sheet (续表): their
lines are put one below the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from flows.reading.across import read_across
from flows.reading.cells import Gathered, Grid, Source, is_foot
from flows.reading.head import is_head, read_notes
from flows.reading.headings import KINDS, Header, find_header, heading
from flows.reading.measures import Statement, read_statement
from schemas.declaring.model import Lines

COLUMNS = {kind: at for at, kind in enumerate(KINDS)}
"""The columns of gathered lines."""


@dataclass(slots=True)
class Surroundings:
    """What a table's sheets say outside of it, and what was met within it."""

    stated: list[list[Statement]] = field(default_factory=list)
    """The units of measure stated above the table, of each of its sheets."""
    labels: frozenset[str] = frozenset()
    """What may stand before a row of amounts: the unit's names and the period, normal."""
    start: int = 0
    """The row of the first sheet above which no table stands."""
    strays: list[tuple[Grid, int]] = field(default_factory=list)
    """Head lines within the table: rows that may name another unit or month."""


@dataclass(slots=True)
class Gathering:
    """The lines of a form's sheets, and its first cell; `doubled` is a heading met twice."""

    lines: Gathered
    head: Source
    doubled: Source | None = None


def gather(grids: Sequence[Grid], lines: Lines, around: Surroundings) -> Gathering | None:
    """The lines of a form's sheets; None where one has no table."""
    gathered = Gathered(grids[0].name, 0, 0, [])
    found: Gathering | None = None
    for number, grid in enumerate(grids):
        stated = list(around.stated[number]) if number < len(around.stated) else []
        headers = list(_headers(grid))
        if not headers:
            head = read_across(gathered, grid, lines, stated, around.labels)
            if head is None:
                return None
            found = found or Gathering(gathered, head)
            continue
        ends = [*(header.row for header in headers[1:]), len(grid.rows)]
        for header, last in zip(headers, ends, strict=True):
            first_cell = Source(grid, header.row, min(header.blocks[0].values()))
            found = found or Gathering(gathered, first_cell)
            if header.doubled is not None:
                found.doubled = Source(grid, header.below - 1, header.doubled)
            heads = [at for at in range(header.below, last) if is_head(grid.normal_texts(at))]
            around.strays += ((grid, at) for at in heads)
            start = 0
            for columns in header.blocks:
                end = max(columns.values()) + 1
                rows = [at for at in range(header.below, last) if at not in heads]
                _add(gathered, grid, rows, columns, range(start, end), [*stated, *header.stated])
                start = end
            # What is stated above a table that goes on is said of that part.
            again = [
                read_statement(value)
                for at in heads
                for kind, value in read_notes(grid.rows[at])
                if kind == "measure"
            ]
            stated = [each for each in again if each] or stated
    return found


def _headers(grid: Grid) -> Iterator[Header]:
    start = 0
    while (header := find_header(grid, start)) is not None:
        yield header
        start = header.below


def _add(
    gathered: Gathered,
    grid: Grid,
    rows: Sequence[int],
    columns: dict[str, int],
    width: range,
    stated: list[Statement],
) -> None:
    """Add the lines of one block, which stands in the columns of `width`."""
    places = [columns.get(kind) for kind in KINDS]
    for at in rows:
        sources = [None if column is None else Source(grid, at, column) for column in places]
        row = grid.rows[at][width.start : width.stop]
        if is_foot(row):
            label = next(column for column, cell in enumerate(row, width.start) if cell != "")
            sources = [Source(grid, at, label), *[None] * (len(KINDS) - 1)]
        gathered.add(sources, stated)


@lru_cache(maxsize=4096)
def is_header_row(texts: tuple[str, ...]) -> bool:
    """Whether a row looks like the header of a table that goes on."""
    kinds = {heading(text) for text in texts if text} - {None}
    return len(kinds) >= 2
