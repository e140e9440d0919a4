"""The comments of a sheet: those that are there stay, what is remarked comes behind them.

A cell's comment is an entry in one part and a box in another, a drawing in VML.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from flows.returning.boxes import NO_BOXES, Boxes
from flows.returning.cell_marks import Address, SheetCells, address
from flows.returning.markup import MAIN, OFFICE, SHEET_ORDER, add, insert, main, says, stored
from flows.returning.own_words import BEGIN, without_ours
from flows.returning.package_parts import Parts
from flows.returning.relations import (
    SPREADSHEET,
    relate,
    relations,
    say_default,
    say_type,
)

AUTHOR = "审核"
_NO_COMMENTS = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
_ID = f"{{{OFFICE}}}id"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"


class Comments:
    """The comments of the worksheet `part`."""

    def __init__(self, parts: Parts, part: str) -> None:
        self._parts = parts
        self._part = part
        own = (each.part for each in relations(parts, part) if each.kind == "comments")
        self._name = next((each for each in own if each in parts), "")

    def remove_earlier(self) -> list[Address]:
        """Take away what an earlier return said; gives the cells that it said it on."""
        if not self._name or not says(self._parts.read(self._name), BEGIN):
            return []
        found, emptied = [], []
        for comment in list(self._parts.root(self._name).iter(main("comment"))):
            at = address(comment.get("ref", ""))
            if at is None or BEGIN not in "".join(comment.itertext()):
                continue
            found.append(at)
            if not without_ours(comment):
                comment.getparent().remove(comment)
                emptied.append(at)
        drawing = self._drawing()
        if emptied and drawing:
            self._parts.write(drawing, Boxes(self._parts.read(drawing)).without(emptied))
        return found

    def add(self, texts: Mapping[Address, str], cells: SheetCells) -> None:
        """Say on each cell what is remarked of it."""
        if not self._name:
            self._name = self._parts.unused("xl/comments", ".xml")
            self._parts.write(self._name, _NO_COMMENTS)
            say_type(self._parts, self._name, f"{SPREADSHEET}.comments+xml")
            relate(self._parts, self._part, "comments", self._name)
        root = self._parts.root(self._name)
        if root.tag != main("comments"):
            raise ValueError(f"no comments: {root.tag}")
        author = _author(root)
        listed = root.find(main("commentList"))
        known = {
            at: each
            for each in listed.iterchildren(main("comment"))
            if (at := address(each.get("ref", ""))) is not None
        }
        drawing = self._drawing()
        boxed = {} if drawing else {at: _text(each) for at, each in known.items()}
        for at, text in sorted(texts.items()):
            comment = known.get(at)
            if comment is None:
                comment = add(listed, "comment", ref=str(at), authorId=author)
                _say(add(comment, "text"), text)
            else:
                _say(comment.find(main("text")), f"\n{text}")
            boxed[at] = _text(comment)
        drawing = drawing or self._new_drawing()
        boxes = Boxes(self._parts.read(drawing))
        self._parts.write(drawing, boxes.with_boxes(boxed, cells))

    def _drawing(self) -> str:
        """The sheet's drawing with the boxes of its comments; '' where it has none."""
        own = self._parts.root(self._part).find(main("legacyDrawing"))
        id = None if own is None else own.get(_ID)
        found = (each.part for each in relations(self._parts, self._part) if each.id == id)
        return next((each for each in found if each in self._parts), "")

    def _new_drawing(self) -> str:
        name = self._parts.unused("xl/drawings/vmlDrawing", ".vml")
        self._parts.write(name, NO_BOXES)
        say_default(self._parts, "vml", _VML)
        sheet = self._parts.root(self._part)
        own = sheet.find(main("legacyDrawing"))
        if own is None:
            own = etree.Element(main("legacyDrawing"), nsmap={"r": OFFICE})
            insert(sheet, own, SHEET_ORDER)
        own.set(_ID, relate(self._parts, self._part, "vmlDrawing", name))
        return name


def _text(comment: Any) -> str:
    return "".join(comment.itertext())


def _author(root: Any) -> str:
    """The place of our name among the authors, who are put in where they are not there."""
    authors = root.find(main("authors"))
    if authors is None:
        authors = etree.Element(main("authors"))
        root.insert(0, authors)
    names = [each.text for each in authors]
    if AUTHOR not in names:
        add(authors, "author").text = AUTHOR
        names.append(AUTHOR)
    if root.find(main("commentList")) is None:
        insert(root, etree.Element(main("commentList")), ("authors", "commentList", "extLst"))
    return str(names.index(AUTHOR))


def _say(text: Any, said: str) -> None:
    """Put words behind those of a comment."""
    plain = text.find(main("t"))
    if plain is not None:  # beside runs of text a plain one does not show
        run = etree.Element(main("r"))
        text.replace(plain, run)
        run.append(plain)
    run = etree.Element(main("r"))
    looks = add(run, "rPr")
    add(looks, "sz", val="9")
    add(looks, "color", indexed="81")
    add(looks, "rFont", val="宋体")
    add(looks, "charset", val="134")
    words = add(run, "t")
    words.text = stored(said)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    insert(text, run, ("t", "r", "rPh", "phoneticPr"))
