"""One file to what it holds: the work of a worker process."""

from __future__ import annotations

import io
from collections import defaultdict
from pathlib import Path
from typing import cast

import python_calamine

from flows.reading.cells import CELLS_LIMIT, Grid, Row
from flows.reading.figures import FigureSheet
from flows.reading.head import Head, read_head
from flows.reading.headings import HEADERS, find_header
from flows.reading.identity import Said, sheet_identity, workbook_identity
from flows.reading.ledgers import find_ledger_header, read_ledger
from flows.reading.results import FormSheet, Found, Workbook
from schemas.declaring import general, periods
from schemas.declaring.model import Declaration, FigureForm, Form, Ledger
from schemas.declaring.names import normal
from schemas.declaring.rules import Rule

HEAD_ROWS = 40


def read_workbook(
    path: Path, file_name: str, declaration: Declaration, assigned: tuple[str, int] | None = None
) -> Workbook:
    """What a file holds; `assigned` is (unit code, month) where the analyst has said so."""
    try:
        grids, broken = _open(path)
    except _UnreadableError as error:
        return Workbook("unreadable", str(error))
    except Exception as error:  # calamine has no common base for what broken files raise
        return Workbook("unreadable", _why_unreadable(path, error))
    book = interpret(grids, file_name, declaration, assigned)
    if grids or not broken:
        book.findings += broken
        return book
    return Workbook("unreadable", broken[0].message)


class _UnreadableError(Exception):
    pass


def _open(path: Path) -> tuple[list[Grid], list[Found]]:
    content = path.read_bytes()
    if not content:
        raise _UnreadableError("文件是空的（0字节）；请重新保存后再报。")
    # From the content: by its path calamine would believe the extension.
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    grids: list[Grid] = []
    broken: list[Found] = []
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.height * sheet.width > CELLS_LIMIT:
                rule = general.SHEET_TOO_LARGE
                broken.append(_of_sheet(rule, meta.name, rows=sheet.height, columns=sheet.width))
                continue
            top, left = sheet.start or (0, 0)
            rows = cast(list[Row], sheet.to_python(skip_empty_area=True))
        except Exception:  # one sheet that calamine cannot read stops only itself
            broken.append(_of_sheet(general.SHEET_BROKEN, meta.name))
            continue
        grids.append(Grid(meta.name, top, left, rows))
    return grids, broken


_SIGNATURES = (
    (b"%PDF", "PDF文档"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"Rar!", "RAR压缩包"),
    (b"7z\xbc\xaf", "7z压缩包"),
    (b"<!DOCTYPE", "网页"),
    (b"<html", "网页"),
)


def _why_unreadable(path: Path, error: Exception) -> str:
    with path.open("rb") as file:
        start = file.read(16)
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return f"这是{name}，不是电子表格；请用Excel或WPS另存为.xlsx后再报。"
    if "assword" in str(error) or "ncrypt" in str(error):
        return "文件加了密码，无法打开；请取消密码后再报。"
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return "文件已损坏或不完整，无法打开；请用Excel或WPS打开检查、另存为.xlsx后再报。"
    return "这不是电子表格，无法读取；请用Excel或WPS另存为.xlsx后再报。"


def interpret(
    grids: list[Grid],
    file_name: str,
    declaration: Declaration,
    assigned: tuple[str, int] | None = None,
) -> Workbook:
    """What the sheets hold: whose and which month, then each form's rows."""
    book = Workbook("read")
    identified: list[tuple[Grid, FigureForm | Ledger, Head, Said]] = []
    said_by: dict[tuple[object, ...], Said] = {}
    for grid in grids:
        head = read_head(grid, _head_rows(grid, declaration), declaration)
        forms = _forms(head, declaration)
        if forms and not head.form_nos and not _may_be_filled(grid, forms):
            continue  # a cover or a list of contents names forms too
        if len(forms) == 1:
            key = (*head.units, "", *head.periods, forms[0].months)  # most sheets say the same
            said = said_by.get(key) or sheet_identity(head, forms[0], declaration)
            said_by[key] = said
            identified.append((grid, forms[0], head, said))
        elif len(forms) > 1:
            names = "、".join(f"“{form.title_zh}”" for form in forms)
            book.findings.append(_of_sheet(general.TWO_FORMS, grid.name, names=names))
        elif find_header(grid) is not None or any(
            find_ledger_header(grid, ledger) is not None for ledger in declaration.ledgers
        ):
            book.findings.append(_of_sheet(general.SHEET_NOT_READ, grid.name))
    whole = _whole(identified, assigned, file_name, declaration)
    if whole.reason:
        book.state = "unidentified"
        book.reason = f"{whole.reason}；请核对改正后重报。"
        if not identified:
            book.reason = _why_no_form(grids, bool(book.findings))
            empty = any(grid.rows for grid in grids) and not any(_is_table(grid) for grid in grids)
            book.state = "unreadable" if empty else "unidentified"
        return book
    book.unit, book.month = whole.unit, whole.month
    here = []
    # The analyst overrides what all sheets say alike; where they differ, each stays its own.
    alike = len({(said.unit, said.month) for *_, said in identified if not said.reason}) <= 1
    for grid, form, _, said in identified:
        own = (said.unit, said.month) == (whole.unit, whole.month)
        if own or (assigned and (alike or said.reason)):
            here.append((grid, form))
        else:
            book.findings.append(_other_sheet(grid, said, whole, declaration))
    _read_forms(book, here, declaration)
    for sheet in book.sheets:
        sheet.sign()
    return book


def _head_rows(grid: Grid, declaration: Declaration) -> int:
    """How many rows are above the table: what stands in it is no head line."""
    headings = _headings(declaration)
    for row in range(min(HEAD_ROWS, len(grid.rows))):
        texts = grid.normal_texts(row)
        if headings.isdisjoint(texts):
            continue
        if len(headings.intersection(texts)) >= HEADINGS_LEAST:
            return row
    return HEAD_ROWS


def _headings(declaration: Declaration) -> frozenset[str]:
    if declaration.name_zh not in _HEADINGS:
        columns = {each.name_zh for ledger in declaration.ledgers for each in ledger.columns}
        _HEADINGS[declaration.name_zh] = frozenset(map(normal, columns)) | frozenset(HEADERS)
    return _HEADINGS[declaration.name_zh]


_HEADINGS: dict[str, frozenset[str]] = {}
HEADINGS_LEAST = 3


def _whole(
    identified: list[tuple[Grid, FigureForm | Ledger, Head, Said]],
    assigned: tuple[str, int] | None,
    file_name: str,
    declaration: Declaration,
) -> Said:
    if not identified:
        return Said(reason="没有本区的报表")
    if assigned is not None:
        return Said(*assigned)
    # A year's table is of the year's first month, whenever it is sent.
    yearly = all(isinstance(form, Ledger) and form.yearly for _, form, *_ in identified)
    said = [each for *_, each in identified]
    return workbook_identity(said, file_name, declaration, month_named=not yearly)


def _forms(head: Head, declaration: Declaration) -> list[FigureForm | Ledger]:
    return [
        form
        for form in declaration.all_forms
        if form.form_no in head.form_nos or form.name in head.titles
    ]


def _may_be_filled(grid: Grid, forms: list[FigureForm | Ledger]) -> bool:
    """Whether a sheet that names forms in a title only could be one of them, filled in."""
    for form in forms:
        if isinstance(form, Ledger) and find_ledger_header(grid, form) is not None:
            return True
    if find_header(grid) is not None:
        return True
    return any(type(cell) in (int, float) for row in grid.rows for cell in row)


def _is_table(grid: Grid) -> bool:
    """Whether a sheet has a table at all: two rows of two cells or more."""
    return sum(sum(cell != "" for cell in row) >= 2 for row in grid.rows) >= 2


def _why_no_form(grids: list[Grid], tables: bool) -> str:
    if not any(grid.rows for grid in grids):
        return "工作簿是空的，没有任何内容；请检查后重报。"
    if tables or any(_is_table(grid) for grid in grids):
        return "工作簿中的表不是下发的报表（没有能识别的表号或表名）；请使用下发的报表填报。"
    return "工作簿中只有文字，没有报表；请使用下发的报表填报。"


def _other_sheet(grid: Grid, said: Said, whole: Said, declaration: Declaration) -> Found:
    if said.reason:
        words = f"填报单位或报告期不明（{said.reason}）"
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


def _read_forms(
    book: Workbook, here: list[tuple[Grid, FigureForm | Ledger]], declaration: Declaration
) -> None:
    sheets: dict[str, list[tuple[Grid, FigureForm | Ledger]]] = defaultdict(list)
    for grid, form in here:
        sheets[form.name].append((grid, form))
    for group in sheets.values():
        grid, form = group[0]
        if len(group) > 1:
            names = "、".join(f"“{each.name}”" for each, _ in group)
            for each, _ in group:
                book.findings.append(
                    _of_sheet(
                        general.FORM_TWICE,
                        each.name,
                        form,
                        times=len(group),
                        title=form.title_zh,
                        sheets=names,
                    )
                )
            book.sheets.append(FormSheet(form.name, grid.name, broken=True))
        else:
            book.sheets.append(_read_form(book, grid, form, declaration))


def _read_form(
    book: Workbook, grid: Grid, form: FigureForm | Ledger, declaration: Declaration
) -> FormSheet:
    assert book.unit is not None
    assert book.month is not None
    group = declaration.group(book.unit) or ""
    asked = group in form.reporters and form.in_force(book.month)
    if isinstance(form, FigureForm):
        lines = declaration.lines(form, group, book.month)
        asked = asked and bool(lines.figures)
    if not asked:
        book.findings.append(
            _of_sheet(
                general.NOT_ASKED,
                grid.name,
                form,
                title=form.title_zh,
                unit=declaration.unit_by_code[book.unit].name,
                month=periods.month_zh(book.month),
            )
        )
        return FormSheet(form.name, grid.name, broken=True)
    if isinstance(form, Ledger) and form.yearly and book.month % 12:
        book.findings.append(_of_sheet(general.NOT_JANUARY, grid.name, form, title=form.title_zh))
        return FormSheet(form.name, grid.name, broken=True)
    if isinstance(form, Ledger):
        place = find_ledger_header(grid, form)
        if place is not None:
            return read_ledger(grid, form, *place, book.findings)
        columns = "、".join(each.name_zh for each in form.columns[:3])
    else:
        place = find_header(grid)
        if place is not None:
            return FigureSheet(grid, form, lines, book.findings).read(*place)
        columns = "指标名称、本月数"
    book.findings.append(
        _of_sheet(general.NO_TABLE, grid.name, form, title=form.title_zh, columns=columns)
    )
    return FormSheet(form.name, grid.name, broken=True)
