"""Bytes to grids: what a file is follows from its content, never from its name."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Iterator
from functools import partial
from typing import cast

import python_calamine

from flows.reading import packed, refusals
from flows.reading.cells import CELLS_LIMIT, Grid, MarkupError, Row, TooLarge, Unresolved
from flows.reading.compound import SIGNATURE
from flows.reading.markup import is_markup, read_markup
from flows.reading.old_binary import read_old_binary
from flows.reading.package import Package
from flows.reading.refusals import RefusedError
from flows.reading.soundness import sound_package
from flows.reading.texts import decode, read_delimited
from flows.reading.untold import Untold
from schemas.declaring import general
from schemas.declaring.rules import Rule

_RAW_BIFF = tuple(struct.pack("<H", each) for each in (0x0009, 0x0209, 0x0409, 0x0809))
"""A workbook of Excel 2 to 5 may begin with its first record, without a container."""
_OTHERS = (
    (b"%PDF", "PDF文档"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"{\\rtf", "RTF文档"),
    (b"\x1f\x8b", "gzip压缩文件"),
)
_PACKED = ((b"Rar!", "RAR压缩包"), (b"7z\xbc\xaf\x27\x1c", "7z压缩包"))
_STREAMS = (("WordDocument", "Word文档"), ("PowerPoint Document", "演示文稿"))
_MAIL_STREAM = "__substg1.0_"
_ENCRYPTED = "EncryptedPackage"
_HEADER_BYTES = 2**16
_FIRST_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
# A page saved as one file has a head like a mail's, but nobody sent it.
_SENT = re.compile(rb"^(?:Received:|Return-Path:|Delivered-To:|From:[^\r\n]*@)", re.I | re.M)
_OF_MAIL = re.compile(rb"^(?:Subject|MIME-Version|Date|To|Message-ID):", re.I | re.M)


class Opened:
    """A file's sheets, and those of them that could not be read: the rule and its blanks."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.broken: list[tuple[Rule, str, dict[str, object]]] = []
        self.is_markup = False
        """It is a web page or an XML spreadsheet."""

    def add(self, grids: Iterable[Grid]) -> Opened:
        """Add sheets as they come, up to one that is too large."""
        try:
            self.grids.extend(grids)
        except TooLarge as error:
            self.too_large(error.sheet, error.rows, error.columns)
        return self

    def too_large(self, sheet: str, rows: int, columns: int) -> None:
        """Note a sheet whose used area is too large."""
        blanks: dict[str, object] = {"rows": rows, "columns": columns}
        self.broken.append((general.SHEET_TOO_LARGE, sheet, blanks))


def open_sheets(content: bytes, name: str) -> Opened:
    """The sheets of a file; `name` only names the sheet of one that has no sheets' names.

    Raises RefusedError for what is no spreadsheet or cannot be opened.
    """
    if not content:
        raise RefusedError(refusals.EMPTY_FILE.say())
    if packed.is_zip(content):
        return _open_zip(content)
    if content.startswith(SIGNATURE):
        return _open_ole2(content)
    if content.startswith(_RAW_BIFF):
        return _open_old(content)
    _refuse_other(content)
    if is_markup(content):
        try:
            opened = Opened().add(read_markup(content))
        except MarkupError as error:
            raise RefusedError(refusals.OTHER_KIND.say(kind="网页或XML文件")) from error
        opened.is_markup = True
        return opened
    text = decode(content)
    if text is None:
        raise RefusedError(refusals.NOT_A_SPREADSHEET.say())
    return Opened().add(_delimited(text, name))


def _delimited(text: str, name: str) -> Iterator[Grid]:
    yield read_delimited(text, name.rpartition(".")[0] or name)


def _refuse_other(content: bytes) -> None:
    for start, kind in _OTHERS:
        if content.startswith(start):
            raise RefusedError(refusals.OTHER_KIND.say(kind=kind))
    for start, kind in _PACKED:
        if content.startswith(start):
            raise RefusedError(refusals.PACKED.say(kind=kind))
    if _FIRST_HEADER.match(content):
        headers = re.split(rb"\r?\n\r?\n", content[:_HEADER_BYTES], maxsplit=1)[0]
        if _SENT.search(headers) and _OF_MAIL.search(headers):
            raise RefusedError(refusals.MAIL.say())


def _open_zip(content: bytes) -> Opened:
    package, unpacked = sound_package(content)
    try:
        return _calamine(unpacked, package)
    except MemoryError:
        raise
    except Exception as error:  # calamine has no common base for what broken files raise
        packed.refuse_other(content)
        raise RefusedError(refusals.DAMAGED.say()) from error


def _open_ole2(content: bytes) -> Opened:
    if _ENCRYPTED.encode("utf-16-le") in content:
        raise RefusedError(refusals.PASSWORD.say())
    try:
        return _calamine(content)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        if _MAIL_STREAM.encode("utf-16-le") in content:
            raise RefusedError(refusals.MAIL.say()) from error
        for stream, kind in _STREAMS:
            if stream.encode("utf-16-le") in content:
                raise RefusedError(refusals.OTHER_KIND.say(kind=kind)) from error
        return _open_old(content)


def _open_old(content: bytes) -> Opened:
    return Opened().add(read_old_binary(content))


def _calamine(content: bytes, package: Package | None = None) -> Opened:
    # From the content: by its path calamine would believe the extension.
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    opened = Opened()
    untold = Untold(content, package)
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.height * sheet.width > CELLS_LIMIT:
                opened.too_large(meta.name, sheet.height, sheet.width)
                continue
            top, left = sheet.start or (0, 0)
            rows = cast(list[Row], sheet.to_python(skip_empty_area=True))
        except MemoryError:
            raise
        except Exception:  # one sheet that calamine cannot read stops only itself
            opened.broken.append((general.SHEET_BROKEN, meta.name, {}))
            continue
        pending: list[Unresolved] = [partial(untold.unresolved, meta.name)]
        opened.grids.append(Grid(meta.name, top, left, rows, pending, untold.from_1904))
    return opened
