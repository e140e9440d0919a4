"""Each form of a workbook from its sheets."""

from __future__ import annotations

from collections import defaultdict

from flows.reading import refusals
from flows.reading.cells import Grid
from flows.reading.figures import read_figures
from flows.reading.gathering import Surroundings
from flows.reading.head import read_notes
from flows.reading.ledgers import read_ledger
from flows.reading.period_texts import read_period
from flows.reading.recognising import Sheet, goes_on
from flows.reading.results import FormSheet, Found, Workbook
from schemas.declaring import general, periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Form, Ledger
from schemas.declaring.names import normal
from schemas.declaring.rules import Rule

LEDGER_ROWS = 20_000
"""More items than any unit has."""


def read_forms(book: Workbook, here: list[Sheet], declaration: Declaration) -> None:
    """Add the forms of the sheets that are of the workbook's unit and month."""
    sheets: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in here:
        sheets[sheet.form.name].append(sheet)
    labels = _labels(book, here, declaration)
    for group in sheets.values():
        begun = [sheet for sheet in group if not sheet.head.continued]
        form = group[0].form
        if len(begun) > 1:
            names = refusals.listed([f"“{each.grid.name}”" for each in begun])
            for each in begun[: refusals.LISTED]:
                book.findings.append(
                    on_sheet(
                        general.FORM_TWICE,
                        each.grid.name,
                        form,
                        times=len(begun),
                        title=form.title_zh,
                        sheets=names,
                    )
                )
            book.sheets.append(FormSheet(form.name, group[0].grid.name, broken=True))
        else:
            ordered = begun + [sheet for sheet in group if sheet.head.continued]
            book.sheets.append(_read_form(book, ordered, form, declaration, labels))


def _read_form(
    book: Workbook,
    sheets: list[Sheet],
    form: FigureForm | Ledger,
    declaration: Declaration,
    labels: frozenset[str],
) -> FormSheet:
    assert book.unit is not None
    assert book.month is not None
    grids = [sheet.grid for sheet in sheets]
    name = grids[0].name
    group = declaration.group(book.unit) or ""
    asked = group in form.reporters and form.in_force(book.month)
    if isinstance(form, FigureForm):
        lines = declaration.lines(form, group, book.month)
        asked = asked and bool(lines.figures)
    if not asked:
        book.findings.append(
            on_sheet(
                general.NOT_ASKED,
                name,
                form,
                title=form.title_zh,
                unit=declaration.unit_by_code[book.unit].name,
                month=periods.month_zh(book.month),
            )
        )
        return FormSheet(form.name, name, broken=True)
    if isinstance(form, Ledger) and form.yearly and book.month % 12:
        book.findings.append(on_sheet(general.NOT_JANUARY, name, form, title=form.title_zh))
        return FormSheet(form.name, name, broken=True)
    if isinstance(form, Ledger) and (rows := _filled_rows(grids)) > LEDGER_ROWS:
        width = max(len(row) for grid in grids for row in grid.rows)
        too_large = general.SHEET_TOO_LARGE
        book.findings.append(on_sheet(too_large, name, form, rows=rows, columns=width))
        return FormSheet(form.name, name, broken=True)
    around = Surroundings([sheet.head.stated for sheet in sheets], labels, sheets[0].start)
    if isinstance(form, Ledger):
        read = read_ledger(grids, form, book.findings, around)
    else:
        read = read_figures(grids, form, lines, book.findings, around)
    if around.strays:
        _see_strays(book, form, around.strays, declaration)
    if read is not None:
        return read
    lost = [each for each in sheets if each.head.continued and not goes_on(each.grid, form)]
    for each in lost:
        book.findings.append(on_sheet(general.CONTINUED_WITHOUT_TABLE, each.grid.name, form))
    if not lost:
        columns = "指标名称、本月数"
        if isinstance(form, Ledger):
            columns = "、".join(each.name_zh for each in form.columns[:3])
        book.findings.append(
            on_sheet(general.NO_TABLE, name, form, title=form.title_zh, columns=columns)
        )
    return FormSheet(form.name, name, broken=True)


def _filled_rows(grids: list[Grid]) -> int:
    """How many rows hold something; formats alone may go on to a sheet's end."""
    if sum(len(grid.rows) for grid in grids) <= LEDGER_ROWS:
        return 0
    return sum(any(cell != "" for cell in row) for grid in grids for row in grid.rows)


def _labels(book: Workbook, sheets: list[Sheet], declaration: Declaration) -> frozenset[str]:
    """What may stand before a row of amounts: the unit's names and what the sheets say."""
    assert book.unit is not None
    said = {text for sheet in sheets for text in (*sheet.head.units, *sheet.head.periods)}
    return declaration.spellings(book.unit).union(map(normal, said))


def _see_strays(
    book: Workbook,
    form: FigureForm | Ledger,
    strays: list[tuple[Grid, int]],
    declaration: Declaration,
) -> None:
    """Head lines within a form that name another unit, month or form."""
    assert book.unit is not None
    assert book.month is not None
    unit = declaration.unit_by_code[book.unit]
    for grid, row in strays:
        for kind, text in read_notes(grid.rows[row]):
            period = read_period(text) if kind == "period" else None
            other = (
                (kind == "unit" and unit not in declaration.find_units(text, book.month))
                or (kind == "period" and (period is None or period[0] != book.month))
                or (kind == "form" and text.upper() != form.form_no)
            )
            if other:
                month = periods.month_zh(book.month)
                message = general.OTHER_HEAD.say(
                    title=form.title_zh, text=text, unit=unit.name, month=month
                )
                where = (grid.name, grid.address(row, 0))
                rule = general.OTHER_HEAD
                book.findings.append(
                    Found(form.name, rule.code, rule.level, None, *where, text, message)
                )


def on_sheet(rule: Rule, sheet: str, form: Form | None = None, **blanks: object) -> Found:
    """A finding on a sheet as a whole; it stands on the sheet's first cell."""
    blanks.setdefault("sheet", sheet)
    name = form.name if form else None
    return Found(name, rule.code, rule.level, None, sheet, "A1", None, rule.say(**blanks))
