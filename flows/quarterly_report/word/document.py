"""The template filled: every tag of the document, its headers and footers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from flows.errors import Misuse
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.filling import Filler, Piece, state_said
from flows.quarterly_report.ledger_rows import Table, broken_down
from flows.quarterly_report.notes import Note
from flows.quarterly_report.tags import TAG
from flows.quarterly_report.word import tables
from flows.quarterly_report.word.runs import fill_paragraph, text_of
from flows.quarterly_report.word.styles import STATE, ensure_styles


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
    try:
        document = docx.Document(io.BytesIO(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Misuse(
            "The report's template is no Word document (.docx); save it as one, or leave the "
            "setting report_template out."
        ) from error
    ensure_styles(document)
    filler = Filler(contents)
    ids = count(_last_bookmark(document) + 1)
    blocks: list[Block] = []
    later: list[tuple[str, Any]] = []
    for paragraph, within in _paragraphs(document):
        text = text_of(paragraph).strip()
        tag = TAG.fullmatch(text)
        if tag is not None and tag[0] in ("{数据说明}", "{缺报情况}"):
            later.append((tag[1], paragraph))
            continue
        breakdown = filler.breakdown(text) if tag is not None and tag[0] != "{状态}" else None
        if breakdown is not None:
            table = broken_down(contents, breakdown)
            tables.table_after(document, paragraph, table.heads, table.rows)
            blocks.append(Block("table", (), table))
            continue
        state = text == "{状态}"
        fill = _stated(contents) if state else filler.fill
        pieces = fill_paragraph(paragraph, fill, ids)
        if within and pieces and not later:
            blocks.append(Block(_kind(document, paragraph, text), tuple(pieces)))
    if filler.notes.all and "数据说明" not in {name for name, _ in later}:
        # The numbers of the text lead there, whatever a bureau's template leaves out.
        document.add_paragraph("数据说明")
        later.append(("数据说明", document.add_paragraph()._p))
    if not any(block.kind == "state" for block in blocks):
        first = document.element.body.find(qn("w:p"))
        said = document.add_paragraph(state_said(contents), STATE)._p
        if first is not None:
            first.addprevious(said)
    for name, paragraph in later:
        if name == "数据说明":
            tables.annex(document, paragraph, filler.notes.all, ids)
        else:
            tables.gaps(document, paragraph, contents)
    _describe(document, contents, blocks)
    content = io.BytesIO()
    document.save(content)
    return Word(content.getvalue(), tuple(blocks), tuple(filler.notes.all))


def _stated(contents: Contents) -> Callable[[str], list[Piece]]:
    return lambda text: [Piece(state_said(contents))]


def _paragraphs(document: Document) -> Iterator[tuple[Any, bool]]:
    """Every paragraph, in tables and text boxes too, with whether it is of the body."""
    # A list, since paragraphs give way to tables on the way.
    for paragraph in list(document.element.body.iter(qn("w:p"))):
        yield paragraph, True
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_footer):
            if not part.is_linked_to_previous:
                for paragraph in list(part._element.iter(qn("w:p"))):
                    yield paragraph, False


def _kind(document: Document, paragraph: Any, text: str) -> str:
    if text == "{状态}":
        return "state"
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
    properties.title = "".join(each.text for each in next(titles, ()))
    properties.created = properties.modified = contents.as_of
    properties.last_modified_by = ""
    properties.revision = 1
