"""Mutations of a file's bytes, whatever its format."""

import random
from collections.abc import Callable

Bytes = Callable[[random.Random, bytes], bytes]


def _place(rng: random.Random, content: bytes) -> int:
    """Anywhere, the ends more often than what is between."""
    last = max(len(content) - 1, 0)
    near = min(rng.randrange(64), last)
    return rng.choice((rng.randint(0, last), rng.randint(0, last), near, last - near))


def truncated(rng: random.Random, content: bytes) -> bytes:
    return content[: _place(rng, content)]


def flipped(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 8, 64))):
        changed[_place(rng, content)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwritten(rng: random.Random, content: bytes) -> bytes:
    at, size = _place(rng, content), rng.choice((1, 2, 4, 16, 512))
    filler = rng.choice((bytes(size), b"\xff" * size, rng.randbytes(size)))
    return content[:at] + filler + content[at + size :]


def inserted(rng: random.Random, content: bytes) -> bytes:
    at, size = _place(rng, content), rng.choice((1, 2, 4, 16, 512))
    return content[:at] + rng.choice((bytes(size), rng.randbytes(size))) + content[at:]


def removed(rng: random.Random, content: bytes) -> bytes:
    at = _place(rng, content)
    return content[:at] + content[at + rng.choice((1, 2, 4, 16, 512)) :]


def repeated(rng: random.Random, content: bytes) -> bytes:
    at = _place(rng, content)
    end = at + rng.choice((1, 4, 64, 1024))
    return content[:end] + content[at:end] * rng.choice((1, 1, 3, 100)) + content[end:]


def moved(rng: random.Random, content: bytes) -> bytes:
    """A piece of the file in another place, as where a disk lost its order."""
    size = rng.choice((4, 64, 512))
    at = _place(rng, content)
    piece, rest = content[at : at + size], content[:at] + content[at + size :]
    to = _place(rng, rest)
    return rest[:to] + piece + rest[to:]


RAW: dict[str, Bytes] = {
    "bytes truncated": truncated,
    "bytes flipped": flipped,
    "bytes overwritten": overwritten,
    "bytes inserted": inserted,
    "bytes removed": removed,
    "bytes repeated": repeated,
    "bytes moved": moved,
}
