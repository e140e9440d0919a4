"""What all sheets of a template share: head lines, foot, protection, printing, colours."""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from flows.templating.looks import AMBER, RED, TEXT, Looks
from schemas.declaring import periods
from schemas.declaring.model import Form, Unit

HEADER_ROW = 5
FIRST_ROW = HEADER_ROW + 1
FOOT = ("单位负责人", "填表人", "联系电话", "报出日期")
_INK = {RED: "9C0006", AMBER: "7F6000"}
_MARGINS = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6, header=0.3, footer=0.3)


def period_zh(form: Form, month: int) -> str:
    """The form's period that ends with the month, as its head lines say it."""
    if form.months == 3:
        return periods.quarter_zh(periods.quarter_of(month))
    return periods.month_zh(month)


def head_lines(
    looks: Looks, sheet: Worksheet, form: Form, unit: Unit, month: int, width: int, note: str
) -> None:
    """The form's title, number, unit and period above its header."""
    half = max(width // 2, 1)
    looks.merged(sheet, 1, 1, width, form.title_zh, "title")
    looks.merged(sheet, 2, half + 1, width, f"表号：{form.form_no}", "said right")
    looks.merged(sheet, 3, 1, half, f"填报单位：{unit.name}", "said")
    looks.merged(sheet, 3, half + 1, width, f"报告期：{period_zh(form, month)}", "said right")
    looks.merged(sheet, 4, 1, width, note, "note")
    for row, height in enumerate((30, 18, 20, 16, 32), 1):
        sheet.row_dimensions[row].height = height


def foot_lines(looks: Looks, sheet: Worksheet, row: int, width: int, label: int) -> int:
    """The lines to sign below the table; the last row.

    The first label takes the first `label` columns, so that a ledger's required cell is blank
    in that row and it is no item.
    """
    each = 2 if width >= label + 4 else 1
    for at, name in enumerate(FOOT):
        line, beside = row + at // each, at % each
        rest = width - label
        wide = (rest - 1) // 2 if each == 2 else max(rest, 1)
        start = label + wide + 1 if beside else 1
        last = start if beside else label
        looks.merged(sheet, line, start, last, f"{name}：", "foot")
        end = max(width, last + 1) if beside or each == 1 else label + wide
        for column in range(last + 1, end + 1):
            looks.put(sheet, line, column, None, "foot entry", TEXT)
        if end > last + 1:
            sheet.merge_cells(start_row=line, end_row=line, start_column=last + 1, end_column=end)
        sheet.row_dimensions[line].height = 24
    return row + (len(FOOT) - 1) // each


def protect(sheet: Worksheet, *, rows: bool = False) -> None:
    """Lock what is not to be filled in, without a password; rows and columns stay resizable.

    With `rows` they may be inserted and deleted too.
    """
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    if rows:
        sheet.protection.insertRows = sheet.protection.deleteRows = False


def page(sheet: Worksheet, width: int, last_row: int, *, landscape: bool, titles: bool) -> None:
    """A4, as wide as the page, the head on every page."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = _MARGINS
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{get_column_letter(width)}{last_row}"
    footer: Any = sheet.oddFooter
    footer.center.text = "第 &P 页，共 &N 页"
    if titles:
        sheet.print_title_rows = f"1:{HEADER_ROW}"
    sheet.sheet_view.showGridLines = False


def widths(sheet: Worksheet, given: list[float]) -> None:
    """The widths of the columns from the first on."""
    for at, width in enumerate(given, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width


def hide(sheet: Worksheet, first: int, last: int) -> None:
    """Hide columns that only work things out."""
    for at in range(first, last + 1):
        sheet.column_dimensions[get_column_letter(at)].hidden = True


def colour(sheet: Worksheet, places: str, red: str, amber: str | None) -> None:
    """Red, or else amber, while a formula holds that is written for the first of the cells."""
    for formula, tint in ((red, RED), (amber, AMBER)):
        if formula is not None:
            looks = DifferentialStyle(
                font=Font(color=_INK[tint]), fill=PatternFill("solid", bgColor=tint, fgColor=tint)
            )
            rule = Rule(type="expression", dxf=looks, formula=[formula], stopIfTrue=True)
            sheet.conditional_formatting.add(places, rule)
