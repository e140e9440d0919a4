"""Templates as Word and WPS save them, made ready: every tag the text of plain runs."""

from __future__ import annotations

import copy
import re
from itertools import groupby

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from flows.errors import Misuse
from flows.quarterly_report.tags import TAG
from flows.quarterly_report.word.texts import (
    KEPT,
    PLAIN,
    Element,
    are_runs,
    is_of,
    named,
    own_text,
    run_text,
    side_by_side,
)

_TAKEN = named("ins", "moveTo", "smartTag", "customXml")
_DROPPED = named("del", "moveFrom")
_OWN = named("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "fldData")
_BRACES = re.compile("[{}｛｝]")


def settle(paragraph: Element) -> None:
    """Make the tags of a w:p text of plain runs, and accept its tracked changes.

    Misuse where a tag, or a part of one, stands where none can be filled.
    """
    for wrapped in _own(paragraph, _DROPPED):
        wrapped.getparent().remove(wrapped)
    for wrapped in _own(paragraph, _TAKEN):
        _unwrap(wrapped)
    whole = own_text(paragraph)
    if not _BRACES.search(whole):
        return
    for wrapped in _own(paragraph, KEPT):
        if _BRACES.search(own_text(wrapped)):
            _unwrap(wrapped)
    for run in paragraph.findall(qn("w:r")):
        if _BRACES.search(own_text(run)):
            _part(run)
    texts = ["".join(map(run_text, runs)) for runs in side_by_side(paragraph) if are_runs(runs)]
    # Braces that are no tag stay as they are.
    if sum(len(TAG.findall(text)) for text in texts) < len(TAG.findall(whole)):
        raise Misuse(
            f"The report's template has a tag where none can be filled, in “{_short(whole)}”; "
            "write it as plain text."
        )


def refuse_tags(root: Element, place: str) -> None:
    """Misuse where a part of the template that is not filled has a tag."""
    for paragraph in root.iter(qn("w:p")):
        if TAG.search(own_text(paragraph)):
            raise Misuse(
                f"The report's template has a tag in {place}, where none can be filled: "
                f"“{_short(own_text(paragraph))}”; write it in the text."
            )


def _short(text: str) -> str:
    return text.strip()[:60]


def _own(paragraph: Element, tags: frozenset[str]) -> list[Element]:
    return [each for each in paragraph.iter(*tags) if is_of(each, paragraph)]


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
    groups = [list(group) for _, group in groupby(children, lambda each: each.tag in PLAIN)]
    for group in groups[:-1]:
        before = OxmlElement("w:r")
        if own is not None:
            before.append(copy.deepcopy(own))
        before.extend(group)
        run.addprevious(before)
