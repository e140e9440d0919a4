"""The second reading of binary workbooks: records to cells, without a look at formats."""

import io
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterator

from tests.fuzzing.records import biff8, stream_of
from tests.writing.sheets import address
from tests.writing.xlsb import REAL, ROW, SHARED, TEXT, Record, split

Cells = dict[str, list[str]]
"""Contents by address."""
_STRING_ITEM, _NAMED_SHEET, _RK12 = 19, 156, 2
_NUMBER, _RK, _RKS, _LABEL, _SHARED8 = 0x203, 0x27E, 0xBD, 0x204, 0xFD
_SST, _CONTINUE, _SHEET8, _END = 0xFC, 0x3C, 0x85, 0x0A


def xlsb_cells(archive: zipfile.ZipFile, targets: dict[str, str]) -> dict[str, Cells]:
    """Cells by sheet; `targets` are the parts by their ids."""
    texts: list[str] = []
    if "xl/sharedStrings.bin" in archive.namelist():
        items = split(archive.read("xl/sharedStrings.bin"))
        texts = [_wide(body, 1)[0] for kind, body in items if kind == _STRING_ITEM]
    sheets = {}
    for kind, body in split(archive.read("xl/workbook.bin")):
        if kind == _NAMED_SHEET:
            related, at = _wide(body, 8)
            part = archive.read(targets[related])
            sheets[_wide(body, at)[0]] = _cells12(part, texts)
    return sheets


def _wide(body: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * size
    return body[at + 4 : end].decode("utf-16-le"), end


def _cells12(part: bytes, texts: list[str]) -> Cells:
    cells: Cells = defaultdict(list)
    row = 0
    for kind, body in split(part):
        if kind == ROW:
            (row,) = struct.unpack_from("<I", body)
        elif kind in (REAL, TEXT, SHARED, _RK12):
            (column,) = struct.unpack_from("<I", body)
            if kind == REAL:
                value = repr(struct.unpack_from("<d", body, 8)[0])
            elif kind == _RK12:
                value = repr(_rk(body[8:]))
            elif kind == SHARED:
                value = texts[struct.unpack_from("<I", body, 8)[0]]
            else:
                value = _wide(body, 8)[0]
            cells[address(row, column)].append(value)
    return cells


def _rk(body: bytes) -> float:
    """A number in four bytes: whole or the upper half of a double, perhaps hundredfold."""
    (packed,) = struct.unpack_from("<i", body)
    if packed & 2:
        number = float(packed >> 2)
    else:
        number = struct.unpack("<d", struct.pack("<q", (packed & 0xFFFFFFFC) << 32))[0]
    return number / 100 if packed & 1 else number


def xls_cells(content: bytes) -> dict[str, Cells]:
    """Cells by sheet of an OLE2 file with a BIFF8 stream."""
    stream = stream_of(content)
    records = biff8(stream)
    texts = _shared(records)
    sheets = {}
    for kind, body in records:
        if kind == _SHEET8:
            start, size, wide = struct.unpack_from("<I2xBB", body)
            name = body[8 : 8 + size * (1 + (wide & 1))]
            sheets[name.decode("utf-16-le" if wide & 1 else "latin-1")] = _cells8(
                biff8(stream[start:]), texts
            )
    return sheets


def _cells8(records: list[Record], texts: list[str]) -> Cells:
    """The cells from a sheet's beginning to its end."""
    cells: Cells = defaultdict(list)
    for kind, body in records:
        if kind == _END:
            break
        if kind not in (_NUMBER, _RK, _RKS, _LABEL, _SHARED8) or len(body) < 10:
            continue
        row, column = struct.unpack_from("<HH", body)
        at = address(row, column)
        if kind == _NUMBER:
            cells[at].append(repr(struct.unpack_from("<d", body, 6)[0]))
        elif kind == _RK:
            cells[at].append(repr(_rk(body[6:])))
        elif kind == _RKS:
            for more in range((len(body) - 6) // 6):
                cells[address(row, column + more)].append(repr(_rk(body[6 + 6 * more :])))
        elif kind == _SHARED8:
            (index,) = struct.unpack_from("<I", body, 6)
            cells[at].append(texts[index] if index < len(texts) else "")
        else:
            size, wide = struct.unpack_from("<HB", body, 6)
            text = body[9 : 9 + size * (1 + (wide & 1))]
            cells[at].append(text.decode("utf-16-le" if wide & 1 else "latin-1", "replace"))
    return cells


def _shared(records: list[Record]) -> list[str]:
    """The shared texts; one may go on in a record of its own, in another width."""
    bodies: list[bytes] = []
    for kind, body in records:
        if kind == _SST and not bodies:
            bodies.append(body[8:])
        elif kind == _CONTINUE and bodies:
            bodies.append(body)
        elif bodies:
            break
    return list(_texts(bodies))


def _texts(bodies: list[bytes]) -> Iterator[str]:
    streams = iter(map(io.BytesIO, bodies))
    stream = next(streams, io.BytesIO())
    while True:
        head = stream.read(3)
        if len(head) < 3:
            following = next(streams, None)
            if following is None:
                return
            stream = following
            continue
        size, wide = struct.unpack("<HB", head)
        text = ""
        while len(text) < size:
            piece = stream.read((size - len(text)) * (1 + (wide & 1)))
            text += piece.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
            if len(text) < size:
                following = next(streams, None)
                if following is None:
                    return
                stream, wide = following, (following.read(1) or b"\0")[0]
        yield text
