"""A sheet's cells as plain markup: numbers, days and texts, each in a format of its kind."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from flows.reading.cells import Grid, Row, column_letters
from flows.returning.markup import MAIN, stored

HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXT, _DATE, _MOMENT, _TIME, _SPAN = range(1, 6)
PLAIN_STYLES = (
    f'{HEADER}<styleSheet xmlns="{MAIN}"><numFmts count="4">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    '<numFmt numFmtId="166" formatCode="hh:mm:ss"/><numFmt numFmtId="167" formatCode="[h]:mm:ss"/>'
    '</numFmts><fonts count="1"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
    + "".join(
        f'<xf numFmtId="{each}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for each in range(164, 168)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)
_QUOTED = frozenset("=+-@'0123456789.,%$￥¥")
"""A text that begins so would become a number or a formula when someone edits it."""
_DAY_0, _DAY_0_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_FIRST_DAY, _MARCH_1900 = dt.date(1900, 1, 1), dt.date(1900, 3, 1)
_EXACT = 10**15
"""Larger whole numbers a cell does not keep."""


def plain_sheet(grid: Grid, from_1904: bool) -> str:
    """The worksheet with the same values at the same cells; its days count from 1900 or 1904."""
    rows = []
    for at, row in enumerate(grid.rows, grid.top + 1):
        cells = "".join(
            _cell(f"{column_letters(column)}{at}", cell, from_1904)
            for column, cell in enumerate(row, grid.left)
            if cell != ""
        )
        if cells:
            rows.append(f'<row r="{at}">{cells}</row>')
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(_widths(grid.rows), grid.left + 1)
    )
    return (
        f'{HEADER}<worksheet xmlns="{MAIN}">{f"<cols>{columns}</cols>" if columns else ""}'
        f"<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def _cell(place: str, cell: object, from_1904: bool) -> str:
    number, style = _number(cell, _DAY_0_1904 if from_1904 else _DAY_0)
    if number is not None:
        kind = ' t="b"' if isinstance(cell, bool) else ""
        return f'<c r="{place}" s="{style}"{kind}><v>{number}</v></c>'
    text = cell if isinstance(cell, str) else str(cell)
    style = _TEXT if text[:1] in _QUOTED else 0
    words = escape(stored(text), {"\r": "&#13;"})
    inner = f'<is><t xml:space="preserve">{words}</t></is>'
    return f'<c r="{place}" s="{style}" t="inlineStr">{inner}</c>'


def _number(cell: object, day_0: dt.date) -> tuple[str | None, int]:
    """What a cell that is no text is stored as, and its format; (None, 0) for a text."""
    match cell:
        case bool():
            return str(int(cell)), 0
        case int() if abs(cell) < _EXACT:
            return str(cell), 0
        case float() if math.isfinite(cell):
            return repr(cell), 0
        case dt.datetime():
            days, time = _days(cell.date(), day_0), _share_of_day(cell.time())
            if days is not None:
                return (repr(days + time), _MOMENT) if time else (str(days), _DATE)
        case dt.date():
            days = _days(cell, day_0)
            if days is not None:
                return str(days), _DATE
        case dt.time():
            return repr(_share_of_day(cell)), _TIME
        case dt.timedelta() if cell >= dt.timedelta(0):
            return repr(cell / dt.timedelta(1)), _SPAN
    return None, 0


def _days(day: dt.date, day_0: dt.date) -> int | None:
    """A day's number; None where it has none. Excel has a 29 February in 1900."""
    if day < max(day_0, _FIRST_DAY):
        return None
    return (day - day_0).days - (day < _MARCH_1900)


def _share_of_day(time: dt.time) -> float:
    seconds = time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6
    return seconds / 86400


def _widths(rows: Sequence[Row]) -> Iterator[float]:
    """The columns' widths by what stands in them; a row of one text runs over its neighbours."""
    widest: list[int] = []
    for row in rows[:1000]:
        filled = len(row) - row.count("")
        widest += [0] * (len(row) - len(widest))
        if filled > 2:
            for at, cell in enumerate(row):
                if cell != "":
                    widest[at] = max(widest[at], _wide(cell))
    return (min(max(each + 2.0, 8.0), 40.0) for each in widest)


def _wide(cell: object) -> int:
    text = str(cell)[:60]
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
