"""What the tests of returned workbooks share: remarks, and looks into what comes back."""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from lxml import etree

from flows.reading.problem_list import HEADINGS
from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from flows.returning.marking import Marked, mark
from flows.returning.markup import SHEET_ORDER, STYLES_ORDER, WORKBOOK_ORDER
from flows.returning.remarks import Heading, Remark
from schemas.declaration import DECLARATION
from schemas.declaring.rules import Level

HEADING = Heading("濯水镇", "2022年1月", "濯水镇1月.xlsx")
RED, AMBER, BLUE = "FFFFC7CE", "FFFFD966", "FFDDEBF7"


def remark(sheet: str, cell: str, level: Level = "error", **others: str) -> Remark:
    said = Remark(
        *(sheet, cell, "社会救助月报表", "0102", "城市低保人数", "本月数", "57", level, "B0101"),
        "“城市低保人数”为57，应不小于“城市低保户数”60；请核对后改正。",
    )
    return said._replace(**others)


def returned(content: bytes, *remarks: Remark, name: str = "一.xlsx") -> Marked:
    """The workbook marked; the same again gives the same bytes, in an order that is right."""
    marked = mark(content, name, remarks, HEADING)
    assert mark(content, name, remarks, HEADING) == marked
    check_package(marked.content)
    return marked


def edited(content: bytes, *remarks: Remark) -> bytes:
    """The very file, marked in its parts."""
    marked = returned(content, *remarks)
    assert not marked.is_copy
    return marked.content


def read(content: bytes, name: str = "一.xlsx") -> Workbook:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        return read_workbook(path, name, DECLARATION)


def same_report(one: Workbook, other: Workbook) -> bool:
    """Whether two files report the same and the same is found in them."""
    return [getattr(one, each) for each in _REPORTED] == [
        getattr(other, each) for each in _REPORTED
    ]


_REPORTED = ("state", "reason", "unit", "month", "sheets", "findings")


def opened(content: bytes, **how: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), **how)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {each: archive.read(each) for each in archive.namelist()}


def list_of(content: bytes, name: str = "问题清单") -> list[dict[str, Any]]:
    """The rows of the list by their headings."""
    rows = [[cell.value for cell in row] for row in opened(content)[name].iter_rows()]
    header = rows.index(list(HEADINGS))
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows[header + 1 :]]


def cell_row(content: bytes, number: int = 1) -> int:
    """The row of the list's entry of that number."""
    sheet = opened(content)["问题清单"]
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == str(number))


def check_package(content: bytes) -> None:
    """What Excel asks of a package: every reference met, every type said, elements in order."""
    parts = parts_of(content)
    types = etree.fromstring(parts["[Content_Types].xml"])
    overrides = [each.get("PartName") for each in types.iter("{*}Override")]
    defaults = {each.get("Extension").lower() for each in types.iter("{*}Default")}
    assert len(set(overrides)) == len(overrides)
    for part, data in parts.items():
        assert f"/{part}" in overrides or part.rpartition(".")[2].lower() in defaults, part
        if not part.endswith((".xml", ".rels")):
            continue
        root = etree.fromstring(data)
        local = etree.QName(root).localname
        order = {
            "worksheet": SHEET_ORDER, "styleSheet": STYLES_ORDER, "workbook": WORKBOOK_ORDER
        }.get(local)  # fmt: skip
        if order:
            names = [etree.QName(each).localname for each in root]
            places = [order.index(each) for each in names if each in order]
            assert places == sorted(places), (part, names)
        if local == "worksheet":
            _check_sheet(root, len(_formats(parts)))
        if local == "Relationships":
            ids = [each.get("Id") for each in root]
            assert len(set(ids)) == len(ids)


def _formats(parts: dict[str, bytes]) -> Any:
    name = next(each for each in parts if each.lower().endswith("styles.xml"))
    root = etree.fromstring(parts[name])
    for listed in root:
        if listed.get("count"):
            assert int(listed.get("count")) == len(listed), listed.tag
    fills = len(root.find("{*}fills"))
    assert all(int(each.get("fillId", 0)) < fills for each in root.find("{*}cellXfs"))
    return root.find("{*}cellXfs")


def _check_sheet(root: Any, formats: int) -> None:
    """Rows and cells in order, each once, with formats that are there."""
    last_row = 0
    for row in root.find("{*}sheetData"):
        number = int(row.get("r") or last_row + 1)
        assert number > last_row
        last_row, last = number, 0
        for cell in row.findall("{*}c"):
            assert int(cell.get("s", 0)) < formats
            place = cell.get("r")
            column = last + 1
            if place:
                letters = place.rstrip("0123456789")
                assert int(place[len(letters) :]) == number
                column = openpyxl.utils.column_index_from_string(letters)
            assert column > last
            last = column
