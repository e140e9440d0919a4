"""A cell's content as an exact amount or a date, or the reason why it is none.

Stored numbers are binary floats: they are first rounded to the 15 significant
digits that Excel shows, then made decimal, so 12.700000000000001 is 12.7.
Amounts are integers of one millionth of the unit as written.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.declaring.names import normal
from schemas.declaring.rules import MICRO

BLANK: Final = 0
NUMBER: Final = 1
NOT_APPLICABLE: Final = 2
NONE: Final = 3
TEXT: Final = 4
NO_RESULT: Final = 5
TOO_LARGE: Final = 6

_LARGEST = 10**12
_LONGEST = 60
"""No amount has more characters than this."""
NOT_APPLICABLE_MARKS = frozenset(
    {"—", "-", "–", "―", "――", "——", "--", "/", "不适用", "一一", "−", "－"}
)
"""What stands for nothing to fill in, besides its full-width forms."""
PLACES = 6
"""Decimals that an amount in millionths can hold; a figure's own limit is its schema's."""
# Full-width forms only: NFKC would make 12① the number 121.
_WIDTH: dict[int, int | str | None] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{0x3000: " ", 0xA0: " ", 0x200B: None, 0xFEFF: None},
}
_PLAIN = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[, ]\d{3})+(?:\.\d*)?")
_ERRORS = frozenset(
    {
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
    }
)
_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
)
_DASHES = str.maketrans("—–―−", "----")
_YEARS = range(1900, 2101)
"""A day outside of them is a slip of the pen."""
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)
_DAYS_TO_1904 = 1462


class Number(NamedTuple):
    """What a cell holds. `micro` is the amount where `kind` is NUMBER or NONE, else 0.

    `places` counts the decimals that are not trailing zeros.
    """

    kind: int
    micro: int
    places: int


_EMPTY = Number(BLANK, 0, 0)


@lru_cache(maxsize=65536, typed=True)
def read_number(cell: object) -> Number:
    """The amount in a cell."""
    if isinstance(cell, float):
        return _from_float(cell)
    if isinstance(cell, str):
        return _from_text(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return _sized(cell * MICRO, 0)
    return _EMPTY if cell is None else Number(TEXT, 0, 0)


def _from_float(value: float) -> Number:
    if -1e12 < value < 1e12 and value.is_integer():
        return Number(NUMBER, int(value) * MICRO, 0)
    if value != value or value in (float("inf"), float("-inf")):
        return Number(NO_RESULT, 0, 0)
    if abs(value) >= 1e15:
        return Number(TOO_LARGE, 0, 0)
    text = f"{value:.15g}"
    if "e" in text:
        text = format(Decimal(text), "f")
    return _from_plain(text)


def _from_text(text: str) -> Number:
    clean = text.translate(_WIDTH).strip()
    if not clean:
        return _EMPTY
    if is_not_applicable(clean):
        return Number(NOT_APPLICABLE, 0, 0)
    if clean == "无":
        return Number(NONE, 0, 0)
    if is_unresolved(clean):
        return Number(NO_RESULT, 0, 0)
    clean = clean.replace("−", "-")
    if _GROUPED.fullmatch(clean):
        clean = clean.replace(",", "").replace(" ", "")
    return _from_plain(clean)


def is_not_applicable(text: str) -> bool:
    """Whether a text says that there is nothing to fill in."""
    return text.replace(" ", "") in NOT_APPLICABLE_MARKS


def is_unresolved(text: str) -> bool:
    """Whether a text is an error or a formula: a cell whose formula has no result."""
    return text.startswith("=") or text.upper() in _ERRORS or text.startswith("Err:")


def read_reason(cell: object) -> str:
    """What 说明 says, '' where a formula there has no result."""
    text = read_text(cell)
    return "" if is_unresolved(text) else text


@lru_cache(maxsize=65536, typed=True)
def plain_amount(cell: object) -> int | None:
    """The millionths of a cell that is just a number, None for any other."""
    number = read_number(cell)
    return number.micro if number.kind == NUMBER and number.places <= PLACES else None


def plain_amounts(cells: Sequence[object]) -> list[int | None]:
    """`plain_amount` of each cell of a column; most are whole numbers, which are quickly read."""
    return [
        int(cell) * MICRO
        if type(cell) is float and -1e12 < cell < 1e12 and cell.is_integer()
        else plain_amount(cell)
        if cell != ""
        else None
        for cell in cells
    ]


def _from_plain(text: str) -> Number:
    match = _PLAIN.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return Number(TEXT, 0, 0)
    sign, whole, rest = match[1], match[2], (match[3] or "").rstrip("0")
    micro = int(whole) * MICRO + int((rest[:6] + "000000")[:6])
    return _sized(-micro if sign == "-" else micro, len(rest))


def _sized(micro: int, places: int) -> Number:
    if -_LARGEST * MICRO < micro < _LARGEST * MICRO:
        return Number(NUMBER, micro, places)
    return Number(TOO_LARGE, 0, 0)


def read_date(cell: object) -> dt.date | None:
    """The day in a cell, None where it holds no day."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return cell if cell.year in _YEARS else None
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            return None
        if not _EXCEL_DAYS.start <= cell < _EXCEL_DAYS.stop:
            return _day(str(int(cell))) if cell == int(cell) else None
        return _EXCEL_EPOCH + dt.timedelta(int(cell))
    return _day(cell) if isinstance(cell, str) else None


def counted_from_1900(cell: object) -> object:
    """The cell of a workbook that counts days from 1904 as one that counts them from 1900."""
    if not isinstance(cell, float | int) or isinstance(cell, bool):
        return cell
    day = cell + _DAYS_TO_1904
    return day if _EXCEL_DAYS.start <= day < _EXCEL_DAYS.stop else cell


@lru_cache(maxsize=65536)
def _day(cell: str) -> dt.date | None:
    text = unicodedata.normalize("NFKC", cell).translate(_DASHES).strip()
    match = _DATE.fullmatch(text.replace(" ", "") if "年" in text else text)
    match = match or _COMPACT.fullmatch(text)
    if match is None or int(match[1]) not in _YEARS:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_text(cell: object) -> str:
    """A cell as a person sees it; whole floats without '.0', dates as YYYY-MM-DD."""
    if type(cell) is str:
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell + 0.0:.15g}"  # -0.0 is 0
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


@lru_cache(maxsize=4096, typed=True)
def read_code(cell: object) -> str:
    """A code as text of four digits: Excel turns 0101 into the number 101."""
    text = normal(read_text(cell))
    return text.zfill(4) if text.isdigit() else text
