"""A ledger's sheet: the items that it had last, blank rows for more, a check beside each."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.templating.entry import fits_inline, ledger_entry
from flows.templating.formulas import PREFIXES
from flows.templating.last_rows import Item, Sent
from flows.templating.ledger_checks import RowChecks
from flows.templating.ledger_notice import notice, unchecked
from flows.templating.ledger_places import NOTICE_ROW, Items
from flows.templating.looks import DAY, TEXT, Looks, amount_format
from flows.templating.sheets import (
    FIRST_ROW,
    HEADER_ROW,
    colour,
    foot_lines,
    head_lines,
    hide,
    page,
    period_zh,
    protect,
    widths,
)
from flows.templating.typed import is_any_mark, is_blank, literal
from schemas.declaring.model import Ledger, LedgerColumn, Unit

_MORE = "新增的接着往下填；行数不够的，在表下的注所在行上方插入行。"
_NOTE = "注：行数不够的，请在本行上方插入行；插入的行没有自动审核，请自行核对。"
_FORMATS = {"text": TEXT, "choice": TEXT, "date": DAY, "count": amount_format(0)}
_WIDTHS = {"choice": 12.0, "date": 13.0, "count": 9.0, "decimal": 11.0}
_TEXT_WIDTHS = 14.0, 30.0
_CHECK_WIDTH = 72.0
_HEIGHT, _LINE_HEIGHT = 24, 14
_NARROW_LAST = 0x2E7F
"""Characters above are as wide as two letters."""


def write_ledger(
    looks: Looks,
    sheet: Worksheet,
    items: Items,
    unit: Unit,
    month: int,
    rows: Sequence[Item],
    sent: Sent | None = None,
) -> None:
    """Write the ledger with those rows; `sent` says when it last had any, else a period ago."""
    ledger, width = items.ledger, items.width
    if rows and sent is None:
        sent = Sent(month - ledger.months, len(rows))
    head_lines(looks, sheet, ledger, unit, month, width, _said_first(ledger, rows, sent))
    looks.put(sheet, HEADER_ROW, 1, "序号", "head")
    for at, column in enumerate(ledger.columns, 2):
        looks.put(sheet, HEADER_ROW, at, column.name_zh, "head")
    looks.put(sheet, HEADER_ROW, items.check, "审核", "head grey")
    wide = [_width(each, rows) for each in ledger.columns]
    choices = _listed(looks, sheet, items)
    checks = RowChecks(items, choices)
    for row in range(items.first, items.last + 1):
        number = row - items.first
        item = rows[number] if number < len(rows) else {}
        sheet.row_dimensions[row].height = _height(ledger, item, wide)
        looks.put(sheet, row, 1, number + 1, "centred")
        for at, column in enumerate(ledger.columns, 2):
            _item_cell(looks, sheet, row, at, column, item.get(column.name))
        for at, formula in checks.formulas(row).items():
            look = "check" if at == items.check else "helper"
            looks.formula(sheet, row, at, formula, look)
    looks.formula(sheet, NOTICE_ROW, items.wrong, unchecked(items), "helper")
    last_sent = None if sent is None else (period_zh(ledger, sent.month), sent.rows)
    looks.formula(sheet, NOTICE_ROW, items.check, notice(items, last_sent), "check")
    looks.merged(sheet, items.note, 1, width, _NOTE, "note")
    _entries(sheet, items, choices)
    required = [at for at, column in enumerate(ledger.columns, 2) if column.required]
    end = foot_lines(looks, sheet, items.note + 1, width, max(required[:1] or [2]))
    widths(sheet, [6, *wide, _CHECK_WIDTH])
    hide(sheet, items.blanks, items.end)
    protect(sheet, rows=True)
    page(sheet, width, end, landscape=True, titles=True)
    sheet.freeze_panes = f"{get_column_letter(3)}{FIRST_ROW}"


def _said_first(ledger: Ledger, rows: Sequence[Item], sent: Sent | None) -> str:
    """What the line above the table says: which month's rows are there."""
    if not rows or sent is None:
        return f"没有带入以往内容，请填全部；没有的不填。{_MORE}"
    return f"已带入{period_zh(ledger, sent.month)}的内容，请逐行改到本期末的情况。{_MORE}"


def _entries(sheet: Worksheet, items: Items, choices: Mapping[str, str]) -> None:
    """What cells take, and the colours of what is blank or wrong."""
    check = f"${get_column_letter(items.check)}"
    for at, column in enumerate(items.ledger.columns, 2):
        letter = get_column_letter(at)
        places = f"{letter}{items.first}:{letter}{items.note}"
        ledger_entry(sheet, places, column, choices.get(column.name))
        if column.required and not column.personal:
            cell = items.cell(column.name, items.first)
            blank = is_blank(cell)
            if column.type != "text":
                blank = f"OR({blank},{is_any_mark(cell)})"
            colour(sheet, places, f'AND({blank},{check}{items.first}<>"")', None)
    red, amber = (
        f"LEFT({check}{NOTICE_ROW},3)={literal(PREFIXES[level])}" for level in ("error", "query")
    )
    letter = get_column_letter(items.check)
    colour(sheet, f"{letter}{NOTICE_ROW}:{letter}{items.note}", red, amber)


def _item_cell(
    looks: Looks, sheet: Worksheet, row: int, at: int, column: LedgerColumn, value: object
) -> None:
    assert value is None or isinstance(value, str | int | Decimal | dt.date)
    look = "entry" if column.type in ("count", "decimal") else "entry text"
    looks.put(sheet, row, at, value, look, _FORMATS.get(column.type, "General"))


def _listed(looks: Looks, sheet: Worksheet, items: Items) -> dict[str, str]:
    """By column the hidden cells with its choices, where they do not fit into the validation.

    They stand in one row above the table, which nobody deletes.
    """
    found, at = {}, items.end
    for column in items.ledger.columns:
        if column.type == "choice" and not fits_inline(column.values):
            first = at + 1
            for at, value in enumerate(column.values, first):
                looks.put(sheet, NOTICE_ROW, at, value, "helper", TEXT)
            letters = get_column_letter(first), get_column_letter(at)
            found[column.name] = f"${letters[0]}${NOTICE_ROW}:${letters[1]}${NOTICE_ROW}"
            hide(sheet, first, at)
    return found


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
