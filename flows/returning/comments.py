"""The comments of a sheet: those that are there stay, what is remarked comes behind them.

A cell's comment is an entry in one part and a box in another, a drawing in VML.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from flows.returning.boxes import NO_BOXES, Boxes
from flows.returning.cell_marks import Address, SheetCells, address
from flows.returning.markup import MAIN, OFFICE, SHEET_ORDER, add, insert, main, stored
from flows.returning.package_parts import Parts
from flows.returning.relations import (
    SPREADSHEET,
    relate,
    relations,
    say_default,
    say_type,
)

AUTHOR = "审核"
BEGIN, END = "【审核意见】", "——"
"""What a return says on a cell stands between these lines, so that the next can take it away."""
_NO_COMMENTS = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def between(text: str) -> str:
    """A remark's text between the lines by which it is known again."""
    return f"{BEGIN}\n{text}\n{END}"


class Comments:
    """The comments of the worksheet `part`."""

    def __init__(self, parts: Parts, part: str) -> None:
        self._parts = parts
        self._part = part
        kinds = {each.kind: each for each in relations(parts, part)}
        own, boxes = kinds.get("comments"), kinds.get("vmlDrawing")
        self._name = own.part if own is not None and own.part in parts else ""
        self._box_name = boxes.part if boxes is not None and boxes.part in parts else ""

    def remove_earlier(self) -> list[Address]:
        """Take away what an earlier return said; gives the cells that it said it on."""
        if not self._name or BEGIN.encode() not in self._parts.read(self._name):
            return []
        root = self._parts.root(self._name)
        found = []
        for comment in list(root.iter(main("comment"))):
            at = address(comment.get("ref", ""))
            if at is None or BEGIN not in "".join(comment.itertext()):
                continue
            found.append(at)
            if not _without_earlier(comment):
                comment.getparent().remove(comment)
                if self._box_name:
                    self._write_boxes(Boxes(self._parts.read(self._box_name)).without([at]))
        return found

    def add(self, texts: dict[Address, str], cells: SheetCells, sheet: Any) -> None:
        """Say on each cell what is remarked of it. `sheet` is the worksheet's root element."""
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
        known = {each.get("ref"): each for each in listed.iterchildren(main("comment"))}
        boxed = {}
        for at, text in sorted(texts.items()):
            comment = known.get(str(at))
            if comment is None:
                comment = add(listed, "comment", ref=str(at), authorId=author)
                _say(add(comment, "text"), text)
            else:
                _say(comment.find(main("text")), f"\n{text}")
            boxed[at] = "".join(comment.itertext())
        if not self._box_name:  # then those that were there have no box either
            for ref, comment in known.items():
                at_known = address(ref or "")
                if at_known is not None:
                    boxed[at_known] = "".join(comment.itertext())
            self._box_name = self._parts.unused("xl/drawings/vmlDrawing", ".vml")
            self._parts.write(self._box_name, NO_BOXES)
            say_default(self._parts, "vml", _VML)
            id = relate(self._parts, self._part, "vmlDrawing", self._box_name)
            _refer(sheet, id)
        elif sheet.find(main("legacyDrawing")) is None:
            id = next(
                each.id
                for each in relations(self._parts, self._part)
                if each.kind == "vmlDrawing" and each.part == self._box_name
            )
            if any(each.get(f"{{{OFFICE}}}id") == id for each in sheet):
                raise ValueError("the drawing is one of headers and footers")
            _refer(sheet, id)
        boxes = Boxes(self._parts.read(self._box_name))
        self._write_boxes(boxes.with_boxes(boxed, cells))

    def _write_boxes(self, content: bytes) -> None:
        self._parts.write(self._box_name, content)


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


def _without_earlier(comment: Any) -> bool:
    """Take what an earlier return said out of a comment; whether anything is left of it."""
    words = [each for each in comment.iter(main("t")) if each.text]
    whole = "".join(each.text for each in words)
    inside = _inside(whole)
    at = 0
    for each in words:
        end = at + len(each.text)
        each.text = "".join(
            letter for place, letter in enumerate(each.text, at) if not inside[place]
        )
        at = end
    return bool("".join(each.text for each in words).strip())


def _inside(text: str) -> list[bool]:
    """For each character, whether it is of what an earlier return said."""
    inside = [False] * len(text)
    start = text.find(BEGIN)
    while start >= 0:
        end = text.find(f"\n{END}", start)
        stop = len(text) if end < 0 else end + len(END) + 1
        before = start - 1 if start and text[start - 1] == "\n" else start
        inside[before:stop] = [True] * (stop - before)
        start = text.find(BEGIN, stop)
    return inside


def _refer(sheet: Any, id: str) -> None:
    """Have the sheet show the drawing."""
    element = etree.Element(main("legacyDrawing"), nsmap={"r": OFFICE})
    element.set(f"{{{OFFICE}}}id", id)
    insert(sheet, element, SHEET_ORDER)
