"""Workbooks of the merging villages."""

import io

import openpyxl

from schemas.declaring import periods
from tests.explaining.merging.declaration import DECLARATION, FORM
from tests.homes import Place

VILLAGES = {unit.code: unit.name for unit in DECLARATION.units}
ROW = {figure.name: 6 + at for at, figure in enumerate(FORM.figures)}
"""The sheet's row of each figure; 本月数 in E, 本年累计 in F."""


def workbook(unit: str, month: int, people: object, funds: tuple[int, int], spent: object) -> bytes:
    """`funds` are those of the month and since January; `spent` is since January."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = FORM.title_zh
    sheet["B2"] = FORM.title_zh
    sheet["B3"] = f"填报单位：{VILLAGES[unit]}　报告期：{periods.month_zh(month)}"
    sheet.append([])
    sheet.append([None, "指标名称", "计量单位", "代码", "本月数", "本年累计", "说明"])
    values = {"people": (people, None), "funds": funds, "spent": (None, spent)}
    for figure in FORM.figures:
        sheet.append([None, figure.name_zh, figure.unit, int(figure.code), *values[figure.name]])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def send_year(place: Place, unit: str, year: int, months: range, people: int, funds: int) -> None:
    """The same funds every month; `spent` is twice as much. Sent on the 2nd of the next month."""
    for number in months:
        month = periods.month_number(year, number)
        content = workbook(unit, month, people, (funds, funds * number), 2 * funds * number)
        day = periods.first_day(month + 1)
        name = f"{VILLAGES[unit]}{periods.month_label(month)}.xlsx"
        place.drop(name, content, at=f"{day:%Y-%m}-02T10:00")
