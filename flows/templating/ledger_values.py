"""A ledger's cells by themselves, as formulas: blank, wrong, or right and yet to be written anew.

They follow the reader of ledgers. Where it is broader than a formula can be, what it would
take is never called wrong but for numbers that stand there as texts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flows.templating.formulas import sentence, tell
from flows.templating.typed import (
    WIDE_BLANK,
    is_away,
    is_blank,
    is_number,
    is_one_of,
    literal,
    trimmed,
    unspaced,
)
from schemas.declaring import general
from schemas.declaring.model import LedgerColumn

DAY_0 = dt.date(1899, 12, 30)
_LAST_DAY = (dt.date(2100, 12, 31) - DAY_0).days
_SURELY_DAYS = 20_000
"""A smaller number is a day only where the cell is formatted as one."""
_DECIMALS = 6
_SHOWN = 20
_DATE_WORDS = (("年", "-"), ("月", "-"), ("日", ""), ("号", ""), (".", "-"), ("/", "-"))


def says(message: str, told: Mapping[str, str], worked_out: Mapping[str, str]) -> str:
    """A sentence on a row as a formula; some of its blanks are told, others worked out."""
    return sentence(tell(message, told), {"row": "ROW()", **worked_out})


def is_nothing(column: LedgerColumn, place: str) -> str:
    """The condition that the reader takes the cell for blank."""
    if column.type == "text":
        return is_blank(place)
    return f"OR({is_blank(place)},{is_away(place)})"


def is_value(column: LedgerColumn, place: str, value: str) -> str:
    """Which of a column's cells hold a value, to be multiplied."""
    if column.type == "choice":
        return f"EXACT({unspaced(place)},{literal(without_blanks(value))})"
    return f"EXACT({trimmed(place)},{literal(value)})"


def without_blanks(text: str) -> str:
    """The text without any blanks, as `unspaced` has it."""
    return text.replace(" ", "").replace(WIDE_BLANK, "")


def day_of(place: str) -> str:
    """The number of the day that a cell means, as far as it means one, else 0."""
    text = trimmed(place)
    for word, instead in _DATE_WORDS:
        text = f'SUBSTITUTE({text},"{word}","{instead}")'
    is_parted = f'AND(MID({text},5,1)="-",LEN({text})>=8,RIGHT({text},1)<>"-")'
    compact = f'DATEVALUE(TEXT(VALUE({trimmed(place)}),"0000-00-00"))'
    read = f"IF({is_parted},DATEVALUE({text}),{compact})"
    here = f"AND({place}>=1,{place}<{_LAST_DAY + 1})"
    found = f"IF(ISNUMBER({place}),IF({here},{place},{compact}),{read})"
    return f"IFERROR(IF({is_away(place)},0,{found}),0)"


def wrong(column: LedgerColumn, place: str, day: str, choices: str | None) -> str:
    """The sentence that the cell holds something else than its type, or ''.

    `day` is the cell with the day that it means; `choices` those with its values, if any.
    """
    told = {"column": column.name_zh}
    shown = {"text": f"LEFT({place},{_SHOWN})"}
    match column.type:
        case "text":
            is_wrong = f'LEFT({trimmed(place)},1)="="'
            message = general.LEDGER_NO_RESULT.message
        case "choice":
            among = (choices and unspaced(choices)) or [without_blanks(v) for v in column.values]
            is_wrong = f"NOT({is_one_of(unspaced(place), among)})"
            message = "第{row}行“{column}”填的是“{text}”；请从下拉列表中选择。"
        case "date":
            is_wrong, message = _is_no_day(day), general.LEDGER_DATE.message
        case "count":
            is_wrong = f"IF({is_number(place)},NOT({_is_count(place)}),TRUE)"
            message = "第{row}行“{column}”填的是“{text}”；请直接填数字，应为不小于0的整数。"
        case "decimal":
            is_wrong = f"IF({is_number(place)},NOT({_is_decimal(place)}),TRUE)"
            message = "第{row}行“{column}”填的是“{text}”；请直接填数字。"
    return f'IF({is_nothing(column, place)},"",IF({is_wrong},{says(message, told, shown)},""))'


def doubtful(column: LedgerColumn, place: str, day: str) -> str | None:
    """The sentence that a date is to be written anew, or ''; None for columns of other types."""
    if column.type != "date":
        return None
    is_plain = f"IF(ISNUMBER({place}),AND({place}>={_SURELY_DAYS},{place}<{_LAST_DAY + 1}),FALSE)"
    said = says(
        "第{row}行“{column}”请填成日期，写成2023-03-31的样子。", {"column": column.name_zh}, {}
    )
    return f'IF({_is_no_day(day)},"",IF({is_plain},"",{said}))'


def _is_no_day(day: str) -> str:
    return f"OR({day}<1,{day}>={_LAST_DAY + 1})"


def _is_count(place: str) -> str:
    return f"AND({place}>=0,{place}<{general.LARGEST},INT({place})={place})"


def _is_decimal(place: str) -> str:
    return f"AND(ABS({place})<{general.LARGEST},ROUND({place},{_DECIMALS})={place})"
