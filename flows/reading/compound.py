"""The workbook's stream in an OLE2 compound file.

Unlike xlrd's own reader it prints nothing, and chains that lead in circles end.
"""

from __future__ import annotations

from struct import unpack, unpack_from

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY_BYTES = 128
_STREAM = 2
_END_OF_CHAIN = 0xFFFFFFFE
"""What is above stands for a sector that is free."""


def workbook_stream(content: bytes, *, whole: bool = False) -> bytes:
    """The bytes of the stream named Workbook, else Book.

    KeyError: there is none. struct.error, IndexError, ValueError: the file is broken; with
    `whole`, ValueError also where a chain of sectors or the stream does not end as it should.
    """
    shift, small_shift = unpack_from("<HH", content, 30)
    if not 7 <= shift <= 20 or not 2 <= small_shift <= shift:
        raise ValueError("sector size")
    file = _Sectors(content[1 << shift :], shift, whole)
    first_folder, least, first_small = unpack_from("<I4xII", content, 48)
    table = _table(content, file, whole)
    folder = file.chain(first_folder, table)
    streams: dict[str, tuple[int, int]] = {}
    for at in range(0, len(folder) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        length, kind = unpack_from("<HB", folder, at + 64)
        if kind == _STREAM:
            name = folder[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore")
            streams.setdefault(name, unpack_from("<II", folder, at + 116))
    first, size = streams["Workbook"] if "Workbook" in streams else streams["Book"]
    if size >= least:
        stream = file.chain(first, table)[:size]
    else:
        root_first, root_size = unpack_from("<II", folder, 116)
        small = _Sectors(file.chain(root_first, table)[:root_size], small_shift, whole)
        stream = small.chain(first, _numbers(file.chain(first_small, table)))[:size]
    if whole and len(stream) < size:
        raise ValueError("the stream is cut off")
    return stream


class _Sectors:
    """Bytes in sectors of one size."""

    def __init__(self, data: bytes, shift: int, whole: bool) -> None:
        self._data = data
        self._whole = whole
        self.size = 1 << shift

    def sector(self, number: int) -> bytes:
        return self._data[number * self.size : (number + 1) * self.size]

    def chain(self, first: int, table: tuple[int, ...]) -> bytes:
        """The sectors from `first` on, each followed by the one that the table names."""
        sectors: list[bytes] = []
        number = first
        while number < len(table) and len(sectors) < len(table):
            sectors.append(self.sector(number))
            number = table[number]
        if self._whole and number != _END_OF_CHAIN:
            raise ValueError("a chain of sectors leads nowhere")
        return b"".join(sectors)


def _table(content: bytes, file: _Sectors, whole: bool) -> tuple[int, ...]:
    """For each sector the number of the next."""
    places = list(unpack_from("<109I", content, 76))
    more, left = unpack_from("<II", content, 68)
    every = len(content) // file.size + 1
    for _ in range(min(left, every)):
        numbers = _numbers(file.sector(more))
        if not numbers:
            break
        places += numbers[:-1]
        more = numbers[-1]
    used = [number for number in places if number < every][:every]
    if whole and any(every <= number < _END_OF_CHAIN for number in places):
        raise ValueError("a sector of the table is not there")
    return _numbers(b"".join(map(file.sector, used)))


def _numbers(data: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(data) // 4}I", data[: len(data) & ~3])
