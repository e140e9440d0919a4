"""The front sheet: what to do, and live how much is still blank or does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from openpyxl.worksheet.worksheet import Worksheet

from flows.templating.figure_checks import Tally
from flows.templating.formulas import begins, on_sheet
from flows.templating.looks import Looks
from flows.templating.sheets import colour, page, protect, widths
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Unit

TITLE = "填报说明"
_HEADINGS = ("报表", "尚未填写（格）", "需改正（处）", "请核实（处）")
_WIDTH = len(_HEADINGS)
_ADVICE_HEIGHT = 38


class SheetTally(NamedTuple):
    """A sheet whose blanks and checks are counted."""

    title: str
    sheet: str
    tally: Tally


def advice(due: str, *, ledgers: bool) -> tuple[str, ...]:
    """The six things to do, in the order in which they are done."""
    last = (
        "台账带入的是哪个月的，写在表头下；请逐行核对、增减到本月末，没有带入的填全部。"
        if ledgers
        else "灰色的各列是以往的数，供对照，不用填写；与以往相差很大的，请在“说明”栏写明原因。"
    )
    return (
        "只填浅黄色的格，其他格已锁定；行高、列宽可以调整。",
        "没有发生的填“0”，不适用的填“—”；空着就是还没有填。",
        "“本年累计”由上月累计加上本月数自动算出，请核对；没有自动算出的，请自己填写。",
        "“审核”列变红的（需改正）必须改正；变黄的（请核实）请核对，属实的在“说明”栏写明原因。",
        last,
        f"填完后保存，于{due}前（含当日）报送；请不要改动填报单位、报告期和工作表名称。",
    )


def write_front(
    looks: Looks,
    sheet: Worksheet,
    declaration: Declaration,
    unit: Unit,
    month: int,
    counted: Sequence[SheetTally],
    *,
    ledgers: bool,
) -> None:
    """Write the sheet."""
    day = declaration.due_on(month)
    due = f"{day.year}年{day.month}月{day.day}日"
    looks.merged(sheet, 1, 1, _WIDTH, TITLE, "title")
    sheet.row_dimensions[1].height = 32
    looks.merged(sheet, 2, 1, _WIDTH, f"{unit.name}　{periods.month_zh(month)}月报", "said")
    row = 3
    for number, text in enumerate(advice(due, ledgers=ledgers), 1):
        row += 1
        looks.merged(sheet, row, 1, _WIDTH, f"{number}．{text}", "advice")
        sheet.row_dimensions[row].height = _ADVICE_HEIGHT
    row += 2
    for at, text in enumerate(_HEADINGS, 1):
        looks.put(sheet, row, at, text, "head")
    sheet.row_dimensions[row].height = 26
    first = row + 1
    for row, each in enumerate(counted, first):
        looks.put(sheet, row, 1, each.title, "text")
        looks.formula(sheet, row, 2, f"SUM({on_sheet(each.sheet, each.tally.blanks)})", "centred")
        for at, level in ((3, "error"), (4, "query")):
            found = begins(on_sheet(each.sheet, each.tally.checks), level)
            looks.formula(sheet, row, at, found, "centred")
        sheet.row_dimensions[row].height = 24
    last = first + len(counted) - 1
    looks.put(sheet, last + 1, 1, "合计", "total")
    for at, letter in ((2, "B"), (3, "C"), (4, "D")):
        looks.formula(sheet, last + 1, at, f"SUM({letter}{first}:{letter}{last})", "total")
    sheet.row_dimensions[last + 1].height = 24
    done = f"AND(B{last + 1}=0,C{last + 1}=0)"
    said = (
        f'IF({done},IF(D{last + 1}=0,"已全部填写，审核无误，可以报送。",'
        '"已全部填写；请核实的各处属实的，在“说明”栏写明原因后可以报送。"),'
        '"尚未填写或需改正的，请填完、改正后再报送。")'
    )
    looks.merged(sheet, last + 2, 1, _WIDTH, "", "said")
    looks.formula(sheet, last + 2, 1, said, "said")
    sheet.row_dimensions[last + 2].height = 24
    counts = f"C{first}:C{last + 1}"
    colour(sheet, counts, f"C{first}>0", None)
    colour(sheet, f"D{first}:D{last + 1}", "FALSE", f"D{first}>0")
    widths(sheet, [38, 18, 18, 18])
    protect(sheet)
    page(sheet, _WIDTH, last + 2, landscape=False, titles=False)
