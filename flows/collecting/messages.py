"""The files in a mail: attachments, those of forwarded and nested mails, their names decoded."""

from __future__ import annotations

import codecs
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

DEEPEST = 12
"""Mails within mails, and parts within parts."""
MOST_FILES = 500
UNNAMED = "附件"
_LONGEST_HEADER = 20_000
WHOLE = "邮件.eml"
"""The name of a mail that cannot be taken apart, and is kept as it is."""
_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\\\"\x00-\x1f\x7f]+@[A-Za-z0-9.\-]+")
_ENDINGS = {"application/zip": ".zip", "text/csv": ".csv", "text/html": ".html"}
_CHINESE = ("gb2312", "gbk", "cp936", "x-gbk", "gb_2312-80", "euc-cn", "unknown-8bit", "default")
"""What mail programs call the encodings of which GB 18030 is the superset, or say of any."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file in a mail; `place` is its part's number, as 2 or 3.1."""

    place: str
    name: str
    content: bytes


class _TooMuchError(Exception):
    """A mail with more in it than one is opened for."""


def files_of(raw: bytes) -> list[Enclosed]:
    """The files in a mail, in their order; the mail itself where it cannot be taken apart.

    Its text is no file, nor are the pictures that stand in its text.
    """
    try:
        return list(_files(email.message_from_bytes(raw), "", 0, []))
    except (_TooMuchError, RecursionError, MessageError, ValueError, LookupError, TypeError):
        return [Enclosed("0", WHOLE, raw)]


def header_texts(message: Message, name: str) -> list[str]:
    """The decoded texts of every header of that name."""
    return [_decoded(value) for each, value in message.raw_items() if each.lower() == name.lower()]


def sender_of(message: Message) -> str | None:
    """The one address that a mail says it is from; None where it says none or several."""
    said = [value for name, value in message.raw_items() if name.lower() == "from"]
    if len(said) != 1 or len(str(said[0])) > _LONGEST_HEADER:
        return None
    # Names are decoded only after the addresses are told apart: they may hold commas and <>.
    found = [address for _, address in getaddresses([_eight_bit(str(said[0]))]) if address]
    if len(found) != 1 or not (_ADDRESS.fullmatch(found[0]) and found[0].isprintable()):
        return None
    return found[0].lower()


def is_automatic(message: Message) -> bool:
    """Whether a program wrote it, as one that could not deliver what it sends back (RFC 3834)."""
    written = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return written != "no" or message.get_content_type() == "multipart/report"


def _files(part: Message, place: str, depth: int, seen: list[str]) -> Iterator[Enclosed]:
    if depth > DEEPEST:
        raise _TooMuchError
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822" and _is_encoded(part):
        payload = [_decoded_mail(part)]
    if isinstance(payload, list):  # parts, or a mail within this one
        for number, each in enumerate(payload, 1):
            yield from _files(each, f"{place}.{number}".lstrip("."), depth + 1, seen)
        return
    name = _file_name(part)
    if not _is_file(part, name):
        return
    seen.append(place)
    if len(seen) > MOST_FILES:
        raise _TooMuchError
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        ending = _ENDINGS.get(part.get_content_type(), "")
        yield Enclosed(place or "1", name or f"{UNNAMED}{len(seen)}{ending}", content)


def _is_encoded(part: Message) -> bool:
    coding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    return coding in ("base64", "quoted-printable")


def _decoded_mail(part: Message) -> Message:
    """A mail within a mail that was encoded, which no rule allows and some programs do."""
    plain = Message()
    plain["Content-Transfer-Encoding"] = str(part["Content-Transfer-Encoding"])
    inside = part.get_payload(0) if part.is_multipart() else part
    text = inside.get_payload() if isinstance(inside, Message) else ""
    plain.set_payload(text if isinstance(text, str) else "")
    content = plain.get_payload(decode=True)
    return email.message_from_bytes(content if isinstance(content, bytes) else b"")


def _is_file(part: Message, name: str) -> bool:
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment":
        return True
    if kind.startswith("image/") and (part["Content-ID"] or not name):
        return False
    return bool(name) or not kind.startswith(("text/", "image/", "message/", "multipart/"))


def _file_name(part: Message) -> str:
    """The name that a part has, however it is encoded; '' where it has none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        for name, value in part.raw_items():
            if name.lower() == header:
                said = _parameter(str(value), parameter)
                if said:
                    return said
    return ""


def _parameter(value: str, name: str) -> str:
    """A parameter of a header: plain, by RFC 2231, or as encoded words, which many write there."""
    alone = Message()
    alone.add_header("x", "y")
    alone.replace_header("x", _eight_bit(value))
    found = alone.get_param(name, header="x")
    if isinstance(found, tuple):
        charset, _, text = found
        return _text(text.encode("latin-1", "replace"), charset or "").strip()
    return _decoded(found).strip() if isinstance(found, str) else ""


def _decoded(value: object) -> str:
    """A header's text with its encoded words decoded."""
    text = _eight_bit(str(value))
    if len(text) > _LONGEST_HEADER:  # to decode it takes longer than its length squared
        return text
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(
        _text(piece, charset or "") if isinstance(piece, bytes) else piece
        for piece, charset in pieces
    )


def _eight_bit(text: str) -> str:
    """A header as it came, in which some write bytes as they are: UTF-8, else GB 18030."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _text(text.encode("utf-8", "surrogateescape"), "")
    return text


def _text(content: bytes, charset: str) -> str:
    """Bytes in a named encoding; where it is not what is said, UTF-8 or GB 18030."""
    name = charset.lower().strip("'\"")
    if name not in _CHINESE:
        try:
            codec = codecs.lookup(name) if name else None
            if codec is not None and codec._is_text_encoding and name != "us-ascii":
                return content.decode(name)
        except (LookupError, ValueError):
            pass
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return content.decode("gb18030", "replace")
