"""From sheets to the bytes of a file in any format that units send."""

from typing import Any

from tests.writing.ods import ods
from tests.writing.sheets import Cell, Merge, Sheet
from tests.writing.texts import html, separated, spreadsheetml
from tests.writing.xls import raw_biff, xls
from tests.writing.xlsb import xlsb
from tests.writing.xlsx import Look, xlsx
from tests.writing.zips import zipped

__all__ = ["EXTENSIONS", "ONE_SHEET", "Cell", "Merge", "Sheet", "write", "zipped"]

EXTENSIONS = {
    "xlsx": ".xlsx",
    "xlsm": ".xlsm",
    "xlsb": ".xlsb",
    "xls": ".xls",
    "et": ".et",
    "biff": ".xls",
    "ods": ".ods",
    "csv": ".csv",
    "tsv": ".tsv",
    "html": ".xls",
    "xml": ".xml",
}
"""Formats, and how the names of their files end."""
ONE_SHEET = frozenset({"csv", "tsv", "html"})


def write(sheets: list[Sheet], format: str, **looks: Any) -> bytes:
    """The file's bytes; `looks` are the format's own options."""
    if format in ONE_SHEET and len(sheets) != 1:
        raise ValueError(f"{format} holds one sheet, not {len(sheets)}")
    match format:
        case "xlsx" | "xlsm":
            return xlsx(sheets, Look(macros=format == "xlsm", **looks))
        case "xlsb":
            return xlsb(sheets, **looks)
        case "biff":
            return raw_biff(sheets)
        case "xls" | "et":
            return xls(sheets)
        case "ods":
            return ods(sheets)
        case "csv":
            return separated(sheets[0], ",", **looks)
        case "tsv":
            return separated(sheets[0], "\t", **looks)
        case "html":
            return html(sheets[0], **looks)
        case "xml":
            return spreadsheetml(sheets)
    raise ValueError(format)
