"""Mutations of XML: attributes, elements, texts, declarations; in a part or a whole file."""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from tests.fuzzing.raw import Bytes
from tests.writing.zips import packed, unpacked

Markup = Callable[[random.Random, bytes], bytes]
_TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)=("[^"<>]*"|'[^'<>]*'|[^\s<>"']+)""")
_ELEMENT = re.compile(rb"<((?:\w+:)?(?:c|row|v|si|sheet|Cell|Row|Data|td|tr|table-cell|table-row))"
                      rb"(?:\s[^<>]*)?(?:/>|>.*?</\1>)", re.DOTALL)  # fmt: skip
_TEXT = re.compile(rb">([^<>\s][^<>]*)<")
_VALUES = (
    b"", b"0", b"-1", b"1", b"2", b"999999", b"2147483647", b"4294967296", b"1e308", b"NaN",
    b"A1", b"XFD1048576", b"ZZZZ99999999999", b"A0", b"1A", b"A1:XFD1048576", b"s", b"str", b"e",
    b"b", b"d", b"n", b"inlineStr", b"&a;", b"&#0;", b"String", b"Number", b"DateTime", b"Error",
    b"\xff", "１".encode(), b"float", b"string", b"percentage", b"boolean",
)  # fmt: skip


def _one(rng: random.Random, pattern: re.Pattern[bytes], part: bytes) -> re.Match[bytes] | None:
    found = list(pattern.finditer(part))
    return rng.choice(found) if found else None


def _put(part: bytes, match: re.Match[bytes] | None, text: bytes, group: int = 0) -> bytes:
    return part if match is None else part[: match.start(group)] + text + part[match.end(group) :]


def _attribute_altered(rng: random.Random, part: bytes) -> bytes:
    return _put(part, _one(rng, _ATTRIBUTE, part), b'"' + rng.choice(_VALUES) + b'"', 2)


def _attribute_removed(rng: random.Random, part: bytes) -> bytes:
    return _put(part, _one(rng, _ATTRIBUTE, part), b"")


def _attribute_everywhere(rng: random.Random, part: bytes) -> bytes:
    """An attribute is gone from all elements, as from a program that does not write it."""
    match = _one(rng, _ATTRIBUTE, part)
    return part if match is None else part.replace(match[0], b"")


def _attribute_twice(rng: random.Random, part: bytes) -> bytes:
    match = _one(rng, _ATTRIBUTE, part)
    return part if match is None else _put(part, match, match[0] + match[0])


def _attributes_swapped(rng: random.Random, part: bytes) -> bytes:
    """Two elements have each other's value of an attribute."""
    first = _one(rng, _ATTRIBUTE, part)
    if first is None:
        return part
    same = [each for each in _ATTRIBUTE.finditer(part) if each[1] == first[1]]
    return _swapped(part, first, rng.choice(same), 2)


def _swapped(part: bytes, one: re.Match[bytes], two: re.Match[bytes], group: int = 0) -> bytes:
    first, last = sorted((one, two), key=lambda each: each.start())
    if first.end() > last.start():
        return part
    return _put(_put(part, last, first[group], group), first, last[group], group)


def _element_dropped(rng: random.Random, part: bytes) -> bytes:
    return _put(part, _one(rng, _ELEMENT, part), b"")


def _element_twice(rng: random.Random, part: bytes) -> bytes:
    match = _one(rng, _ELEMENT, part)
    return part if match is None else _put(part, match, match[0] * rng.choice((2, 2, 50)))


def _elements_swapped(rng: random.Random, part: bytes) -> bytes:
    first, last = _one(rng, _ELEMENT, part), _one(rng, _ELEMENT, part)
    return part if first is None or last is None else _swapped(part, first, last)


def _tag_dropped(rng: random.Random, part: bytes) -> bytes:
    return _put(part, _one(rng, _TAG, part), b"")


def _tag_renamed(rng: random.Random, part: bytes) -> bytes:
    names = (b"c", b"v", b"f", b"is", b"row", b"x:row", b"table", b"td", b"script", b"a" * 9999)
    return _put(part, _one(rng, _TAG, part), rng.choice(names), 2)


def _text_altered(rng: random.Random, part: bytes) -> bytes:
    match = _one(rng, _TEXT, part)
    if match is None:
        return part
    text = match[1]
    wrapped = (b"<![CDATA[" + text + b"]]>", text[:1] + b"<!-- -->" + text[1:], b"<b>" + text)
    spaced = (b"\n " + text + b"\t", text + b"\xc2\xa0", b"")
    signs = (b"1", b"-5", b"1e400", b"#REF!", b"TRUE", b"2022-07-31", b"12\xe4\xba\xba", b"1,2,3")
    numbered = b"".join(
        b"&#%d;" % sign for sign in text.decode("utf-8", "replace").encode("ascii", "replace")
    )
    return _put(part, match, rng.choice((*wrapped, *spaced, *signs, *_VALUES, numbered)), 1)


def _texts_swapped(rng: random.Random, part: bytes) -> bytes:
    first, last = _one(rng, _TEXT, part), _one(rng, _TEXT, part)
    return part if first is None or last is None else _swapped(part, first, last, 1)


def _entities(rng: random.Random, part: bytes) -> bytes:
    """Entities that grow or stand for a file."""
    ten = b"".join(
        b'<!ENTITY %c "%s">' % (98 + each, b"&%c;" % (97 + each) * 10) for each in range(9)
    )
    kinds = (
        b'<!ENTITY a "1">',
        b'<!ENTITY a SYSTEM "file:///etc/hostname">',
        b'<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;',
        b'<!ENTITY a "12345">' + ten,
    )
    declared = b"<!DOCTYPE a [" + rng.choice(kinds) + b"]>"
    start = part.find(b"?>") + 2 if part.startswith(b"<?xml") else 0
    used = _put(part, _one(rng, _TEXT, part), rng.choice((b"&a;", b"&j;")), 1)
    return used[:start] + declared + used[start:]


def _nested(rng: random.Random, part: bytes) -> bytes:
    match, depth = _one(rng, _TEXT, part), rng.choice((10, 1000, 50_000))
    name = rng.choice((b"a", b"is", b"r", b"table", b"td", b"row", b"c"))
    if match is None:
        return part
    closed = b"</" + name + b">" if rng.random() < 0.5 else b""
    return _put(part, match, (b"<" + name + b">") * depth + match[1] + closed * depth, 1)


def _encoded(rng: random.Random, part: bytes) -> bytes:
    """The declared encoding and the real one differ, or are unusual."""
    names = (b"UTF-16", b"GBK", b"GB2312", b"ISO-8859-1", b"UTF-7", b"x-unknown", b"ASCII")
    declared = re.sub(rb'encoding="[^"]*"', b'encoding="' + rng.choice(names) + b'"', part, count=1)
    if rng.random() < 0.4:
        return declared
    text = part.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "gb18030", "utf-8-sig", "utf-32")))


def _bad_character(rng: random.Random, part: bytes) -> bytes:
    match = _one(rng, _TEXT, part)
    bad = rng.choice((b"\xff", b"\xc3", b"\xed\xa0\x80", b"\0", b"\x0b", b"\xef\xbf\xbf"))
    return part if match is None else _put(part, match, match[1][:1] + bad + match[1][1:], 1)


def _cut(rng: random.Random, part: bytes) -> bytes:
    """The part ends early, at a tag."""
    match = _one(rng, _TAG, part)
    return part if match is None else part[: match.start()]


MARKUP: dict[str, Markup] = {
    "attribute altered": _attribute_altered,
    "attribute removed": _attribute_removed,
    "attribute nowhere": _attribute_everywhere,
    "attribute twice": _attribute_twice,
    "attributes swapped": _attributes_swapped,
    "element dropped": _element_dropped,
    "element twice": _element_twice,
    "elements swapped": _elements_swapped,
    "tag dropped": _tag_dropped,
    "tag renamed": _tag_renamed,
    "text altered": _text_altered,
    "texts swapped": _texts_swapped,
    "entities": _entities,
    "nested": _nested,
    "encoded": _encoded,
    "bad character": _bad_character,
    "cut": _cut,
}


def of_a_part(mutation: Markup) -> Bytes:
    """The mutation of one XML part of an archive, the sheets' more often."""

    def mutated(rng: random.Random, content: bytes) -> bytes:
        entries = unpacked(content)
        parts = [at for at, each in enumerate(entries) if each.content[:1] == b"<"]
        cells = [at for at in parts if re.search(rb"sheet\d|content|shared", entries[at].name)]
        at = rng.choice(cells if cells and rng.random() < 0.8 else parts)
        entries[at] = replace(entries[at], content=mutation(rng, entries[at].content))
        return packed(entries)

    return mutated
