"""The parts of a zipped workbook, read without trusting it."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Container
from functools import lru_cache

from flows.reading.xml_parts import for_small, parse, plain

PART_BYTES = 100 * 2**20
"""No more of a part is unpacked; what comes after is not looked at."""
PACKAGE_BYTES = 200 * 2**20
"""A workbook's parts together unpack to no more."""

_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_UTF8 = 0x800
_HEADER_LENGTHS = struct.Struct("<HH")


class Package:
    """The parts of a zip file by name; case does not matter, nor which slash is used.

    Raises zipfile.BadZipFile or struct.error where the content is no zip file.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._entries = _plain_entries(content) or _entries(content)
        self._unpacked: dict[str, bytes] = {}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _key(name) in self._entries

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
                markup = plain(part)
                if markup is not part:
                    part, checksum = markup, zlib.crc32(markup)
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


def _read_targets(data: bytes) -> dict[str, str]:
    relations = parse(data).iter("{*}Relationship")
    return {each.get("Id", ""): each.get("Target", "") for each in relations}


_targets = for_small(_read_targets, 64)


def target_part(package: Container[str], part: str, target: str) -> str:
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
            return str(relation.get("Target", "")).lstrip("/")
    return usual
