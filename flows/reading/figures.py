"""A figure sheet to lines: each figure by its code, its amounts, its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from flows.reading.amounts import AmountsReader
from flows.reading.cells import Gathered, Grid, Row, Source, column_letters, is_foot
from flows.reading.gathering import COLUMNS, Surroundings, gather, is_header_row
from flows.reading.head import is_head
from flows.reading.headings import (
    CODE,
    CUMULATIVE,
    MONTH,
    NAME,
    NOTE,
    UNIT,
    find_header,
    is_numbering,
)
from flows.reading.lines import FoundLines, recognise
from flows.reading.results import FormSheet, Found, Place
from flows.reading.table import Table, seen
from flows.reading.values import NUMBER, read_code, read_number, read_text
from schemas.declaring import general
from schemas.declaring.model import FigureForm, Lines


def read_figures(
    grids: Sequence[Grid],
    form: FigureForm,
    lines: Lines,
    findings: list[Found],
    around: Surroundings,
) -> FormSheet | None:
    """The lines of a form on its sheet, or on several that it goes on over; None without a table."""
    sheet, own = _read(grids, form, lines, around)
    doubtful = own or (sheet is not None and sheet.blanks)
    # What looks blank may be a formula without a result.
    if doubtful and sum(grid.fill_unresolved() for grid in grids):
        sheet, own = _read(grids, form, lines, around)
    findings += own
    return None if sheet is None else sheet.sheet


def _read(
    grids: Sequence[Grid], form: FigureForm, lines: Lines, around: Surroundings
) -> tuple[FigureSheet | None, list[Found]]:
    around.strays.clear()
    grid = grids[0]
    header = find_header(grid, around.start) if len(grids) == 1 else None
    if header is not None and len(header.blocks) == 1:
        columns = header.blocks[0]
        stated = [*(around.stated[0] if around.stated else ()), *header.stated]
        head_cell = grid.address(header.row, columns[NAME])
        table = Table(grid, columns, form, lines, head_cell, stated)
        plain = FigureSheet(table, around.strays)
        if header.doubled is not None:
            return plain.refuse(Source(grid, header.below - 1, header.doubled)), table.findings
        if plain.read(header.below):
            return plain, table.findings
    around.strays.clear()
    found = gather(grids, lines, around)
    if found is None:
        return None, []
    head = found.head
    table = Table(found.lines, COLUMNS, form, lines, head.grid.address(head.row, head.column))
    sheet = FigureSheet(table, around.strays)
    if found.doubled is not None:
        return sheet.refuse(found.doubled), table.findings
    sheet.read(0)
    return sheet, table.findings


class FigureSheet:
    """Reads the lines of one figure table and collects what is wrong with them."""

    def __init__(self, table: Table, strays: list[tuple[Grid, int]]) -> None:
        self.table, self.grid, self.columns = table, table.grid, table.columns
        self.lines, self.strays = table.lines, strays
        self.sheet = FormSheet(table.form.name, table.grid.name, head_cell=table.head_cell)
        self.mismatched = False
        self.foot = False
        self.goes_on = False
        self.blanks = False
        """A cell of a line is blank that need not be an error."""

    def read(self, first: int) -> bool:
        """Read the lines from the row `first` on; False where the table begins anew below."""
        rows = self.grid.rows[first:]
        name_at, code_at = self.columns[NAME], self.columns.get(CODE)
        names = tuple(map(itemgetter(name_at), rows))
        codes = ("",) * len(rows) if code_at is None else tuple(map(itemgetter(code_at), rows))
        found, others, coded = recognise(self.lines, first, names, codes)
        for at in others:
            self._other(at, names[at - first], codes[at - first])
        if self.goes_on:
            return False
        if not coded:
            self._see_codes(found)
        self._read_lines(found)
        return True

    def refuse(self, heading: Source) -> FigureSheet:
        """Read nothing, as a heading says what another column's says already."""
        text = read_text(heading.cell) or "本月数"
        where = heading.grid.name, heading.grid.address(heading.row, heading.column)
        title = self.table.form.title_zh
        self.table.find(general.HEADING_TWICE, None, where, text, title=title, heading=text)
        self.sheet.broken = True
        return self

    def _place(self, found: FoundLines) -> None:
        grid, columns = self.grid, self.columns
        if isinstance(grid, Gathered):
            self.sheet.places = {
                figure.name: Place(
                    grid.sheet_of(at),
                    grid.address(at, columns[MONTH]),
                    grid.address(at, columns[CUMULATIVE])
                    if grid.sources[at][columns[CUMULATIVE]]
                    else "",
                )
                for figure, at in found.pairs
            }
        else:
            self.sheet.column = column_letters(grid.left + columns[MONTH])
            if CUMULATIVE in columns:
                self.sheet.cumulative_column = column_letters(grid.left + columns[CUMULATIVE])

    def _other(self, at: int, name: object, code: object) -> None:
        """A row that is not plainly a line: blank, of the foot, or one with a mistake."""
        row = self.grid.rows[at]
        if row.count("") == len(row):
            return
        if not isinstance(self.grid, Gathered) and is_header_row(self.grid.normal_texts(at)):
            self.goes_on = True  # before the foot: 说明 may be its first word too
            return
        if is_foot(row):
            self.foot = True
            return
        if not isinstance(self.grid, Gathered) and is_head(self.grid.normal_texts(at)):
            self.strays.append((self.grid, at))
            return
        amounts = [
            seen(row[self.columns[each]]) for each in (MONTH, CUMULATIVE) if each in self.columns
        ]
        written, number = read_text(name), read_code(code)
        if self.foot and not number and not any(map(_is_number, amounts)):
            return
        blank = all(each == "" for each in amounts)
        said = number if number.isdigit() else ""
        if not said and blank and (not written or not number) and self._is_alone(row):
            return  # a line of words between the lines
        if is_numbering(row):
            return
        figure = self.lines.by_code.get(number)
        if figure is None:
            self._unknown(at, f"{number} {written}".strip())
            return
        self.table.find(
            general.CODE_AND_NAME,
            None,
            self.table.cell(at, CODE),
            number,
            code=number,
            right=figure.name_zh,
            name=written,
        )
        self.mismatched = True

    def _is_alone(self, row: Row) -> bool:
        """Whether a row's name has neither a unit of measure nor a reason: 一、城市低保."""
        return all(
            seen(row[self.columns[each]]) == "" for each in (UNIT, NOTE) if each in self.columns
        )

    def _unknown(self, at: int, line: str) -> None:
        cell = self.table.cell(at, CODE if CODE in self.columns else NAME)
        self.table.find(general.UNKNOWN_LINE, None, cell, line, line=line or "（无名称）")

    def _read_lines(self, found: FoundLines) -> None:
        names = found.distinct
        if len(names) < len(found.names):
            found = self._without_repeated(self._without_titles(found))
        self._place(found)
        if CUMULATIVE not in self.columns and any(
            each.kind == "flow" for each in self.lines.figures
        ):
            where = (self.grid.name, self.sheet.head_cell)
            self.table.find(
                general.NO_YEAR_TO_DATE, None, where, None, title=self.table.form.title_zh
            )
        amounts = AmountsReader(self.table, self.sheet)
        amounts.read(found)
        self.blanks = amounts.blanks
        if self.mismatched or len(names) == len(self.lines.figures):
            return
        for figure in self.lines.figures:
            if figure.name not in names:
                self.table.find(
                    general.LINE_MISSING,
                    figure,
                    (self.grid.name, self.sheet.head_cell),
                    None,
                    name=figure.name_zh,
                    code=figure.code,
                )

    def _see_codes(self, found: FoundLines) -> None:
        """Where a line or the table has lost its codes, they may stand below 本月数."""
        rows, at_month, at_code = self.grid.rows, self.columns[MONTH], self.columns.get(CODE)
        bare = [each for each in found.pairs if at_code is None or rows[each[1]][at_code] == ""]
        moved = [at for figure, at in bare if read_code(rows[at][at_month]) == figure.code]
        # One amount may come to its line's own code, 101 for 0101, but is not written 0101.
        written = [at for at in moved if read_text(rows[at][at_month]).startswith("0")]
        if written or (len(moved) > 1 and (at_code is not None or len(moved) == len(found.rows))):
            where = self.table.cell(moved[0], MONTH)
            title = self.table.form.title_zh
            self.table.find(general.CODES_FOR_AMOUNTS, None, where, None, title=title)

    def _without_titles(self, found: FoundLines) -> FoundLines:
        """Without the rows of one name alone that a line of the same name follows."""
        times = Counter(found.names)
        held = [kind for kind in self.columns if kind != NAME]
        kept = [
            (figure, at)
            for figure, at in found.pairs
            if times[figure.name] == 1
            or any(seen(self.grid.rows[at][self.columns[kind]]) != "" for kind in held)
        ]
        there = {figure.name for figure, _ in kept}
        rest = [(figure, at) for figure, at in found.pairs if figure.name not in there]
        return FoundLines.of(kept + rest)

    def _without_repeated(self, found: FoundLines) -> FoundLines:
        times = Counter(found.names)
        for figure, at in found.pairs:
            if times[figure.name] > 1:
                self.table.find(
                    general.LINE_TWICE,
                    figure,
                    self.table.cell(at, CODE if CODE in self.columns else NAME),
                    figure.code,
                    name=figure.name_zh,
                    code=figure.code,
                    times=times[figure.name],
                )
        return FoundLines.of(each for each in found.pairs if times[each[0].name] == 1)


def _is_number(cell: object) -> bool:
    return read_number(cell).kind == NUMBER
