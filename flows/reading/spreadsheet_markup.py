"""Cells without a result in a workbook of marked-up sheets: .xlsx and .xlsm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flows.reading.package import Package, main_part, target_part, targets
from flows.reading.xml_parts import as_ascii_superset, events, for_small, forget, local_name, parse

WORKBOOK = "xl/workbook.xml"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR = re.compile(rb"""t=["']e["']""")
# Looked up by its f, which is rare in a sheet, ten times as fast as by what stands before it.
_FORMULA = re.compile(rb"f(?<=[<:]f)[\s/>]")
_WITH_RESULT = re.compile(
    rb"<f(?:>|\s[^<>]*[^<>/]>)[^<]*</f><v>[^<\s]"  # its own text
    rb"|<f\s[^<>]*/><v>[^<\s]"  # a follower of a shared one
)
_ADDRESS = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")


class MarkupWorkbook:
    """The sheets of an .xlsx file, each read when asked for."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = main_part(package, WORKBOOK)
        self._targets = targets(package, self._part)
        self._sheets, self.from_1904 = _sheets(package.read(self._part))

    def cells(self, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
        """((row, column), text) of each unresolved cell. KeyError: no such sheet or part."""
        target = self._targets[self._sheets[sheet]]
        data = self._package.read(target_part(self._package, self._part, target))
        data = as_ascii_superset(data)
        return _cells(data) if _may_hold(data) else iter(())


def _read_sheets(data: bytes) -> tuple[dict[str, str], bool]:
    """The reference's id of each sheet by its name, and whether days count from 1904."""
    found: dict[str, str] = {}
    book = parse(data)
    settings = book.find("{*}workbookPr")
    from_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    for sheet in book.iter("{*}sheet"):
        relation = sheet.get(_RELATION_ID) or next(
            (value for key, value in sheet.attrib.items() if local_name(key) == "id"), ""
        )
        found.setdefault(sheet.get("name", ""), relation)
    return found, from_1904


_sheets = for_small(_read_sheets, 512)


def _may_hold(data: bytes) -> bool:
    """Whether a sheet may have an unresolved cell; almost all have none and need no parsing."""
    end = data.rfind(b"</sheetData>")  # formulas of charts and conditions come after it
    end = len(data) if end < 0 else end
    if _ERROR.search(data, 0, end) is not None:
        return True
    if _FORMULA.search(data, 0, end) is None:
        return False
    return len(_FORMULA.findall(data, 0, end)) != len(_WITH_RESULT.findall(data, 0, end))


def _cells(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = column = 0
    last = ""  # the last address given in the row; columns are counted on from it
    for event, element in events(data, "row", "c", "sheetData"):
        name = local_name(element.tag)
        if event == "start":
            if name == "row" and "r" in element.attrib:
                row = int(element.get("r")) - 1
        elif name == "c":
            address = element.get("r")
            if address is not None:
                last, column = address, 0
            text = _text(element)
            if text:
                place = _place(last) if last else (row, 0)
                yield (row if column else place[0], place[1] + column), text
            column += 1
            element.clear()
        elif name == "row":
            row += 1
            column, last = 0, ""
            forget(element)
        else:
            return


def _place(address: str) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _text(cell: Any) -> str:
    """The error of a cell, or its formula where that has no result; else ''."""
    formula, value = None, ""
    for child in cell:
        name = local_name(child.tag)
        if name == "f":
            formula = child.text or ""
        elif name == "v":
            value = value or child.text or ""
        elif name == "is":
            value = value or "".join(child.itertext())
    value = value.strip()
    if value:
        return value if cell.get("t") == "e" else ""
    return "" if formula is None else "=" + formula.strip().removeprefix("=")
