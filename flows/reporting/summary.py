"""The month's summary workbook (汇总表): a sheet a form, ready to report upward."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from flows.reporting.ended_units import Values, carried_on, ended_units, heir, last_to_date
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm

_THIN = Side(style="thin", color="808080")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="DDE6F0")
_TOTAL = PatternFill("solid", fgColor="F2F2F2")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_FORMATS = {0: "#,##0", 1: "#,##0.0"}
_STATES = {"missing": "未报", "held": "审核未通过"}
_FIRST_ROW = 6
_PAGE_COLUMNS = 14


def write_summary(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, month: int, path: Path
) -> dict[str, Any]:
    """Write the workbook; what it holds: units, forms and those who are missing."""
    first = periods.first_day(month)
    # The year's earlier months too: of units that are no more, and of those they have become.
    values: Values = {
        (periods.month_of(day), unit, figure): (value, cumulative, mark)
        for day, unit, figure, value, cumulative, mark in connection.execute(
            "SELECT month, unit_code, figure, value, year_to_date, mark FROM main.monthly_figure "
            "WHERE month BETWEEN ? AND ?",
            [periods.first_day(month - month % 12), first],
        ).fetchall()
    }
    states = {
        (unit, form): state
        for unit, form, state in connection.execute(
            "SELECT unit_code, form, state FROM main.coverage WHERE month = ?", [first]
        ).fetchall()
    }
    # A form that is due and has no coverage yet has not come.
    gaps = [
        (unit.code, form.name, state)
        for unit in declaration.reporting_units(month)
        for form in declaration.due(unit.code, month)
        if (state := states.get((unit.code, form.name), "missing")) in _STATES
    ]
    book = Workbook()
    book.remove(book.worksheets[0])
    units = declaration.reporting_units(month)
    for form in declaration.forms:
        if form.in_force(month):
            sheet = book.create_sheet(form.title_zh[:31])
            _form_sheet(sheet, declaration, form, month, values, gaps)
    _gaps_sheet(book.create_sheet("未报和未通过情况"), declaration, month, gaps)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return {
        "file": str(path),
        "month": periods.month_label(month),
        "units": len(units),
        "forms": len(book.sheetnames) - 1,
        "gaps": [{"unit_code": unit, "form": form, "state": state} for unit, form, state in gaps],
    }


def _columns(figures: list[Figure]) -> list[tuple[Figure, bool]]:
    return [
        column
        for figure in figures
        for column in ([(figure, False), (figure, True)] if figure.kind == "flow" else [(figure, False)])
    ]  # fmt: skip


def _form_sheet(
    sheet: Worksheet,
    declaration: Declaration,
    form: FigureForm,
    month: int,
    values: Values,
    gaps: list[tuple[Any, ...]],
) -> None:
    groups = [group for group in form.reporters if form.lines(group, month)]
    figures = [figure for group in groups for figure in form.lines(group, month)]
    columns = _columns(figures)
    width = len(columns) + 2
    _title(sheet, f"{form.title_zh}汇总表", declaration, form, month, width)
    heads: list[tuple[str, str, str]] = [("单位代码", "", ""), ("填报单位", "", "")]
    heads += [
        (figure.name_zh, figure.unit, "本年累计" if cumulative else "本月数")
        for figure, cumulative in columns
    ]
    for at, texts in enumerate(heads, 1):
        for line, text in enumerate(texts, 3):
            _put(sheet, line, at, text, fill=_HEAD, bold=True)
    _merge_heads(sheet, columns)
    missing = {(unit, state): True for unit, of, state in gaps if of == form.name}
    row = _FIRST_ROW
    totals: list[Decimal | None] = [None] * len(columns)
    for unit in declaration.reporting_units(month):
        group = declaration.group(unit.code)
        if group not in groups:
            continue
        _put(sheet, row, 1, unit.code)
        _put(sheet, row, 2, unit.name)
        for at, (figure, cumulative) in enumerate(columns):
            value, year_to_date, mark = values.get(
                (month, unit.code, figure.name), (None, None, "")
            )
            number = year_to_date if cumulative else value
            if mark == "not_applicable" and not cumulative:
                _put(sheet, row, at + 3, "—")
            elif number is not None:
                totals[at] = (totals[at] or Decimal(0)) + number
                _put(sheet, row, at + 3, number, places=figure.kept_places)
            else:
                held = (unit.code, "held") in missing
                absent = (unit.code, "missing") in missing
                said = "审核未通过" if held else "未报" if absent else ""
                _put(sheet, row, at + 3, said if figure.reporter == group else "")
        row += 1
    for unit in ended_units(declaration, month):
        group = declaration.group(unit.code)
        if group not in groups:
            continue
        _put(sheet, row, 1, unit.code)
        follower = heir(declaration, unit, month)
        ended = "已撤销" if follower is None else f"已并入{follower.name}"
        _put(sheet, row, 2, f"{unit.name}（{ended}）")
        for at, (figure, cumulative) in enumerate(columns):
            _put(sheet, row, at + 3, "")
            counts = cumulative and figure.reporter == group
            if counts and not carried_on(values, declaration, figure, unit, month):
                number, owed = last_to_date(values, declaration, form, figure, unit, month)
                if number is not None:
                    totals[at] = (totals[at] or Decimal(0)) + number
                    _put(sheet, row, at + 3, number, places=figure.kept_places)
                elif owed:
                    _put(sheet, row, at + 3, "未报")
        row += 1
    _put(sheet, row, 1, "", fill=_TOTAL)
    _put(sheet, row, 2, "合计", fill=_TOTAL, bold=True)
    for at, (figure, _) in enumerate(columns):
        _put(sheet, row, at + 3, totals[at], places=figure.kept_places, fill=_TOTAL, bold=True)
    short = sum(1 for _ in missing)
    note = (
        f"注：{short}个单位未报或审核未通过，合计不含其数。"
        if short
        else "注：应报单位已全部报齐。"
    )
    sheet.cell(row + 1, 1, note)
    _page(sheet, width, row + 1)


def _merge_heads(sheet: Worksheet, columns: list[tuple[Figure, bool]]) -> None:
    """One heading over 本月数 and 本年累计 of a figure, and over the rows of the unit's."""
    for column in (1, 2):
        sheet.merge_cells(start_row=3, end_row=5, start_column=column, end_column=column)
    for at, (_, cumulative) in enumerate(columns, 3):
        if cumulative:
            for row in (3, 4):
                sheet.merge_cells(start_row=row, end_row=row, start_column=at - 1, end_column=at)


def _title(
    sheet: Worksheet,
    title: str,
    declaration: Declaration,
    form: FigureForm | None,
    month: int,
    width: int,
) -> None:
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(width, 4))
    sheet.cell(1, 1, title).font = Font(bold=True, size=16)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 28
    number = f"{form.form_no}　" if form else ""
    sheet.cell(2, 1, f"{number}{declaration.name_zh}　报告期：{periods.month_zh(month)}")


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | Decimal | dt.date | None,
    *,
    places: int = 0,
    fill: PatternFill | None = None,
    bold: bool = False,
) -> None:
    cell = sheet.cell(row, column, value)
    cell.border = _BOX
    if fill is not None:
        cell.fill = fill
    if bold:
        cell.font = Font(bold=True)
    if isinstance(value, Decimal):
        cell.number_format = _FORMATS.get(places, "#,##0.0" + "#" * (places - 1))
    else:
        cell.alignment = _CENTRE


def _page(sheet: Worksheet, width: int, rows: int) -> None:
    sheet.freeze_panes = f"C{_FIRST_ROW}"
    sheet.column_dimensions["A"].width = 13
    sheet.column_dimensions["B"].width = 14
    for at in range(3, width + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 13
    sheet.row_dimensions[3].height = 48
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    # A wide form goes over several pages side by side, each with the units' names.
    sheet.page_setup.fitToWidth = -(-width // _PAGE_COLUMNS)
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:5"
    sheet.print_title_cols = "A:B"
    sheet.print_area = f"A1:{get_column_letter(max(width, 4))}{rows}"


def _gaps_sheet(
    sheet: Worksheet, declaration: Declaration, month: int, gaps: list[tuple[Any, ...]]
) -> None:
    _title(sheet, "未报和审核未通过情况", declaration, None, month, 4)
    for at, head in enumerate(("单位代码", "填报单位", "报表", "情况"), 1):
        _put(sheet, 5, at, head, fill=_HEAD, bold=True)
    row = _FIRST_ROW
    for unit, form, state in gaps:
        texts = (
            unit,
            declaration.unit_by_code[unit].name,
            declaration.by_name[form].title_zh,
            _STATES[state],
        )
        for at, text in enumerate(texts, 1):
            _put(sheet, row, at, text)
        row += 1
    if not gaps:
        sheet.cell(row, 1, "应报报表已全部报齐。")
    _page(sheet, 4, row)
    sheet.column_dimensions["C"].width = 30
