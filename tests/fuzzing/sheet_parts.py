"""Mutations of what only the XML of a workbook's sheets has."""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from tests.fuzzing.raw import Bytes
from tests.writing.zips import packed, unpacked

_CELL = re.compile(rb"<((?:\w+:)?)c((?:\s[^<>]*)?)>(.*?)</\1c>", re.DOTALL)
_ERRORS = (b"#REF!", b"#DIV/0!", b"#N/A", b"#VALUE!", b"", b"12")
Part = Callable[[random.Random, bytes], bytes]


def _in_a_cell(change: Callable[[random.Random, bytes, bytes, bytes], bytes]) -> Part:
    def mutated(rng: random.Random, part: bytes) -> bytes:
        found = list(_CELL.finditer(part))
        if not found:
            return part
        match = rng.choice(found)
        kept = re.sub(rb'\st="\w+"', b"", match[2])
        cell = change(rng, match[1], kept, match[3])
        return part[: match.start()] + cell + part[match.end() :]

    return mutated


def _error(rng: random.Random, p: bytes, kept: bytes, inner: bytes) -> bytes:
    return b'<%bc%b t="e"><%bv>%b</%bv></%bc>' % (p, kept, p, rng.choice(_ERRORS), p, p)


def _boolean(rng: random.Random, p: bytes, kept: bytes, inner: bytes) -> bytes:
    value = rng.choice((b"0", b"1", b"TRUE", b"7"))
    return b'<%bc%b t="b"><%bv>%b</%bv></%bc>' % (p, kept, p, value, p, p)


def _formula(rng: random.Random, p: bytes, kept: bytes, inner: bytes) -> bytes:
    """A formula without a stored result, or with one."""
    text = rng.choice((b"1+1", b"SUM(E5:E9)", b"A1", b"[1]x!A1", b"((((", b"E1048577"))
    value = rng.choice((b"", b"<%bv/>" % p, b"<%bv></%bv>" % (p, p), inner))
    return b"<%bc%b><%bf>%b</%bf>%b</%bc>" % (p, kept, p, text, p, value, p)


def _shared_formula(rng: random.Random, p: bytes, kept: bytes, inner: bytes) -> bytes:
    index = rng.choice((b"0", b"1", b"-1", b"4294967295"))
    about = rng.choice((b"", b' ref="A1:XFD1048576"', b' ref="E5:E1"', b' ref="?"'))
    return b'<%bc%b><%bf t="shared" si="%b"%b/>%b</%bc>' % (p, kept, p, index, about, inner, p)


def _no_such_text(rng: random.Random, p: bytes, kept: bytes, inner: bytes) -> bytes:
    index = rng.choice((b"0", b"99999", b"-1", b"4294967296", b"1.0", b"x", b""))
    return b'<%bc%b t="s"><%bv>%b</%bv></%bc>' % (p, kept, p, index, p, p)


def _styled(rng: random.Random, p: bytes, kept: bytes, inner: bytes) -> bytes:
    """A number in a format that is not there, or a date's."""
    style = rng.choice((b"1", b"2", b"-1", b"999999"))
    return b'<%bc%b s="%b">%b</%bc>' % (p, re.sub(rb'\ss="\w+"', b"", kept), style, inner, p)


def _far_cell(rng: random.Random, part: bytes) -> bytes:
    """A cell far away from all others, as a slip of the hand leaves it."""
    place = rng.choice((b"XFD1048576", b"A1048576", b"XFD1", b"ZZZ1", b"A99999999999", b"AB20000"))
    row = re.sub(rb"\D", b"", place)
    p = b"x:" if b"<x:sheetData" in part else b""
    cell = b'<%brow r="%b"><%bc r="%b"><%bv>1</%bv></%bc></%brow>' % (p, row, p, place, p, p, p, p)
    return part.replace(b"</%bsheetData>" % p, cell + b"</%bsheetData>" % p)


def _size(rng: random.Random, part: bytes) -> bytes:
    """A dimension that does not hold."""
    sizes = (b"A1", b"A1:XFD1048576", b"B2:A1", b"", b"A1:A1:A1", b"E5:F6", b"A0:B0", b"A1:ZZZZ9")
    return re.sub(
        rb'(dimension ref=)"[^"]*"', lambda match: match[1] + b'"%b"' % rng.choice(sizes), part
    )


_PARTS: dict[str, Part] = {
    "error": _in_a_cell(_error),
    "boolean": _in_a_cell(_boolean),
    "formula": _in_a_cell(_formula),
    "shared formula": _in_a_cell(_shared_formula),
    "no such text": _in_a_cell(_no_such_text),
    "styled": _in_a_cell(_styled),
    "far cell": _far_cell,
    "size": _size,
}


def _of_a_sheet(mutation: Part) -> Bytes:
    def mutated(rng: random.Random, content: bytes) -> bytes:
        entries = unpacked(content)
        sheets = [at for at, each in enumerate(entries) if b"worksheets/" in each.name]
        at = rng.choice(sheets)
        entries[at] = replace(entries[at], content=mutation(rng, entries[at].content))
        return packed(entries)

    return mutated


SHEET_PARTS = {f"sheet {name}": _of_a_sheet(mutation) for name, mutation in _PARTS.items()}
