"""One file to what it holds: the work of a worker process."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from flows.reading import packed, refusals
from flows.reading.cells import Grid
from flows.reading.figures import read_figures
from flows.reading.gathering import Surroundings
from flows.reading.head import Head, read_head, read_notes
from flows.reading.headings import HEADERS, has_table
from flows.reading.identity import Said, sheet_identity, workbook_identity
from flows.reading.ledgers import find_ledger_header, read_ledger
from flows.reading.opening import open_sheets
from flows.reading.period_texts import read_period
from flows.reading.refusals import Refusal, RefusedError, without_advice
from flows.reading.results import FormSheet, Found, Workbook
from schemas.declaring import general, periods
from schemas.declaring.model import Declaration, FigureForm, Form, Ledger
from schemas.declaring.names import normal, normal_line
from schemas.declaring.rules import Rule

HEAD_ROWS = 40
FORM_FINDINGS = 200
"""A form with more findings is not judged, and told of so many."""
FILE_FINDINGS = 1000
LONG, SHOWN = 1000, 100
"""Of a longer sentence than any, how much of the cell's text it shows."""
LEDGER_ROWS = 20_000
"""More items than any unit has."""


def read_workbook(
    path: Path,
    file_name: str,
    declaration: Declaration,
    assigned: tuple[str, int] | None = None,
    member: str = "",
) -> Workbook:
    """What a file holds; `assigned` is (unit code, month) where the analyst has said so.

    `member` is the place of the file in the zip at `path` that it came in. A zip around
    files is not read itself: its state is packed, and its members are to be read.
    """
    own_name = file_name.rpartition("/")[2]
    try:
        packed.refuse_large(path)
        content = path.read_bytes()
        if member:
            content = packed.member(content, member)
        elif packed.is_envelope(content):
            return Workbook("packed", members=packed.members(content))
        opened = open_sheets(content, own_name)
    except RefusedError as error:
        return Workbook("unreadable", str(error))
    except MemoryError:
        return Workbook("unreadable", refusals.ABNORMAL.say())
    except Exception:  # one file that none of the parsers foresaw stops only itself
        return Workbook("unreadable", refusals.DAMAGED.say())
    broken = [_of_sheet(rule, sheet, None, **blanks) for rule, sheet, blanks in opened.broken]
    if not opened.grids and broken:
        return Workbook("unreadable", broken[0].message)
    book = interpret(opened.grids, own_name, declaration, assigned)
    book.findings += broken
    if len(book.findings) > FORM_FINDINGS:
        _bound_findings(book, declaration)
    if any(len(each.message) > LONG for each in book.findings):
        book.findings = [_shortened(each) for each in book.findings]
    if opened.is_markup and book.reason == refusals.WORDS_ONLY.say():
        book.reason = refusals.NO_TABLE_ON_PAGE.say()
    return book


def interpret(
    grids: list[Grid],
    file_name: str,
    declaration: Declaration,
    assigned: tuple[str, int] | None = None,
) -> Workbook:
    """What the sheets hold: whose and which month, then each form's rows."""
    book = Workbook("read")
    identified: list[Sheet] = []
    said_by: dict[tuple[object, ...], Said] = {}
    for grid in grids:
        rows, start = _head_rows(grid, declaration)
        head = read_head(grid, rows, declaration)
        if not (head.units and head.periods and head.form_nos) and grid.fill_unresolved():
            head = read_head(grid, rows, declaration)
        forms = _forms(head, declaration)
        before = identified[-1] if identified else None
        if not forms and head.continued and before is not None and _goes_on(grid, before.form):
            forms = [before.form]  # 续表 alone goes on with the sheet before it
        if (
            forms
            and not (head.form_nos or head.continued)
            and not _may_be_filled(grid, forms, declaration)
        ):
            continue  # a cover or a list of contents names forms too
        if len(forms) == 1:
            form = forms[0]
            begun = next((each for each in reversed(identified) if each.form is form), None)
            if head.continued and begun is not None:  # what it does not say is said there
                head.units = head.units or begun.head.units
                head.periods = head.periods or begun.head.periods
            key = (*head.units, "", *head.periods, form.months)  # most sheets say the same
            said = said_by.get(key) or sheet_identity(head, form, declaration)
            said_by[key] = said
            identified.append(Sheet(grid, form, head, said, start))
        elif len(forms) > 1:
            names = refusals.listed([f"“{form.title_zh}”" for form in forms])
            book.findings.append(_of_sheet(general.TWO_FORMS, grid.name, names=names))
        elif has_table(grid) or any(
            find_ledger_header(grid, ledger) is not None for ledger in declaration.ledgers
        ):
            book.findings.append(_of_sheet(general.SHEET_NOT_READ, grid.name))
    if not identified:
        refusal = _why_no_form(grids, tables=bool(book.findings))
        book.state, book.reason = refusal.state, refusal.say()
        return book
    whole = _whole(identified, assigned, file_name, declaration)
    if whole.reason:
        book.state, book.reason = "unidentified", whole.reason
        return book
    book.unit, book.month = whole.unit, whole.month
    here = []
    # The analyst overrides what all sheets say alike; where they differ, each stays its own.
    alike = (
        len({(each.said.unit, each.said.month) for each in identified if not each.said.reason}) <= 1
    )
    for sheet in identified:
        own = (sheet.said.unit, sheet.said.month) == (whole.unit, whole.month)
        if own or (assigned and (alike or sheet.said.reason)):
            here.append(sheet)
        else:
            book.findings.append(_other_sheet(sheet.grid, sheet.said, whole, declaration))
    _read_forms(book, here, declaration)
    for each in book.sheets:
        each.sign()
    return book


class Sheet(NamedTuple):
    """A sheet of a form, and what its head lines say."""

    grid: Grid
    form: FigureForm | Ledger
    head: Head
    said: Said
    start: int
    """The row at or below which its table stands."""


def _head_rows(grid: Grid, declaration: Declaration) -> tuple[int, int]:
    """How many rows are above the table, and from which row on it is to be looked for.

    What stands in the table is no head line.
    """
    headings, names = _headings(declaration)
    rows = range(min(HEAD_ROWS, len(grid.rows)))
    for row in rows:
        texts = grid.normal_texts(row)
        if headings.isdisjoint(texts):
            continue
        if len(headings.intersection(texts)) >= HEADINGS_LEAST:
            return row, max(0, row - 1)  # of grouped headings the upper row has few
    for row in rows:
        if len(names.intersection(grid.normal_texts(row))) >= NAMES_LEAST:
            return row, 0
    return HEAD_ROWS, 0


def _headings(declaration: Declaration) -> tuple[frozenset[str], frozenset[str]]:
    """The headings of all tables, and the names of all lines, which are those of one on its side."""
    if declaration.name_zh not in _HEADINGS:
        columns = {each.name_zh for ledger in declaration.ledgers for each in ledger.columns}
        figures = {each.name_zh for form in declaration.forms for each in form.figures}
        _HEADINGS[declaration.name_zh] = (
            frozenset(map(normal, columns)) | frozenset(HEADERS),
            frozenset(map(normal, figures)),
        )
    return _HEADINGS[declaration.name_zh]


_HEADINGS: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
HEADINGS_LEAST = 3
NAMES_LEAST = 2


def _whole(
    identified: list[Sheet],
    assigned: tuple[str, int] | None,
    file_name: str,
    declaration: Declaration,
) -> Said:
    if assigned is not None:
        return Said(*assigned)
    # A year's table is of the year's first month, whenever it is sent.
    yearly = all(isinstance(each.form, Ledger) and each.form.yearly for each in identified)
    said = [each.said for each in identified]
    return workbook_identity(said, file_name, declaration, month_named=not yearly)


def _forms(head: Head, declaration: Declaration) -> list[FigureForm | Ledger]:
    return [
        form
        for form in declaration.all_forms
        if form.form_no in head.form_nos or form.name in head.titles
    ]


def _goes_on(grid: Grid, form: FigureForm | Ledger) -> bool:
    """Whether a sheet has a table such as the form's."""
    if isinstance(form, Ledger):
        return find_ledger_header(grid, form) is not None
    return has_table(grid)


def _may_be_filled(grid: Grid, forms: list[FigureForm | Ledger], declaration: Declaration) -> bool:
    """Whether a sheet that names forms in a title only could be one of them, filled in."""
    for form in forms:
        if isinstance(form, Ledger) and find_ledger_header(grid, form) is not None:
            return True
    if has_table(grid):
        return True
    names = {
        name
        for form in forms
        if isinstance(form, FigureForm)
        for figure in form.figures
        for name in figure.names
    }
    texts = (cell for row in grid.rows for cell in row if type(cell) is str)
    return sum(normal_line(text) in names for text in texts) >= 2


def _is_table(grid: Grid) -> bool:
    """Whether a sheet has a table at all: two rows of two cells or more."""
    return sum(sum(cell != "" for cell in row) >= 2 for row in grid.rows) >= 2


def _why_no_form(grids: list[Grid], *, tables: bool) -> Refusal:
    if not any(grid.rows for grid in grids):
        return refusals.NOTHING_INSIDE
    if tables or any(_is_table(grid) for grid in grids):
        return refusals.NO_FORM
    return refusals.WORDS_ONLY


def _other_sheet(grid: Grid, said: Said, whole: Said, declaration: Declaration) -> Found:
    if said.reason:
        words = f"填报单位或报告期不明（{without_advice(said.reason)}）"
    else:
        unit = declaration.unit_by_code[said.unit].name
        words = f"“{unit}{periods.month_zh(said.month)}”"
    return _of_sheet(
        general.OTHER_SHEET,
        grid.name,
        said=words,
        unit=declaration.unit_by_code[whole.unit].name,
        month=periods.month_zh(whole.month),
    )


def _of_sheet(rule: Rule, sheet: str, form: Form | None = None, **blanks: object) -> Found:
    """A finding on a sheet as a whole; it stands on the sheet's first cell."""
    blanks.setdefault("sheet", sheet)
    name = form.name if form else None
    return Found(name, rule.code, rule.level, None, sheet, "A1", None, rule.say(**blanks))


def _read_forms(book: Workbook, here: list[Sheet], declaration: Declaration) -> None:
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
                    _of_sheet(
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
            _of_sheet(
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
        book.findings.append(_of_sheet(general.NOT_JANUARY, name, form, title=form.title_zh))
        return FormSheet(form.name, name, broken=True)
    if isinstance(form, Ledger) and (rows := _filled_rows(grids)) > LEDGER_ROWS:
        width = max(len(row) for grid in grids for row in grid.rows)
        too_large = general.SHEET_TOO_LARGE
        book.findings.append(_of_sheet(too_large, name, form, rows=rows, columns=width))
        return FormSheet(form.name, name, broken=True)
    around = Surroundings([sheet.head.stated for sheet in sheets], labels, sheets[0].start)
    if isinstance(form, Ledger):
        read = read_ledger(grids, form, book.findings, around)
        columns = "、".join(each.name_zh for each in form.columns[:3])
    else:
        read = read_figures(grids, form, lines, book.findings, around)
        columns = "指标名称、本月数"
    _see_strays(book, form, around.strays, declaration)
    if read is not None:
        return read
    lost = [each for each in sheets if each.head.continued and not _goes_on(each.grid, form)]
    for each in lost:
        book.findings.append(_of_sheet(general.CONTINUED_WITHOUT_TABLE, each.grid.name, form))
    if not lost:
        book.findings.append(
            _of_sheet(general.NO_TABLE, name, form, title=form.title_zh, columns=columns)
        )
    return FormSheet(form.name, name, broken=True)


def _filled_rows(grids: list[Grid]) -> int:
    """How many rows hold something; formats alone may go on to a sheet's end."""
    if sum(len(grid.rows) for grid in grids) <= LEDGER_ROWS:
        return 0
    return sum(any(cell != "" for cell in row) for grid in grids for row in grid.rows)


def _bound_findings(book: Workbook, declaration: Declaration) -> None:
    """Leave no more findings than somebody can work through; a form with more is not judged."""
    found: dict[str | None, list[Found]] = defaultdict(list)
    for each in book.findings:
        found[each.form].append(each)
    limit = FORM_FINDINGS
    if sum(min(limit, len(each)) for each in found.values()) > FILE_FINDINGS:
        limit = FILE_FINDINGS // len(found)
    book.findings = []
    for name, findings in found.items():
        if len(findings) <= limit:
            book.findings += findings
            continue
        findings.sort(key=lambda each: each.level != "error")
        sheet, cell = findings[0].sheet or "", "A1"
        for number, held in enumerate(book.sheets):
            if held.form == name:
                sheet, cell = held.sheet, held.head_cell
                book.sheets[number] = FormSheet(name, sheet, head_cell=cell, broken=True)
                book.sheets[number].sign()
        title = declaration.by_name[name].title_zh if name else "其他工作表"
        rule = general.TOO_MANY
        message = rule.say(title=title, count=len(findings), kept=limit)
        book.findings += findings[:limit]
        book.findings.append(Found(name, rule.code, rule.level, None, sheet, cell, None, message))


def _shortened(found: Found) -> Found:
    """The finding with the start of what stands in the cell, where that is a whole document."""
    value, message = found.value, found.message
    if len(message) <= LONG:
        return found
    if value is not None and len(value) > SHOWN:
        short = f"{value[:SHOWN]}…"
        value, message = short, message.replace(value, short)
    if len(message) > LONG:
        message = f"{message[:LONG]}…"
    return found._replace(value=value, message=message)


def _labels(book: Workbook, sheets: list[Sheet], declaration: Declaration) -> frozenset[str]:
    """What may stand before a row of amounts: the unit's names and what the sheets say."""
    assert book.unit is not None
    unit = declaration.unit_by_code[book.unit]
    said = {text for sheet in sheets for text in (*sheet.head.units, *sheet.head.periods)}
    return frozenset(map(normal, (*declaration.unit_names(unit), unit.code, *said)))


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
