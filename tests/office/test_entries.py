"""What a validation lets through, worked out by LibreOffice as its own formula."""

from pathlib import Path

from openpyxl import Workbook

from flows.templating.entry import amount_entry
from schemas.declaring.model import Figure
from tests.office.libreoffice import Office

TYPED: dict[object, tuple[bool, bool, bool]] = {
    # what is typed: whether it may stand with no, one and two decimals
    0: (True, True, True),
    7: (True, True, True),
    123456789012: (True, True, True),
    1.5: (False, True, True),
    12.7: (False, True, True),
    0.07: (False, False, True),
    1.005: (False, False, False),
    -1: (False, False, False),
    "—": (True, True, True),
    "——": (True, True, True),
    "/": (True, True, True),
    "－": (True, True, True),
    "--": (True, True, True),
    10**12: (False, False, False),
    "不适用": (True, True, True),
    "１２": (False, False, False),
    "无": (False, False, False),
    "约30": (False, False, False),
}


def test_amounts_and_what_stands_for_none(office: Office, tmp_path: Path) -> None:
    book, scratch = Workbook(), Workbook()
    sheet, other = book.worksheets[0], scratch.worksheets[0]
    for places in range(3):
        figure = Figure("x", "0101", "数", "万元", "flow", "", places=places)
        for row, value in enumerate(TYPED, 1):
            place = f"A{row}"
            amount_entry(other, place, figure, "本月数")
            rule = other.data_validations.dataValidation[-1]
            sheet[place] = value
            sheet.cell(row, 2 + places).value = f"=IF({rule.formula1},1,0)"
    path = tmp_path / "x.xlsx"
    book.save(path)
    with office.open(path) as document:
        shown = document.values("Sheet", f"B1:D{len(TYPED)}")
    for value, held in zip(TYPED, shown, strict=True):
        assert tuple(map(bool, held)) == TYPED[value], value
