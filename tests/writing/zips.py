"""Zip archives entry by entry, right ones and ones whose headers say otherwise."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

UTF8_NAME, DESCRIPTOR = 0x800, 0x8
STORED, DEFLATED = 0, 8
_DAY = (2022 - 1980) << 9 | 8 << 5 | 2


@dataclass(frozen=True)
class Entry:
    """A file of an archive. What is None follows from the content."""

    name: bytes
    content: bytes
    method: int = DEFLATED
    flags: int = 0
    crc: int | None = None
    packed_size: int | None = None
    size: int | None = None
    raw: bytes | None = None
    level: int = 1

    def packed(self) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.method != DEFLATED:
            return self.content
        squeezed = zlib.compressobj(self.level, zlib.DEFLATED, -15)
        return squeezed.compress(self.content) + squeezed.flush()


def entry(name: str, content: bytes | str) -> Entry:
    """An entry as Excel and others write it."""
    encoded = name.encode()
    return Entry(
        encoded,
        content.encode() if isinstance(content, str) else content,
        flags=0 if name.isascii() else UTF8_NAME,
    )


def packed(entries: Iterable[Entry], before: bytes = b"", after: bytes = b"") -> bytes:
    """The archive's bytes, with what stands before and behind it."""
    body, directory, count = bytearray(before), bytearray(), 0
    for each in entries:
        content = each.packed()
        crc = zlib.crc32(each.content) if each.crc is None else each.crc
        packed_size = len(content) if each.packed_size is None else each.packed_size
        size = len(each.content) if each.size is None else each.size
        late = bool(each.flags & DESCRIPTOR)
        start = len(body)
        sizes = (0, 0, 0) if late else (crc, packed_size, size)
        about = (20, each.flags, each.method, 0, _DAY)
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *about, *sizes, len(each.name), 0)
        body += each.name + content
        if late:
            body += struct.pack("<4s3I", b"PK\7\x08", crc, packed_size, size)
        directory += struct.pack("<4sH5H3I", b"PK\1\2", 20, *about, crc, packed_size, size)
        directory += struct.pack("<5H2I", len(each.name), 0, 0, 0, 0, 0, start) + each.name
        count += 1
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end + after)


def zipped(files: dict[str, bytes], names_in: str = "utf-8") -> bytes:
    """Files in an archive; "gbk" names have no UTF-8 flag, as Windows writes them."""
    flags = UTF8_NAME if names_in == "utf-8" else 0
    return packed(
        Entry(name.encode(names_in), content, flags=flags) for name, content in files.items()
    )


def unpacked(archive: bytes) -> list[Entry]:
    """The entries of a right archive; `packed` puts them together again."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [
            Entry(
                each.filename.encode(),
                opened.read(each),
                each.compress_type,
                0 if each.filename.isascii() else UTF8_NAME,
            )
            for each in opened.infolist()
        ]
