"""Markup of a workbook that is changed in places and otherwise written as it was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of references, and how the types of most relations begin."""
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32_000
"""Excel takes 32,767 characters in a cell."""

SHEET_ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches"),
    *("ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF"),
    *("picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"),
)
"""What a worksheet holds, in the order that ECMA-376 (CT_Worksheet) asks for."""
STYLES_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)

WORKBOOK_ORDER = (
    *("fileVersion", "fileSharing", "workbookPr", "AlternateContent", "workbookProtection"),
    *("bookViews", "sheets", "functionGroups", "externalReferences", "definedNames", "calcPr"),
    *("oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes"),
    *("webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst"),
)


def parsed(data: bytes) -> Any:
    """The root element of a part. Raises what lxml raises, ValueError on a DTD."""
    if b"<!DOCTYPE" in data or b"<\0!\0D\0O" in data or b"\0<\0!\0D\0O" in data:
        raise ValueError("a document type declaration")
    return etree.fromstring(data, _PARSER)


def says(data: bytes, text: str) -> bool:
    """Whether a text stands in a part, quickly; some programs write Chinese as numbers."""
    return text.encode() in data or text.encode("ascii", "xmlcharrefreplace") in data


def serialised(root: Any) -> bytes:
    """The part with what stands before and behind its root."""
    written: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return written


def main(name: str) -> str:
    """A name in the namespace of cells and sheets."""
    return f"{{{MAIN}}}{name}"


def add(parent: Any, name: str, /, **attributes: str) -> Any:
    """A new last child, in its parent's namespace and with its prefix."""
    space = parent.tag.rpartition("}")[0]
    return etree.SubElement(parent, f"{space}}}{name}" if space else name, attributes)


def insert(parent: Any, element: Any, order: Sequence[str]) -> None:
    """Put a child behind all that the order has before it or in its own place."""
    rank, at = _rank(element, order), 0
    for number, each in enumerate(parent, 1):
        if _rank(each, order) <= rank:
            at = number
    parent.insert(at, element)


def _rank(element: Any, order: Sequence[str]) -> int:
    """The place of an element, or of what alternatives stand for; -1 where it has none."""
    if not isinstance(element.tag, str):
        return -1
    name = etree.QName(element).localname
    if name == "AlternateContent":
        inner = (_rank(each, order) for choice in element for each in choice)
        return max(inner, default=-1)
    return order.index(name) if name in order else -1


def legal(text: str) -> str:
    """The text without characters that XML cannot hold, no longer than a cell may be."""
    return _ILLEGAL.sub("", text)[:_LONGEST]


def stored(text: str) -> str:
    """A cell's text as a workbook stores it: what looks like an escape is none."""
    return _ESCAPE.sub("_x005F_", legal(text))
