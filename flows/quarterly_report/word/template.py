"""The template that comes with the program, made from the declared report.

It is laid out as official documents are (GB/T 9704-2012): A4, the title in 22 points, text in
16 points, 28 points a line, headings in 黑体.
"""

from __future__ import annotations

import io

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from flows.quarterly_report.word.styles import STATE, east_asian, ensure_styles, unindented
from schemas.declaring.reporting import Report

_BODY, _HEADING, _TITLE = "仿宋", "黑体", "方正小标宋简体"
_LATIN = "Times New Roman"
_NUMERALS = "零一二三四五六七八九"


def template_of(report: Report) -> bytes:
    """A .docx with the report's prose and its tags, to be filled or edited."""
    document = docx.Document()
    _set_styles(document)
    ensure_styles(document)
    _set_page(document.sections[0])
    _add_page_number(document.sections[0])
    document.add_paragraph(report.title_zh, "Title")
    document.add_paragraph("{状态}", STATE)
    for text in report.opening:
        document.add_paragraph(text)
    for number, programme in enumerate(report.programmes, 1):
        document.add_paragraph(f"{numeral(number)}、{programme.title_zh}", "Heading 1")
        for text in programme.paragraphs:
            document.add_paragraph(text)
    for text, above in (("{地区}民政局", 28), ("{截至}", 0)):
        signature = document.add_paragraph(text)
        signature.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signature.paragraph_format.space_before = Pt(above)
    annex = document.add_section(WD_SECTION.NEW_PAGE)
    _set_page(annex, landscape=True)
    document.add_paragraph("附件1　数据说明", "Heading 1")
    document.add_paragraph("{数据说明}")
    document.add_paragraph("附件2　缺报情况", "Heading 1")
    document.add_paragraph("{缺报情况}")
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = ""
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def numeral(number: int) -> str:
    """The Chinese numeral of a number from 1 to 99."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
    return ten + (_NUMERALS[ones] if ones or not tens else "")


def _set_styles(document: Document) -> None:
    normal = _style(document, "Normal")
    east_asian(normal, _BODY, _LATIN)
    normal.font.size = Pt(16)
    normal.paragraph_format.line_spacing = Pt(28)
    normal.paragraph_format.space_after = Pt(0)
    indent = normal.element.get_or_add_pPr().get_or_add_ind()
    # Two letters of whatever size the text is set in; for who does not know those, two of 16 points.
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    title = _style(document, "Title")
    east_asian(title, _TITLE, _LATIN)
    title.font.size = Pt(22)
    title.font.bold = True
    title.font.color.rgb = RGBColor(0, 0, 0)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(36)
    title.paragraph_format.space_after = Pt(18)
    unindented(title)
    border = title.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    heading = _style(document, "Heading 1")
    east_asian(heading, _HEADING, _LATIN)
    heading.font.size = Pt(16)
    heading.font.bold = False
    heading.font.color.rgb = RGBColor(0, 0, 0)
    heading.paragraph_format.space_before = Pt(8)
    heading.paragraph_format.space_after = Pt(0)
    heading.paragraph_format.keep_with_next = True
    heading.element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")
    heading.element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLine"), "640")


def _style(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _set_page(section: Section, *, landscape: bool = False) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    if landscape:
        section.top_margin = section.bottom_margin = Mm(26)


def _add_page_number(section: Section) -> None:
    """— 1 — at the foot, as official documents have it."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    paragraph.add_run(" —")
    for each in paragraph.runs:
        each.font.size = Pt(14)
