"""Mutations of separated values and of web pages."""

import random
import re

from tests.fuzzing.raw import Bytes

_LINE = re.compile(rb"[^\r\n]*\r?\n")
_SPANS = (b"0", b"-1", b"2", b"3", b"65535", b"1000000", b"99999999999", b"x", b"")


def _quotes(rng: random.Random, content: bytes) -> bytes:
    """A quotation mark too many or too few."""
    places = [at for at in range(len(content)) if content[at : at + 1] == b'"']
    if places and rng.random() < 0.5:
        at = rng.choice(places)
        return content[:at] + content[at + 1 :]
    at = rng.choice([match.end() for match in re.finditer(rb"[,\t\n]", content)])
    return content[:at] + b'"' + content[at:]


def _delimiters(rng: random.Random, content: bytes) -> bytes:
    """A delimiter too many, too few, or others in all lines or one."""
    at = rng.choice([match.start() for match in re.finditer(rb"[,\t]", content)])
    own = content[at : at + 1]
    other = rng.choice((b";", b",", b"\t", b"|", b" ", b"\xef\xbc\x8c"))
    match rng.randrange(4):
        case 0:
            return content[:at] + content[at + 1 :]
        case 1:
            return content[:at] + own + content[at:]
        case 2:
            return content.replace(own, other)
    return content[:at] + other + content[at + 1 :]


def _line_ends(rng: random.Random, content: bytes) -> bytes:
    end = rng.choice((b"\n", b"\r", b"\r\r\n", b"\n\n", b"\xe2\x80\xa8", b"\x0c"))
    return content.replace(b"\r\n", b"\n").replace(b"\n", end)


def _encoding(rng: random.Random, content: bytes) -> bytes:
    """Another encoding than said, two of them in one file, or none at all."""
    codecs = ("utf-8-sig", "utf-8", "gb18030", "utf-16", "utf-16-le", "big5", "utf-32")
    own = "gb18030" if not _is(content, "utf-8") else "utf-8"
    text = content.decode(own, "replace")
    to = rng.choice(codecs)
    if rng.random() < 0.6:
        return text.encode(to, "replace")
    half = rng.randrange(len(text) + 1)
    return text[:half].encode(own, "replace") + text[half:].encode(to, "replace")


def _is(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines(rng: random.Random, content: bytes) -> bytes:
    """A line dropped, doubled, moved, or joined with the next."""
    lines = _LINE.findall(content)
    if not lines:
        return content
    at = rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            lines[at : at + 1] = []
        case 1:
            lines[at : at + 1] = [lines[at]] * rng.choice((2, 300))
        case 2:
            lines.insert(rng.randrange(len(lines)), lines.pop(at))
        case 3:
            lines[at] = lines[at].rstrip(b"\r\n")
    return b"".join(lines)


def _long(rng: random.Random, content: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    filler = rng.choice((b",", b"\t", b'"', b"a", b"<td>", b"<table>", b"&", b"\0", b"9"))
    return content[:at] + filler * rng.choice((300, 100_000)) + content[at:]


SEPARATED: dict[str, Bytes] = {
    "quotes": _quotes,
    "delimiters": _delimiters,
    "line ends": _line_ends,
    "encoding": _encoding,
    "lines": _lines,
    "long": _long,
}


def _spans(rng: random.Random, content: bytes) -> bytes:
    """A cell over more rows or columns than there are."""
    match = rng.choice(list(re.finditer(rb"<td", content)))
    kind = rng.choice((b"rowspan", b"colspan"))
    span = b"<td %b=%b" % (kind, rng.choice(_SPANS))
    return content[: match.start()] + span + content[match.end() :]


def _charset(rng: random.Random, content: bytes) -> bytes:
    names = (b"utf-16", b"gbk", b"iso-8859-1", b"x", b"", b"utf-8", b"gb2312", b"big5")
    return re.sub(rb"charset=[\w-]*", b"charset=" + rng.choice(names), content)


def _numbers(rng: random.Random, content: bytes) -> bytes:
    """What x:num says and what is shown differ, or x:num says nothing or no number."""
    found = list(re.finditer(rb'x:num="([^"]*)"', content))
    if not found:
        return content
    match = rng.choice(found)
    other = rng.choice((b"", b"1", b"x", b"1e400", b"-0", b"12,5", b"NaN", b" 7 "))
    return content[: match.start(1)] + other + content[match.end(1) :]


PAGES: dict[str, Bytes] = {
    "spans": _spans,
    "charset": _charset,
    "x:num": _numbers,
    "encoding": _encoding,
    "lines": _lines,
    "long": _long,
}
