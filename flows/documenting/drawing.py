"""The picture of the entities as SVG, from their places."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import cycle

from flows.documenting.entities import Entity, entities
from flows.documenting.placing import HEAD, WIDTH, Box, Plan, Rail, Trunk, plan
from schemas.declaring.district import Declaration

_COLOURS = (
    "#2563a8", "#c2570c", "#1d7d46", "#8a3fa0", "#b3261e", "#0f766e", "#7a5c12", "#4d5a68",
)  # fmt: skip
_STYLE = """\
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2933 }
.title { font-weight: bold; font-size: 13px; fill: #ffffff }
.kind { font-size: 10px; fill: #dbe4ee }
.key { font-weight: bold }
.muted { fill: #6b7785 }
.tag { font-size: 9px; font-weight: bold; fill: #8a6d00 }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
.halo { fill: none; stroke: #fbfcfd; stroke-width: 4.5 }"""
_TABLE, _VIEW, _EDGE, _PAPER = "#33475b", "#5f7488", "#aab6c2", "#fbfcfd"
_LEGEND = 46


def schema_picture(declaration: Declaration) -> str:
    """The file `schema.svg`: a box a table, with its key and what refers, and lines between."""
    places = plan(entities(declaration))
    colours = dict(zip(places.trunks, cycle(_COLOURS), strict=False))
    height = places.height + _LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{places.width}" height="{height}" '
        f'viewBox="0 0 {places.width} {height}" role="img" aria-label="The warehouse\'s tables">',
        f"<style>{_STYLE}</style>",
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>',
    ]
    for name, rail in places.rails.items():
        parts.append(_rail(rail, colours[name]))
    for name, trunks in places.trunks.items():
        parts += (_downwards(trunk, colours[name]) for trunk in trunks)
    for name, trunks in places.trunks.items():
        for trunk in trunks:
            parts += _across(trunk, colours[name])
    for name, rail in places.rails.items():
        parts += _joints(rail, places.trunks[name], colours[name])
    for box in places.boxes:
        parts += _box(box, colours)
    parts += _legend(places)
    return "\n".join((*parts, "</svg>")) + "\n"


def _path(steps: str, colour: str) -> str:
    return f'<path class="line" stroke="{colour}" d="{steps}"/>'


def _rail(rail: Rail, colour: str) -> str:
    return _path(f"M{rail.left} {rail.at}H{rail.right}", colour)


def _downwards(trunk: Trunk, colour: str) -> str:
    return _path(f"M{trunk.at} {trunk.top}V{trunk.bottom}", colour)


def _joints(rail: Rail, trunks: tuple[Trunk, ...], colour: str) -> Iterator[str]:
    inner = (trunk.at for trunk in trunks if rail.left < trunk.at < rail.right)
    yield from (_dot(at, rail.at, colour) for at in inner)


def _dot(x: int, y: int, colour: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="2.6" fill="{colour}"/>'


def _across(trunk: Trunk, colour: str) -> Iterator[str]:
    """What hangs on a trunk: a foot at each reference, a bar and an arrow at the table meant."""
    for stub in trunk.stubs:
        y, side = (stub.first + stub.last) // 2, stub.left
        inside = side - 3 if stub.first < stub.last else side
        yield f'<path class="halo" d="M{stub.trunk + 4} {y}H{inside - 4}"/>'
        yield _path(f"M{stub.trunk} {y}H{inside}", colour)
        if stub.first < stub.last:
            yield _path(f"M{side} {stub.first - 6}h-3V{stub.last + 6}h3", colour)
        yield _path(f"M{inside} {y - 5}L{inside - 9} {y}L{inside} {y + 5}", colour)
        if trunk.top < y < trunk.bottom:
            yield _dot(stub.trunk, y, colour)
    if trunk.head is not None:
        y, side = trunk.head.middle, trunk.head.left
        yield f'<path class="halo" d="M{trunk.at + 4} {y}H{side - 4}"/>'
        yield _path(f"M{trunk.at} {y}H{side}M{side - 6} {y - 5}v10", colour)
        if trunk.top < y < trunk.bottom:
            yield _dot(trunk.at, y, colour)


def _box(box: Box, colours: dict[str, str]) -> Iterator[str]:
    entity, left, top = box.entity, box.left, box.top
    if entity.several:
        for off in (8, 4):
            yield _sheet(left + off, top + off, box.height, _PAPER)
    yield _sheet(left, top, box.height, "#ffffff")
    fill = colours.get(entity.title, _VIEW if entity.view else _TABLE)
    yield (
        f'<path fill="{fill}" d="M{left} {top + HEAD}v{5 - HEAD}q0 -5 5 -5h{WIDTH - 10}'
        f'q5 0 5 5v{HEAD - 5}z"/>'
    )
    yield _text(left + 10, top + 20, entity.title, "title")
    yield _text(left + WIDTH - 10, top + 19, "view" if entity.view else "table", "kind", "end")
    target = {name: to.table for to in entity.refers for name in to.columns}
    for at, column in enumerate(entity.shown):
        y = box.line(at) + 4
        if column.key:
            yield _text(left + 10, y, "KEY", "tag")
        if column.refers:
            colour = colours[target[column.name]]
            yield f'<circle cx="{left + 38}" cy="{y - 4}" r="3.5" fill="{colour}"/>'
        yield _text(left + 48, y, column.name, "key" if column.key else "")
        yield _text(left + WIDTH - 10, y, column.type.lower(), "muted", "end")
    for at, text in enumerate(_below(entity), len(entity.shown)):
        yield _text(left + 48, box.line(at) + 4, text, "muted")


def _below(entity: Entity) -> Iterator[str]:
    if entity.more > 0:
        word = "column" if entity.more == 1 else "columns"
        yield f"{'at least ' if entity.several else ''}{entity.more} {word} more"
    if entity.several:
        yield from (f"· {name}" for name in entity.members)


def _sheet(left: int, top: int, height: int, fill: str) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{height}" rx="5" '
        f'fill="{fill}" stroke="{_EDGE}"/>'
    )


def _text(x: int, y: int, text: str, style: str, anchor: str = "start") -> str:
    said = f' class="{style}"' if style else ""
    said += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x}" y="{y}"{said}>{escape(text)}</text>'


def _legend(places: Plan) -> Iterator[str]:
    left, y, colour = places.boxes[0].left, places.height + _LEGEND // 2 - 8, _COLOURS[0]
    yield _text(left, y, "KEY", "tag")
    yield _text(left + 28, y, "identifies a row, together with the others so marked", "muted")
    left += 440
    yield f'<circle cx="{left}" cy="{y - 4}" r="3.5" fill="{colour}"/>'
    yield _text(left + 10, y, "refers to the table with a head of that colour", "muted")
    left += 400
    yield _path(f"M{left + 60} {y - 9}l-9 5l9 5m0 -5H{left}m6 -5v10", colour)
    yield _text(left + 72, y, "many rows here, one there at most", "muted")
