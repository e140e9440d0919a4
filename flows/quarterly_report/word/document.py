"""The template filled: every tag of the document, its headers and footers."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from flows.errors import Misuse
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.filling import Filler, Piece, state_said
from flows.quarterly_report.ledger_rows import Table, broken_down
from flows.quarterly_report.notes import Note
from flows.quarterly_report.tags import TAG
from flows.quarterly_report.word import tables
from flows.quarterly_report.word.runs import fill_paragraph
from flows.quarterly_report.word.settling import refuse_tags, settle
from flows.quarterly_report.word.styles import STATE, ensure_styles
from flows.quarterly_report.word.texts import text_of
from flows.templating.looks import without_illegal
from schemas.declaring.reporting import BLOCK_TAGS

_NO_DOCUMENT = (
    *(PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError),
    # What is broken within, or has a password.
    *(etree.XMLSyntaxError, zlib.error, EOFError, RuntimeError),
)
_IN_MARGIN = (
    "The report's template has {} in a header or footer; only the period's tags, as {{报告期}}, "
    "can stand there."
)
_STATE_TAG, _NOTES, _GAPS = "状态", "数据说明", "缺报情况"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MARK = re.compile(r"(ref|note)_\d+")
_LONGEST = 255
"""No property of a document is longer."""


class Block(NamedTuple):
    """A paragraph or table of the text; `kind` is title, state, heading, text or table."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    table: Table | None = None


class Word(NamedTuple):
    """The filled document, its text in order without the annexes, and its notes."""

    content: bytes
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]


def word(contents: Contents, template: bytes) -> Word:
    """Fill a template; Misuse where it is no .docx or has a tag that means nothing."""
    document = _opened(template)
    filling = _Filling(document, contents)
    for paragraph, within in _paragraphs(document):
        filling.take(paragraph, within=within)
    _refuse_elsewhere(document)
    filling.finish()
    _describe(document, contents, filling.blocks)
    content = io.BytesIO()
    document.save(content)
    return Word(content.getvalue(), tuple(filling.blocks), tuple(filling.filler.notes.all))


def _opened(template: bytes) -> Document:
    try:
        document = docx.Document(io.BytesIO(template))
    except _NO_DOCUMENT as error:
        raise Misuse(
            "The report's template is no Word document (.docx); save it as one, or leave the "
            "setting report_template out."
        ) from error
    _take_fallbacks(document)
    _take_marks(document)
    return document


class _Filling:
    """One document on its way, its paragraphs taken in order."""

    def __init__(self, document: Document, contents: Contents) -> None:
        self.document = document
        self.contents = contents
        self.filler = Filler(contents)
        self.blocks: list[Block] = []
        self._styles = ensure_styles(document)
        self._ids = count(_last_bookmark(document) + 1)
        self._annexes: list[tuple[str, Any]] = []
        self._text_ends: int | None = None

    def take(self, paragraph: Any, *, within: bool) -> None:
        """Fill a paragraph; one of an annex waits until all numbers are known.

        `within` says that it is of the body, and not of a header or footer.
        """
        settle(paragraph)
        text = text_of(paragraph).strip()
        tag = TAG.fullmatch(text)
        block = tag[1].strip() if tag is not None and tag[1].strip() in BLOCK_TAGS else ""
        breakdown = self.filler.breakdown(text) if tag is not None and not block else None
        annex = block in (_NOTES, _GAPS)
        if not within and (annex or breakdown is not None):
            raise Misuse(_IN_MARGIN.format(text))
        if annex:
            self._annexes.append((block, paragraph))
            self._text_ends = len(self.blocks) if self._text_ends is None else self._text_ends
        elif breakdown is not None:
            table = broken_down(self.contents, breakdown)
            tables.table_after(self.document, paragraph, table.heads, table.rows)
            self.blocks.append(Block("table", (), table))
        else:
            self._fill(paragraph, text, state=block == _STATE_TAG, within=within)

    def _fill(self, paragraph: Any, text: str, *, state: bool, within: bool) -> None:
        fill = _stated(self.contents) if state else self.filler.fill
        pieces = fill_paragraph(paragraph, fill, self._ids, self._styles)
        if not within and any(piece.note for piece in pieces):
            # Its bookmark and its row of the annex would stand in different parts.
            raise Misuse(_IN_MARGIN.format(text))
        if within and pieces:
            kind = "state" if state else _kind(self.document, paragraph)
            self.blocks.append(Block(kind, tuple(pieces)))

    def finish(self) -> None:
        """Write the annexes, and what a bureau's template must say and has left out."""
        notes = self.filler.notes.all
        if notes and _NOTES not in {name for name, _ in self._annexes}:
            # The numbers of the text lead there.
            self.document.add_paragraph(_NOTES)
            self._annexes.append((_NOTES, self.document.add_paragraph()._p))
        if not any(block.kind == "state" for block in self.blocks):
            first = self.document.element.body.find(qn("w:p"))
            said = self.document.add_paragraph(state_said(self.contents), STATE)._p
            if first is not None:
                first.addprevious(said)
        if self._text_ends is not None and not any(map(_says, self.blocks[self._text_ends :])):
            # What stands after the text are the annexes' headings.
            del self.blocks[self._text_ends :]
        for name, paragraph in self._annexes:
            if name == _NOTES:
                tables.annex(self.document, paragraph, notes, self._ids)
            else:
                tables.gaps(self.document, paragraph, self.contents)


def _stated(contents: Contents) -> Callable[[str], list[Piece]]:
    return lambda text: [Piece(state_said(contents))]


def _paragraphs(document: Document) -> Iterator[tuple[Any, bool]]:
    """Every paragraph, in tables and text boxes too, with whether it is of the body."""
    # A list, since paragraphs give way to tables on the way.
    for paragraph in list(document.element.body.iter(qn("w:p"))):
        yield paragraph, True
    for section in document.sections:
        for part in (
            *(section.header, section.first_page_header, section.even_page_header),
            *(section.footer, section.first_page_footer, section.even_page_footer),
        ):
            if not part.is_linked_to_previous:
                for paragraph in list(part._element.iter(qn("w:p"))):
                    yield paragraph, False


def _take_fallbacks(document: Document) -> None:
    """Take away the copies of text boxes with tags that Word keeps for its versions before 2010.

    Every number in them would be there twice.
    """
    for copied in list(document.element.body.iter(f"{_COMPATIBILITY}Fallback")):
        if any(TAG.search(text_of(each)) for each in copied.iter(qn("w:p"))):
            copied.getparent().remove(copied)


def _take_marks(document: Document) -> None:
    """Take away the bookmarks of an earlier report that was made into a template."""
    for mark in list(document.element.body.iter(qn("w:bookmarkStart"))):
        if _MARK.fullmatch(mark.get(qn("w:name"), "")):
            mark.getparent().remove(mark)


def _refuse_elsewhere(document: Document) -> None:
    """Misuse where a footnote or an endnote has a tag."""
    for part in document.part.package.iter_parts():
        name = str(part.partname).rpartition("/")[2]
        if name in ("footnotes.xml", "endnotes.xml"):
            refuse_tags(etree.fromstring(part.blob), "a footnote")


def _says(block: Block) -> bool:
    return block.table is not None or any(piece.note for piece in block.pieces)


def _kind(document: Document, paragraph: Any) -> str:
    style = Paragraph(paragraph, document._body).style
    name = "" if style is None else style.name or ""
    if name == "Title":
        return "title"
    return "heading" if name.startswith(("Heading", "heading", "标题")) else "text"


def _last_bookmark(document: Document) -> int:
    marks = document.element.body.iter(qn("w:bookmarkStart"))
    numbers = [int(each.get(qn("w:id"), "0")) for each in marks]
    return max(numbers, default=0)


def _describe(document: Document, contents: Contents, blocks: Sequence[Block]) -> None:
    """Properties that are the same whenever the same report is written."""
    properties = document.core_properties
    titles = (block.pieces for block in blocks if block.kind == "title")
    title = "".join(each.text for each in next(titles, ()))
    properties.title = without_illegal(title)[:_LONGEST]
    properties.created = properties.modified = contents.as_of
    properties.last_modified_by = ""
    properties.revision = 1
