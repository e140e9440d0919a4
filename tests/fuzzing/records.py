"""Mutations of binary records: BIFF8 in an OLE2 file, BIFF12 in an archive."""

import io
import random
import struct
from dataclasses import replace

import xlrd
import xlwt.CompoundDoc

from tests.fuzzing.raw import Bytes
from tests.writing.xlsb import Record, joined, split
from tests.writing.zips import packed, unpacked

_CONTINUE, _EOF = 0x3C, 0x0A
_OLE2 = b"\xd0\xcf\x11\xe0"
_KINDS = (0, 1, 5, 6, 7, 10, 0x3C, 0x85, 0xFC, 0xFD, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xFFFF)


def biff8(stream: bytes) -> list[Record]:
    """The records of a workbook's stream, to the last end of a sheet."""
    records, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        records.append((kind, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    while records and records[-1][0] != _EOF:
        records.pop()
    return records


def stream_of(content: bytes) -> bytes:
    """The workbook's stream of an OLE2 file, or a file that is nothing else."""
    if not content.startswith(_OLE2):
        return content
    stream: bytes = xlrd.compdoc.CompDoc(content, io.StringIO()).get_named_stream("Workbook")
    return stream


def wrapped(stream: bytes) -> bytes:
    """An OLE2 file around a workbook's stream."""
    content = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(content, stream)
    return content.getvalue()


def _joined8(records: list[Record], lies: dict[int, int]) -> bytes:
    """Records with their sizes, or with what `lies` says of them by their place."""
    return b"".join(
        struct.pack("<HH", kind, lies.get(at, len(body)) & 0xFFFF) + body
        for at, (kind, body) in enumerate(records)
    )


def _changed(rng: random.Random, change: str, records: list[Record]) -> list[Record]:
    """The records after a change that both kinds of file can have."""
    at = rng.randrange(len(records))
    kind, body = records[at]
    match change:
        case "kind altered":
            others = (*_KINDS, rng.choice(records)[0], kind ^ 1 << rng.randrange(8))
            new = [(rng.choice(others) & 0x3FFF, body)]
        case "dropped":
            new = []
        case "twice":
            new = [(kind, body)] * rng.choice((2, 2, 200))
        case "cut":
            new = [(kind, body[: rng.randrange(len(body) + 1)])]
        case "longer":
            new = [(kind, body + rng.randbytes(rng.choice((1, 2, 8, 300))))]
        case "body altered":
            changed = bytearray(body)
            for _ in range(min(len(body), rng.choice((1, 1, 2, 4)))):
                changed[rng.randrange(len(body))] = rng.choice(
                    (0, 1, 0x7F, 0xFF, rng.randrange(256))
                )
            new = [(kind, bytes(changed))]
        case "swapped":
            other = rng.randrange(len(records))
            records = [*records]
            records[at], records[other] = records[other], records[at]
            return records
        case "parted":
            half = rng.randrange(len(body) + 1)
            new = [(kind, body[:half]), (_CONTINUE, body[half:])]
        case _:
            raise ValueError(change)
    return [*records[:at], *new, *records[at + 1 :]]


def _of_biff8(change: str) -> Bytes:
    def mutated(rng: random.Random, content: bytes) -> bytes:
        records = biff8(stream_of(content))
        lies: dict[int, int] = {}
        if change == "size altered":
            at = rng.randrange(len(records))
            lies[at] = rng.choice((0, 1, len(records[at][1]) + 1, 8224, 8225, 0x7FFF, 0xFFFF))
        else:
            records = _changed(rng, change, records)
        stream = _joined8(records, lies)
        return wrapped(stream) if content.startswith(_OLE2) else stream

    return mutated


def _of_biff12(change: str) -> Bytes:
    def mutated(rng: random.Random, content: bytes) -> bytes:
        entries = unpacked(content)
        parts = [at for at, each in enumerate(entries) if each.name.endswith(b".bin")]
        at = rng.choice(parts)
        part = entries[at].content
        if change == "size altered":
            part = _size_altered(rng, part)
        else:
            part = joined(_changed(rng, change, split(part)))
        entries[at] = replace(entries[at], content=part)
        return packed(entries)

    return mutated


def _size_altered(rng: random.Random, part: bytes) -> bytes:
    """One record's size is wrong; all behind it are out of step."""
    records = split(part)
    at = rng.randrange(len(records))
    before, after = joined(records[:at]), joined(records[at + 1 :])
    kind, body = records[at]
    head = joined([(kind, b"")])[:-1]
    size = rng.choice((b"\0", b"\1", b"\x7f", b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x80\1"))
    return before + head + size + body + after


_CHANGES = (
    "kind altered", "dropped", "twice", "cut", "longer", "body altered", "swapped", "parted",
    "size altered",
)  # fmt: skip
BIFF8: dict[str, Bytes] = {f"record {change}": _of_biff8(change) for change in _CHANGES}
BIFF12: dict[str, Bytes] = {f"record {change}": _of_biff12(change) for change in _CHANGES}


def _header_altered(rng: random.Random, content: bytes) -> bytes:
    """A field of the OLE2 header."""
    at = rng.choice((24, 28, 30, 32, 44, 48, 56, 60, 64, 68, 72, 76, 80))
    value = rng.choice((0, 1, 5, 9, 100, 2**31 - 1, 2**32 - 1, 2**32 - 2, rng.randrange(2**32)))
    return content[:at] + struct.pack("<I", value) + content[at + 4 :]


def _sectors_altered(rng: random.Random, content: bytes) -> bytes:
    """Entries of the table that chains sectors: ends, loops, sectors beyond the file."""
    changed = bytearray(content)
    (table,) = struct.unpack_from("<I", content, 76)
    start, sectors = 512 * (table + 1), len(content) // 512
    for _ in range(rng.choice((1, 1, 3))):
        entry = start + 4 * rng.randrange(min(128, sectors))
        value = rng.choice((2**32 - 1, 2**32 - 2, 0, 1, sectors, rng.randrange(sectors + 2)))
        struct.pack_into("<I", changed, entry, value)
    return bytes(changed)


def _directory_altered(rng: random.Random, content: bytes) -> bytes:
    """A name, kind, place or size in the OLE2 directory."""
    changed = bytearray(content)
    (sector,) = struct.unpack_from("<I", content, 48)
    start = 512 * (sector + 1) + 128 * rng.randrange(3)
    at = start + rng.choice((0, 2, 64, 66, 67, 68, 72, 76, 116, 117, 120, 121, 122, 123))
    changed[at : at + 1] = rng.choice((b"\0", b"\xff", rng.randbytes(1)))
    return bytes(changed[: len(content)])


OLE2: dict[str, Bytes] = {
    "header altered": _header_altered,
    "sectors altered": _sectors_altered,
    "directory altered": _directory_altered,
}
