"""A plain second reading of a file: what stands in its cells, by parsers of its own.

It takes a file apart strictly and raises where the file is not right. An address may hold
several contents where a file says it twice.
"""

import csv
import io
import re
import zipfile
from collections import defaultdict
from xml.etree import ElementTree

from lxml import html

from tests.fuzzing.second_binary import Cells, xls_cells, xlsb_cells
from tests.writing.sheets import address


def second_reading(content: bytes, format: str) -> dict[str, Cells]:
    """Cells by sheet; a file without sheets' names has one named ''."""
    match format:
        case "xlsx" | "xlsm":
            return _xlsx(content)
        case "xlsb":
            return _xlsb(content)
        case "xls" | "et" | "biff":
            return xls_cells(content)
        case "ods":
            return _ods(content)
        case "csv" | "tsv":
            return {"": _separated(content)}
        case "html":
            return {"": _html(content)}
    return _spreadsheetml(content)


def _local(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in element.iter() if each.tag.rpartition("}")[2] == name]


def _children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in element if each.tag.rpartition("}")[2] == name]


def _attribute(element: ElementTree.Element, name: str) -> str:
    found = (value for key, value in element.items() if key.rpartition("}")[2] == name)
    return next(found, "")


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def _targets(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    root = ElementTree.fromstring(archive.read(f"xl/_rels/{book}.rels"))
    return {_attribute(each, "Id"): f"xl/{_attribute(each, 'Target')}" for each in root}


def _xlsx(content: bytes) -> dict[str, Cells]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    texts: list[str] = []
    if "xl/sharedStrings.xml" in archive.namelist():
        root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        texts = [_text(item) for item in _local(root, "si")]
    targets = _targets(archive, "workbook.xml")
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = {}
    for sheet in _local(book, "sheet"):
        related = next(value for key, value in sheet.items() if key.endswith("}id"))
        root = ElementTree.fromstring(archive.read(targets[related]))
        sheets[_attribute(sheet, "name")] = _xml_cells(root, texts)
    return sheets


def _xml_cells(root: ElementTree.Element, texts: list[str]) -> Cells:
    cells: Cells = defaultdict(list)
    row = 0
    for element in [each for data in _children(root, "sheetData") for each in data]:
        row = int(_attribute(element, "r") or row + 1)
        column = -1
        for cell in _children(element, "c"):
            column += 1
            at = _attribute(cell, "r")
            if at:
                column = _column(at)
            value = "".join(_text(each) for each in (*_children(cell, "v"), *_children(cell, "is")))
            if _attribute(cell, "t") == "s" and value:
                value = texts[int(value)]
            cells[at or address(row - 1, column)].append(value)
    return cells


def _column(at: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", at):
        number = number * 26 + ord(letter) - 64
    return number - 1


def _xlsb(content: bytes) -> dict[str, Cells]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return xlsb_cells(archive, _targets(archive, "workbook.bin"))


def _ods(content: bytes) -> dict[str, Cells]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    root = ElementTree.fromstring(archive.read("content.xml"))
    sheets = {}
    for table in _local(root, "table"):
        cells: Cells = defaultdict(list)
        row = 0
        for element in _children(table, "table-row"):
            column = 0
            for cell in element:
                value = _attribute(cell, "value") or _text(cell)
                if value:
                    cells[address(row, column)].append(value)
                column += int(_attribute(cell, "number-columns-repeated") or 1)
            row += int(_attribute(element, "number-rows-repeated") or 1)
        sheets[_attribute(table, "name")] = cells
    return sheets


def _separated(content: bytes) -> Cells:
    text = decoded(content)
    lines = text.splitlines()
    delimiter = max(",\t;|", key=lambda each: sum(each in line for line in lines))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _addressed([*rows])


def decoded(content: bytes) -> str:
    """The text of a file in one of the encodings that townships use."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-16")


def _addressed(rows: list[list[str]]) -> Cells:
    return {
        address(row, column): [cell]
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    }


def _html(content: bytes) -> Cells:
    cells: Cells = defaultdict(list)
    tables = html.fromstring(decoded(content).encode(), parser=html.HTMLParser(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(tables.iter("tr")):
        column = 0
        for cell in element.iterchildren("td", "th"):
            while (row, column) in taken:
                column += 1
            # x:num is the number itself, the text what is shown of it.
            texts = [cell.text_content().strip(), cell.get("x:num") or ""]
            cells[address(row, column)] += [each for each in texts if each]
            wide = _span(cell.get("colspan"))
            # None at all means down to the end.
            high = 100 if cell.get("rowspan") == "0" else _span(cell.get("rowspan"))
            taken |= {
                (row + below, column + right) for below in range(high) for right in range(wide)
            }
    return cells


def _span(text: str | None) -> int:
    return min(int(text), 100) if text and text.isdigit() and int(text) else 1


def _spreadsheetml(content: bytes) -> dict[str, Cells]:
    root = ElementTree.fromstring(content)
    sheets = {}
    for sheet in _children(root, "Worksheet"):
        cells: Cells = defaultdict(list)
        row, taken = 0, set()
        for element in [each for table in _children(sheet, "Table") for each in table]:
            row = int(_attribute(element, "Index") or row + 1)
            column = 0
            for cell in _children(element, "Cell"):
                told = _attribute(cell, "Index")
                column = int(told or column + 1)
                while not told and (row, column) in taken:
                    column += 1
                value = "".join(map(_text, _children(cell, "Data")))
                cells[address(row - 1, column - 1)].append(value)
                across = int(_attribute(cell, "MergeAcross") or 0)
                down = int(_attribute(cell, "MergeDown") or 0)
                taken |= {
                    (row + below, column + right)
                    for below in range(1, min(down, 100) + 1)
                    for right in range(min(across, 100) + 1)
                }
                column += across
        sheets[_attribute(sheet, "Name")] = cells
    return sheets
