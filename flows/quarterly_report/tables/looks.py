"""How the cells of the quarter's tables look."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from flows.templating.looks import BODY, GREY, HEAD, HEADING

SHORT, BAND = "FFF2CC", "EEF3F8"
"""Behind numbers that lack units, and behind the name of a programme."""
_EDGE = Side(style="thin", color="A6A6A6")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


def _look(
    across: str, *, fill: str = "", bold: bool = False, wrap: bool = False, box: bool = True,
    size: float = 10, colour: str = "000000", font: str = BODY,
) -> dict[str, Any]:  # fmt: skip
    indent = 1 if box and across == "left" else 0
    look: dict[str, Any] = {
        "font": Font(name=font, size=size, bold=bold, color=colour),
        "alignment": Alignment(horizontal=across, vertical="center", wrap_text=wrap, indent=indent),
    }
    if fill:
        look["fill"] = PatternFill("solid", fgColor=fill)
    return look | ({"border": _BOX} if box else {})


LOOKS = {
    "title": _look("left", box=False, bold=True, size=15, font=HEADING),
    "said": _look("left", box=False, colour="404040"),
    "note": _look("left", box=False, size=9, colour="595959"),
    "link": _look("left", box=False, colour="1F4E79"),
    "head": _look("center", fill=HEAD, bold=True, wrap=True),
    "upright": _look("center", fill=HEAD, bold=True, wrap=True),
    "band": _look("left", fill=BAND, bold=True),
    "text": _look("left"),
    "long": _look("left", wrap=True),
    "centre": _look("center"),
    "alarm": _look("center", fill=SHORT, bold=True),
    "off": _look("center", fill=GREY),
    "number": _look("right"),
    "short": _look("right", fill=SHORT),
    "total": _look("right", fill=GREY, bold=True),
    "total short": _look("right", fill=SHORT, bold=True),
    "total text": _look("left", fill=GREY, bold=True),
}


# 255 is no angle: the characters stand one below another.
LOOKS["upright"]["alignment"] = Alignment(horizontal="center", vertical="center", textRotation=255)
