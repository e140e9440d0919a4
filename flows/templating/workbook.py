"""A unit's workbook of a month, and its bytes: the same for the same warehouse."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from flows.naming import stem_of
from flows.reading import stamp
from flows.templating import front
from flows.templating.checks import Counted
from flows.templating.figure_checks import Tally
from flows.templating.figure_sheet import FigureSheet, write_figures
from flows.templating.ledger_counts import counted
from flows.templating.ledger_places import Items
from flows.templating.ledger_sheet import write_ledger
from flows.templating.looks import TEXT, Looks
from flows.templating.previous import Previous, forms_of
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger, Unit

_SAVED = (2022, 1, 1, 0, 0, 0)
"""The time of every part: the bytes must not depend on the clock."""
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NO_NAME = re.compile(r"[\[\]:*?/\\]")
_NAME_LONGEST = 31


class Template(NamedTuple):
    """A workbook that was made, and where its forms stand."""

    workbook: Workbook
    sheets: dict[str, str]
    """The sheets' names by form."""
    figures: dict[str, FigureSheet]


def file_name(declaration: Declaration, unit: Unit, month: int) -> str:
    """What the file is called; with the unit's code where another unit has the same name."""
    own = _stem(unit.name, month)
    names = [_stem(each.name, month) for each in declaration.reporting_units(month)]
    if [each.casefold() for each in names].count(own.casefold()) > 1:
        own = _stem(f"{unit.code}{unit.name}", month)
    return f"{own}.xlsx"


def _stem(name: str, month: int) -> str:
    whole = re.sub(r"[/\\.]", "_", name)
    return f"{stem_of(whole)}{periods.month_label(month)}月报"


def make_template(declaration: Declaration, unit: Unit, previous: Previous) -> Template:
    """The unit's workbook for the month that `previous` is before."""
    month = previous.month
    forms = forms_of(declaration, unit.code, month)
    workbook = Workbook()
    workbook.properties.title = f"{unit.name}{periods.month_zh(month)}月报"
    workbook.properties.creator = declaration.name_zh
    workbook.calculation = CalcProperties(fullCalcOnLoad=True)
    looks = Looks(workbook)
    first = workbook.worksheets[0]
    first.title = front.TITLE
    names = _sheet_names(forms)
    items = {
        form.name: Items(form, names[form.name], len(previous.items.get(form.name, ())))
        for form in forms
        if isinstance(form, Ledger)
    }
    come_to = _counted(declaration, items, month)
    tallies: list[front.SheetTally] = []
    figures: dict[str, FigureSheet] = {}
    for form in forms:
        sheet = workbook.create_sheet(names[form.name])
        tally: Tally
        if isinstance(form, FigureForm):
            written = write_figures(looks, sheet, declaration, form, unit, previous, come_to)
            figures[form.name], tally = written, written.tally
        else:
            rows, sent = previous.items.get(form.name, ()), previous.sent.get(form.name)
            write_ledger(looks, sheet, items[form.name], unit, month, rows, sent)
            tally = items[form.name].tally
        tallies.append(front.SheetTally(form.title_zh, sheet.title, tally))
    front.write_front(looks, first, declaration, unit, month, tallies, ledgers=bool(items))
    _stamp(looks, workbook, declaration, unit, month, forms)
    return Template(workbook, names, figures)


def _sheet_names(forms: Collection[FigureForm | Ledger]) -> dict[str, str]:
    """A name for the sheet of each form, as Excel takes it, none twice."""
    names: dict[str, str] = {}
    taken = {front.TITLE, stamp.SHEET}
    for form in forms:
        title = _NO_NAME.sub(" ", form.title_zh).strip("'")
        name, number = title[:_NAME_LONGEST], 1
        while name.casefold() in taken:
            told = form.form_no if number == 1 else f"{form.form_no} {number}"
            name, number = f"{told} {title}"[:_NAME_LONGEST], number + 1
        taken.add(name.casefold())
        names[form.name] = name
    return names


def _counted(declaration: Declaration, items: dict[str, Items], month: int) -> dict[str, Counted]:
    """What the workbook's ledgers come to, by the figure that it is compared with."""
    found = {}
    for ledger, count in declaration.counts.values():
        if count.figure is not None and ledger.name in items:
            found[count.figure] = counted(items[ledger.name], count, month)
    return found


def _stamp(
    looks: Looks,
    workbook: Workbook,
    declaration: Declaration,
    unit: Unit,
    month: int,
    forms: Collection[FigureForm | Ledger],
) -> None:
    sheet = workbook.create_sheet(stamp.SHEET)
    versions = {each.name: declaration.form_version(each, unit.code, month) for each in forms}
    for row, texts in enumerate(stamp.stamp_rows(stamp.Stamp(unit.code, month, versions)), 1):
        for column, text in enumerate(texts, 1):
            looks.put(sheet, row, column, text, "helper", TEXT)
    sheet.protection.sheet = True
    sheet.sheet_state = "veryHidden"


def to_bytes(workbook: Workbook) -> bytes:
    """The workbook's file, without the time at which it is made."""
    saved, into = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    with (
        zipfile.ZipFile(saved) as parts,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in parts.namelist():
            content = parts.read(name)
            if name == "docProps/core.xml":
                content = _TIMES.sub(rb"\g<1>2022-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _SAVED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return into.getvalue()
