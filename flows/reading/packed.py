"""Zip files: which are workbooks, which are envelopes around workbooks, and what is in those."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from typing import NamedTuple

from flows.reading import refusals
from flows.reading.refusals import RefusedError

UNPACKED_LIMIT = 400_000_000
"""Bytes that the files in a zip may unpack to."""
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


_OF_WORKBOOKS = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetype")


def kind_of(content: bytes) -> str:
    """What a zip is: workbook, word, slides, or envelope; RefusedError where it is broken."""
    names = [_path(each).lower() for each in _opened(content).infolist()]
    if any(name.startswith("word/") for name in names):
        return "word"
    if any(name.startswith("ppt/") for name in names):
        return "slides"
    own = ("[content_types].xml", "_rels/.rels", "mimetype", "content.xml", "meta-inf/manifest.xml")
    if any(name in own or name.startswith("xl/") for name in names):
        return "workbook"
    return "envelope"


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
    if spent[0] > FILES_LIMIT or spent[1] > UNPACKED_LIMIT:
        megabytes = spent[1] // 1_000_000
        raise RefusedError(refusals.PACKED_TOO_LARGE.say(files=spent[0], megabytes=megabytes))
    for number, entry in enumerate(entries):
        name = _path(entry)
        if entry.is_dir() or name.endswith("/") or _is_litter(name):
            continue
        own = f"{place}{number}"
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
        content = _read(archive, entry)
        if not content and entry.file_size:
            raise RefusedError(refusals.DAMAGED.say())
    return content


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise RefusedError(refusals.DAMAGED.say()) from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What an entry holds, nothing where that cannot be had."""
    try:
        return archive.read(entry)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError,
    ):  # fmt: skip
        return b""


def _path(entry: zipfile.ZipInfo) -> str:
    """An entry's name; without the flag that it is UTF-8 it is what Windows wrote, GBK."""
    name = entry.orig_filename
    if not entry.flag_bits & _LANGUAGE_BIT:
        written = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                decoded = written.decode(encoding)
            except UnicodeDecodeError:
                continue
            if encoding == "utf-8" and _UNLIKELY.search(decoded):
                continue  # two bytes of GBK can be a letter in UTF-8, but none of Chinese
            name = decoded
            break
    return name.replace("\\", "/").split("\0")[0].lstrip("/")


def _is_litter(name: str) -> bool:
    """What operating systems and open programs leave in folders."""
    last = name.rsplit("/", 1)[-1]
    return "__MACOSX/" in name or last.startswith((".", "~$")) or last.lower() == "thumbs.db"
