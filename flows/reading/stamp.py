"""The hidden sheet of a workbook that was handed out: whose and which month's, which forms.

It cross-checks what the head lines say and never stands in for them. What is broken or
edited in it says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flows.reading import refusals
from flows.reading.cells import Grid
from flows.reading.forms import on_sheet
from flows.reading.identity import Said
from flows.reading.results import Found, Workbook
from flows.reading.values import read_text
from schemas.declaring import general, periods
from schemas.declaring.district import Declaration

SHEET = "下发信息"
_MARK = "minzheng template"
_UNIT, _MONTH, _FORM = "unit", "month", "form"


class Stamp(NamedTuple):
    """What the sheet says; None where it says nothing clear."""

    unit: str | None
    month: int | None
    forms: Mapping[str, str]
    """The version of each form, as `Declaration.form_version`, by the form's name."""


def stamp_rows(stamp: Stamp) -> list[tuple[str, ...]]:
    """The sheet's cells, all texts."""
    month = "" if stamp.month is None else periods.month_label(stamp.month)
    rows: list[tuple[str, ...]] = [(_MARK,), (_UNIT, stamp.unit or ""), (_MONTH, month)]
    return [*rows, *((_FORM, name, version) for name, version in stamp.forms.items())]


def take_stamp(grids: list[Grid], declaration: Declaration) -> tuple[Stamp | None, list[Grid]]:
    """What the hidden sheet says, and the other sheets; None where there is no such sheet."""
    for at, grid in enumerate(grids):
        if grid.name == SHEET and (stamp := _read(grid, declaration)) is not None:
            return stamp, grids[:at] + grids[at + 1 :]
    return None, grids


def _read(grid: Grid, declaration: Declaration) -> Stamp | None:
    rows = [[read_text(cell) for cell in row] + ["", ""] for row in grid.rows]
    if not rows or rows[0][0] != _MARK:
        return None
    unit, month, forms = None, None, {}
    for kind, said, version, *_ in rows[1:]:
        if kind == _UNIT and declaration.group(said) is not None:
            unit = said
        elif kind == _MONTH:
            month = _month(said)
        elif kind == _FORM and version:
            forms[said] = version
    return Stamp(unit, month, forms)


def _month(said: str) -> int | None:
    try:
        return periods.parse_month(said)
    except ValueError:
        return None


def against_stamp(
    said: Said, stamp: Stamp | None, declaration: Declaration, *, month_said: bool = True
) -> Said:
    """What the head lines say, or a reason where the workbook was handed out as another's.

    `month_said` says whether the month of the head lines must be the one handed out for.
    """
    if stamp is None or said.reason:
        return said
    units = stamp.unit is None or stamp.unit == said.unit
    months = stamp.month in (None, said.month) or not month_said
    if units and months:
        return said
    return Said(
        reason=refusals.HANDED_OUT_FOR_OTHER.say(
            unit=declaration.unit_by_code[said.unit].name,
            month=periods.month_zh(said.month),
            names=("" if stamp.unit is None else declaration.unit_by_code[stamp.unit].name)
            + ("" if stamp.month is None else periods.month_zh(stamp.month)),
        )
    )


def other_versions(
    book: Workbook, stamp: Stamp | None, declaration: Declaration
) -> Sequence[Found]:
    """A notice on each form that was handed out in another version than today's."""
    if stamp is None or (stamp.unit, stamp.month) != (book.unit, book.month):
        return []
    found = []
    for sheet in book.sheets:
        form = declaration.by_name[sheet.form]
        today = declaration.form_version(form, book.unit or "", book.month or 0)
        if stamp.forms.get(form.name, today) != today:
            found.append(on_sheet(general.OTHER_VERSION, sheet.sheet, form, title=form.title_zh))
    return found
