"""The font of the charts, and what it can show.

It comes with the package, so that Chinese is drawn alike on machines with no Chinese font.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font, LoadFlags

FONT = Path(__file__).with_name("MinzhengSansSC-Regular.otf")
FAMILY = "Minzheng Sans SC"
_SIZE = 100
UNKNOWN = "〓"
"""The printers' sign for a type that is missing."""


@cache
def _font() -> FT2Font:
    font = FT2Font(str(FONT))
    font.set_size(_SIZE, 72)
    return font


@cache
def characters() -> frozenset[str]:
    """Every character that the font can show."""
    return frozenset(map(chr, _font().get_charmap()))


@cache
def load() -> str:
    """Make the font known to matplotlib, once; its family."""
    fontManager.addfont(FONT)
    return FAMILY


def drawable(text: str) -> str:
    """The text with 〓 for every character that the font lacks; lines stay lines."""
    return "".join(each if each in characters() or each == "\n" else UNKNOWN for each in text)


@cache
def _advance(character: str) -> float:
    glyph = _font().load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return round(float(glyph.linearHoriAdvance) / 65536 / _SIZE, 4)


def ems(text: str) -> float:
    """How wide the text is drawn, in heights of its letters: a Chinese character is 1."""
    return sum(map(_advance, drawable(text)))


_NOT_FIRST = "，。、；：）》】”’％%"


def wrapped(text: str, width: float) -> list[str]:
    """The text in lines of at most so many ems; none begins with a closing sign."""
    lines = [""]
    for each in text:
        if ems(lines[-1] + each) > width and lines[-1] and each not in _NOT_FIRST:
            lines.append("")
        lines[-1] += each
    return lines
