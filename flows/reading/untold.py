"""What calamine does not tell of a spreadsheet, and is looked up in the file itself.

Which cells show nothing because their formula has no result, or an error for one: calamine
gives both as '', like an empty cell. And from which day the numbers of dates are counted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from flows.reading import binary_records, compound, open_document, spreadsheet_markup
from flows.reading.package import Package


class _Workbook(Protocol):
    from_1904: bool

    def cells(self, sheet: str) -> Iterator[tuple[tuple[int, int], str]]: ...


class Untold:
    """A spreadsheet file besides its values: .xlsx, .xlsm, .xlsb, .xls, .et or .ods."""

    def __init__(self, content: bytes, package: Package | None = None) -> None:
        """`package` holds the parts of a zipped workbook where they are unpacked already."""
        self._content, self._package = content, package

    def unresolved(self, sheet: str) -> dict[tuple[int, int], str]:
        """A sheet's cells without a result: {(row, column) from 0, A1 being (0, 0): text}.

        The text is the error as the program shows it, e.g. '#REF!' or 'Err:502', or '=' and
        the formula that has no stored result, e.g. '=SUM(E6:E12)'; only '=' where the file
        does not give the formula as text. What cannot be read is left out; nothing is raised.
        """
        found: dict[tuple[int, int], str] = {}
        with contextlib.suppress(Exception):  # broken files break in any way
            if self._workbook is not None:
                for place, text in self._workbook.cells(sheet):
                    found[place] = text
        return found

    def from_1904(self) -> bool:
        """Whether a number that stands for a day counts from 1904, not from 1900."""
        with contextlib.suppress(Exception):
            return self._workbook is not None and self._workbook.from_1904
        return False

    @cached_property
    def _workbook(self) -> _Workbook | None:
        with contextlib.suppress(Exception):
            return _opened(self._content, self._package)
        return None


def _opened(content: bytes, package: Package | None) -> _Workbook:
    if content.startswith(compound.SIGNATURE):
        return binary_records.RecordWorkbook(compound.workbook_stream(content))
    package = package or Package(content)
    if open_document.CONTENT in package:
        return open_document.OpenDocument(package)
    if binary_records.WORKBOOK in package:
        return binary_records.BinaryWorkbook(package)
    return spreadsheet_markup.MarkupWorkbook(package)
