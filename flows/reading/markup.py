"""Markup that Excel and WPS open as workbooks: web pages, archives of them, XML spreadsheets."""

from __future__ import annotations

import codecs
import email
import re
from email.message import Message
from html import unescape

from flows.reading.cells import Grid, MarkupError
from flows.reading.spreadsheet_ml import NAMESPACE, read_spreadsheet_ml
from flows.reading.texts import decode_bom, decode_strictly
from flows.reading.web_pages import read_page

_HEAD = 2**16
_PAGE = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|table|meta|title|link|base|style|script|div|center"
    r"|form|p|span|h[1-6]|font|b|a|br|tr|pre|ul|ol|img|frameset)(?=[\s/>]))",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"\s*[A-Za-z][A-Za-z-]*:")
_MIME = re.compile(r"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
_MIME_PAGE = re.compile(
    r"^Content-Type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)",
    re.IGNORECASE | re.MULTILINE,
)
_DECLARED = re.compile(
    r"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)"
    r"|<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_SHEETS = re.compile(
    r"<x:Name>([^<>]{1,200})</x:Name>\s{0,20}<x:WorksheetSource\s{1,20}HRef=\"([^\"]{1,500})\"",
    re.IGNORECASE,
)
_SHEET_FILE = re.compile(r"sheet\d+\.html?$", re.IGNORECASE)


def is_markup(content: bytes) -> bool:
    """Whether a file is a web page, an archive of pages or XML, by its first 64 KiB."""
    return _is_archive(content) or _is_xml(content) or _is_page(content)


def read_markup(content: bytes) -> list[Grid]:
    """The sheets of a file of markup; raises MarkupError and TooLarge, nothing else.

    A web page is one sheet, also where it has no table; see `read_page` and
    `read_spreadsheet_ml` for what the cells are.
    """
    if _is_archive(content):
        return _read_archive(content)
    if _is_page(content) or not _is_xml(content):
        return [read_page(_decode(content))]
    text = _decode_strictly(content)
    if text is None or NAMESPACE not in text[:_HEAD]:
        raise MarkupError("XML that is no spreadsheet, or broken")
    return read_spreadsheet_ml(text)


def _head(content: bytes) -> str:
    """The beginning without BOM and blanks, for comparing only."""
    head = content[:_HEAD]
    if head.startswith(codecs.BOM_UTF16_LE) or head.startswith(b"<\0"):
        text = head.decode("utf-16-le", "ignore")
    elif head.startswith(codecs.BOM_UTF16_BE) or head.startswith(b"\0<"):
        text = head.decode("utf-16-be", "ignore")
    else:
        text = head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    return text.lstrip("\ufeff \t\r\n\f")


def _is_xml(content: bytes) -> bool:
    head = _head(content)
    return head.startswith("<?xml") or _first_tag(head)[:200].startswith(("<Workbook", "<ss:Wor"))


def _is_page(content: bytes) -> bool:
    return _PAGE.match(_first_tag(_head(content))) is not None


def _first_tag(head: str) -> str:
    """What is behind comments and processing instructions."""
    at = 0
    while True:
        if head.startswith("<!--", at):
            end = head.find("-->", at) + 3
        elif head.startswith("<?", at):
            end = head.find(">", at) + 1
        else:
            return head[at:]
        if end <= at:
            return ""
        at = end
        while at < len(head) and head[at].isspace():
            at += 1


def _decode(content: bytes, declared: str = "") -> str:
    """The text of a page, with signs for what are no characters of its encoding."""
    text = _decode_strictly(content, declared)
    return content.decode(_encodings(content, declared)[0], "replace") if text is None else text


def _decode_strictly(content: bytes, declared: str = "") -> str | None:
    """The text by BOM, by what the markup or `declared` says, as UTF-8, as GB18030; or None."""
    text = decode_bom(content)
    if text is not None:
        return text
    for encoding in _encodings(content, declared):
        text = decode_strictly(content, encoding)
        if text is not None:
            return text
    return None


def _encodings(content: bytes, declared: str) -> list[str]:
    if content.startswith((b"<\0", b"\0<")):
        return ["utf-16-le" if content[0] else "utf-16-be"]
    told = _DECLARED.search(content[:_HEAD].decode("latin-1"))
    known = _encoding(declared or (told[1] or told[2] if told else ""))
    return [known, "utf-8", "gb18030"] if known else ["utf-8", "gb18030"]


def _encoding(declared: str) -> str:
    """Python's name of a declared charset; '' where it says nothing, as Latin-1 here does."""
    name = declared.lower()
    if name.startswith(("gb", "x-gbk", "hz-gb")):
        return "gb18030"
    return {"utf-8": "utf-8", "utf8": "utf-8", "big5": "big5hkscs"}.get(name, "")


def _is_archive(content: bytes) -> bool:
    head = content[:4096].removeprefix(codecs.BOM_UTF8).decode("latin-1")
    if not _ARCHIVE.match(head):
        return False
    return bool(_MIME.search(head) and _MIME_PAGE.search(head))


def _read_archive(content: bytes) -> list[Grid]:
    pages: list[tuple[str, str]] = []
    try:
        message = email.message_from_bytes(content.removeprefix(codecs.BOM_UTF8).lstrip())
        for part in message.walk():
            if part.get_content_type() == "text/html":
                pages.append((str(part.get("Content-Location", "")), _text_of(part)))
    except (RecursionError, ValueError, LookupError, TypeError) as error:
        raise MarkupError(f"a broken web archive: {error}") from None
    if not pages:
        raise MarkupError("a web archive without a page")
    # Of several sheets each is a page of its own, beside a frame and tabs that name them.
    sheets = [(place, text) for place, text in pages if _SHEET_FILE.search(place)]
    names = {href.rsplit("/", 1)[-1]: unescape(name) for name, href in _SHEETS.findall(pages[0][1])}
    if not sheets:
        return [read_page(pages[0][1])]
    return [read_page(text, names.get(place.rsplit("/", 1)[-1], "")) for place, text in sheets]


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return _decode(content, str(part.get_content_charset("")))
