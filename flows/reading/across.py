"""A figure table on its side: the figures across, their amounts in a row or two.

Near the row of names there may be rows of codes, units of measure and 本月数/本年累计, with
those words before them or without. Several rows of amounts without such words are of several
units or months, and so is a row with another unit's or month's name before it: that is no
return.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flows.reading.cells import Gathered, Grid, Source, is_foot
from flows.reading.head import read_notes
from flows.reading.headings import CODE, CUMULATIVE, KINDS, MONTH, NAME, UNIT, heading
from flows.reading.measures import Statement, read_statement, stated_in
from flows.reading.values import read_code, read_text
from schemas.declaring.model import Figure, Lines
from schemas.declaring.names import normal, normal_line

_LEAST = 2
"""With fewer names of lines in a row it is no table on its side."""
_AMOUNTS = (MONTH, CUMULATIVE)


def read_across(
    gathered: Gathered,
    grid: Grid,
    lines: Lines,
    stated: Sequence[Statement],
    labels: frozenset[str],
) -> Source | None:
    """Add the lines of a table on its side; its first cell, or None where there is none.

    A wide one may go on below, with further names. `labels` may stand before its amounts.
    """
    notes = (note for row in grid.rows for note in read_notes(row))
    below = (read_statement(value) for kind, value in notes if kind == "measure")
    stated = [*stated, *filter(None, below)]
    bands: list[tuple[int, int]] = []
    for row, cells in enumerate(grid.rows):
        named = [at for at, cell in enumerate(cells) if _named(cell, lines)[0] is not None]
        if len(named) >= _LEAST or (bands and named):
            bands.append((row, named[0]))
    if not bands:
        return None
    first = None
    ends = [*(row for row, _ in bands[1:]), len(grid.rows)]
    for (row, column), end in zip(bands, ends, strict=True):
        found = _Across(grid, lines, row, column, end, labels).add_to(gathered, stated)
        if found is None:
            return None
        first = first or found
    return first


def _named(cell: object, lines: Lines) -> tuple[Figure | None, str | None]:
    """The figure that a heading names, and the kind of amount that it adds to the name."""
    if type(cell) is not str or not cell:
        return None, None
    text = normal_line(cell)
    if text in lines.by_name:
        return lines.by_name[text], None
    for kind, endings in _ENDINGS.items():
        for ending in endings:
            if text.endswith(ending) and text[: -len(ending)] in lines.by_name:
                return lines.by_name[text[: -len(ending)]], kind
    return None, None


_ENDINGS = {
    MONTH: ("(本月数)", "(本月)", "本月数"),
    CUMULATIVE: ("(本年累计)", "(本年累计数)", "(累计)", "本年累计", "本年累计数"),
}


class _Across:
    """One table on its side, from its row of names on."""

    def __init__(
        self, grid: Grid, lines: Lines, names: int, first: int, end: int, labels: frozenset[str]
    ) -> None:
        self.grid, self.lines, self.names, self.first = grid, lines, names, first
        self.end, self.labels = end, labels
        self.rows: dict[str, int] = {}
        """The rows of codes, units, amounts and reasons."""
        self.kinds: dict[int, str] = {}
        """The kind of amount in each column, where it is written."""
        self.unclear = False

    def add_to(self, gathered: Gathered, stated: Sequence[Statement]) -> Source | None:
        """Add its lines; None where its rows do not say what they are."""
        self._find_kinds_above()
        self._find_labelled()
        self._find_unlabelled()
        if self.unclear or self.rows.keys().isdisjoint(_AMOUNTS):
            return None
        if not all(self._is_own(self.rows[kind]) for kind in _AMOUNTS if kind in self.rows):
            return None
        texts = [text for row in self._near() for text in self.grid.normal_texts(row)]
        said = [*stated, *stated_in(text for text in texts if heading(text))]
        for own in self._lines():
            if any(source.cell != "" for source in own.values()):
                gathered.add([own.get(kind) for kind in KINDS], said)
        return Source(self.grid, self.names, self.first)

    def _near(self) -> list[int]:
        """The rows of the table: those around the names up to a blank one or the foot."""
        near = [self.names]
        for step, stop in ((-1, -1), (1, self.end)):
            for row in range(self.names + step, stop, step):
                cells = self.grid.rows[row]
                if cells.count("") == len(cells):
                    break
                texts = self.grid.normal_texts(row)[: self.first]
                if is_foot(cells) and not any(map(heading, texts)):
                    break
                near.append(row)
        return near

    def _is_own(self, row: int) -> bool:
        """Whether what stands before a row of amounts is not another unit or month."""
        before = [normal(read_text(cell)) for cell in self.grid.rows[row][: self.first]]
        return all(
            not text or text.isdigit() or heading(text) or text in self.labels for text in before
        )

    def _own(self, row: int) -> list[tuple[int, object]]:
        """The cells of a row, from the first figure's column on, that are not blank."""
        cells = self.grid.rows[row][self.first :]
        return [(at, cell) for at, cell in enumerate(cells, self.first) if read_text(cell)]

    def _amount_kinds(self, row: int) -> dict[int, str]:
        """The kinds of amount by column, where a row holds nothing else."""
        found = {at: heading(normal(read_text(cell))) for at, cell in self._own(row)}
        kinds = {at: kind for at, kind in found.items() if kind in _AMOUNTS}
        return kinds if len(kinds) == len(found) else {}

    def _find_kinds_above(self) -> None:
        """本月数 over all figures, then 本年累计 over all figures again."""
        above = self._amount_kinds(self.names - 1) if self.names else {}
        kind = ""
        for column in range(self.first, len(self.grid.rows[self.names])):
            kind = above.get(column, kind)
            if kind:
                self.kinds[column] = kind

    def _find_labelled(self) -> None:
        for row in self._near():
            for text in self.grid.normal_texts(row)[: self.first]:
                kind = heading(text)
                if kind is not None and kind != NAME and row != self.names:
                    self.unclear |= kind in _AMOUNTS and kind in self.rows
                    self.rows.setdefault(kind, row)

    def _find_unlabelled(self) -> None:
        amounts: list[int] = []
        for row in range(self.names + 1, self.end):
            own = self._own(row)
            if not own or row in self.rows.values():
                continue
            if is_foot(self.grid.rows[row]):
                break
            kinds = self._amount_kinds(row)
            if kinds:
                self.kinds = kinds
            elif self._are_codes(own):
                self.rows.setdefault(CODE, row)
            elif all(normal(read_text(cell)) in self._units for _, cell in own):
                self.rows.setdefault(UNIT, row)
            else:
                amounts.append(row)
        if len(amounts) == 1 and self.rows.keys().isdisjoint(_AMOUNTS):
            self.rows[MONTH] = amounts[0]

    @property
    def _units(self) -> set[str]:
        return {normal(each.asked_in) for each in self.lines.figures} | {"元"}

    def _are_codes(self, own: list[tuple[int, object]]) -> bool:
        codes = [self.lines.by_code.get(read_code(cell)) for _, cell in own]
        names = self.grid.rows[self.names]
        return None not in codes and any(
            figure is _named(names[at], self.lines)[0]
            for (at, _), figure in zip(own, codes, strict=True)
        )

    def _lines(self) -> list[dict[str, Source]]:
        """Each line's cells; what stands under no name of a line is one all the same."""
        found: dict[object, list[dict[str, Source]]] = defaultdict(list)
        key: object = None
        for column in range(self.first, len(self.grid.rows[self.names])):
            name = self.grid.rows[self.names][column]
            said = self.kinds.get(column)
            if read_text(name):
                figure, ending = _named(name, self.lines)
                key = figure.name if figure is not None else (column, name)
                said = ending or said
            elif said is None:
                continue  # nothing says that it still is the figure's
            if key is None:
                continue
            own = self._cells(column, said)
            last = found[key][-1] if found[key] else None
            if last is None or any(kind in own and kind in last for kind in _AMOUNTS):
                found[key].append(own)
            else:
                last.update(own | last)
        return [own for lines in found.values() for own in lines]

    def _cells(self, column: int, said: str | None) -> dict[str, Source]:
        """A column's cells by kind; `said` is the kind of amount that its headings name."""
        found = {kind: Source(self.grid, row, column) for kind, row in self.rows.items()}
        if said is not None:
            amount = found.get(said) or found.get(MONTH) or found[CUMULATIVE]
            found = {kind: each for kind, each in found.items() if kind not in _AMOUNTS}
            found[said] = amount
        found[NAME] = Source(self.grid, self.names, column)
        blank = [kind for kind, each in found.items() if each.cell == "" and kind not in _AMOUNTS]
        for kind in blank:  # over merged cells it stands in another of the figure's columns
            del found[kind]
        return found
