"""The parts of a zipped workbook, some of them changed and all others as they came."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from flows.reading.package import PACKAGE_BYTES, PART_BYTES
from flows.returning.markup import parsed, serialised

_LOCAL = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LENGTHS = struct.Struct("<HH")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_DAY = (2022 - 1980) << 9 | 1 << 5 | 1
"""The date in every entry: the bytes must not depend on the clock."""


class _Packed(NamedTuple):
    """A part as it lies in the zip file."""

    name: bytes
    flags: int
    method: int
    checksum: int
    size: int
    content: bytes


class Parts:
    """A zip file's parts by name; case does not matter.

    What is not written to stays packed as it is. ValueError or zipfile.BadZipFile where the
    file is not one that every program reads alike.
    """

    def __init__(self, content: bytes) -> None:
        self._parts: dict[str, _Packed] = {}
        self._read: dict[str, bytes] = {}
        self._roots: dict[str, Any] = {}
        total = 0
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for entry in file.infolist():
                total += entry.file_size
                key = _key(entry.filename)
                if (
                    entry.flag_bits & _ENCRYPTED
                    or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
                    or entry.file_size > PART_BYTES
                    or total > PACKAGE_BYTES
                    or key in self._parts
                ):
                    raise ValueError(f"a part that cannot be kept safely: {entry.filename}")
                self._parts[key] = _packed(entry, content)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _key(name) in self._parts

    def __iter__(self) -> Iterator[str]:
        return (part.name.decode("utf-8", "replace") for part in self._parts.values())

    def read(self, name: str) -> bytes:
        """What a part holds. KeyError: there is none; ValueError: it is damaged."""
        key = _key(name)
        if key in self._roots:
            return serialised(self._roots[key])
        if key not in self._read:
            self._read[key] = _unpacked(self._parts[key])
        return self._read[key]

    def root(self, name: str) -> Any:
        """The root element of a part that is going to be changed: it is written anew."""
        key = _key(name)
        if key not in self._roots:
            self._roots[key] = parsed(self.read(name))
        return self._roots[key]

    def write(self, name: str, content: bytes) -> None:
        """Put a part in the place of the one of that name, or behind all others."""
        key = _key(name)
        kept = self._parts.get(key)
        self._parts[key] = _deflated(name.encode() if kept is None else kept.name, content)
        self._read[key] = content
        self._roots.pop(key, None)

    def remove(self, name: str) -> None:
        """Leave out a part, where it is there."""
        for held in (self._parts, self._read, self._roots):
            held.pop(_key(name), None)

    def unused(self, before: str, after: str) -> str:
        """The first name of no part: `before`, a number from 1, `after`."""
        number = 1
        while f"{before}{number}{after}" in self:
            number += 1
        return f"{before}{number}{after}"

    def packed(self) -> bytes:
        """The zip file, its parts in their order."""
        for key, root in list(self._roots.items()):
            name = self._parts[key].name
            self._parts[key] = _deflated(name, serialised(root))
        return _joined(self._parts.values())


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip file of those parts."""
    return _joined(_deflated(name.encode(), content) for name, content in files.items())


def _joined(parts: Iterable[_Packed]) -> bytes:
    pieces: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for name, flags, method, checksum, size, content in parts:
        said = (20, flags, method, 0, _DAY, checksum, len(content), size, len(name), 0)
        pieces += (_LOCAL.pack(b"PK\3\4", *said), name, content)
        listed += (_ENTRY.pack(b"PK\1\2", 20, *said, 0, 0, 0, 0, at), name)
        at += _LOCAL.size + len(name) + len(content)
    directory = b"".join(listed)
    count = len(listed) // 2
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, 0)
    return b"".join((*pieces, directory, end))


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _packed(entry: zipfile.ZipInfo, content: bytes) -> _Packed:
    of_name, of_extra = _LENGTHS.unpack_from(content, entry.header_offset + 26)
    start = entry.header_offset + _LOCAL.size + of_name + of_extra
    utf8 = entry.flag_bits & _UTF8
    return _Packed(
        entry.orig_filename.encode("utf-8" if utf8 else "cp437"),
        utf8,
        entry.compress_type,
        entry.CRC,
        entry.file_size,
        content[start : start + entry.compress_size],
    )


def _deflated(name: bytes, content: bytes) -> _Packed:
    squeezed = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = squeezed.compress(content) + squeezed.flush()
    flags = 0 if name.isascii() else _UTF8
    return _Packed(name, flags, zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content), packed)


def _unpacked(part: _Packed) -> bytes:
    content = part.content
    if part.method == zipfile.ZIP_DEFLATED:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, part.size + 1)
    if len(content) != part.size or zlib.crc32(content) != part.checksum:
        raise ValueError(f"a damaged part: {part.name.decode('utf-8', 'replace')}")
    return content
