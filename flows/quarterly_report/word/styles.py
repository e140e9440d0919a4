"""The styles that the filled document uses, made where a template lacks them."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

NOTE, LACKING, STATE, CELL = "注号", "缺报标记", "状态说明", "附表文字"
"""Of note numbers, of what is missing, of the report's state, of the text in tables."""
GRID = "Table Grid"
"""Of tables; Word keeps it only in documents that have one."""
_RED = RGBColor(0xA8, 0x1E, 0x1E)


def ensure_styles(document: Document) -> dict[str, str]:
    """Add the styles that are not there; those of the template stay as they are.

    The ids of the styles by name: Word gives those with Chinese names ids of its own.
    """
    known = {each.name for each in document.styles}
    if NOTE not in known:
        style = _character(document, NOTE)
        style.font.superscript = True
        style.font.color.rgb = RGBColor(0x1F, 0x4E, 0x8C)
    if LACKING not in known:
        style = _character(document, LACKING)
        style.font.color.rgb = _RED
        style.font.size = Pt(12)
    if STATE not in known:
        paragraph = _paragraph(document, STATE, 12)
        paragraph.font.color.rgb = _RED
        paragraph.paragraph_format.space_after = Pt(12)
    if CELL not in known:
        _paragraph(document, CELL, 9)
    if GRID not in known:
        _grid(document)
    return {each.name or "": each.style_id for each in document.styles}


def _grid(document: Document) -> None:
    """A table with thin lines around all cells."""
    style = document.styles.add_style(GRID, WD_STYLE_TYPE.TABLE, builtin=True)
    properties, borders = OxmlElement("w:tblPr"), OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    properties.append(borders)
    style.element.append(properties)


def _character(document: Document, name: str) -> CharacterStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    assert isinstance(style, CharacterStyle)
    return style


def _paragraph(document: Document, name: str, size: float) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = Pt(size)
    form = style.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    form.space_before = form.space_after = Pt(0)
    unindented(style)
    return style


def unindented(style: ParagraphStyle) -> None:
    """No first-line indent, whatever the style it is based on has."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "0")
    indent.set(qn("w:firstLine"), "0")


def east_asian(style: CharacterStyle | ParagraphStyle, font: str, latin: str = "") -> None:
    """The style's font for Chinese letters, and for others."""
    style.font.name = latin or font
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    # A theme's font would go before the one named here.
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
