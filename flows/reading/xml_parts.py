"""Markup of a workbook's parts, read without trusting it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from lxml import etree

_WARY: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PARSER = etree.XMLParser(**_WARY)
_SMALL = 2**14
T = TypeVar("T")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def parse(data: bytes) -> Any:
    """The root element of a small part. Raises what lxml raises, ValueError on a DTD."""
    return etree.fromstring(_without_dtd(as_ascii_superset(data)), _PARSER)


def events(data: bytes, *tags: str) -> Iterator[tuple[str, Any]]:
    """('start' or 'end', element) for each element of these local names, in order.

    Raises what lxml raises, ValueError on a DTD.
    """
    source = io.BytesIO(_without_dtd(data))
    names = [f"{{*}}{tag}" for tag in tags]
    yield from etree.iterparse(source, ("start", "end"), tag=names, **_WARY)


def for_small(read: Callable[[bytes], T], most: int) -> Callable[[bytes], T]:
    """`read`, which keeps in mind what it made of the last `most` small parts.

    The workbooks of one template have the same. Large ones would fill a worker's memory.
    """
    known = lru_cache(maxsize=most)(read)
    return lambda part: known(part) if len(part) <= _SMALL else read(part)


def forget(element: Any) -> None:
    """Frees an element that has been read, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def local_name(name: object) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def as_ascii_superset(data: bytes) -> bytes:
    """Markup in which ASCII bytes stand for themselves: UTF-16 becomes UTF-8."""
    start = data[:4]
    if not start.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in start:
        return data
    encoding = "utf-16" if start[0] > 0x80 else "utf-16-be" if start[0] == 0 else "utf-16-le"
    text = data[: len(data) & ~1].decode(encoding, "ignore")
    return _DECLARATION.sub("", text, count=1).encode("utf-8", "ignore")


_ODD = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[(?P<text>.*?)\]\]>|<\?(?!xml\s).*?\?>"
    rb"|&#(?:x(?P<hex>[0-9A-Fa-f]{1,6})|(?P<decimal>[0-9]{1,7}));",
    re.DOTALL,
)


def plain(part: bytes) -> bytes:
    """Markup without comments, instructions, CDATA and numbered characters, `part` if it has none.

    calamine takes a cell's text for ended where one of them begins.
    """
    markup = as_ascii_superset(part)
    if not (b"<!" in markup or b"&#" in markup or markup.find(b"<?", 1) > 0):
        return part
    markup.decode()  # its characters are put in as UTF-8
    plain = _ODD.sub(_plainly, markup)
    if b"<!--" in plain or b"<![" in plain:
        raise ValueError("a comment or CDATA without an end")
    return part if plain == markup else plain


def _plainly(odd: re.Match[bytes]) -> bytes:
    if odd["text"] is not None:
        text = odd["text"]
    elif odd["hex"] or odd["decimal"]:
        code = int(odd["hex"], 16) if odd["hex"] else int(odd["decimal"])
        if (code not in _WHITE and not 0x20 <= code <= 0x10FFFF) or 0xD800 <= code < 0xE000:
            return odd[0]
        text = chr(code).encode()
    else:
        return b""
    for character, name in _NAMED:
        text = text.replace(character, name)
    return text


_WHITE = (0x9, 0xA, 0xD)
_NAMED = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;"), (b"'", b"&apos;"))


def _without_dtd(data: bytes) -> bytes:
    # Entities in attributes are resolved whatever the parser is told.
    if b"<!DOCTYPE" in data:
        raise ValueError("a document type declaration")
    return data
