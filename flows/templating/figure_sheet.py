"""A figure form's sheet: its lines to fill in, the months before beside them, live checks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.checking.months import month_frame
from flows.templating.checks import (
    Counted,
    LiveCheck,
    balance_checks,
    later_checks,
    whole,
)
from flows.templating.entry import NOT_APPLICABLE, amount_entry
from flows.templating.formulas import PREFIXES, Cells, begins, literal
from flows.templating.looks import TEXT, Looks, amount_format
from flows.templating.previous import Previous, asked
from flows.templating.sheets import (
    FIRST_ROW,
    HEADER_ROW,
    colour,
    foot_lines,
    head_lines,
    hide,
    page,
    protect,
    widths,
)
from schemas.declaring.conditions import Amount
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Unit

NUMBER, NAME, MEASURE, CODE, MONTH, CUMULATIVE, NOTE = range(1, 8)
LAST, YEAR_AGO, LAST_CUMULATIVE, CHECK, BLANKS = range(8, 13)
_HELPERS = BLANKS + 1
_ENTRY_WIDTHS = [6, 36, 9, 8, 14, 14, 26]
_BESIDE_WIDTHS = [12, 12, 12, 72]
_HEIGHT = 27
_NOTE = "浅黄色的格为填报格；没有发生填0，不适用填“—”；灰色各列供对照，不用填写。"


class Tally(NamedTuple):
    """Where the front sheet finds what is blank on a sheet and what does not hold."""

    blanks: str
    checks: str


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
    helpers.add(list(balance_checks(form, cells)))
    helpers.add(list(later_checks(declaration, form, month, cells, previous, counted)))
    last = FIRST_ROW + len(figures) - 1
    tally = _whole_checks(looks, sheet, cells, helpers, last)
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
    looks.put(sheet, row, NOTE, None, "entry text")
    last = previous.held(figure.name, previous.month - form.months)
    year_ago = previous.held(figure.name, previous.month - 12)
    for column, held in ((LAST, last), (YEAR_AGO, year_ago)):
        value = None if held is None else asked(figure, held.value)
        away = held is not None and not held.applicable
        looks.put(sheet, row, column, NOT_APPLICABLE[0] if away else value, "reference", shown)
    total = None if last is None else asked(figure, last.year_to_date)
    looks.put(sheet, row, LAST_CUMULATIVE, total, "reference", shown)


def _proposed(form: FigureForm, figure: Figure, row: int, previous: Previous) -> str | None:
    """The formula of 本年累计; None where it is to be filled in."""
    if figure.kind != "flow" or figure.cumulative_only:
        return None
    if previous.year_to_date(figure.name, form.months) is None:
        return None
    month, last = f"{get_column_letter(MONTH)}{row}", f"{get_column_letter(LAST_CUMULATIVE)}{row}"
    begins_year = previous.month % 12 < form.months
    total = month if begins_year else f"ROUND({last}+{month},{figure.places})"
    away = ",".join(f"{month}={literal(each)}" for each in NOT_APPLICABLE)
    return f'IF(ISNUMBER({month}),{total},IF(OR({away}),{literal(NOT_APPLICABLE[0])},""))'


def _entries(sheet: Worksheet, figure: Figure, row: int, columns: tuple[str, ...]) -> None:
    for column in (MONTH, CUMULATIVE):
        asked_for = figure.kind == "flow" if column == CUMULATIVE else not figure.cumulative_only
        if asked_for:
            place = f"{get_column_letter(column)}{row}"
            amount_entry(sheet, place, figure, columns[column - 1])


class Helpers:
    """The hidden columns in which each check stands alone, those of 本月数 and of 本年累计 apart."""

    def __init__(self, looks: Looks, sheet: Worksheet, cells: Cells) -> None:
        self._looks, self._sheet, self._cells = looks, sheet, cells
        self.next = _HELPERS
        self.placed: list[tuple[str, LiveCheck]] = []
        self.blocks: dict[bool, list[tuple[int, int]]] = {False: [], True: []}
        """The first and last columns that are about 本年累计, or not."""

    def add(self, checks: list[LiveCheck]) -> None:
        """Write checks, which the later ones may look at."""
        for cumulative in (False, True):
            used: Counter[str] = Counter()
            for each in checks:
                if each.cumulative == cumulative:
                    row, column = self._cells.rows[each.figure], self.next + used[each.figure]
                    used[each.figure] += 1
                    self._looks.formula(self._sheet, row, column, each.formula, "helper")
                    place = f"{get_column_letter(column)}{row}"
                    self.placed.append((place, each))
                    if each.level == "error":
                        about = self._cells.place(Amount(each.figure, cumulative))
                        self._cells.wrong.setdefault(about, []).append(place)
            if used:
                end = self.next + max(used.values())
                self.blocks[cumulative].append((self.next, end - 1))
                self.next = end


def _whole_checks(
    looks: Looks, sheet: Worksheet, cells: Cells, helpers: Helpers, last: int
) -> Tally:
    """审核 from all checks of a row, and the colours of the cells that they are about."""
    by_figure: dict[str, list[str]] = defaultdict(list)
    for place, each in helpers.placed:
        by_figure[each.figure].append(place)
    for name, row in cells.rows.items():
        is_proposed = sheet.cell(row, CUMULATIVE).value is not None
        _count_blanks(looks, sheet, cells.figures[name], row, is_proposed)
        if by_figure[name]:
            looks.formula(sheet, row, CHECK, whole(by_figure[name]))
        else:
            looks.put(sheet, row, CHECK, None, "check")
    for cumulative, column in ((False, MONTH), (True, CUMULATIVE)):
        held = [
            f"${get_column_letter(first)}{FIRST_ROW}:${get_column_letter(end)}{FIRST_ROW}"
            for first, end in helpers.blocks[cumulative]
        ]
        if held:
            letter = get_column_letter(column)
            red, amber = (
                "+".join(begins(each, level) for each in held) + ">0"
                for level in ("error", "query")
            )
            colour(sheet, f"{letter}{FIRST_ROW}:{letter}{last}", red, amber)
    letter = get_column_letter(CHECK)
    red, amber = (
        f"ISNUMBER(SEARCH({literal(PREFIXES[level])},${letter}{FIRST_ROW}))"
        for level in ("error", "query")
    )
    colour(sheet, f"{letter}{FIRST_ROW}:{letter}{last}", red, amber)
    end = max(helpers.next - 1, _HELPERS)
    hide(sheet, BLANKS, end)
    blank = get_column_letter(BLANKS)
    return Tally(
        f"${blank}${FIRST_ROW}:${blank}${last}",
        f"${get_column_letter(_HELPERS)}${FIRST_ROW}:${get_column_letter(end)}${last}",
    )


def _count_blanks(
    looks: Looks, sheet: Worksheet, figure: Figure, row: int, is_proposed: bool
) -> None:
    """How many cells of the line are still to be filled in."""
    month, cumulative = (f"{get_column_letter(at)}{row}" for at in (MONTH, CUMULATIVE))
    own, total = (f"LEN(TRIM({each}))=0" for each in (month, cumulative))
    if figure.cumulative_only:
        formula = f"IF({total},1,0)"
    elif figure.kind == "flow":
        # While 本月数 is blank, so is what is worked out from it.
        both = 1 if is_proposed else f"1+IF({total},1,0)"
        formula = f"IF({own},{both},IF(AND(ISNUMBER({month}),{total}),1,0))"
    else:
        formula = f"IF({own},1,0)"
    looks.formula(sheet, row, BLANKS, formula, "helper")
