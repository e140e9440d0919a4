"""A figure form's checks on its sheet: alone in hidden columns, together in 审核, and counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.templating.checks import LiveCheck, whole
from flows.templating.columns import BLANKS, CHECK, CUMULATIVE, HELPERS, MONTH
from flows.templating.formulas import PREFIXES, Cells, begins
from flows.templating.looks import Looks
from flows.templating.sheets import FIRST_ROW, colour, hide
from flows.templating.typed import is_away, is_blank, literal
from schemas.declaring.conditions import Amount
from schemas.declaring.model import Figure


class Tally(NamedTuple):
    """Where the front sheet finds what is blank on a sheet and what does not hold."""

    blanks: str
    checks: str


class Helpers:
    """The hidden columns in which each check stands alone, those of 本月数 and of 本年累计 apart."""

    def __init__(self, looks: Looks, sheet: Worksheet, cells: Cells) -> None:
        self._looks, self._sheet, self._cells = looks, sheet, cells
        self.next = HELPERS
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


def show_checks(looks: Looks, sheet: Worksheet, cells: Cells, helpers: Helpers, last: int) -> Tally:
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
    end = max(helpers.next - 1, HELPERS)
    hide(sheet, BLANKS, end)
    blank = get_column_letter(BLANKS)
    return Tally(
        f"${blank}${FIRST_ROW}:${blank}${last}",
        f"${get_column_letter(HELPERS)}${FIRST_ROW}:${get_column_letter(end)}${last}",
    )


def _count_blanks(
    looks: Looks, sheet: Worksheet, figure: Figure, row: int, is_proposed: bool
) -> None:
    """How many cells of the line are still to be filled in."""
    month, cumulative = (f"{get_column_letter(at)}{row}" for at in (MONTH, CUMULATIVE))
    own, total = is_blank(month), is_blank(cumulative)
    if figure.cumulative_only:
        formula = f"IF({total},1,0)"
    elif figure.kind == "flow":
        # While 本月数 is blank, so is what is worked out from it.
        both = 1 if is_proposed else f"1+IF({total},1,0)"
        formula = f"IF({own},{both},IF(AND(NOT({is_away(month)}),{total}),1,0))"
    else:
        formula = f"IF({own},1,0)"
    looks.formula(sheet, row, BLANKS, f"IFERROR({formula},0)", "helper")
