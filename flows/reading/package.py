"""The parts of a zipped workbook and their markup, read without trusting either."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

PART_BYTES = 100 * 2**20
"""No more of a part is unpacked; what comes after is not looked at."""
PACKAGE_BYTES = 200 * 2**20
"""A workbook's parts together unpack to no more."""

_WARY: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PARSER = etree.XMLParser(**_WARY)
_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_UTF8 = 0x800
_HEADER_LENGTHS = struct.Struct("<HH")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


class Package:
    """The parts of a zip file by name; case does not matter, nor which slash is used.

    Raises zipfile.BadZipFile or struct.error where the content is no zip file.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._entries = _plain_entries(content) or _entries(content)
        self._unpacked: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._entries

    def names(self) -> list[str]:
        """The parts' names in lower case, with slashes."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """The first PART_BYTES of a part. KeyError: there is none of that name."""
        key = _key(name)
        if key not in self._unpacked:
            self._unpacked[key] = self._unpack(self._entries[key])
        return self._unpacked[key]

    def _unpack(self, entry: _Entry) -> bytes:
        _, _, method, packed_size, at, _ = entry
        of_name, of_extra = _HEADER_LENGTHS.unpack_from(self._content, at + 26)
        start = at + _LOCAL.size + of_name + of_extra
        packed = self._content[start : start + packed_size]
        if method == zipfile.ZIP_STORED:
            return packed[:PART_BYTES]
        return _small(packed) if packed_size <= _SMALL else _inflated(packed)

    def checked(self) -> bytes:
        """The parts with cells once more, unpacked, as a zip file.

        ValueError where one is not what was packed. calamine would not see that: it stops
        reading a sheet before the end, where its checksum is looked at. It is given what is
        unpacked and checked already. TooMuchError beyond PART_BYTES or PACKAGE_BYTES.
        """
        pieces: list[bytes] = []
        directory: list[bytes] = []
        at = 0
        for key, entry in self._entries.items():
            if key.startswith(_BESIDE):
                continue
            part = self._unpacked.get(key) or self._unpack(entry)
            if len(part) >= PART_BYTES or at > PACKAGE_BYTES:
                raise TooMuchError
            name, flags, _, _, _, checksum = entry
            if checksum != zlib.crc32(part):
                raise ValueError(f"the checksum of {key} is wrong")
            # No program writes these, but for a ! or # in a formula; other bytes find them fast.
            if key.endswith(".xml") and (b"!" in part or b"#" in part or part.find(b"?", 60) > 0):
                plain = _plain(part)
                if plain is not part:
                    part, checksum = plain, zlib.crc32(plain)
            self._unpacked[key] = part
            size = len(part)
            said = (20, flags & _UTF8, 0, 0, 0x21, checksum, size, size, len(name), 0)
            pieces += (_LOCAL.pack(b"PK\3\4", *said), name, part)
            directory += (_ENTRY.pack(b"PK\1\2", 20, *said, 0, 0, 0, 0, at), name)
            at += _LOCAL.size + len(name) + size
        listed = b"".join(directory)
        count = len(directory) // 2
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), at, 0)
        return b"".join((*pieces, listed, end))


class TooMuchError(ValueError):
    """A workbook that unpacks to more than any return does."""


_Entry = tuple[bytes, int, int, int, int, int]
"""A part as the directory lists it: name, flags, method, packed size, place and checksum."""


_SMALL = 1024
"""Packed, a part of no more bytes is likely to be the same in the next workbook."""


def _inflated(packed: bytes) -> bytes:
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, PART_BYTES)


# Styles and relations are a template's; each kept takes at most a thousand times its bytes.
_small = lru_cache(maxsize=64)(_inflated)


_BESIDE = (
    "[content_types].xml",
    "docprops/",
    "xl/media/",
    "xl/theme/",
    "pictures/",
    "thumbnails/",
    "xl/vbaproject",
)
"""Parts without cells."""


@lru_cache(maxsize=512)
def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _plain_entries(content: bytes) -> dict[str, _Entry]:
    """The entries by key; empty where zipfile's more thorough look is due.

    Opening every workbook of a night with zipfile takes three times as long.
    """
    end = len(content) - _END.size
    signature, _, _, _, count, size, at, _ = _END.unpack_from(content, end)
    if signature != b"PK\5\6" or at + size != end:
        return {}
    entries = {}
    for _ in range(count):
        entry = _ENTRY.unpack_from(content, at)
        if entry[0] != b"PK\1\2" or 0xFFFFFFFF in (entry[8], entry[16]):
            return {}
        name = at + _ENTRY.size
        at = name + entry[10] + entry[11] + entry[12]
        written = content[name : name + entry[10]]
        key = _key(written.decode("utf-8", "replace"))
        entries[key] = (written, entry[3], entry[4], entry[8], entry[16], entry[7])
    return entries if at == end else {}


def _entries(content: bytes) -> dict[str, _Entry]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {
            _key(entry.filename): (
                entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437"),
                entry.flag_bits,
                entry.compress_type,
                entry.compress_size,
                entry.header_offset,
                entry.CRC,
            )
            for entry in file.infolist()
        }


def targets(package: Package, part: str) -> dict[str, str]:
    """The parts that a part refers to, by the reference's id. KeyError: it refers to none."""
    folder, name = posixpath.split(part)
    return _targets(package.read(f"{folder}/_rels/{name}.rels"))


# The workbooks of one template have the same.
@lru_cache(maxsize=64)
def _targets(data: bytes) -> dict[str, str]:
    relations = parse(data).iter("{*}Relationship")
    return {each.get("Id", ""): each.get("Target", "") for each in relations}


def target_part(package: Package, part: str, target: str) -> str:
    """The name of the part that `part` means by `target`."""
    target = target.replace("\\", "/")
    if target.startswith("/") and target in package:
        return target
    # From the part's own folder; some programs write the whole path without its first slash.
    named = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
    return named if named in package else target


def main_part(package: Package, usual: str) -> str:
    """The name of the workbook's own part, `usual` where that is there."""
    if usual in package:
        return usual
    for relation in parse(package.read("_rels/.rels")).iter("{*}Relationship"):
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")  # type: ignore[no-any-return]  # lxml
    return usual


def parse(data: bytes) -> Any:
    """The root element of a small part. Raises what lxml raises, ValueError on a DTD."""
    return etree.fromstring(_without_dtd(as_ascii_superset(data)), _PARSER)


def events(data: bytes, *tags: str) -> Iterator[tuple[str, Any]]:
    """('start' or 'end', element) for each element of these local names, in order.

    Raises what lxml raises, ValueError on a DTD.
    """
    source = io.BytesIO(_without_dtd(data))
    names = [f"{{*}}{tag}" for tag in tags]
    yield from etree.iterparse(source, ("start", "end"), tag=names, **_WARY)


def forget(element: Any) -> None:
    """Frees an element that has been read, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def local_name(name: object) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def as_ascii_superset(data: bytes) -> bytes:
    """Markup in which ASCII bytes stand for themselves: UTF-16 becomes UTF-8."""
    start = data[:4]
    if not start.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in start:
        return data
    encoding = "utf-16" if start[0] > 0x80 else "utf-16-be" if start[0] == 0 else "utf-16-le"
    text = data[: len(data) & ~1].decode(encoding, "ignore")
    return _DECLARATION.sub("", text, count=1).encode("utf-8", "ignore")


_ODD = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[(?P<text>.*?)\]\]>|<\?(?!xml\s).*?\?>"
    rb"|&#(?:x(?P<hex>[0-9A-Fa-f]{1,6})|(?P<decimal>[0-9]{1,7}));",
    re.DOTALL,
)


def _plain(part: bytes) -> bytes:
    """Markup without comments, instructions, CDATA and numbered characters, `part` if it has none.

    calamine takes a cell's text for ended where one of them begins.
    """
    markup = as_ascii_superset(part)
    if not (b"<!" in markup or b"&#" in markup or markup.find(b"<?", 1) > 0):
        return part
    markup.decode()  # its characters are put in as UTF-8
    plain = _ODD.sub(_plainly, markup)
    if b"<!--" in plain or b"<![" in plain:
        raise ValueError("a comment or CDATA without an end")
    return part if plain == markup else plain


def _plainly(odd: re.Match[bytes]) -> bytes:
    if odd["text"] is not None:
        text = odd["text"]
    elif odd["hex"] or odd["decimal"]:
        code = int(odd["hex"], 16) if odd["hex"] else int(odd["decimal"])
        if (code not in _WHITE and not 0x20 <= code <= 0x10FFFF) or 0xD800 <= code < 0xE000:
            return odd[0]
        text = chr(code).encode()
    else:
        return b""
    for character, name in _NAMED:
        text = text.replace(character, name)
    return text


_WHITE = (0x9, 0xA, 0xD)
_NAMED = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;"), (b"'", b"&apos;"))


def _without_dtd(data: bytes) -> bytes:
    # Entities in attributes are resolved whatever the parser is told.
    if b"<!DOCTYPE" in data:
        raise ValueError("a document type declaration")
    return data
