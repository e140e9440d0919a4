"""The amounts of a figure table's lines: exact, in the unit of their figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flows.reading import values
from flows.reading.headings import CUMULATIVE, MONTH, NOTE, UNIT
from flows.reading.lines import FoundLines
from flows.reading.measures import contradiction
from flows.reading.results import FormSheet
from flows.reading.table import Table, seen
from flows.reading.values import (
    Number,
    plain_amount,
    plain_amounts,
    read_number,
    read_reason,
    read_text,
)
from schemas.declaring import general
from schemas.declaring.model import Figure
from schemas.declaring.names import normal
from schemas.declaring.rules import MICRO, amount
from schemas.declaring.versions import DIVISOR

_MONTH_ZH, _CUMULATIVE_ZH = "本月数", "本年累计"


class AmountsReader:
    """Reads the amounts of lines, each a figure and its row in the table's grid."""

    def __init__(self, table: Table, sheet: FormSheet) -> None:
        self.table, self.sheet = table, sheet
        self.values: list[int | None] = []
        self.years_to_date: list[int | None] = []
        self.applicable: list[bool] = []
        self.converted: list[bool] = []
        self.blanks = False
        """A unit of measure is blank, which the reader takes for the right one."""

    def read(self, found: FoundLines) -> None:
        """Fill in the sheet's columns."""
        if found.rows:
            self._fill(found)
            self._blank_units(found)
            if self.table.lines.divided:
                self._divide(found)
        sheet = self.sheet
        sheet.values, sheet.years_to_date = tuple(self.values), tuple(self.years_to_date)
        sheet.applicable, sheet.converted = tuple(self.applicable), tuple(self.converted)

    def _fill(self, found: FoundLines) -> None:
        """The sheet's columns; only cells that are not just numbers are looked at singly."""
        grid, sheet, columns = self.table.grid, self.sheet, self.table.columns
        count = len(found.rows)
        cells = list(zip(*[grid.rows[at] for at in found.rows], strict=True))
        blank = ("",) * count
        months, cumulatives, units, notes = (
            cells[columns[kind]] if kind in columns else blank
            for kind in (MONTH, CUMULATIVE, UNIT, NOTE)
        )
        self.blanks = UNIT in columns and "" in units
        sheet.figures = found.names
        sheet.rows = tuple([grid.top + at + 1 for at in found.rows])
        sheet.reasons = blank if notes == blank else tuple(map(read_reason, notes))
        self.values, self.years_to_date = plain_amounts(months), plain_amounts(cumulatives)
        self.applicable, self.converted = [True] * count, [False] * count
        if (
            self.table.states
            or not found.plain
            or units != found.units
            or None in self.values
            or tuple([each is None for each in self.years_to_date]) != found.stocks
            or cumulatives.count("") != found.stocks.count(True)
        ):
            stated = self._contradicted(found, units) if self.table.states else {}
            for number, line in enumerate(zip(units, months, cumulatives, strict=True)):
                self._look_at(number, found, line, stated)

    def _look_at(
        self,
        number: int,
        found: FoundLines,
        cells: tuple[object, object, object],
        stated: dict[str, str],
    ) -> None:
        """One line, its unit of measure and its two amounts."""
        figure, at, (unit, month, cumulative) = found.figures[number], found.rows[number], cells
        usable, converted = _measure(unit, figure.asked_in)
        if figure.name in stated:
            usable = False
            self._unlike_stated(figure, at, read_text(unit), stated[figure.name])
        elif not usable:
            self._wrong_unit(figure, at, read_text(unit))
        value, year_to_date, self.applicable[number] = self._amounts(
            figure, at, month, cumulative, converted
        )
        self.values[number] = value if usable else None
        self.years_to_date[number] = year_to_date if usable else None
        self.converted[number] = converted

    def _divide(self, found: FoundLines) -> None:
        """Lines that the form itself asks in 元, into the 万元 in which their figures are kept."""
        for number, (figure, at) in enumerate(found.pairs):
            if figure.name in self.table.lines.divided:
                for kind, amounts in ((MONTH, self.values), (CUMULATIVE, self.years_to_date)):
                    amounts[number] = self._divided(figure, at, kind, amounts[number])
                self.converted[number] = True

    def _divided(self, figure: Figure, at: int, kind: str, micro: int | None) -> int | None:
        """The amount in 万元; None, with a finding, where 元 have more decimals than asked."""
        if micro is None or not micro % (MICRO // 10**figure.places):
            return None if micro is None else micro // DIVISOR
        text = read_text(self.table.grid.rows[at][self.table.columns[kind]])
        column = _MONTH_ZH if kind == MONTH else _CUMULATIVE_ZH
        self._decimals(
            figure, self.table.cell(at, kind), column, text, figure.asked_in, figure.places
        )
        return None

    def _decimals(
        self, figure: Figure, where: tuple[str, str], column: str, text: str, unit: str, places: int
    ) -> None:
        self.table.find(
            general.DECIMALS,
            figure,
            where,
            text,
            name=figure.name_zh,
            column=column,
            value=text,
            unit=unit,
            places=f"最多{places}位小数" if places else "应为整数",
        )

    def _blank_units(self, found: FoundLines) -> None:
        """Where some amounts are in 元, one whose unit is blank may be so too."""
        if UNIT not in self.table.columns or not any(self.converted):
            return
        for figure, at in found.pairs:
            written = self.table.grid.rows[at][self.table.columns[UNIT]]
            if figure.asked_in == "万元" and seen(written) == "":
                self._wrong_unit(figure, at, "")

    def _contradicted(self, found: FoundLines, units: Sequence[object]) -> dict[str, str]:
        """The figures whose unit of measure is not what is stated for the table, with that."""
        said = (
            (
                figure.name,
                contradiction(self.table.stated_for(at), figure.asked_in, normal(read_text(unit))),
            )
            for unit, (figure, at) in zip(units, found.pairs, strict=True)
        )
        return {name: statement for name, statement in said if statement}

    def _unlike_stated(self, figure: Figure, at: int, written: str, stated: str) -> None:
        self.table.find(
            general.UNIT_STATED,
            figure,
            self.table.cell(at, UNIT),
            written or None,
            name=figure.name_zh,
            unit=figure.asked_in,
            stated=stated,
            written=written or "（空）",
        )

    def _wrong_unit(self, figure: Figure, at: int, written: str) -> None:
        self.table.find(
            general.UNIT_OF_MEASURE,
            figure,
            self.table.cell(at, UNIT),
            written,
            name=figure.name_zh,
            written=written,
            unit=figure.asked_in,
        )

    def _amounts(
        self, figure: Figure, at: int, month: object, cumulative: object, converted: bool
    ) -> tuple[int | None, int | None, bool]:
        """Value, year to date, applicable, of cells that are not just plain numbers."""
        value, applicable, blank = None, True, False
        if not figure.cumulative_only:
            number = read_number(month)
            blank = number.kind == values.BLANK
            applicable = number.kind != values.NOT_APPLICABLE
            if applicable:
                value = self._amount(figure, at, MONTH, month, number, converted)
        year_to_date = None
        number = read_number(cumulative)
        if figure.kind == "flow":
            if number.kind == values.NOT_APPLICABLE and figure.cumulative_only:
                applicable = False
            elif CUMULATIVE not in self.table.columns:
                pass  # said once, of the header
            elif blank and number.kind == values.NO_RESULT:
                pass  # it is worked out from 本月数, of which it is said that it is blank
            elif applicable or number.kind not in (values.NOT_APPLICABLE, values.BLANK):
                year_to_date = self._amount(figure, at, CUMULATIVE, cumulative, number, converted)
        elif number.kind == values.NUMBER:
            self.table.find(
                general.STOCK_YEAR_TO_DATE,
                figure,
                self.table.cell(at, CUMULATIVE),
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
        where = self.table.cell(at, kind)
        text = read_text(cell)
        said = {"name": figure.name_zh, "column": column}
        if number.kind in (values.NUMBER, values.NONE):
            if number.kind == values.NONE:
                self.table.find(general.NONE_IS_ZERO, figure, where, text, **said)
            places = 2 if converted else figure.places
            if number.places > places and (converted or number.places > values.PLACES):
                unit = "元" if converted else figure.asked_in
                self._decimals(figure, where, column, text, unit, places)
                return None
            if not converted:
                return number.micro
            micro = number.micro // DIVISOR
            self.table.find(
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
            self.table.find(general.BLANK, figure, where, None, **said)
        elif number.kind == values.NO_RESULT:
            self.table.find(general.NO_RESULT, figure, where, text, **said, text=text)
        elif number.kind == values.TOO_LARGE:
            self.table.find(general.TOO_LARGE, figure, where, text, **said, value=text)
        else:
            self.table.find(general.NOT_A_NUMBER, figure, where, text, **said, text=text)
        return None


@lru_cache(maxsize=4096, typed=True)
def _measure(cell: object, unit: str) -> tuple[bool, bool]:
    """Whether a 计量单位 is right or can be converted, and whether it is to be."""
    written = normal(read_text(cell))
    if not written or written == normal(unit):
        return True, False
    converted = written == "元" and unit == "万元"
    return converted, converted
