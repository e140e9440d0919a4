"""What the writers write reads back, by the parsers that others use."""

import csv
import datetime as dt
import io
import itertools
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import python_calamine
from lxml import etree, html

from tests.writing.formats import Merge, Sheet, write, zipped
from tests.writing.sheets import address, letters
from tests.writing.xlsb import joined, split

DAY = dt.date(2022, 7, 31)
FIRST = Sheet(
    "社会救助 <1>",
    [
        [None, "标题 & “引号”"],
        [],
        [None, "指标", "0101", 12, None, Decimal("12.5"), 0.1, DAY],
        [None, " 空格 ", "１２，３", -3],
    ],
    (Merge(0, 1, 1, 3),),
)
SECOND = Sheet("二", [["续表", 1234567]])
READ = [
    ["", "标题 & “引号”", "", "", "", "", "", ""],
    [""] * 8,
    ["", "指标", "0101", 12.0, "", 12.5, 0.1, DAY],
    ["", " 空格 ", "１２，３", -3.0, "", "", "", ""],
]


def calamine(content: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def check(content: bytes) -> None:
    assert calamine(content) == {FIRST.name: READ, SECOND.name: [["续表", 1234567.0]]}


ways = [
    dict(zip(("shared", "dimension", "references", "prefix"), way, strict=True))
    for way in itertools.product((True, False), (True, False), (True, False), ("", "x"))
]


@pytest.mark.parametrize("look", ways)
@pytest.mark.parametrize("format", ["xlsx", "xlsm"])
def test_xlsx(format: str, look: dict[str, Any]) -> None:
    content = write([FIRST, SECOND], format, **look)
    check(content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [FIRST.name, SECOND.name]
    sheet = book[FIRST.name]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    rows[2][7] = rows[2][7].date()
    assert rows == [[None if cell == "" else cell for cell in row] for row in READ]
    assert [str(each) for each in sheet.merged_cells.ranges] == ["B1:D1"]


@pytest.mark.parametrize("look", ways)
def test_strict_xlsx(look: dict[str, Any]) -> None:
    check(write([FIRST, SECOND], "xlsx", strict=True, **look))


@pytest.mark.parametrize("shared", [True, False])
def test_xlsb(shared: bool) -> None:
    check(write([FIRST, SECOND], "xlsb", shared=shared))


def test_the_records_of_xlsb_split_and_join() -> None:
    with zipfile.ZipFile(io.BytesIO(write([FIRST], "xlsb"))) as archive:
        for name in archive.namelist():
            if name.endswith(".bin"):
                assert joined(split(archive.read(name))) == archive.read(name)


@pytest.mark.parametrize("format", ["xls", "et", "ods"])
def test_other_workbooks(format: str) -> None:
    found = calamine(write([FIRST._replace(name="社会救助"), SECOND], format))
    assert found == {"社会救助": READ, "二": [["续表", 1234567.0]]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_separated_values(format: str, delimiter: str, encoding: str) -> None:
    content = write([FIRST], format, encoding=encoding).decode(encoding)
    rows = list(csv.reader(io.StringIO(content), delimiter=delimiter))
    assert rows[1] == []
    assert rows[2] == ["", "指标", "0101", "12", "", "12.5", "0.1", "2022-07-31"]
    assert rows[3] == ["", " 空格 ", "１２，３", "-3"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("numbers", [True, False])
def test_html(numbers: bool, encoding: str) -> None:
    content = write([FIRST], "html", numbers=numbers, encoding=encoding)
    rows = html.fromstring(content).xpath("//table/tr")
    texts = [[cell.text or "" for cell in row.xpath("td")] for row in rows]
    assert texts[0] == ["", "标题 & “引号”", "", "", "", ""]
    assert texts[1] == [""] * 8
    assert texts[2] == ["", "指标", "0101", "12", "", "12.5", "0.1", "2022-07-31"]
    assert rows[0][1].get("colspan") == "3"
    assert (b'x:num="12.5"' in content) == numbers


def test_spreadsheetml() -> None:
    root = etree.fromstring(write([FIRST, SECOND], "xml"))
    space = root.tag.removesuffix("Workbook")
    names = [sheet.get(f"{space}Name") for sheet in root.findall(f"{space}Worksheet")]
    assert names == [FIRST.name, SECOND.name]
    first, *_ = root.findall(f"{space}Worksheet")
    rows = [
        [(cell.get(f"{space}Index"), "".join(cell.itertext())) for cell in row]
        for row in first.iter(f"{space}Row")
    ]
    assert rows == [
        [("2", "标题 & “引号”")],
        [
            ("2", "指标"),
            (None, "0101"),
            (None, "12"),
            ("6", "12.5"),
            (None, "0.1"),
            (None, "2022-07-31T00:00:00.000"),
        ],
        [("2", " 空格 "), (None, "１２，３"), (None, "-3")],
    ]
    assert [row.get(f"{space}Index") for row in first.iter(f"{space}Row")] == [None, "3", None]
    assert re.fullmatch(r"\d+", first.find(f".//{space}Cell").get(f"{space}MergeAcross"))


def test_one_sheet_a_file() -> None:
    with pytest.raises(ValueError, match="one sheet"):
        write([FIRST, SECOND], "csv")


def test_names_in_an_archive() -> None:
    files = {"濯水镇/七月.xlsx": b"a" * 1000, "b.csv": b""}
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert {each: archive.read(each) for each in archive.namelist()} == files
    with zipfile.ZipFile(io.BytesIO(zipped(files, "gbk"))) as archive:
        assert all(each.flag_bits & 0x800 == 0 for each in archive.infolist())
        names = [each.encode("cp437").decode("gbk") for each in archive.namelist()]
        assert names == list(files)
        assert archive.testzip() is None


def test_addresses() -> None:
    assert [letters(each) for each in (0, 25, 26, 701, 702, 16383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
    assert address(9, 27) == "AB10"
