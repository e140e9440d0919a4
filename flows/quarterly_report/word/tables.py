"""Tables of the document: breakdowns, the annex of notes, the forms that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.shared import Emu, Mm
from docx.table import Table, _Row

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.filling import owed_said
from flows.quarterly_report.notes import HEADS, Note
from flows.quarterly_report.word.runs import bookmarked, link
from flows.quarterly_report.word.styles import CELL, GRID
from flows.quarterly_report.wording import FORM_STATES
from flows.templating.looks import without_illegal
from schemas.declaring import periods

_ANNEX_WIDTHS = (12, 42, 30, 44, 30, 36, 49)
"""Millimetres, of the annex's columns on a page on its side."""


def table_after(
    document: Document,
    paragraph: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[str | int]],
    widths: Sequence[int] = (),
) -> Table:
    """A table with heads that repeat on each page, put in the place of a paragraph."""
    widths = widths or _even(document, len(heads))
    # Not by the document: it asks its last section how wide it is, which need not say.
    table = Table(CT_Tbl.new_tbl(1, len(heads), Mm(sum(widths))), document._body)
    table.style = GRID
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _fill(table.rows[0], heads, bold=True, centred=True)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        added: _Row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx leaves it untyped
        _fill(added, row)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _put_for(paragraph, table._tbl)
    return table


def _put_for(paragraph: Any, table: Any) -> None:
    """Put a table in the place of a paragraph, which stays empty where one is needed.

    One that ends a section holds its page; a cell, a text box and a document end with a
    paragraph; and two tables with none between them are one.
    """
    before = paragraph.getprevious()
    if before is not None and before.tag == qn("w:tbl"):
        paragraph.addprevious(OxmlElement("w:p"))
    paragraph.addprevious(table)
    own, after = paragraph.find(qn("w:pPr")), paragraph.getnext()
    ends = own is not None and own.find(qn("w:sectPr")) is not None
    if not ends and after is not None and after.tag == qn("w:p"):
        paragraph.getparent().remove(paragraph)
        return
    for child in list(paragraph):
        if child is not own:
            paragraph.remove(child)


def _even(document: Document, columns: int) -> list[int]:
    """Columns of one width, in millimetres, over the first section's page."""
    width = 210 - 28 - 26.0
    for section in list(document.sections)[:1]:
        widths = section.page_width, section.left_margin, section.right_margin
        if all(each is not None for each in widths):
            page, left, right = (each or 0 for each in widths)
            width = Emu(page - left - right).mm
    return [max(int(width / columns), 8)] * columns


def _fill(
    row: _Row, texts: Sequence[str | int], *, bold: bool = False, centred: bool = False
) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = CELL
        run = paragraph.add_run(without_illegal(str(text)))
        run.bold = bold or None
        if centred or isinstance(text, int):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def annex(document: Document, paragraph: Any, notes: Sequence[Note], ids: count[int]) -> None:
    """The annex in the place of a paragraph; each number leads back to its place in the text."""
    rows = [[str(note.number), note.name, *note[3:]] for note in notes]
    table = table_after(document, paragraph, HEADS, rows, _ANNEX_WIDTHS)
    for note, row in zip(notes, list(table.rows)[1:], strict=True):
        run = row.cells[0].paragraphs[0].runs[0]
        row.cells[0].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        bookmarked(run._r, f"note_{note.number}", next(ids))
        place = run._r.getprevious()
        back = link(f"ref_{note.number}", run._r)
        place.addnext(back)


def gaps(document: Document, paragraph: Any, contents: Contents) -> None:
    """The forms that are missing or held, in the place of a paragraph; a sentence for none."""
    rows = [
        (
            contents.unit_name(gap.unit_code),
            periods.month_zh(gap.month),
            contents.declaration.by_name[gap.form].title_zh,
            FORM_STATES[gap.state],
        )
        for gap in contents.gaps
    ]
    if rows:
        heads = ("单位", "月份", "报表", "情况")
        table_after(document, paragraph, heads, rows, (50, 40, 80, 40))
        return
    owed = owed_said(contents)
    said = f"{owed}。" if owed else "本季度应报报表已全部报齐并通过审核。"
    for run in paragraph.findall(qn("w:r"))[1:]:
        paragraph.remove(run)
    for text in paragraph.iter(qn("w:t")):
        text.text = said
        said = ""
