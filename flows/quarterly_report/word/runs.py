"""The runs of a paragraph: tags found across them, and pieces written in their place.

Word splits a paragraph into runs wherever it pleases, within a tag too. So the text of all
runs that stand side by side is taken as one, and each piece gets the looks of the run in which
it, or its tag, begins.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.run import Run

from flows.quarterly_report.filling import Piece
from flows.quarterly_report.word.styles import LACKING, NOTE

_PASSED_OVER = {qn(f"w:{name}") for name in ("bookmarkStart", "bookmarkEnd")}
_PLAIN = {qn(f"w:{name}") for name in ("rPr", "t", "tab", "br", "lastRenderedPageBreak")}
Element = Any
"""An lxml element: python-docx's own have no types."""


def fill_paragraph(
    paragraph: Element, fill: Callable[[str], list[Piece]], ids: count[int]
) -> list[Piece]:
    """Put pieces in the place of the tags of a w:p; all pieces of the paragraph."""
    for mark in paragraph.findall(qn("w:proofErr")):
        paragraph.remove(mark)  # spelling marks part runs
    pieces: list[Piece] = []
    for runs in list(_side_by_side(paragraph)):
        texts = [Run(run, None).text for run in runs]  # type: ignore[arg-type]  # asks for no part
        text = "".join(texts)
        if "{" not in text:
            pieces.append(Piece(text))
            continue
        filled = fill(text)
        pieces += filled
        _write(runs, texts, filled, ids)
    return pieces


def text_of(paragraph: Element) -> str:
    """The text of a paragraph's runs."""
    return "".join(Run(run, None).text for runs in _side_by_side(paragraph) for run in runs)  # type: ignore[arg-type]  # asks for no part


def _side_by_side(paragraph: Element) -> Iterator[list[Element]]:
    """Runs of text with nothing between them that shows."""
    found: list[Element] = []
    for child in paragraph:
        if child.tag == qn("w:r") and all(each.tag in _PLAIN for each in child):
            found.append(child)
        elif child.tag not in _PASSED_OVER and found:
            yield found
            found = []
    if found:
        yield found


def _write(runs: list[Element], texts: list[str], pieces: list[Piece], ids: count[int]) -> None:
    starts = [sum(map(len, texts[:at])) for at in range(len(texts) + 1)]
    last = runs[-1]

    def put(element: Element) -> None:
        nonlocal last
        last.addnext(element)
        last = element

    def looks_at(place: int) -> Element:
        at = max(each for each, start in enumerate(starts[:-1]) if start <= place)
        return runs[at]

    for piece in pieces:
        if piece.note is None:
            for text, place in _parts(piece, starts):
                put(_run(looks_at(place), text))
            continue
        looks = looks_at(piece.at)
        number = piece.note.number
        start, end = _bookmark(f"ref_{number}", next(ids))
        put(start)
        put(_run(looks, piece.text))
        put(end)
        if piece.lacking:
            put(_run(looks, f"（{piece.lacking}）", LACKING))
        mark = f"〔{number}〕" + ("△" if piece.provisional else "")
        put(link(f"note_{number}", _run(looks, mark, NOTE)))
    for run in runs:
        run.getparent().remove(run)


def _parts(piece: Piece, starts: list[int]) -> Iterator[tuple[str, int]]:
    """A literal piece parted where its runs were, with the place of each part."""
    end = piece.at + len(piece.text)
    cuts = [piece.at, *(each for each in starts if piece.at < each < end), end]
    for first, after in pairwise(cuts):
        yield piece.text[first - piece.at : after - piece.at], first


def _run(looks: Element, text: str, style: str = "") -> Element:
    run = OxmlElement("w:r")
    own = looks.find(qn("w:rPr"))
    if own is not None:
        run.append(copy.deepcopy(own))
    if style:
        properties = run.get_or_add_rPr()
        for size in [*properties.findall(qn("w:sz")), *properties.findall(qn("w:szCs"))]:
            properties.remove(size)
        properties.get_or_add_rStyle().set(qn("w:val"), style)
    Run(run, None).text = text  # type: ignore[arg-type]  # asks for no part
    return run


def _bookmark(name: str, number: int) -> tuple[Element, Element]:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for each in (start, end):
        each.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    return start, end


def bookmarked(run: Element, name: str, number: int) -> None:
    """Put a bookmark around a run."""
    start, end = _bookmark(name, number)
    run.addprevious(start)
    run.addnext(end)


def link(anchor: str, run: Element) -> Element:
    """A link to a bookmark of the document."""
    element = OxmlElement("w:hyperlink")
    element.set(qn("w:anchor"), anchor)
    element.append(run)
    return element
