"""What a finished workbook says, read as a reader reads it: by headings, names and rows.

It knows nothing of how the workbook is written, so that the two can be checked against each other.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

from flows.quarterly_report.contents import Contents

_MEASURES = {
    "本季度": "value",
    "本年累计": "year_to_date",
    "累计完成": "year_to_date",
    "同比增减": "yoy.change",
    "同比增速": "yoy.rate",
    "环比增减": "qoq.change",
    "环比增速": "qoq.rate",
    "累计同比增减": "ytd_yoy.change",
    "累计同比增速": "ytd_yoy.rate",
    "同口径同比增速": "yoy.matched_rate",
    "全年目标": "year_target",
    "本季度累计目标": "target",
    "完成率": "completion",
    "超（欠）百分点": "lead",
}
_DISTRICT, _REMARKS = "全区", "备注"
_NO_NUMBER = ("—", "…", "/")
_Rows = list[list[Any]]
_Found = Iterator[tuple[str, str, str, Any, str]]
"""Indicator, unit, measure, what stands there, and where."""


def numbers_in(content: bytes, contents: Contents) -> dict[str, Decimal | str]:
    """What stands in the cells, by `<indicator>/<unit_code>/<measure>`.

    Measures are value, year_to_date, `<comparison>.change`, `<comparison>.rate` and
    `yoy.matched_rate` (rates in percent), completion, lead, and target: the quarter's own, of
    the year where it has none. What is suppressed is ＊, whatever else has no number —. Only
    names are taken from `contents`. ValueError for a name that is not known or not of one
    thing, and where two cells contradict each other.
    """
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    indicators = _by_name((each.name_zh, each.name) for each in contents.items.values())
    units = _by_name((contents.unit_name(each), each) for each in contents.units)
    units[_DISTRICT] = contents.district
    found: dict[str, Decimal | str] = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for indicator, unit, measure, value, place in _said(rows, indicators, units):
            key = f"{indicator}/{unit}/{measure}"
            told = Decimal(str(value)) if isinstance(value, float) else _sign(value)
            if (before := found.setdefault(key, told)) != told:
                raise ValueError(f"{name}!{place} has {told} for {key}, another {before}")
    for key in [each for each in found if each.endswith("/year_target")]:
        year, own = found.pop(key), key.replace("/year_target", "/target")
        if isinstance(found[own], str):
            found[own] = year
    return found


def _sign(text: str) -> str:
    return "—" if text in _NO_NUMBER else text


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, of in pairs:
        if found.setdefault(name, of) != of:
            raise ValueError(f"{name} is the name of {found[name]} and of {of}")
    return found


def _said(rows: _Rows, indicators: dict[str, str], units: dict[str, str]) -> _Found:
    """The numbers of a sheet; nothing of one that has other things than numbers."""
    for at, row in enumerate(rows[:8]):
        measures = {column: _MEASURES[text] for column, text in enumerate(row) if text in _MEASURES}
        if not measures:
            continue
        if row[0] == "指标":
            yield from _down(rows, at, measures, indicators, units[_DISTRICT])
        else:
            yield from _across(rows, at, measures, indicators, units)
        return


def _down(
    rows: _Rows, head: int, measures: dict[int, str], indicators: dict[str, str], unit: str
) -> _Found:
    """A table with an indicator in each row."""
    for at, row in enumerate(rows[head + 1 :], head + 2):
        for column, measure in measures.items():
            if row[column] != "":
                yield _known(indicators, row[0]), unit, measure, row[column], f"R{at}C{column + 1}"


def _across(
    rows: _Rows,
    head: int,
    measures: dict[int, str],
    indicators: dict[str, str],
    units: dict[str, str],
) -> _Found:
    """A table with a unit in each row, the indicators' names in a row above the measures."""
    # The nearest: a sheet's title may be an indicator's name.
    heads = reversed(rows[:head])
    above = next(row for row in heads if any(text in indicators for text in row[1:]))
    name, names = "", {}
    for column in range(1, len(above)):
        name = above[column] or name
        names[column] = name
    for at, row in enumerate(rows[head + 1 :], head + 2):
        if row[0] in ("", _REMARKS):
            continue
        for column, measure in measures.items():
            if row[column] != "":
                place = f"R{at}C{column + 1}"
                indicator = _known(indicators, names[column])
                yield indicator, _known(units, row[0]), measure, row[column], place


def _known(names: dict[str, str], name: str) -> str:
    if name not in names:
        raise ValueError(f"{name!r} is no indicator and no unit of this quarter")
    return names[name]
