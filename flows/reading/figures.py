"""A figure sheet to lines: each figure by its code, its amounts, its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from flows.reading import values
from flows.reading.cells import Grid, column_letters, starts_with
from flows.reading.results import FormSheet, Found
from flows.reading.values import Number, read_number, read_text
from schemas.declaring import general
from schemas.declaring.model import Figure, FigureForm
from schemas.declaring.names import normal, normal_line
from schemas.declaring.rules import Rule, amount

NAME, UNIT, CODE, MONTH, CUMULATIVE, NOTE = "name", "unit", "code", "month", "cumulative", "note"
HEADERS = {
    "指标名称": NAME,
    "指标": NAME,
    "计量单位": UNIT,
    "代码": CODE,
    "本月数": MONTH,
    "本月": MONTH,
    "本期数": MONTH,
    "本季数": MONTH,
    "本年累计": CUMULATIVE,
    "本年累计数": CUMULATIVE,
    "说明": NOTE,
    "备注": NOTE,
}
_FOOT = ("单位负责人", "填表人", "联系电话", "报出日期", "填表说明", "注:", "说明:")
_MONTH_ZH, _CUMULATIVE_ZH = "本月数", "本年累计"
_TEN_THOUSAND = 10_000
_PLACES = 6
"""Decimals that an amount in millionths can hold; a figure's own limit is its schema's."""


def find_header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The header's place in `grid.rows` and the column of each heading, or None."""
    for row in range(len(grid.rows)):
        texts = grid.normal_texts(row)
        if HEADERS.keys().isdisjoint(texts):
            continue
        columns: dict[str, int] = {}
        for column, text in enumerate(texts):
            if text in HEADERS:
                columns.setdefault(HEADERS[text], column)
        if NAME in columns and MONTH in columns:
            return row, columns
    return None


class FigureSheet:
    """Reads the lines of one figure sheet and collects what is wrong with them."""

    def __init__(
        self, grid: Grid, form: FigureForm, expected: Sequence[Figure], findings: list[Found]
    ) -> None:
        self.grid, self.form, self.expected, self.findings = grid, form, expected, findings
        self.by_code = {figure.code: figure for figure in expected}
        self.by_name = {name: figure for figure in expected for name in figure.names}
        self.sheet = FormSheet(form.name, grid.name)
        self.mismatched = False

    def read(self, header: int, columns: dict[str, int]) -> FormSheet:
        """The lines below the header."""
        grid = self.grid
        self.columns = columns
        self.sheet.column = column_letters(grid.left + columns[MONTH])
        if CUMULATIVE in columns:
            self.sheet.cumulative_column = column_letters(grid.left + columns[CUMULATIVE])
        self.sheet.head_cell = grid.address(header, columns[NAME])
        name_at, code_at = columns[NAME], columns.get(CODE)
        found: list[tuple[Figure, int]] = []
        for at in range(header + 1, len(grid.rows)):
            row = grid.rows[at]
            if starts_with(row, _FOOT):
                continue
            name = read_text(row[name_at])
            code = "" if code_at is None else _code(row[code_at])
            if not name and not code:
                if any(
                    _seen(row[columns[each]]) != ""
                    for each in (MONTH, CUMULATIVE)
                    if each in columns
                ):
                    self._unknown(at, "")
                continue
            figure = self._figure(at, normal_line(name), name, code)
            if figure is not None:
                found.append((figure, at))
        self._lines(found)
        return self.sheet

    def _figure(self, at: int, name: str, written: str, number: str) -> Figure | None:
        named = self.by_name.get(name)
        if not number:
            if named is None:
                self._unknown(at, written)
            return named
        figure = self.by_code.get(number)
        if figure is None:
            self._unknown(at, f"{number} {written}".strip())
            return None
        if named is not None and named.code != figure.code:
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
            return None
        return figure

    def _unknown(self, at: int, line: str) -> None:
        cell = self._cell(at, CODE if CODE in self.columns else NAME)
        self._find(general.UNKNOWN_LINE, None, cell, line, line=line or "（无名称）")

    def _lines(self, found: list[tuple[Figure, int]]) -> None:
        times = Counter(figure.name for figure, _ in found)
        lines = []
        for figure, at in found:
            if times[figure.name] == 1:
                lines.append(self._line(figure, at))
            else:
                self._find(
                    general.LINE_TWICE,
                    figure,
                    self._cell(at, CODE if CODE in self.columns else NAME),
                    figure.code,
                    name=figure.name_zh,
                    code=figure.code,
                    times=times[figure.name],
                )
        if lines:
            sheet = self.sheet
            (
                sheet.figures,
                sheet.values,
                sheet.years_to_date,
                sheet.applicable,
                sheet.converted,
                sheet.rows,
                sheet.reasons,
            ) = zip(*lines, strict=True)
        if self.mismatched:
            return
        for figure in self.expected:
            if figure.name not in times:
                self._find(
                    general.LINE_MISSING,
                    figure,
                    self.sheet.head_cell,
                    None,
                    name=figure.name_zh,
                    code=figure.code,
                )

    def _line(
        self, figure: Figure, at: int
    ) -> tuple[str, int | None, int | None, bool, bool, int, str]:
        """Figure, value, year to date, applicable, converted, sheet row and reason."""
        row = self.grid.rows[at]
        columns = self.columns
        unit = _unit(row[columns[UNIT]]) if UNIT in columns else ""
        converted = unit == "元" and figure.unit == "万元"
        usable = not unit or converted or unit == normal(figure.unit)
        if not usable:
            self._find(
                general.UNIT_OF_MEASURE,
                figure,
                self._cell(at, UNIT),
                unit,
                name=figure.name_zh,
                written=read_text(row[columns[UNIT]]),
                unit=figure.unit,
            )
        month = row[columns[MONTH]]
        cumulative = row[columns[CUMULATIVE]] if CUMULATIVE in columns else ""
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
        return (
            figure.name,
            value if usable else None,
            year_to_date if usable else None,
            applicable,
            converted,
            self.grid.top + at + 1,
            read_text(row[columns[NOTE]]) if NOTE in columns else "",
        )

    def _amount(
        self, figure: Figure, at: int, kind: str, cell: object, number: Number, converted: bool
    ) -> int | None:
        if number.kind == values.NUMBER and number.places <= _PLACES and not converted:
            return number.micro
        column = _MONTH_ZH if kind == MONTH else _CUMULATIVE_ZH
        where = self._cell(at, kind)
        text = read_text(cell)
        said = {"name": figure.name_zh, "column": column}
        if number.kind in (values.NUMBER, values.NONE):
            if number.kind == values.NONE:
                self._find(general.NONE_IS_ZERO, figure, where, text, **said)
            places = 2 if converted else figure.places
            if number.places > places and (converted or number.places > _PLACES):
                unit = "元" if converted else figure.unit
                limit = f"最多{places}位小数" if places else "应为整数"
                self._find(
                    general.DECIMALS,
                    figure,
                    where,
                    text,
                    **said,
                    value=text,
                    unit=unit,
                    places=limit,
                )
                return None
            if not converted:
                return number.micro
            micro = number.micro // _TEN_THOUSAND
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

    def _cell(self, at: int, kind: str) -> str:
        column = self.columns.get(kind, self.columns[NAME])
        return self.grid.address(at, column)

    def _find(
        self, rule: Rule, figure: Figure | None, cell: str, value: str | None, /, **blanks: object
    ) -> None:
        self.findings.append(
            Found(
                self.form.name,
                rule.code,
                rule.level,
                figure.name if figure else None,
                self.grid.name,
                cell,
                value,
                rule.say(**blanks),
            )
        )


@lru_cache(maxsize=4096, typed=True)
def _unit(cell: object) -> str:
    return normal(read_text(cell))


def _seen(cell: object) -> object:
    """The cell, or '' where it holds nothing but spaces."""
    return "" if type(cell) is str and not cell.strip() else cell


@lru_cache(maxsize=4096, typed=True)
def _code(cell: object) -> str:
    """A code as text of four digits: Excel turns 0101 into the number 101."""
    text = normal(read_text(cell))
    return text.zfill(4) if text.isdigit() else text
