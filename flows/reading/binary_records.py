"""Cells without a result in workbooks of binary records: .xls and .et, and .xlsb."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from flows.reading.package import Package, main_part, target_part, targets

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_UNKNOWN = "#ERROR!"

# BIFF5 and BIFF8
_BOFS = frozenset((0x0009, 0x0209, 0x0409, 0x0809))
_EOF = 0x000A
_FILEPASS = 0x002F
_DATEMODE = 0x0022
_CODEPAGE = 0x0042
_BOUNDSHEET = 0x0085
_FORMULAS = frozenset((0x0006, 0x0206, 0x0406))
_BOOLERR = 0x0205
_STRING = 0x0207
# SHRFMLA, ARRAY, TABLE and CONTINUE
_BEFORE_STRING = frozenset((0x04BC, 0x0221, 0x0236, 0x003C))
_IS_TEXT, _IS_ERROR, _IS_BLANK = 0, 2, 3

# BIFF12
WORKBOOK = "xl/workbook.bin"
_ROW_HEADER = 0x00
_CELL_ERRORS = frozenset((0x03, 0x0B))
_FORMULA_TEXT = 0x08
_SHARED_TEXT = 19
_BEGIN_TEXTS = 159
_END_SHEET_DATA = 0x92
_BUNDLE_SHEET = 0x9C
_WORKBOOK_SETTINGS = 0x99

Cells = Iterator[tuple[tuple[int, int], str]]


class RecordWorkbook:
    """The sheets of a Workbook or Book stream, BIFF5 or BIFF8."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._offsets: dict[str, int] = {}
        self.from_1904 = False
        wide, encoding = True, "cp1252"
        for kind, record in _biff(stream, 0):
            if kind in _BOFS:
                wide = unpack_from("<H", record)[0] != 0x0500
            elif kind == _CODEPAGE:
                encoding = _encoding(unpack_from("<H", record)[0])
            elif kind == _DATEMODE:
                self.from_1904 = record[:1] == b"\1"
            elif kind == _BOUNDSHEET:
                for name in _sheet_names(record, wide, encoding):
                    self._offsets[name] = unpack_from("<I", record)[0]
            elif kind in (_EOF, _FILEPASS):
                break

    def cells(self, sheet: str) -> Cells:
        """((row, column), text) of each unresolved cell. KeyError: no such sheet."""
        return _biff_cells(self._stream, self._offsets[sheet])


def _biff(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        at += 4
        yield kind, stream[at : at + size]
        at += size


def _encoding(codepage: int) -> str:
    return {1200: "utf-16-le", 10000: "mac-roman", 32768: "mac-roman", 32769: "cp1252"}.get(
        codepage, f"cp{codepage}"
    )


def _sheet_names(record: bytes, wide: bool, encoding: str) -> set[str]:
    """The name of a sheet, and what calamine makes of it."""
    length = record[6]
    if not wide:
        name = record[7 : 7 + length]
        # calamine takes each byte of a BIFF5 name for a character.
        bytewise = [bytes((byte,)).decode(encoding, "replace") for byte in name]
        names = {name.decode(encoding, "replace"), "".join(bytewise)}
    elif record[7] & 1:
        names = {record[8 : 8 + 2 * length].decode("utf-16-le")}
    else:
        names = {record[8 : 8 + length].decode("latin-1")}
    return {name.replace("\0", "") for name in names}


def _biff_cells(stream: bytes, at: int) -> Cells:
    depth = 0
    waiting: tuple[int, int] | None = None  # a formula whose text is still to come
    for kind, record in _biff(stream, at):
        if waiting is not None and kind not in _BEFORE_STRING:
            if kind != _STRING or record[:2] == b"\0\0":
                yield waiting, "="
            waiting = None
        if kind in _BOFS:
            depth += 1
        elif kind == _EOF:
            depth -= 1
        elif depth == 1 and kind in _FORMULAS and record[12:14] == b"\xff\xff":
            place = unpack_from("<HH", record)
            if record[6] == _IS_ERROR:
                yield place, _ERRORS.get(record[8], _UNKNOWN)
            elif record[6] == _IS_BLANK:
                yield place, "="
            elif record[6] == _IS_TEXT:
                waiting = place
        elif depth == 1 and kind == _BOOLERR and record[7]:
            yield unpack_from("<HH", record), _ERRORS.get(record[6], _UNKNOWN)
        if depth == 0:
            return  # not at a sheet, or past its end


class BinaryWorkbook:
    """The sheets of an .xlsb file, each read when asked for."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = main_part(package, WORKBOOK)
        self._targets = targets(package, self._part)
        self._sheets: dict[str, str] = {}
        self.from_1904 = False
        for kind, record in _biff12(package.read(self._part)):
            if kind == _WORKBOOK_SETTINGS:
                self.from_1904 = bool(record[0] & 1)
            elif kind == _BUNDLE_SHEET:
                relation, end = _wide_text(record, 8)
                self._sheets.setdefault(_wide_text(record, end)[0], relation)

    def cells(self, sheet: str) -> Cells:
        """((row, column), text) of each unresolved cell. KeyError: no such sheet or part."""
        target = self._targets[self._sheets[sheet]]
        return _biff12_cells(self._package.read(target_part(self._package, self._part, target)))


def _biff12(data: bytes, *, whole: bool = False) -> Iterator[tuple[int, bytes]]:
    """Each record's type and content; IndexError where the last one's head is cut off.

    With `whole`, ValueError where its content is.
    """
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | data[at] << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if whole and at + size > len(data):
            raise ValueError("the last record is cut off")
        yield kind, data[at : at + size]
        at += size


def _wide_text(record: bytes, at: int) -> tuple[str, int]:
    """The text at a place and where it ends."""
    length = unpack_from("<I", record, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return record[at + 4 : end].decode("utf-16-le"), end


def _biff12_cells(data: bytes) -> Cells:
    row = 0
    for kind, record in _biff12(data):
        if kind == _ROW_HEADER:
            row = unpack_from("<I", record)[0]
        elif kind in _CELL_ERRORS:
            yield (row, unpack_from("<I", record)[0]), _ERRORS.get(record[8], _UNKNOWN)
        elif kind == _FORMULA_TEXT and record[8:12] == b"\0\0\0\0":
            yield (row, unpack_from("<I", record)[0]), "="
        elif kind == _END_SHEET_DATA:
            return


_TEXT_CELLS = (6, _FORMULA_TEXT)
_CELL_SIZES = {1: 8, 2: 12, 3: 9, 4: 9, 5: 16, 7: 12}
"""Cells without a formula: blank, packed number, error, boolean, number, shared text."""


def check_records(package: Package) -> None:
    """ValueError where records of an .xlsb file are cut, or not as long or as many as they say."""
    for part in package.names():
        if part.startswith("xl/worksheets/") and part.endswith(".bin"):
            for kind, record in _biff12(package.read(part), whole=True):
                if len(record) != _CELL_SIZES.get(kind, len(record)) or (
                    kind in _TEXT_CELLS and len(record) < _wide_text(record, 8)[1]
                ):
                    raise ValueError("a cell's record is not of its length")
        elif part == "xl/sharedstrings.bin":
            _check_shared_texts(package.read(part))


def _check_shared_texts(data: bytes) -> None:
    said = count = 0
    for kind, record in _biff12(data, whole=True):
        if kind == _BEGIN_TEXTS:
            said = unpack_from("<I", record, 4)[0]
        elif kind == _SHARED_TEXT:
            count += 1
            if len(record) < _wide_text(record, 1)[1]:
                raise ValueError("a shared text is cut off")
    if said not in (0, count):  # the cells count them
        raise ValueError("shared texts are missing")
