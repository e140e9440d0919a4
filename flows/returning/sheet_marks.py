"""A sheet with what is remarked marked on its cells: a fill by the level, a comment with the words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from flows.returning.cell_marks import Address, SheetCells, address
from flows.returning.comments import Comments
from flows.returning.markup import main
from flows.returning.own_words import between
from flows.returning.package_parts import Parts
from flows.returning.remarks import Remark
from flows.returning.sheets import SheetPart
from flows.returning.styles import COLOURS, Styles
from schemas.declaring.rules import LEVELS_ZH

_STRICT = tuple(COLOURS)
_SELECTED = re.compile(
    rb"""(<(?:[\w.-]+:)?sheetView\s(?:[^>]*?\s)?tabSelected\s*=\s*)(["'])(?:1|true)\2"""
)


def by_sheet(remarks: Sequence[Remark]) -> Mapping[str, dict[Address, list[Remark]]]:
    """The remarks that are of a cell, by the sheet's name and the cell."""
    found: dict[str, dict[Address, list[Remark]]] = defaultdict(dict)
    for each in remarks:
        at = address(each.cell)
        if each.sheet and at is not None:
            found[each.sheet].setdefault(at, []).append(each)
    return found


def mark_sheet(
    parts: Parts, sheet: SheetPart, remarks: Mapping[Address, list[Remark]], styles: Styles
) -> None:
    """Mark a sheet's cells; the marks of an earlier return are taken away."""
    comments = Comments(parts, sheet.part) if sheet.is_cells else None
    earlier = comments.remove_earlier() if comments is not None else []
    if comments is None or not (remarks or earlier):
        _unselect(parts, sheet.part)
        return
    root = parts.root(sheet.part)
    if root.tag != main("worksheet"):
        raise ValueError(f"no worksheet: {root.tag}")
    for view in root.iter(main("sheetView")):
        view.attrib.pop("tabSelected", None)
    cells = SheetCells(root)
    for at in earlier:
        cell = cells.cell(at)
        style = int(cell.get("s", "0"))
        if styles.colour(style) in COLOURS.values():
            cell.set("s", str(styles.filled(style, "")))
    together: dict[Address, list[Remark]] = {}
    for at, said in remarks.items():
        together.setdefault(cells.whole(at), []).extend(said)
    for at, said in together.items():
        said.sort(key=lambda each: _STRICT.index(each.level))
        cell = cells.cell(at)
        cell.set("s", str(styles.filled(int(cell.get("s", "0")), COLOURS[said[0].level])))
    if together:
        comments.add({at: _comment(said) for at, said in together.items()}, cells)


def _unselect(parts: Parts, part: str) -> None:
    """Have a sheet not be selected beside the list: what is typed would go into both."""
    data = parts.read(part)
    if b"tabSelected" in data:
        changed = _SELECTED.sub(rb"\1\g<2>0\2", data)
        if changed != data:
            parts.write(part, changed)
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        for view in parts.root(part).iter(main("sheetView")):
            view.attrib.pop("tabSelected", None)


def _comment(remarks: Sequence[Remark]) -> str:
    return between("\n".join(_words(each) for each in remarks))


def _words(remark: Remark) -> str:
    before = (("上月数", remark.last_month), ("上年同月", remark.last_year))
    lines = (
        f"{LEVELS_ZH[remark.level]}　{remark.rule}",
        remark.message,
        "；".join(f"{label}：{value}" for label, value in before if value),
        f"说明：{remark.explanation}" if remark.explanation else "",
    )
    return "\n".join(line for line in lines if line)
