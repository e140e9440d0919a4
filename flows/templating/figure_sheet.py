"""A figure form's sheet: its lines to fill in, the months before beside them, live checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.checking.months import month_frame
from flows.templating.checks import Counted, LiveCheck, balance_checks, ledger_checks
from flows.templating.checks_over_time import checks_over_time
from flows.templating.columns import (
    CODE,
    CUMULATIVE,
    LAST,
    LAST_CUMULATIVE,
    MEANT,
    MEASURE,
    MONTH,
    NAME,
    NOTE,
    NUMBER,
    YEAR_AGO,
)
from flows.templating.entry import amount_entry
from flows.templating.figure_checks import Helpers, Tally, show_checks
from flows.templating.formulas import Cells
from flows.templating.looks import TEXT, Looks, amount_format
from flows.templating.previous import Previous, asked
from flows.templating.sheets import (
    FIRST_ROW,
    HEADER_ROW,
    foot_lines,
    head_lines,
    page,
    protect,
    widths,
)
from flows.templating.typed import DASH, meant
from flows.templating.value_checks import is_asked, value_checks
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Unit

_ENTRY_WIDTHS = [6, 36, 9, 8, 14, 14, 26]
_BESIDE_WIDTHS = [12, 12, 12, 72]
_HEIGHT = 27
_NOTE = "浅黄色的格为填报格；没有发生填0，不适用填“—”；灰色各列供对照，不用填写。"


class FigureSheet(NamedTuple):
    """A sheet that was written: its checks with their cells, and what is counted of it."""

    cells: Cells
    checks: list[tuple[str, LiveCheck]]
    tally: Tally


def headings(form: FigureForm) -> tuple[str, ...]:
    """The headings of a form's columns, from 序号 to 审核."""
    quarter = form.months == 3
    own = "本季数" if quarter else "本月数"
    beside = ("上季数", "上年同季", "上季累计") if quarter else ("上月数", "上年同月", "上月累计")
    return ("序号", "指标名称", "计量单位", "代码", own, "本年累计", "说明", *beside, "审核")


def write_figures(
    looks: Looks,
    sheet: Worksheet,
    declaration: Declaration,
    form: FigureForm,
    unit: Unit,
    previous: Previous,
    counted: Mapping[str, Counted],
) -> FigureSheet:
    """Write the form for a unit and the month that `previous` is before."""
    month = previous.month
    figures = declaration.lines(form, declaration.group(unit.code) or "", month).figures
    columns = headings(form)
    head_lines(looks, sheet, form, unit, month, NOTE, _NOTE)
    for at, text in enumerate(columns, 1):
        looks.put(sheet, HEADER_ROW, at, text, "head" if at <= NOTE else "head grey")
    cells = Cells(
        figures, FIRST_ROW, (MONTH, CUMULATIVE, LAST), month_frame(declaration, form, month)
    )
    for figure in figures:
        _line(looks, sheet, form, figure, cells.rows[figure.name], previous)
        _entries(sheet, figure, cells.rows[figure.name], columns)
    helpers = Helpers(looks, sheet, cells)
    helpers.add(list(value_checks(cells, (columns[MONTH - 1], columns[CUMULATIVE - 1]))))
    helpers.add(list(balance_checks(form, cells)))
    later = checks_over_time(declaration, form, cells, previous)
    helpers.add([*later, *ledger_checks(cells, counted)])
    last = FIRST_ROW + len(figures) - 1
    tally = show_checks(looks, sheet, cells, helpers, last)
    end = foot_lines(looks, sheet, last + 2, NOTE, NAME)
    widths(sheet, [*_ENTRY_WIDTHS, *_BESIDE_WIDTHS])
    protect(sheet)
    page(sheet, NOTE, end, landscape=False, titles=True)
    sheet.freeze_panes = f"{get_column_letter(MEASURE)}{FIRST_ROW}"
    return FigureSheet(cells, helpers.placed, tally)


def _line(
    looks: Looks, sheet: Worksheet, form: FigureForm, figure: Figure, row: int, previous: Previous
) -> None:
    sheet.row_dimensions[row].height = _HEIGHT
    looks.put(sheet, row, NUMBER, row - FIRST_ROW + 1, "centred")
    looks.put(sheet, row, NAME, figure.name_zh, "text")
    looks.put(sheet, row, MEASURE, figure.asked_in, "centred")
    looks.put(sheet, row, CODE, figure.code, "centred", TEXT)
    shown = amount_format(figure.places)
    filled = not figure.cumulative_only
    looks.put(sheet, row, MONTH, None, "entry" if filled else "blocked", shown)
    looks.put(sheet, row, CUMULATIVE, None, "entry" if figure.kind == "flow" else "blocked", shown)
    proposed = _proposed(form, figure, row, previous)
    if proposed is not None:
        looks.formula(sheet, row, CUMULATIVE, proposed, "entry", shown)
        month = f"{get_column_letter(MONTH)}{row}"
        looks.formula(sheet, row, MEANT, meant(month), "helper")
    looks.put(sheet, row, NOTE, None, "entry text")
    for column, back in ((LAST, form.months), (YEAR_AGO, 12)):
        away, value = previous.shown(figure, previous.month - back)
        looks.put(sheet, row, column, DASH if away else value, "reference", shown)
    last = previous.held(figure.name, previous.month - form.months)
    total = None if last is None else asked(figure, last.year_to_date)
    looks.put(sheet, row, LAST_CUMULATIVE, total, "reference", shown)


def _proposed(form: FigureForm, figure: Figure, row: int, previous: Previous) -> str | None:
    """The formula of 本年累计; None where it is to be filled in."""
    if figure.kind != "flow" or figure.cumulative_only:
        return None
    if previous.year_to_date(figure.name, form.months) is None:
        return None
    own, last = (f"{get_column_letter(at)}{row}" for at in (MEANT, LAST_CUMULATIVE))
    begins_year = previous.month % 12 < form.months
    return own if begins_year else f"IF(ISNUMBER({own}),ROUND({last}+{own},{figure.places}),{own})"


def _entries(sheet: Worksheet, figure: Figure, row: int, columns: tuple[str, ...]) -> None:
    for column in (MONTH, CUMULATIVE):
        if is_asked(figure, column == CUMULATIVE):
            place = f"{get_column_letter(column)}{row}"
            amount_entry(sheet, place, figure, columns[column - 1])
