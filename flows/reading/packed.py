"""Zip files: which are workbooks, which are envelopes around workbooks, and what is in those."""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from flows.reading import refusals
from flows.reading.refusals import RefusedError

UNPACKED_LIMIT = 400_000_000
"""Bytes that the files in a zip may unpack to."""
LARGE = 64 * 2**20
"""A larger file is no return, unless it is a zip: it is not read whole."""
FILES_LIMIT = 1000
DEPTH_LIMIT = 3
"""A zip in a zip in a zip is opened, one more is not."""
_UNLIKELY = re.compile("[\u0080-\u07ff]")
_LANGUAGE_BIT = 0x800
_ENCRYPTED_BIT = 0x1


class Member(NamedTuple):
    """A file in a zip. `place` counts the entries, in a zip within the zip again: 3 or 3/0."""

    place: str
    name: str
    """With its folders and the zips it lies in."""
    size: int
    sha256: str


def is_zip(content: bytes) -> bool:
    """Whether it begins as a zip does."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


_OF_WORKBOOKS = (
    b"xl/workbook",
    b"xl/_rels/",
    b"xl/worksheets/sheet",
    b"xl/theme/",
    b"xl/styles.xml",
    b"xl/sharedStrings.xml",
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"mimetype",
)


def read_file(path: Path) -> bytes:
    """A file's content; RefusedError for one that is far larger than a return or a zip of them.

    A look at the start of a large file tells.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > LARGE:
            _refuse_large(file.read(4), size)
            file.seek(0)
        return file.read()


def _refuse_large(start: bytes, size: int) -> None:
    if size > LARGE and not is_zip(start):
        raise RefusedError(refusals.FILE_TOO_LARGE.say(megabytes=size // 1_000_000))


_MARKS = {
    "word/document.xml": "word",
    "ppt/presentation.xml": "slides",
    "xl/workbook.xml": "workbook",
    "xl/workbook.bin": "workbook",
    "androidmanifest.xml": "android",
    "ofd.xml": "ofd",
    "index/document.iwa": "iwork",
}
"""What a zip is that has such a file."""
_OWN = ("[content_types].xml", "_rels/.rels", "content.xml", "meta-inf/manifest.xml")
_KINDS_ZH = {
    "word": "Word文档",
    "slides": "演示文稿",
    "text": "文字文档",
    "book": "电子书",
    "ofd": "OFD文档",
    "iwork": "苹果iWork文件",
    "android": "安卓安装包",
}
_TYPES = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "workbook"),
    (b"application/vnd.oasis.opendocument.presentation", "slides"),
    (b"application/vnd.oasis.opendocument", "text"),
    (b"application/epub", "book"),
)
"""What a zip is by what its file `mimetype` begins with."""


def kind_of(content: bytes) -> str:
    """What a zip is: a workbook, an envelope, or a document of another kind.

    Raises RefusedError where it is broken.
    """
    archive = _opened(content)
    entries = archive.infolist()
    names = {_path(each).lower(): each for each in entries}
    for mark, kind in _MARKS.items():
        if mark in names:
            return kind
    if "mimetype" in names:
        said = _read(archive, names["mimetype"])
        return next((kind for start, kind in _TYPES if said.startswith(start)), "workbook")
    return "workbook" if any(own in names for own in _OWN) else "envelope"


def refuse_other(content: bytes) -> None:
    """Raise RefusedError, by its name, where a zip is a document of another kind."""
    kind = kind_of(content)
    if kind in _KINDS_ZH:
        raise RefusedError(refusals.OTHER_KIND.say(kind=_KINDS_ZH[kind]))


def members(content: bytes) -> list[Member]:
    """The files in a zip, those in zips within it among them.

    Raises RefusedError where there are none, or too many or too large ones.
    """
    found: list[Member] = []
    _collect(content, "", "", DEPTH_LIMIT, found, [0, 0])
    if not found:
        raise RefusedError(refusals.NOTHING_PACKED.say())
    return found


def _collect(
    content: bytes, place: str, folder: str, depth: int, found: list[Member], spent: list[int]
) -> None:
    archive = _opened(content)
    entries = archive.infolist()
    spent[0] += len(entries)
    spent[1] += sum(each.file_size for each in entries)
    if spent[0] > FILES_LIMIT:
        raise RefusedError(refusals.PACKED_TOO_MANY.say(files=spent[0]))
    if spent[1] > UNPACKED_LIMIT:
        megabytes = spent[1] // 1_000_000
        raise RefusedError(refusals.PACKED_TOO_LARGE.say(files=spent[0], megabytes=megabytes))
    encoding = _encoding(entries)
    for number, entry in enumerate(entries):
        name = _path(entry, encoding) or (f"未命名{number + 1}" if entry.file_size else "/")
        if name.endswith("/") or _is_litter(name):
            continue
        own = f"{place}{number}"
        if entry.file_size > LARGE and not is_zip(_read(archive, entry, 4)):
            digest = _digest(archive, entry)
            found.append(Member(own, f"{folder}{name}", entry.file_size, digest))
            continue
        held = _read(archive, entry)
        if depth > 1 and is_envelope(held):
            _collect(held, f"{own}/", f"{folder}{name}/", depth - 1, found, spent)
        else:
            digest = hashlib.sha256(held).hexdigest()
            found.append(Member(own, f"{folder}{name}", entry.file_size, digest))


def is_envelope(content: bytes) -> bool:
    """Whether it is a zip around files that is no workbook or document itself."""
    if not is_zip(content) or content[30:60].startswith(_OF_WORKBOOKS):
        return False  # most workbooks need no second look
    try:
        return kind_of(content) == "envelope"
    except RefusedError:
        return False


def member(content: bytes, place: str) -> bytes:
    """The bytes of a member of a zip; RefusedError where they cannot be had."""
    for number in place.split("/"):
        archive = _opened(content)
        entry = archive.infolist()[int(number)]
        if entry.flag_bits & _ENCRYPTED_BIT:
            raise RefusedError(refusals.PASSWORD.say())
        if entry.file_size > LARGE:
            _refuse_large(_read(archive, entry, 4), entry.file_size)
        content = _read(archive, entry)
        if not content and entry.file_size:
            raise RefusedError(refusals.DAMAGED.say())
    if is_envelope(content):
        raise RefusedError(refusals.PACKED_TOO_DEEP.say(depth=DEPTH_LIMIT))
    return content


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except MemoryError:
        raise
    except UnicodeDecodeError as error:
        misnamed: Exception = error
    except Exception as error:  # whatever a broken zip breaks with
        raise RefusedError(refusals.DAMAGED.say()) from error
    try:
        return zipfile.ZipFile(io.BytesIO(_without_language_bits(content)))
    except MemoryError:
        raise
    except Exception:  # its directory is broken in some other way too
        raise RefusedError(refusals.DAMAGED.say()) from misnamed


def _without_language_bits(content: bytes) -> bytes:
    """The zip with no name said to be UTF-8 that is not, as some programs say of GBK."""
    changed = bytearray(content)
    end = content.rfind(b"PK\5\6")
    count, size, start = struct.unpack_from("<HII", content, end + 10)
    at = end - size
    before = at - start
    for _ in range(count):
        name_length, extra, comment = struct.unpack_from("<3H", content, at + 28)
        (header,) = struct.unpack_from("<I", content, at + 42)
        try:
            content[at + 46 : at + 46 + name_length].decode()
        except UnicodeDecodeError:
            for flags in (at + 9, before + header + 7):
                changed[flags] &= ~(_LANGUAGE_BIT >> 8)
        at += 46 + name_length + extra + comment
    return bytes(changed)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int = -1) -> bytes:
    """What an entry holds, or its first bytes; nothing where that cannot be had."""
    try:
        with archive.open(entry) as file:
            return file.read(size)
    except MemoryError:
        raise
    except Exception:  # each way of packing has errors of its own
        return b""


def _digest(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """The hash of a large entry, which is not held in memory for it."""
    hashed = hashlib.sha256()
    with suppress(Exception), archive.open(entry) as file:  # as for one that cannot be read
        while piece := file.read(2**20):
            hashed.update(piece)
    return hashed.hexdigest()


def _encoding(entries: list[zipfile.ZipInfo]) -> str:
    """What the names without the flag that they are UTF-8 are written in: one for all."""
    for entry in entries:
        if entry.flag_bits & _LANGUAGE_BIT:
            continue
        try:
            name = entry.orig_filename.encode("cp437", "replace").decode("utf-8")
        except UnicodeDecodeError:
            return "gb18030"
        if _UNLIKELY.search(name):
            return "gb18030"  # two bytes of GBK can be a letter in UTF-8, but none of Chinese
    return "utf-8"


def _path(entry: zipfile.ZipInfo, encoding: str = "utf-8") -> str:
    """An entry's name; without the flag that it is UTF-8 it is what Windows wrote, GBK."""
    name = entry.orig_filename
    if not entry.flag_bits & _LANGUAGE_BIT:
        written = name.encode("cp437", "replace")
        name = written.decode(encoding, "replace")
    return name.replace("\\", "/").split("\0")[0].lstrip("/")


def _is_litter(name: str) -> bool:
    """What operating systems and open programs leave in folders."""
    last = name.rsplit("/", 1)[-1]
    return "__MACOSX/" in name or last.startswith((".", "~$")) or last.lower() == "thumbs.db"
