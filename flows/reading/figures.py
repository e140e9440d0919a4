"""A figure sheet to lines: each figure by its code, its amounts, its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from flows.reading import values
from flows.reading.cells import Gathered, Grid, Row, column_letters, is_foot
from flows.reading.gathering import COLUMNS, gather, is_header_row
from flows.reading.headings import CODE, CUMULATIVE, MONTH, NAME, NOTE, UNIT, find_header
from flows.reading.measures import contradicts, read_measures
from flows.reading.results import FormSheet, Found, Place
from flows.reading.values import Number, plain_amount, read_code, read_number, read_text
from schemas.declaring import general
from schemas.declaring.model import Figure, FigureForm, Lines
from schemas.declaring.names import normal, normal_line
from schemas.declaring.rules import MICRO, Rule, amount
from schemas.declaring.versions import DIVISOR

_MONTH_ZH, _CUMULATIVE_ZH = "本月数", "本年累计"
_RIGHT = True, False
"""What `_measure` says of nearly every line."""


def read_figures(
    grids: Sequence[Grid],
    form: FigureForm,
    lines: Lines,
    findings: list[Found],
    measures: Sequence[str] = (),
) -> FormSheet | None:
    """The lines of a form on its sheet, or on several that it goes on over; None without a table.

    `measures` are the units of measure stated above the table.
    """
    header = find_header(grids[0]) if len(grids) == 1 else None
    if header is not None and len(header.blocks) == 1:
        columns = header.blocks[0]
        plain = FigureSheet(grids[0], form, lines, [*measures, *header.measures])
        head_cell = grids[0].address(header.row, columns[NAME])
        if plain.read(header.below, columns, head_cell):
            findings += plain.findings
            return plain.sheet
    found = gather(grids, lines)
    if found is None:
        return None
    gathered, head, stated = found
    sheet = FigureSheet(gathered, form, lines, [*measures, *stated])
    sheet.read(0, COLUMNS, head.grid.address(head.row, head.column))
    findings += sheet.findings
    return sheet.sheet


class FigureSheet:
    """Reads the lines of one figure sheet and collects what is wrong with them."""

    def __init__(
        self, grid: Grid, form: FigureForm, lines: Lines, measures: Sequence[str] = ()
    ) -> None:
        self.grid, self.form, self.lines = grid, form, lines
        self.stated = read_measures(measures)
        self.findings: list[Found] = []
        self.sheet = FormSheet(form.name, grid.name)
        self.mismatched = False
        self.foot = False
        self.goes_on = False

    def read(self, first: int, columns: dict[str, int], head_cell: str) -> bool:
        """Read the lines from the row `first` on; False where the table begins anew below."""
        grid = self.grid
        self.columns = columns
        self.sheet.head_cell = head_cell
        lines, name_at, code_at = self.lines, columns[NAME], columns.get(CODE)
        found: list[tuple[Figure, int]] = []
        for at in range(first, len(grid.rows)):
            row = grid.rows[at]
            name, code = row[name_at], "" if code_at is None else row[code_at]
            figure = _plain_line(lines, name, code)
            if figure is not None:
                found.append((figure, at))
            else:
                self._other(at, name, code)
        if self.goes_on:
            return False
        self._place(found)
        self._read_lines(found)
        return True

    def _place(self, found: list[tuple[Figure, int]]) -> None:
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
                for figure, at in found
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
        amounts = [
            _seen(row[self.columns[each]]) for each in (MONTH, CUMULATIVE) if each in self.columns
        ]
        written, number = read_text(name), read_code(code)
        if self.foot and not number and all(type(each) is str for each in amounts):
            return
        blank = all(each == "" for each in amounts)
        said = number if number.isdigit() else ""
        if not said and blank and (not written or not number) and self._is_alone(row):
            return  # a line of words between the lines
        if _is_numbering(row):
            return
        figure = self.lines.by_code.get(number)
        if figure is None:
            self._unknown(at, f"{number} {written}".strip())
            return
        self._find(
            general.CODE_AND_NAME,
            None,
            self._cell(at, CODE),
            number,
            code=number,
            right=figure.name_zh,
            name=written,
        )
        self.mismatched = True

    def _is_alone(self, row: Row) -> bool:
        """Whether a row's name has neither a unit of measure nor a reason: 一、城市低保."""
        return all(
            _seen(row[self.columns[each]]) == "" for each in (UNIT, NOTE) if each in self.columns
        )

    def _unknown(self, at: int, line: str) -> None:
        cell = self._cell(at, CODE if CODE in self.columns else NAME)
        self._find(general.UNKNOWN_LINE, None, cell, line, line=line or "（无名称）")

    def _read_lines(self, found: list[tuple[Figure, int]]) -> None:
        times = Counter([figure.name for figure, _ in found])
        if len(times) < len(found):
            found = self._without_titles(found, times)
            times = Counter([figure.name for figure, _ in found])
        if len(times) < len(found):
            found = self._without_repeated(found, times)
        if found:
            self._fill(found)
        self._blank_units(found)
        if self.lines.divided:
            self._divide(found)
        if self.mismatched or len(times) == len(self.lines.figures):
            return
        for figure in self.lines.figures:
            if figure.name not in times:
                self._find(
                    general.LINE_MISSING,
                    figure,
                    (self.grid.name, self.sheet.head_cell),
                    None,
                    name=figure.name_zh,
                    code=figure.code,
                )

    def _without_titles(
        self, found: list[tuple[Figure, int]], times: Counter[str]
    ) -> list[tuple[Figure, int]]:
        """Without the rows of one name alone that a line of the same name follows."""
        held = [kind for kind in self.columns if kind != NAME]
        return [
            (figure, at)
            for figure, at in found
            if times[figure.name] == 1
            or any(_seen(self.grid.rows[at][self.columns[kind]]) != "" for kind in held)
        ]

    def _without_repeated(
        self, found: list[tuple[Figure, int]], times: Counter[str]
    ) -> list[tuple[Figure, int]]:
        for figure, at in found:
            if times[figure.name] > 1:
                self._find(
                    general.LINE_TWICE,
                    figure,
                    self._cell(at, CODE if CODE in self.columns else NAME),
                    figure.code,
                    name=figure.name_zh,
                    code=figure.code,
                    times=times[figure.name],
                )
        return [(figure, at) for figure, at in found if times[figure.name] == 1]

    def _fill(self, found: list[tuple[Figure, int]]) -> None:
        """The sheet's columns; only cells that are not just numbers are looked at singly."""
        grid, sheet, columns = self.grid, self.sheet, self.columns
        rows = [grid.rows[at] for _, at in found]
        blank = [""] * len(rows)
        months, cumulatives, units, notes = (
            [row[columns[kind]] for row in rows] if kind in columns else blank
            for kind in (MONTH, CUMULATIVE, UNIT, NOTE)
        )
        if self.stated:
            units = [
                _seen(unit) or self._stated(figure.unit)
                for unit, (figure, _) in zip(units, found, strict=True)
            ]
        values = list(map(plain_amount, months))
        years_to_date = list(map(plain_amount, cumulatives))
        applicable, converted = [True] * len(rows), [False] * len(rows)
        for number, (figure, at) in enumerate(found):
            measure = _measure(units[number], figure.asked_in)
            if (
                measure is _RIGHT
                and values[number] is not None
                and (
                    years_to_date[number] is not None
                    if figure.kind == "flow"
                    else cumulatives[number] == ""
                )
                and not figure.cumulative_only
            ):
                continue
            usable, converted[number] = measure
            if not usable:
                self._wrong_unit(figure, at, read_text(units[number]))
            value, year_to_date, applicable[number] = self._amounts(
                figure, at, months[number], cumulatives[number], converted[number]
            )
            values[number] = value if usable else None
            years_to_date[number] = year_to_date if usable else None
        sheet.figures = tuple([figure.name for figure, _ in found])
        sheet.values, sheet.years_to_date = tuple(values), tuple(years_to_date)
        sheet.applicable, sheet.converted = tuple(applicable), tuple(converted)
        sheet.rows = tuple([grid.top + at + 1 for _, at in found])
        sheet.reasons = tuple(["" if note == "" else read_text(note) for note in notes])

    def _divide(self, found: list[tuple[Figure, int]]) -> None:
        """Lines that the form itself asks in 元, into the 万元 in which their figures are kept."""
        sheet = self.sheet
        values, years_to_date = list(sheet.values), list(sheet.years_to_date)
        converted = list(sheet.converted)
        for number, (figure, at) in enumerate(found):
            if figure.name in self.lines.divided:
                values[number] = self._divided(figure, at, MONTH, values[number])
                years_to_date[number] = self._divided(figure, at, CUMULATIVE, years_to_date[number])
                converted[number] = True
        sheet.values, sheet.years_to_date = tuple(values), tuple(years_to_date)
        sheet.converted = tuple(converted)

    def _divided(self, figure: Figure, at: int, kind: str, micro: int | None) -> int | None:
        """The amount in 万元; None, with a finding, where 元 have more decimals than asked."""
        if micro is None or not micro % (MICRO // 10**figure.places):
            return None if micro is None else micro // DIVISOR
        text = read_text(self.grid.rows[at][self.columns[kind]])
        column = _MONTH_ZH if kind == MONTH else _CUMULATIVE_ZH
        self._decimals(figure, self._cell(at, kind), column, text, figure.asked_in, figure.places)
        return None

    def _decimals(
        self, figure: Figure, cell: str, column: str, text: str, unit: str, places: int
    ) -> None:
        self._find(
            general.DECIMALS,
            figure,
            cell,
            text,
            name=figure.name_zh,
            column=column,
            value=text,
            unit=unit,
            places=f"最多{places}位小数" if places else "应为整数",
        )

    def _blank_units(self, found: list[tuple[Figure, int]]) -> None:
        """Where some amounts are in 元, one whose unit is blank may be so too."""
        if UNIT not in self.columns or not any(self.sheet.converted):
            return
        for figure, at in found:
            written = self.grid.rows[at][self.columns[UNIT]]
            if figure.asked_in == "万元" and _seen(written) == "":
                self._wrong_unit(figure, at, "")

    def _stated(self, unit: str) -> str:
        """What is stated above the table, where a line of that unit of measure contradicts it."""
        return "、".join(self.stated) + "（表头）" if contradicts(self.stated, unit) else ""

    def _wrong_unit(self, figure: Figure, at: int, written: str) -> None:
        self._find(
            general.UNIT_OF_MEASURE,
            figure,
            self._cell(at, UNIT),
            written,
            name=figure.name_zh,
            written=written,
            unit=figure.asked_in,
        )

    def _amounts(
        self, figure: Figure, at: int, month: object, cumulative: object, converted: bool
    ) -> tuple[int | None, int | None, bool]:
        """Value, year to date, applicable, of cells that are not just plain numbers."""
        value, applicable = None, True
        if not figure.cumulative_only:
            number = read_number(month)
            applicable = number.kind != values.NOT_APPLICABLE
            if applicable:
                value = self._amount(figure, at, MONTH, month, number, converted)
        year_to_date = None
        number = read_number(cumulative)
        if figure.kind == "flow":
            if number.kind == values.NOT_APPLICABLE and figure.cumulative_only:
                applicable = False
            elif applicable or number.kind not in (values.NOT_APPLICABLE, values.BLANK):
                year_to_date = self._amount(figure, at, CUMULATIVE, cumulative, number, converted)
        elif number.kind == values.NUMBER:
            self._find(
                general.STOCK_YEAR_TO_DATE,
                figure,
                self._cell(at, CUMULATIVE),
                read_text(cumulative),
                name=figure.name_zh,
                value=amount(number.micro),
            )
        return value, year_to_date, applicable

    def _amount(
        self, figure: Figure, at: int, kind: str, cell: object, number: Number, converted: bool
    ) -> int | None:
        if not converted and (micro := plain_amount(cell)) is not None:
            return micro
        column = _MONTH_ZH if kind == MONTH else _CUMULATIVE_ZH
        where = self._cell(at, kind)
        text = read_text(cell)
        said = {"name": figure.name_zh, "column": column}
        if number.kind in (values.NUMBER, values.NONE):
            if number.kind == values.NONE:
                self._find(general.NONE_IS_ZERO, figure, where, text, **said)
            places = 2 if converted else figure.places
            if number.places > places and (converted or number.places > values.PLACES):
                unit = "元" if converted else figure.asked_in
                self._decimals(figure, where, column, text, unit, places)
                return None
            if not converted:
                return number.micro
            micro = number.micro // DIVISOR
            self._find(
                general.CONVERTED,
                figure,
                where,
                text,
                **said,
                written=amount(number.micro),
                value=amount(micro),
            )
            return micro
        if number.kind == values.BLANK:
            self._find(general.BLANK, figure, where, None, **said)
        elif number.kind == values.NO_RESULT:
            self._find(general.NO_RESULT, figure, where, text, **said, text=text)
        elif number.kind == values.TOO_LARGE:
            self._find(general.TOO_LARGE, figure, where, text, **said, value=text)
        else:
            self._find(general.NOT_A_NUMBER, figure, where, text, **said, text=text)
        return None

    def _cell(self, at: int, kind: str) -> tuple[str, str]:
        """The sheet and the address of a row's cell, of its name where it has no such cell."""
        column = self.columns.get(kind, self.columns[NAME])
        return self.grid.sheet_of(at), self.grid.address(at, column)

    def _find(
        self,
        rule: Rule,
        figure: Figure | None,
        where: tuple[str, str],
        value: str | None,
        /,
        **blanks: object,
    ) -> None:
        self.findings.append(
            Found(
                self.form.name,
                rule.code,
                rule.level,
                figure.name if figure else None,
                *where,
                value,
                rule.say(**blanks),
            )
        )


@lru_cache(maxsize=65536, typed=True)
def _plain_line(lines: Lines, name: object, code: object) -> Figure | None:
    """The line that a row's name and code mean without a doubt, None where there is one."""
    number, named = read_code(code), normal_line(read_text(name))
    if not number:
        return lines.by_name.get(named)
    figure = lines.by_code.get(number)
    if figure is None or named in figure.names or named not in lines.names_of_any:
        return figure
    return None


@lru_cache(maxsize=4096, typed=True)
def _measure(cell: object, unit: str) -> tuple[bool, bool]:
    """Whether a 计量单位 is right or can be converted, and whether it is to be."""
    written = normal(read_text(cell))
    if not written or written == normal(unit):
        return _RIGHT
    converted = written == "元" and unit == "万元"
    return converted, converted


def _seen(cell: object) -> object:
    """The cell, or '' where it holds nothing but spaces."""
    return "" if type(cell) is str and not cell.strip() else cell


def _is_numbering(row: Row) -> bool:
    """Whether a row numbers the columns: 甲 乙 丙 1 2."""
    texts = [text for cell in row if (text := normal(read_text(cell)))]
    return len(texts) >= 3 and texts[0] in _FIRST and all(_COLUMN.fullmatch(each) for each in texts)


_FIRST = ("甲", "(甲)", "A", "(A)")
_COLUMN = re.compile(r"\(?(?:[甲乙丙丁戊己庚]|[A-G]|\d{1,2})\)?")
