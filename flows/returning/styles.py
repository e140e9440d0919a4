"""A workbook's cell formats: those it has stay, new ones come behind them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from lxml import etree

from flows.returning.markup import MAIN, STYLES_ORDER, add, insert, main

COLOURS = {"error": "FFFFC7CE", "query": "FFFFD966", "notice": "FFDDEBF7"}
"""The fill of a cell by the level of what is said of it: light red, amber, light blue."""
_FORMATS_MOST = 64_000
"""More cell formats Excel does not open."""
NO_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/>'
    '<charset val="134"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '</cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" '
    'xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
).encode()


class Styles:
    """The formats of a workbook's part of styles, whose root element it changes."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._fills_by_colour: dict[str, int] = {}
        self._like: dict[tuple[int, str], int] = {}
        formats = self._formats = self._list("cellXfs")
        if not len(formats):
            add(formats, "xf", numFmtId="0", fontId="0", fillId="0", borderId="0")
        self._fills = self._list("fills")
        for each in (formats, self._fills):
            etree.strip_tags(each, etree.Comment)  # places are counted
        # Excel takes the first two for none and for dots, whatever they say.
        for pattern in ("none", "gray125")[len(self._fills) :]:
            add(add(self._fills, "fill"), "patternFill", patternType=pattern)

    def filled(self, style: int, colour: str) -> int:
        """The format that is as another but for its fill; '' takes a fill away."""
        style = self._known(style)
        if (style, colour) not in self._like:
            format = deepcopy(self._formats[style])
            format.set("fillId", str(self._fill(colour)) if colour else "0")
            format.set("applyFill", "1")
            self._like[style, colour] = self._add(format)
        return self._like[style, colour]

    def colour(self, style: int) -> str:
        """The plain colour that a format is filled with, '' for any other fill."""
        fill = int(self._formats[self._known(style)].get("fillId", "0"))
        pattern = None if fill >= len(self._fills) else self._fills[fill].find(main("patternFill"))
        if pattern is None or pattern.get("patternType") != "solid":
            return ""
        first = pattern.find(main("fgColor"))
        return "" if first is None else first.get("rgb", "").upper()

    def _known(self, style: int) -> int:
        """The format that a cell has: the first, where there is none of that number."""
        return style if 0 <= style < len(self._formats) else 0

    def add_font(self, *looks: tuple[str, str], size: int = 10) -> int:
        """A new font; `looks` are what Excel has before the size: b, u; and colours behind it."""
        fonts = self._list("fonts")
        if not len(fonts):
            add(fonts, "font")
        font = add(fonts, "font")
        for name, value in looks:
            if name != "color":
                add(font, name, val=value)
        add(font, "sz", val=str(size))
        for name, value in looks:
            if name == "color":
                add(font, name, rgb=value)
        add(font, "name", val="宋体")
        add(font, "charset", val="134")
        return _counted(fonts)

    def add_border(self) -> int:
        """Thin grey lines around a cell."""
        borders = self._list("borders")
        if not len(borders):
            add(borders, "border")
        border = add(borders, "border")
        for side in ("left", "right", "top", "bottom"):
            add(add(border, side, style="thin"), "color", rgb="FFA6A6A6")
        add(border, "diagonal")
        return _counted(borders)

    def add_text(
        self,
        font: int,
        border: int = 0,
        colour: str = "",
        *,
        across: str = "left",
        wrapped: bool = True,
        open: bool = False,
    ) -> int:
        """A format for text that stays text however it is edited; `open` in a locked sheet."""
        format = etree.Element(
            main("xf"),
            {
                "numFmtId": "49",
                "fontId": str(font),
                "fillId": str(self._fill(colour)) if colour else "0",
                "borderId": str(border),
                "quotePrefix": "1",
                **{f"apply{each}": "1" for each in ("NumberFormat", "Font", "Fill", "Border")},
                **{f"apply{each}": "1" for each in ("Alignment", "Protection")},
            },
        )
        if self._root.find(main("cellStyleXfs")) is not None:
            format.set("xfId", "0")
        wrap = {"wrapText": "1"} if wrapped else {}
        add(format, "alignment", horizontal=across, vertical="center", **wrap)
        add(format, "protection", locked="0" if open else "1")
        return self._add(format)

    def _fill(self, colour: str) -> int:
        if colour not in self._fills_by_colour:
            pattern = add(add(self._fills, "fill"), "patternFill", patternType="solid")
            add(pattern, "fgColor", rgb=colour)
            add(pattern, "bgColor", indexed="64")
            self._fills_by_colour[colour] = _counted(self._fills)
        return self._fills_by_colour[colour]

    def _add(self, format: Any) -> int:
        self._formats.append(format)
        if len(self._formats) > _FORMATS_MOST:
            raise ValueError("more cell formats than a workbook can have")
        return _counted(self._formats)

    def _list(self, name: str) -> Any:
        found = self._root.find(main(name))
        if found is None:
            found = etree.Element(main(name))
            insert(self._root, found, STYLES_ORDER)
        return found


def _counted(listed: Any) -> int:
    """The place of a list's last entry, whose number the list says."""
    listed.set("count", str(len(listed)))
    return len(listed) - 1
