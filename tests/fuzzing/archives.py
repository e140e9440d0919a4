"""Mutations of zip archives: their entries, headers and ends."""

import random
from dataclasses import replace

from tests.fuzzing.raw import RAW, Bytes
from tests.writing.zips import DESCRIPTOR, STORED, Entry, packed, unpacked

_NAMES = (b"", b"../x", b"/xl/workbook.xml", b"xl\\workbook.xml", b"a" * 5000, b"\xff\xfe", b"x/")
_NUMBERS = (0, 1, 7, 2**16, 2**31 - 1, 2**31, 2**32 - 1)


def _of_one(change: str) -> Bytes:
    """A mutation that changes one entry."""

    def mutated(rng: random.Random, content: bytes) -> bytes:
        entries = unpacked(content)
        at = rng.randrange(len(entries))
        entries[at : at + 1] = _changed(rng, change, entries[at], entries)
        return packed(entries)

    return mutated


def _changed(rng: random.Random, change: str, one: Entry, entries: list[Entry]) -> list[Entry]:
    match change:
        case "dropped":
            return []
        case "renamed":
            upper = one.name.swapcase()
            return [replace(one, name=rng.choice((*_NAMES, upper, one.name + b".bak")))]
        case "twice":
            return [one, one]
        case "twice otherwise":
            other = rng.choice(entries)
            pair = [one, replace(other, name=one.name)]
            return pair if rng.random() < 0.5 else pair[::-1]
        case "swapped":
            return [replace(one, content=rng.choice(entries).content)]
        case "empty":
            return [replace(one, content=b"")]
        case "wrong crc":
            return [replace(one, crc=rng.randrange(2**32))]
        case "wrong size":
            return [replace(one, size=rng.choice((*_NUMBERS, len(one.content) - 1)))]
        case "wrong packed size":
            size = len(one.packed())
            return [replace(one, packed_size=rng.choice((*_NUMBERS, size - 1, size + 1)))]
        case "stored":
            return [replace(one, method=STORED)]
        case "wrong method":
            return [replace(one, method=rng.choice((1, 6, 9, 12, 14, 93, 95, 99, 65535)))]
        case "descriptor":
            return [replace(one, flags=one.flags | DESCRIPTOR)]
        case "encrypted":
            return [replace(one, flags=one.flags | 1)]
        case "damaged":
            damaged = rng.choice(list(RAW.values()))(rng, one.packed())
            return [replace(one, raw=damaged)]
    raise ValueError(change)


def _reordered(rng: random.Random, content: bytes) -> bytes:
    entries = unpacked(content)
    rng.shuffle(entries)
    return packed(entries)


def _surrounded(rng: random.Random, content: bytes) -> bytes:
    junk = [rng.choice((b"", bytes(7), b"MZ" + rng.randbytes(200), b"PK\3\4")) for _ in range(2)]
    if rng.random() < 0.5:
        return packed(unpacked(content), *junk)
    return junk[0] + content + junk[1]


def _swollen(rng: random.Random, content: bytes) -> bytes:
    """An entry that unpacks to far more than it says of the form."""
    entries = unpacked(content)
    at = rng.randrange(len(entries))
    filler = rng.choice((b" ", b"\0", b"<a/>", b"&#32;")) * rng.choice((10_000, 2_000_000))
    entries[at] = replace(entries[at], content=entries[at].content + filler)
    return packed(entries)


def _directory(rng: random.Random, content: bytes) -> bytes:
    """The end of the directory says something else."""
    changed = bytearray(content)
    end = content.rindex(b"PK\5\6")
    at = end + rng.choice((4, 6, 8, 10, 12, 13, 16, 17, 20))
    changed[at : at + 2] = rng.choice((bytes(2), b"\xff\xff", rng.randbytes(2)))
    return bytes(changed[: len(content)])


def _of_a_header(rng: random.Random, content: bytes) -> bytes:
    """A byte of a local header or of the directory, which must say the same."""
    changed = bytearray(content)
    starts = [
        at for at in range(len(content) - 4) if content[at : at + 4] in (b"PK\3\4", b"PK\1\2")
    ]
    changed[rng.choice(starts) + rng.randrange(4, 30)] = rng.randrange(256)
    return bytes(changed)


_CHANGES = (
    "dropped", "renamed", "twice", "twice otherwise", "swapped", "empty", "wrong crc",
    "wrong size", "wrong packed size", "stored", "wrong method", "descriptor", "encrypted",
    "damaged",
)  # fmt: skip
ZIPS: dict[str, Bytes] = {
    **{f"zip entry {change}": _of_one(change) for change in _CHANGES},
    "zip reordered": _reordered,
    "zip surrounded": _surrounded,
    "zip swollen": _swollen,
    "zip end altered": _directory,
    "zip header altered": _of_a_header,
}
