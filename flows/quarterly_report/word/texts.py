"""The texts of a paragraph's runs, and what Word has around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.text.run import Run


def named(*names: str) -> frozenset[str]:
    """Tags of WordprocessingML by their names."""
    return frozenset(qn(f"w:{name}") for name in names)


PLAIN = named("rPr", "t", "tab", "br", "cr", "noBreakHyphen", "lastRenderedPageBreak")
"""What a run of text alone holds."""
KEPT = named("hyperlink", "fldSimple", "sdt")
"""What wraps runs and stays where no tag is in it."""
_PASSED_OVER = named(
    *("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd"),
    *("permStart", "permEnd", "proofErr"),
)
Element = Any
"""An lxml element: python-docx's own have no types."""


def text_of(paragraph: Element) -> str:
    """The text of a paragraph's runs."""
    groups = side_by_side(paragraph)
    return "".join(run_text(run) for runs in groups if are_runs(runs) for run in runs)


def side_by_side(paragraph: Element) -> Iterator[list[Element]]:
    """Runs of text with nothing between them that shows, and what else has text alone."""
    found: list[Element] = []
    for child in paragraph:
        if child.tag == qn("w:r") and all(each.tag in PLAIN for each in child):
            found.append(child)
        elif child.tag not in _PASSED_OVER and found:
            yield found
            found = []
        if child.tag in KEPT:
            yield [child]
    if found:
        yield found


def are_runs(elements: list[Element]) -> bool:
    """Whether what stands side by side are runs, and no wrapped ones."""
    return bool(elements[0].tag == qn("w:r"))


def run_text(run: Element) -> str:
    """The text of a run, tabs and breaks in it."""
    return Run(run, None).text  # type: ignore[arg-type]  # text needs no parent


def is_of(element: Element, paragraph: Element) -> bool:
    """Whether the element is the paragraph's own, not of one in a text box within it."""
    return next(element.iterancestors(qn("w:p"))) is paragraph


def own_text(element: Element) -> str:
    """The text of an element, without that of text boxes in it."""
    inner = element if element.tag == qn("w:p") else next(element.iterancestors(qn("w:p")))
    return "".join(
        each.text or "" for each in element.iter(qn("w:t")) if is_of(each, inner)
    )  # deleted text is no w:t
