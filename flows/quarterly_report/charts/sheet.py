"""What all charts share: a sheet as wide as the text of an A4 page, its looks, its two files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from flows.quarterly_report.charts.compacting import compact
from flows.quarterly_report.charts.letters import drawable, wrapped
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.tags import period_texts
from flows.quarterly_report.wording import MATURITY

WIDTH = 6.5
"""Inches."""
# Okabe and Ito's colours, which the colour-blind tell apart; in grey they differ too.
BLUE, SKY, ORANGE, RED = "#0072B2", "#9BD0F0", "#E69F00", "#D55E00"
PALE_ORANGE, PALE_RED = "#FCEBC8", "#FBE0D0"
INK, GREY, RULE, GRID = "#1A1A1A", "#5A5A5A", "#C8C8C8", "#E4E4E4"
TITLE, BODY, SMALL = 11.0, 8.0, 7.0
"""Points."""
_DPI = 144
HEAD, _LINE, _EDGE = 0.58, 0.145, 0.06
"""Inches: what the title takes, a line of notes, and the margin."""


def looks(family: str) -> Any:
    """Matplotlib's settings for the charts."""
    return {
        "font.family": [family],
        "font.size": BODY,
        "text.parse_math": False,  # a $ in a name is a $
        "text.hinting": "none",
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.linewidth": 0.6,
        "axes.axisbelow": True,
        "axes.facecolor": "none",
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "grid.color": GRID,
        "grid.linewidth": 0.5,
        "hatch.linewidth": 0.6,
        "svg.fonttype": "path",
        "svg.hashsalt": "minzheng",
        "path.simplify": True,
        "savefig.facecolor": "white",
    }


class Sheet:
    """A chart in the making: title above, `body` inches of room for axes, notes, the source."""

    def __init__(
        self, contents: Contents, title: str, said: str, body: float, notes: Sequence[str] = ()
    ) -> None:
        self.title = title
        small = (WIDTH - 2 * _EDGE) * 72 / SMALL
        lines = [line for note in notes for line in wrapped(note, small)]
        lines.append(source(contents))
        self.height = HEAD + body + 0.1 + len(lines) * _LINE + _EDGE
        self.figure = Figure(figsize=(WIDTH, self.height))
        self._rule(_EDGE, INK, 1.2)
        self.text(_EDGE, 0.1, title, fontsize=TITLE, color=INK)
        self.text(_EDGE, 0.34, said, fontsize=SMALL, color=GREY)
        below = self.height - _EDGE - len(lines) * _LINE
        self._rule(below - 0.05, RULE, 0.6)
        for at, line in enumerate(lines):
            self.text(_EDGE, below + at * _LINE, line, fontsize=SMALL, color=GREY)

    def text(self, left: float, top: float, text: str, **looks: Any) -> None:
        """Write at inches from the upper left corner."""
        x, y = left / WIDTH, 1 - top / self.height
        self.figure.text(x, y, text, **{"va": "top", "ha": "left", **looks})

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at inches from the left edge and from below the title."""
        bottom = self.height - HEAD - top - height
        return self.figure.add_axes(
            (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        )

    def _rule(self, top: float, colour: str, width: float) -> None:
        y = 1 - top / self.height
        edge = _EDGE / WIDTH
        line = Line2D([edge, 1 - edge], [y, y], color=colour, linewidth=width)
        line.set_transform(self.figure.transFigure)
        self.figure.add_artist(line)

    def texts(self) -> list[Text]:
        """Every text that is drawn, ticks too."""
        found = [each for each in self.figure.findobj(Text) if isinstance(each, Text)]
        return [each for each in found if each.get_text()]

    def saved(self) -> dict[str, bytes]:
        """The files by ending, svg and png; the same chart gives the same bytes."""
        for each in self.texts():
            each.set_text(drawable(each.get_text()))
        for artist in self.figure.findobj():
            artist.set_clip_on(False)  # nothing reaches beyond its axes
        return {"svg": self._svg(), "png": self._png()}

    def _svg(self) -> bytes:
        file = io.BytesIO()
        canvas: Any = FigureCanvasSVG(self.figure)
        canvas.print_svg(file, metadata=dict.fromkeys(("Date", "Creator")))
        return compact(file.getvalue(), self.title)

    def _png(self) -> bytes:
        self.figure.set_dpi(_DPI)
        canvas: Any = FigureCanvasAgg(self.figure)
        canvas.draw()
        image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
        flat = image.convert("RGB").quantize(palette=_palette(), dither=Image.Dither.NONE)
        file = io.BytesIO()
        flat.save(file, "PNG", optimize=True, dpi=(_DPI, _DPI))
        return file.getvalue()


@cache
def _palette() -> Image.Image:
    """Sixteen, which halves the file: white, the colours in use and what is between."""
    mixed = [(255, 255, 255)]
    for colour, steps in ((INK, 5), (BLUE, 3), (SKY, 1), (ORANGE, 2), (RED, 2), (PALE_ORANGE, 1), (GRID, 1)):  # fmt: skip
        red, green, blue = (255 - int(colour[at : at + 2], 16) for at in (1, 3, 5))
        for step in range(1, steps + 1):
            part = step / steps
            mixed.append((255 - int(red * part), 255 - int(green * part), 255 - int(blue * part)))
    image = Image.new("P", (1, 1))
    image.putpalette([each for one in mixed for each in one])
    return image


def source(contents: Contents) -> str:
    """Where the numbers are from, and how far they are settled."""
    texts = period_texts(contents)
    settled = MATURITY[contents.maturity]
    if contents.release is not None:
        settled += f"，{contents.release.name}"
    made_up = "【演示数据】" if contents.synthetic else ""
    return f"{made_up}数据：{texts['地区']}民政局，{texts['报告期']}（{settled}）"


def plain(axes: Axes) -> None:
    """Axes with no line and no ticks but the labels of the rows."""
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
