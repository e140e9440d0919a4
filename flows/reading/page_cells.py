"""A web page's cell: its text as a browser shows it, its value as Excel wrote it."""

from __future__ import annotations

import re

_SPACES = re.compile(" +")
_BREAK = re.compile(" ?\n ?")
_BREAKS = re.compile("\n+")
_COUNT = re.compile(r"\s*(\d{1,9})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DATED = re.compile(r"[年月日:]|\d[-/]\d")
_COMMENT = re.compile(r"msocom|mso-element:\s*comment")


def is_comment(attributes: dict[str, str]) -> bool:
    """Whether an element is one of a cell's comment, which Excel puts beside the table."""
    if not attributes:
        return False
    return bool(
        _COMMENT.match(attributes.get("class", "")) or _COMMENT.search(attributes.get("style", ""))
    )


def collapsed(pieces: list[str]) -> str:
    """The text as a browser lays it out; spaces that do not break become plain ones."""
    if not pieces:
        return ""
    text = _SPACES.sub(" ", "".join(pieces))
    text = _BREAKS.sub("\n", _BREAK.sub("\n", text)).strip(" \n").replace("\xa0", " ")
    return "" if text.isspace() else text


def span(attributes: dict[str, str], name: str, most: int) -> int:
    """A colspan or rowspan, at most `most`; 1 where there is none or it is no number."""
    match = _COUNT.match(attributes.get(name) or "")
    return min(int(match[1]), most) if match else 1


def full_value(text: str, attributes: dict[str, str]) -> object:
    """What a cell holds: a float where Excel or LibreOffice says so, else its text."""
    if not any(name in attributes for name in ("x:num", "x:str", "sdval")):
        return text
    if attributes.get("x:str"):
        return attributes["x:str"].replace("\xa0", " ")
    if "x:str" in attributes:
        return text
    if _DATED.search(text):
        return text  # as a number a date has lost what it says
    full = attributes.get("x:num") or attributes.get("sdval") or text
    full = full.strip().replace(",", "")
    value = float(full) if _NUMBER.fullmatch(full) else float("inf")
    return text if value in (float("inf"), float("-inf")) else value
