"""Whose file it is and which month's: from head lines, cross-checked with its name.

Never guessed: two answers or none mean unidentified, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from flows.reading import refusals
from flows.reading.head import Head
from flows.reading.period_texts import arabic, read_period
from flows.reading.results import Workbook
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Form
from schemas.declaring.names import normal

# 2023-03 but not 2023-03-31, and not the 05 of QJMZ05月报表.
_YEAR_MONTH = re.compile(
    r"(?<!\d)(20\d{2})[-年._]?(0?[1-9]|1[0-2])"
    r"(?:月份?(?!\d)|(?!月)(?![-._/]?(?:0?[1-9]|[12]\d|3[01])(?!\d))(?!\d))"
)
_MONTH_ONLY = re.compile(r"(?<![\dA-Za-z表件第])(1[0-2]|0?[1-9])月(?!\d)")
_CHINESE_YEAR = re.compile("[〇零○一二三四五六七八九]{4}年")


@dataclass(frozen=True, slots=True)
class Said:
    """Whose and which month one sheet says it is, or in `reason` why it does not say."""

    unit: str = ""
    month: int = -1
    reason: str = ""


def sheet_identity(head: Head, form: Form, declaration: Declaration) -> Said:
    """What one sheet's head lines say."""
    if not head.periods:
        return Said(reason=refusals.NO_PERIOD.say())
    found = {read_period(text) for text in head.periods}
    if len(found) > 1:
        return Said(reason=refusals.TWO_PERIODS.say(periods=refusals.listed(head.periods)))
    period = found.pop()
    if period is None or period[1] not in (form.months, 1):
        return Said(reason=refusals.UNCLEAR_PERIOD.say(period=head.periods[0]))
    month = period[0]
    if not head.units:
        return Said(reason=refusals.NO_UNIT.say())
    units = {unit.code: unit for text in head.units for unit in declaration.find_units(text, month)}
    if len(units) > 1:
        return Said(reason=refusals.TWO_UNITS.say(units=refusals.listed(head.units)))
    unknown = [text for text in head.units if not declaration.find_units(text, month)]
    if unknown:
        past = [unit for text in unknown for unit in declaration.find_units(text, None)]
        if past:
            return Said(
                reason=refusals.PAST_UNIT.say(unit=past[0].name, month=periods.month_zh(month))
            )
        return Said(reason=refusals.UNKNOWN_UNIT.say(unit=refusals.listed(unknown)))
    return Said(unit=next(iter(units)), month=month)


def workbook_identity(
    said: list[Said], file_name: str, declaration: Declaration, *, month_named: bool = True
) -> Said:
    """What the workbook is, from what its sheets say and its file name.

    `month_named` says whether a month in the name must be the sheets' own.
    """
    answers = Counter((each.unit, each.month) for each in said if not each.reason)
    if not answers:
        reasons = list(dict.fromkeys(each.reason for each in said))
        return Said(reason=refusals.joined(reasons))
    (unit, month), times = answers.most_common(1)[0]
    if times * 2 <= answers.total():
        names = [
            f"{declaration.unit_by_code[code].name}{periods.month_zh(number)}"
            for code, number in answers
        ]
        return Said(reason=refusals.SHEETS_DIFFER.say(names=refusals.listed(names)))
    named = units_named(file_name, month, declaration)
    if named and unit not in named:
        names = [declaration.unit_by_code[code].name for code in sorted(named)]
        return Said(
            reason=refusals.NAMED_FOR_OTHER.say(
                unit=declaration.unit_by_code[unit].name, names=refusals.listed(names)
            )
        )
    months = months_named(file_name) if month_named else set()
    if months and month not in months and month % 12 not in {-each - 1 for each in months}:
        return Said(reason=refusals.NAMED_FOR_MONTH.say(month=periods.month_zh(month)))
    return Said(unit, month)


def keep_apart(book: Workbook, units: Collection[str] | None, declaration: Declaration) -> Workbook:
    """The file's content; nothing of it where it is of a unit its channel may not speak for."""
    if units is None or book.unit is None or book.unit in units:
        return book
    unit = declaration.unit_by_code[book.unit].name
    names = [
        declaration.unit_by_code[code].name for code in units if code in declaration.unit_by_code
    ]
    if names:
        reason = refusals.NOT_ITS_CHANNEL.say(unit=unit, names=refusals.listed(names))
    else:
        reason = refusals.UNKNOWN_CHANNEL.say(unit=unit)
    return Workbook("unidentified", reason, exhausted=book.exhausted)


def units_named(file_name: str, month: int, declaration: Declaration) -> set[str]:
    """The codes of the units that a file name names."""
    text = normal(file_name)
    found = {name: code for name, code in declaration.spelled(month).items() if name in text}
    return {
        code
        for name, code in found.items()
        if not any(name != other and name in other for other in found)
    }


def months_named(file_name: str) -> set[int]:
    """The months that a file name names; one without a year as −1 − its index (0 to 11)."""
    text = _CHINESE_YEAR.sub(lambda year: arabic(year[0]), normal(file_name))
    text = arabic(text)
    full = {
        periods.month_number(int(year), int(month)) for year, month in _YEAR_MONTH.findall(text)
    }
    return full | {-int(month) for month in _MONTH_ONLY.findall(_YEAR_MONTH.sub("", text))}
