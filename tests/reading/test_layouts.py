"""Any mix of the layouts people make reads back exactly, with the right cells."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import python_calamine
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_to_tuple

from flows.demo.layout import month_texts
from flows.demo.returns import FigureSheet
from flows.demo.world import World
from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from schemas.declaration import DECLARATION
from schemas.declaring.rules import MICRO
from tests.homes import TOWN, content_of, only

JULY = 2022 * 12 + 6


def read(content: bytes, folder: Path, name: str = "x.xlsx") -> Workbook:
    path = folder / name
    path.write_bytes(content)
    return read_workbook(path, name, DECLARATION)


def amounts(book: Workbook) -> dict[str, tuple[Decimal, Decimal | None]]:
    return {
        line.figure: (
            Decimal(line.value or 0) / MICRO,
            None if line.year_to_date is None else Decimal(line.year_to_date) / MICRO,
        )
        for sheet in book.sheets
        for line in sheet.lines
    }


looks = st.fixed_dictionaries(
    {
        "seed": st.text("abcdef", min_size=1, max_size=4),
        "unit_text": st.sampled_from(("濯水镇", "黔江区濯水镇", "濯水镇人民政府")),
        "month_text": st.sampled_from(month_texts(JULY)),
        "rows_before": st.integers(0, 3),
        "columns_before": st.integers(0, 2),
        "gap_after": st.sampled_from([None, 3]),
        "middle_column": st.booleans(),
        "codes": st.sampled_from(["text", "number", "absent"]),
        "names": st.sampled_from(["plain", "numbered", "spaced", "brackets"]),
        "numbers": st.sampled_from(["number", "text", "padded", "separators", "full_width"]),
        "sheet_names": st.sampled_from(["title", "Sheet", "form_no", "numbered"]),
        "shuffled": st.booleans(),
        "extra": st.sampled_from(["", "visible", "hidden"]),
        "date_format": st.sampled_from(["", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]),
    }
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(look=looks)
def test_any_mix_of_layouts_reads_back_exactly(
    district: World, tmp_path: Path, look: dict[str, object]
) -> None:
    content = content_of(district.returns[TOWN, JULY], **look)
    book = read(content, tmp_path)
    assert (book.state, book.unit, book.month) == ("read", TOWN, JULY), book.reason
    assert amounts(book) == district.amounts(TOWN, JULY)
    assert [each for each in book.findings if each.level != "notice"] == []
    stored = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets:
        cells = stored.get_sheet_by_name(sheet.sheet).to_python(skip_empty_area=False)
        for line in sheet.lines:
            row, column = coordinate_to_tuple(line.place.cell)
            text = str(cells[row - 1][column - 1])
            assert text not in ("", "0") or not line.value


def lines_of(world: World) -> tuple[FigureSheet, list[list[object]]]:
    sheet = world.returns[TOWN, JULY].figure_sheet("social_assistance")
    assert sheet is not None
    rows: list[list[object]] = [
        [sheet.title_zh],
        ["填报单位：濯水镇", "", "报告期：2022年7月"],
        [],
        ["序号", "指标名称", "计量单位", "代码", "本月数", "本年累计", "说明"],
    ]
    for number, line in enumerate(sheet.lines, 1):
        value, cumulative = line.value, line.year_to_date
        assert isinstance(value, Decimal)
        total = float(cumulative) if isinstance(cumulative, Decimal) else ""
        rows.append([number, line.name_zh, line.unit, line.code, float(value), total])
    return sheet, rows


def check_social_assistance(book: Workbook, world: World) -> None:
    expected = world.amounts(TOWN, JULY)
    found = amounts(book)
    assert found == {figure: expected[figure] for figure in found}
    assert len(found) == 24
    assert book.findings == []


def test_xls(district: World, tmp_path: Path) -> None:
    _, rows = lines_of(district)
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表一")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    content = io.BytesIO()
    book.save(content)
    check_social_assistance(read(content.getvalue(), tmp_path, "x.xls"), district)


def test_ods(district: World, tmp_path: Path) -> None:
    _, rows = lines_of(district)

    def cell(value: object) -> str:
        if isinstance(value, str):
            return (
                f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p>'
                "</table:table-cell>"
                if value
                else "<table:table-cell/>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    table = "".join(
        f"<table:table-row>{''.join(map(cell, row)) or '<table:table-cell/>'}</table:table-row>"
        for row in rows
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="一">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", document)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    check_social_assistance(read(content.getvalue(), tmp_path, "x.ods"), district)


def test_the_extension_does_not_decide(district: World, tmp_path: Path) -> None:
    content = content_of(only(district.returns[TOWN, JULY], "social_assistance"))
    check_social_assistance(read(content, tmp_path, "x.xls"), district)
