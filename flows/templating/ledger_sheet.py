"""A ledger's sheet: the items of the month before, blank rows for more, a check beside each."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.templating.entry import fits_inline, ledger_entry
from flows.templating.figure_checks import Tally
from flows.templating.formulas import HOLDS, PREFIXES
from flows.templating.ledger_checks import Items
from flows.templating.typed import literal
from flows.templating.looks import DAY, TEXT, Looks, amount_format
from flows.templating.previous import Item
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
from schemas.declaring.model import Ledger, LedgerColumn, Unit

SPARE_ROWS = 60
"""Blank rows below the items of the month before."""
_NOTE = "已带入上月的内容，请逐行改到本月末的情况；新增的接着往下填，没有的不填。"
_FORMATS = {"text": TEXT, "choice": TEXT, "date": DAY, "count": amount_format(0)}
_WIDTHS = {"choice": 12.0, "date": 13.0, "count": 9.0, "decimal": 11.0}
_TEXT_WIDTHS = 14.0, 30.0
_CHECK_WIDTH = 72.0
_HEIGHT, _LINE_HEIGHT = 24, 14
_NARROW_LAST = 0x2E7F
"""Characters above are as wide as two letters."""


def items_of(ledger: Ledger, sheet: str, count: int) -> Items:
    """Where the rows stand of a ledger with so many items."""
    return Items(ledger, sheet, FIRST_ROW, FIRST_ROW + count + SPARE_ROWS - 1)


def check_places(items: Items) -> str:
    """The column 审核."""
    letter = get_column_letter(len(items.ledger.columns) + 2)
    return f"${letter}${items.first}:${letter}${items.last}"


def write_ledger(
    looks: Looks,
    sheet: Worksheet,
    items: Items,
    unit: Unit,
    month: int,
    rows: Sequence[Item],
) -> Tally:
    """Write the ledger with those rows of the month before."""
    ledger = items.ledger
    width = len(ledger.columns) + 1
    check, blanks, wrong = width + 1, width + 2, width + 3
    head_lines(looks, sheet, ledger, unit, month, width, _NOTE)
    looks.put(sheet, HEADER_ROW, 1, "序号", "head")
    for at, column in enumerate(ledger.columns, 2):
        looks.put(sheet, HEADER_ROW, at, column.name_zh, "head")
    looks.put(sheet, HEADER_ROW, check, "审核", "head grey")
    wide = [_width(each, rows) for each in ledger.columns]
    for row in range(items.first, items.last + 1):
        number = row - items.first
        item = rows[number] if number < len(rows) else {}
        sheet.row_dimensions[row].height = _height(ledger, item, wide)
        looks.put(sheet, row, 1, number + 1, "centred")
        for at, column in enumerate(ledger.columns, 2):
            _item_cell(looks, sheet, row, at, column, item.get(column.name))
        _check(looks, sheet, items, row, (check, blanks, wrong))
    for at, column in enumerate(ledger.columns, 2):
        letter = get_column_letter(at)
        places = f"{letter}{items.first}:{letter}{items.last}"
        ledger_entry(sheet, places, column, _listed(looks, sheet, column, wrong + at))
        if column.required:
            blank = f"LEN(TRIM({letter}{items.first}))=0"
            begun = items.begun(items.first).replace("COUNTA(", "COUNTA($").replace(":", ":$")
            colour(sheet, places, f"AND({blank},{begun})", None)
    letter = get_column_letter(check)
    red = f"LEFT(${letter}{items.first},3)={literal(PREFIXES['error'])}"
    colour(sheet, f"{letter}{items.first}:{letter}{items.last}", red, None)
    required = [at for at, column in enumerate(ledger.columns, 2) if column.required]
    end = foot_lines(looks, sheet, items.last + 2, width, max(required[:1] or [2]))
    widths(sheet, [6, *wide, _CHECK_WIDTH])
    hide(sheet, blanks, wrong + width)
    protect(sheet)
    page(sheet, width, end, landscape=True, titles=True)
    sheet.freeze_panes = f"{get_column_letter(3)}{FIRST_ROW}"
    letter = get_column_letter(blanks)
    return Tally(f"${letter}${items.first}:${letter}${items.last}", check_places(items))


def _item_cell(
    looks: Looks, sheet: Worksheet, row: int, at: int, column: LedgerColumn, value: object
) -> None:
    assert value is None or isinstance(value, str | int | Decimal | dt.date)
    look = "entry" if column.type in ("count", "decimal") else "entry text"
    looks.put(sheet, row, at, value, look, _FORMATS.get(column.type, "General"))


def _check(
    looks: Looks, sheet: Worksheet, items: Items, row: int, columns: tuple[int, int, int]
) -> None:
    check, blanks, wrong = columns
    looks.formula(sheet, row, blanks, items.blanks(row), "helper")
    looks.formula(sheet, row, wrong, items.wrong(row), "helper")
    said = f"{get_column_letter(wrong)}{row}"
    prefix = literal(f"{PREFIXES['error']}：")
    found = f"IF(LEN({said})=0,{literal(HOLDS)},{prefix}&{said})"
    looks.formula(sheet, row, check, f'IF({items.begun(row)},{found},"")')


def _listed(looks: Looks, sheet: Worksheet, column: LedgerColumn, at: int) -> str | None:
    """The cells of a hidden column with the choices; None where they are written out."""
    if column.type != "choice" or fits_inline(column.values):
        return None
    for row, value in enumerate(column.values, FIRST_ROW):
        looks.put(sheet, row, at, value, "helper", TEXT)
    letter = get_column_letter(at)
    return f"${letter}${FIRST_ROW}:${letter}${FIRST_ROW + len(column.values) - 1}"


def _width(column: LedgerColumn, rows: Sequence[Item]) -> float:
    """Wide enough for the heading and for most of what stands below; the rest is wrapped."""
    if column.type != "text":
        return _WIDTHS[column.type]
    least, most = _TEXT_WIDTHS
    lengths = [_length(row.get(column.name)) for row in rows]
    return min(max(least, 2 * len(column.name_zh) + 3, *lengths), most)


def _length(text: object) -> float:
    """How wide a text is; a Chinese character takes two places."""
    return 2.0 + sum(2 if ord(each) > _NARROW_LAST else 1 for each in str(text or ""))


def _height(ledger: Ledger, item: Item, wide: Sequence[float]) -> float:
    """High enough for the lines into which the longest text is wrapped."""
    lines = [
        math.ceil(_length(item.get(column.name)) / width)
        for column, width in zip(ledger.columns, wide, strict=True)
        if column.type == "text"
    ]
    return max(_HEIGHT, _LINE_HEIGHT * max(lines, default=1))
