"""Cells without a result in an OpenDocument spreadsheet: .ods."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from flows.reading.package import Package
from flows.reading.xml_parts import as_ascii_superset, events, forget, local_name

CONTENT = "content.xml"
_CELLS_LIMIT = 100_000
"""Repeats are not written out beyond so many cells of a sheet."""
_VALUES = frozenset(("value", "date-value", "time-value", "boolean-value", "string-value"))
_NAMESPACE = re.compile(r"[A-Za-z][\w.-]*:(?==)")
_FROM_1904 = re.compile(rb"<[\w.-]*:?null-date\s[^<>]*date-value=[\"']1904-01-01")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|(?:Err|错误):\d+")


class OpenDocument:
    """The sheets of an .ods file; all are read at once, as they share one part."""

    def __init__(self, package: Package) -> None:
        self._found: dict[str, dict[tuple[int, int], str]] = {}
        data = as_ascii_superset(package.read(CONTENT))
        self.from_1904 = _FROM_1904.search(data) is not None
        if b"formula" in data or b"error" in data:
            with contextlib.suppress(Exception):  # what comes before a break is still good
                self._read(data)

    def cells(self, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
        """((row, column), text) of each unresolved cell. KeyError: no such sheet."""
        return iter(self._found[sheet].items())

    def _read(self, data: bytes) -> None:
        depth = row = column = 0
        found: dict[tuple[int, int], str] = {}
        here: list[tuple[range, str]] = []
        for event, element in events(
            data, "table", "table-row", "table-cell", "covered-table-cell"
        ):
            name = local_name(element.tag)
            if name == "table":
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    row = column = 0
                    here = []
                    found = self._found[_attribute(element, "name")] = {}
                elif depth == 0:
                    forget(element)
            elif event == "end" and depth == 1:  # a table in a cell is none of the sheet
                if name == "table-row":
                    rows = range(row, row + _repeat(element, "number-rows-repeated"))
                    _spread(found, rows, here)
                    row, column, here = rows.stop, 0, []
                    forget(element)
                else:
                    columns = range(column, column + _repeat(element, "number-columns-repeated"))
                    text = _text(element)
                    if text:
                        here.append((columns, text))
                    column = columns.stop
                    element.clear()


def _spread(found: dict[tuple[int, int], str], rows: range, cells: list[tuple[range, str]]) -> None:
    if not cells:
        return
    for row in rows:
        for columns, text in cells:
            for column in columns:
                if len(found) >= _CELLS_LIMIT:
                    return
                found[row, column] = text


def _attribute(element: Any, name: str) -> str:
    for key, value in element.attrib.items():
        if local_name(key) == name:
            return str(value)
    return ""


def _repeat(element: Any, name: str) -> int:
    return max(1, int(_attribute(element, name) or 1))


def _text(cell: Any) -> str:
    """The error of a cell, or its formula where that has no result; else ''."""
    formula, error, value = None, False, ""
    for key, content in cell.attrib.items():
        name = local_name(key)
        if name == "formula":
            formula = "=" + _NAMESPACE.sub("", content, count=1).removeprefix("=")
        elif name == "value-type":
            error = error or content == "error"
        elif name in _VALUES:
            value = value or content.strip()
    if formula is None and not error:
        return ""
    shown = "".join(
        "".join(each.itertext()) for each in cell if local_name(each.tag) == "p"
    ).strip()
    # OpenOffice stores an error as the number 0 that shows the error's text.
    if error or _ERROR.fullmatch(shown):
        return shown or value or formula or "="
    return "" if shown or value else formula or ""
