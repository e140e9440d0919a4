"""A workbook of any format as a plain .xlsx: the same values at the same cells."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from flows.reading import refusals
from flows.reading.cells import Grid, Row, column_letters
from flows.reading.opening import Opened, open_sheets
from flows.reading.refusals import RefusedError
from flows.returning.markup import MAIN, OFFICE, legal, stored
from flows.returning.package_parts import zipped
from flows.returning.relations import SPREADSHEET

_HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAME_LENGTH = 31
_FORBIDDEN = str.maketrans(r"[]:*?/\\", "（）：＊？／＼＼")
_TEXT, _DATE, _MOMENT, _TIME, _SPAN = range(1, 6)
_STYLES = (
    f'{_HEADER}<styleSheet xmlns="{MAIN}"><numFmts count="4">'
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


class Copy(NamedTuple):
    """The copy, and its sheets' names by those in the original."""

    content: bytes
    names: dict[str, str]


def clean_copy(content: bytes, file_name: str) -> Copy:
    """The sheets of a file that can be read, as a new workbook.

    RefusedError for what is no spreadsheet, or has no such sheet.
    """
    opened = sheets_of(content, file_name)
    if not opened.grids:
        for rule, sheet, blanks in opened.broken:
            raise RefusedError(rule.say(sheet=sheet, **blanks))
        raise RefusedError(refusals.NOTHING_INSIDE.say())
    names = _names([grid.name for grid in opened.grids])
    numbers = range(1, len(names) + 1)
    from_1904 = any(grid.from_1904() for grid in opened.grids)
    files = {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(names, from_1904),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{number}.xml") for number in numbers),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _STYLES,
    }
    for number, grid in zip(numbers, opened.grids, strict=True):
        grid.fill_unresolved()  # formulas without a result must not become blanks
        files[f"xl/worksheets/sheet{number}.xml"] = _sheet(grid, from_1904)
    packed = zipped({name: text.encode() for name, text in files.items()})
    return Copy(packed, dict(zip((grid.name for grid in opened.grids), names, strict=True)))


def sheets_of(content: bytes, file_name: str) -> Opened:
    """What the reader opens; RefusedError also where one of its parsers breaks down."""
    try:
        return open_sheets(content, file_name)
    except (RefusedError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        raise RefusedError(refusals.ABNORMAL.say()) from error


def _names(given: Sequence[str]) -> list[str]:
    """Names that sheets may have, no two alike."""
    names: list[str] = []
    taken = set()
    for name in given:
        wanted = legal(name).translate(_FORBIDDEN).strip().strip("'") or "Sheet"
        name, number = wanted[:_NAME_LENGTH], 1
        while name.casefold() in taken:
            number += 1
            end = f"（{number}）"
            name = wanted[: _NAME_LENGTH - len(end)] + end
        taken.add(name.casefold())
        names.append(name)
    return names


def _sheet(grid: Grid, from_1904: bool) -> str:
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
        f'{_HEADER}<worksheet xmlns="{MAIN}">{f"<cols>{columns}</cols>" if columns else ""}'
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


def _workbook(names: Sequence[str], from_1904: bool) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    counting = '<workbookPr date1904="1"/>' if from_1904 else ""
    return (
        f'{_HEADER}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{counting}'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEADER}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(numbers: Sequence[int]) -> str:
    named = {"workbook": "sheet.main", "styles": "styles"}
    named |= {f"worksheets/sheet{number}": "worksheet" for number in numbers}
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{SPREADSHEET}.{kind}+xml"/>'
        for name, kind in named.items()
    )
    return (
        f'{_HEADER}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
