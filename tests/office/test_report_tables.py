"""LibreOffice shows the quarter's tables as they are meant: every number whole."""

from pathlib import Path

from openpyxl import load_workbook

from flows.quarterly_report.gathering import gathered
from flows.quarterly_report.tables import tables
from schemas.declaring.periods import parse_quarter
from tests.few_units.declaration import DECLARATION
from tests.homes import Place
from tests.office.libreoffice import Office

_FORMATS = {"#,##0": ",.0f", "#,##0.0": ",.1f", '0.0"%"': ".1f", "0.0": ".1f", '0"%"': ".0f"}


def test_every_cell_shows_its_number(few_units: Place, office: Office, tmp_path: Path) -> None:
    warehouse = few_units.folder / "data/warehouse/minzheng.duckdb"
    with gathered(warehouse, DECLARATION, parse_quarter("2022Q4"), "2022Q4", threshold=5) as found:
        content = tables(found[0])
    path = tmp_path / "tables.xlsx"
    path.write_bytes(content)
    numbers = 0
    with office.open(path) as document:
        book = load_workbook(path)
        assert list(document.sheets()) == book.sheetnames
        for sheet in book.worksheets[1:-1]:  # the cover and the definitions have no numbers
            shown = document.texts(sheet.title, sheet.dimensions)
            assert not [text for row in shown for text in row if "##" in text]
            for cells, texts in zip(sheet.iter_rows(), shown, strict=True):
                for cell, text in zip(cells, texts, strict=True):
                    if isinstance(cell.value, int | float):
                        said = format(cell.value, _FORMATS[cell.number_format])
                        assert text == said + "%" * ("%" in cell.number_format)
                        numbers += 1
                    else:
                        assert text.split() == (cell.value or "").split()
    assert numbers > 500
