"""The runs of a paragraph: tags found across them, and pieces written in their place.

Word splits a paragraph into runs wherever it pleases, within a tag too. So the text of all
runs that stand side by side is taken as one, and each piece gets the looks of the run in which
it, or its tag, begins. What Word wraps around runs (content controls, links, fields, tracked
changes) is taken away where a tag is in it: see `settle`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count, groupby, pairwise
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.run import Run

from flows.errors import Misuse
from flows.quarterly_report.filling import Piece
from flows.quarterly_report.tags import TAG
from flows.quarterly_report.word.styles import LACKING, NOTE
from flows.templating.looks import without_illegal


def _named(*names: str) -> frozenset[str]:
    return frozenset(qn(f"w:{name}") for name in names)


_PASSED_OVER = _named(
    *("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd"),
    *("permStart", "permEnd", "proofErr"),
)
_PLAIN = _named("rPr", "t", "tab", "br", "cr", "noBreakHyphen", "lastRenderedPageBreak")
_TAKEN = _named("ins", "moveTo", "smartTag", "customXml")
_KEPT = _named("hyperlink", "fldSimple", "sdt")
"""What wraps runs and stays where no tag is in it."""
_DROPPED = _named("del", "moveFrom")
_OWN = _named("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "fldData")
_BRACES = re.compile("[{}｛｝]")
Element = Any
"""An lxml element: python-docx's own have no types."""


def settle(paragraph: Element) -> None:
    """Make the tags of a w:p text of plain runs, and accept its tracked changes.

    Misuse where a tag, or a part of one, stands where none can be filled.
    """
    for wrapped in _own(paragraph, _DROPPED):
        wrapped.getparent().remove(wrapped)
    for wrapped in _own(paragraph, _TAKEN):
        _unwrap(wrapped)
    whole = _own_text(paragraph)
    if not _BRACES.search(whole):
        return
    for wrapped in _own(paragraph, _KEPT):
        if _BRACES.search(_own_text(wrapped)):
            _unwrap(wrapped)
    for run in paragraph.findall(qn("w:r")):
        if _BRACES.search(_own_text(run)):
            _part(run)
    texts = ["".join(map(_text, runs)) for runs in _side_by_side(paragraph) if _are_runs(runs)]
    # Braces that are no tag stay as they are.
    if sum(len(TAG.findall(text)) for text in texts) < len(TAG.findall(whole)):
        raise Misuse(
            f"The report's template has a tag where none can be filled, in “{_short(whole)}”; "
            "write it as plain text."
        )


def refuse_tags(root: Element, place: str) -> None:
    """Misuse where a part of the template that is not filled has a tag."""
    for paragraph in root.iter(qn("w:p")):
        if TAG.search(_own_text(paragraph)):
            raise Misuse(
                f"The report's template has a tag in {place}, where none can be filled: "
                f"“{_short(_own_text(paragraph))}”; write it in the text."
            )


def _short(text: str) -> str:
    return text.strip()[:60]


def _own(paragraph: Element, tags: frozenset[str]) -> list[Element]:
    return [each for each in paragraph.iter(*tags) if _of(each, paragraph)]


def _are_runs(elements: list[Element]) -> bool:
    return bool(elements[0].tag == qn("w:r"))


def _text(run: Element) -> str:
    return Run(run, None).text  # type: ignore[arg-type]  # asks for no part


def _of(element: Element, paragraph: Element) -> bool:
    """Whether the element is the paragraph's own, not of one in a text box within it."""
    return next(element.iterancestors(qn("w:p"))) is paragraph


def _own_text(element: Element) -> str:
    inner = element if element.tag == qn("w:p") else next(element.iterancestors(qn("w:p")))
    return "".join(
        each.text or "" for each in element.iter(qn("w:t")) if _of(each, inner)
    )  # deleted text is no w:t


def _unwrap(wrapped: Element) -> None:
    inside = wrapped.find(qn("w:sdtContent")) if wrapped.tag == qn("w:sdt") else wrapped
    for child in [] if inside is None else list(inside):
        if child.tag not in _OWN:
            wrapped.addprevious(child)
    wrapped.getparent().remove(wrapped)


def _part(run: Element) -> None:
    """Part a run with text and other things, a picture or a footnote's mark, into several."""
    own = run.find(qn("w:rPr"))
    children = [each for each in run if each is not own]
    groups = [list(group) for _, group in groupby(children, lambda each: each.tag in _PLAIN)]
    for group in groups[:-1]:
        before = OxmlElement("w:r")
        if own is not None:
            before.append(copy.deepcopy(own))
        before.extend(group)
        run.addprevious(before)


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
    for runs in list(_side_by_side(paragraph)):
        if not _are_runs(runs):
            pieces.append(Piece(_own_text(runs[0])))
            continue
        texts = [_text(run) for run in runs]
        text = "".join(texts)
        if TAG.search(text) is None:
            pieces.append(Piece(text))
            continue
        filled = fill(text)
        pieces += filled
        _write(runs, texts, filled, ids, styles)
    return pieces


def text_of(paragraph: Element) -> str:
    """The text of a paragraph's runs."""
    groups = _side_by_side(paragraph)
    return "".join(_text(run) for runs in groups if _are_runs(runs) for run in runs)


def _side_by_side(paragraph: Element) -> Iterator[list[Element]]:
    """Runs of text with nothing between them that shows, and what else has text alone."""
    found: list[Element] = []
    for child in paragraph:
        if child.tag == qn("w:r") and all(each.tag in _PLAIN for each in child):
            found.append(child)
        elif child.tag not in _PASSED_OVER and found:
            yield found
            found = []
        if child.tag in _KEPT:
            yield [child]
    if found:
        yield found


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
    Run(run, None).text = without_illegal(text)  # type: ignore[arg-type]  # asks for no part
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
