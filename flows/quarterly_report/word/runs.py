"""Pieces written in the place of the tags of a paragraph.

Word splits a paragraph into runs wherever it pleases, within a tag too. So the text of all
runs that stand side by side is taken as one, and each piece gets the looks of the run in which
it, or its tag, begins. The paragraph is settled before, see `settling`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from itertools import count, pairwise

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.run import Run

from flows.quarterly_report.filling import Piece
from flows.quarterly_report.tags import TAG
from flows.quarterly_report.word.styles import LACKING, NOTE
from flows.quarterly_report.word.texts import Element, are_runs, own_text, run_text, side_by_side
from flows.templating.looks import without_illegal


def fill_paragraph(
    paragraph: Element,
    fill: Callable[[str], list[Piece]],
    ids: count[int],
    styles: Mapping[str, str],
) -> list[Piece]:
    """Put pieces in the place of the tags of a settled w:p; all pieces of the paragraph.

    `styles` are the document's ids of the styles by name.
    """
    pieces: list[Piece] = []
    for runs in list(side_by_side(paragraph)):
        if not are_runs(runs):
            pieces.append(Piece(own_text(runs[0])))
            continue
        texts = [run_text(run) for run in runs]
        text = "".join(texts)
        if TAG.search(text) is None:
            pieces.append(Piece(text))
            continue
        filled = fill(text)
        pieces += filled
        _write(runs, texts, filled, ids, styles)
    return pieces


def _write(
    runs: list[Element],
    texts: list[str],
    pieces: list[Piece],
    ids: count[int],
    styles: Mapping[str, str],
) -> None:
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
            put(_run(looks, f"（{piece.lacking}）", styles[LACKING]))
        mark = f"〔{number}〕" + ("△" if piece.provisional else "")
        put(link(f"note_{number}", _run(looks, mark, styles[NOTE])))
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
    Run(run, None).text = without_illegal(text)  # type: ignore[arg-type]  # text needs no parent
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
