"""One file to what it holds: the work of a worker process."""

from __future__ import annotations

from pathlib import Path

from flows.reading import packed, refusals
from flows.reading.bounding import bound_findings
from flows.reading.cells import Grid
from flows.reading.forms import on_sheet, read_forms
from flows.reading.head import read_head
from flows.reading.headings import has_table
from flows.reading.identity import Said, sheet_identity, workbook_identity
from flows.reading.opening import open_sheets
from flows.reading.problem_list import is_list, read_answers
from flows.reading.recognising import (
    Above,
    Sheet,
    forms_named,
    goes_on,
    has_ledger,
    head_rows,
    may_be_filled,
    why_no_form,
)
from flows.reading.refusals import RefusedError, without_advice
from flows.reading.results import Found, Workbook
from flows.reading.stamp import Stamp, against_stamp, other_versions, take_stamp
from schemas.declaring import general, periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Ledger


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
        content = packed.read_file(path)
        if member:
            content = packed.member(content, member)
        elif packed.is_envelope(content):
            return Workbook("packed", members=packed.members(content))
        opened = open_sheets(content, own_name)
    except RefusedError as error:
        return Workbook("unreadable", str(error))
    except MemoryError:
        return Workbook("unreadable", refusals.ABNORMAL.say(), exhausted=True)
    except Exception:  # one file that none of the parsers foresaw stops only itself
        return Workbook("unreadable", refusals.DAMAGED.say())
    broken = [on_sheet(rule, sheet, None, **blanks) for rule, sheet, blanks in opened.broken]
    if not opened.grids and broken:
        return Workbook("unreadable", broken[0].message)
    book = interpret(opened.grids, own_name, declaration, assigned)
    book.findings += broken
    bound_findings(book, declaration)
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
    stamp, grids = take_stamp(grids, declaration)
    identified: list[Sheet] = []
    said_by: dict[tuple[object, ...], Said] = {}
    above: Above | None = None
    others: list[Grid] = []
    for grid in grids:
        rows, start = head_rows(grid, declaration)
        if is_list(grid, rows):
            book.answers += read_answers(grid, rows, declaration)
            continue  # what was found in the file before is no part of what it reports
        others.append(grid)
        head = read_head(grid, rows, declaration)
        if not (head.units and head.periods and head.form_nos) and grid.fill_unresolved():
            head = read_head(grid, rows, declaration)
        forms = forms_named(head, declaration)
        before = identified[-1] if identified else None
        if not forms and head.continued and before is not None and goes_on(grid, before.form):
            forms = [before.form]  # 续表 alone goes on with the sheet before it
        if (
            forms
            and not (head.form_nos or head.continued)
            and not may_be_filled(grid, forms, declaration)
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
            above = Above(identified[-1])
        elif len(forms) > 1:
            above = None
            names = refusals.listed([f"“{form.title_zh}”" for form in forms])
            book.findings.append(on_sheet(general.TWO_FORMS, grid.name, names=names))
        elif has_table(grid) or has_ledger(grid, declaration):
            above = None
            book.findings.append(on_sheet(general.SHEET_NOT_READ, grid.name))
        elif above is not None and (count := above.rows_gone_on(grid)):
            form = above.form
            if head.continued:
                book.findings.append(on_sheet(general.CONTINUED_WITHOUT_TABLE, grid.name, form))
            else:
                rule, title = general.CONTINUED_WITHOUT_WORD, form.title_zh
                book.findings.append(on_sheet(rule, grid.name, form, title=title, rows=count))
    if not identified:
        refusal = why_no_form(others or grids, tables=bool(book.findings))
        book.state, book.reason = refusal.state, refusal.say()
        return book
    whole = _whole(identified, assigned, stamp, file_name, declaration)
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
    read_forms(book, here, declaration)
    book.findings += other_versions(book, stamp, declaration)
    for each in book.sheets:
        each.sign()
    return book


def _whole(
    identified: list[Sheet],
    assigned: tuple[str, int] | None,
    stamp: Stamp | None,
    file_name: str,
    declaration: Declaration,
) -> Said:
    if assigned is not None:
        return Said(*assigned)
    # A year's table is of the year's first month, whenever it is sent.
    yearly = all(isinstance(each.form, Ledger) and each.form.yearly for each in identified)
    said = [each.said for each in identified]
    whole = workbook_identity(said, file_name, declaration, month_named=not yearly)
    return against_stamp(whole, stamp, declaration, month_said=not yearly)


def _other_sheet(grid: Grid, said: Said, whole: Said, declaration: Declaration) -> Found:
    if said.reason:
        words = f"填报单位或报告期不明（{without_advice(said.reason)}）"
    else:
        unit = declaration.unit_by_code[said.unit].name
        words = f"“{unit}{periods.month_zh(said.month)}”"
    return on_sheet(
        general.OTHER_SHEET,
        grid.name,
        said=words,
        unit=declaration.unit_by_code[whole.unit].name,
        month=periods.month_zh(whole.month),
    )
