"""What a finished document says, read from its XML: the numbers of the text and the annex."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"


class Told(NamedTuple):
    """A number of the text: what it says, and its row of the annex without the number."""

    number: int
    text: str
    annex: tuple[str, ...]


def numbers_in(content: bytes) -> list[Told]:
    """The numbers of the text in the order of their notes, each with its annex row.

    A text box stands before or after the text that it is beside: its place is no order.
    ValueError where a number has no row in the annex, or a row no number.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = etree.fromstring(package.read(_DOCUMENT))
    texts = _bookmarked(root)
    rows = _annex(root)
    if sorted(texts) != sorted(rows):
        raise ValueError(f"notes {sorted(rows)} do not go with the numbers {list(texts)}")
    return [Told(number, texts[number], rows[number]) for number in sorted(texts)]


def _bookmarked(root: etree._Element) -> dict[int, str]:
    """The text within each bookmark ref_n, by n, in the order of the document."""
    found: dict[int, str] = {}
    for start in root.iter(f"{_W}bookmarkStart"):
        match = re.fullmatch(r"ref_(\d+)", start.get(f"{_W}name", ""))
        if match is None:
            continue
        text, sibling = "", start.getnext()
        while sibling is not None and sibling.tag != f"{_W}bookmarkEnd":
            text += _text(sibling)
            sibling = sibling.getnext()
        found[int(match[1])] = text
    return found


def _annex(root: etree._Element) -> dict[int, tuple[str, ...]]:
    """The annex's rows by the number they are bookmarked with; the other cells' texts."""
    rows = {}
    for row in root.iter(f"{_W}tr"):
        for mark in row.iter(f"{_W}bookmarkStart"):
            match = re.fullmatch(r"note_(\d+)", mark.get(f"{_W}name", ""))
            if match is not None:
                cells = tuple(_text(cell) for cell in row.iter(f"{_W}tc"))
                rows[int(match[1])] = cells[1:]
    return rows


def _text(element: etree._Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{_W}t"))
