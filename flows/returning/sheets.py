"""The sheets of a workbook in their order, and a sheet put before them."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from typing import Any, NamedTuple

from lxml import etree

from flows.returning.markup import OFFICE, WORKBOOK_ORDER, add, insert, main
from flows.returning.package_parts import Parts
from flows.returning.relations import (
    SPREADSHEET,
    content_type,
    forget,
    relate,
    relations,
    relations_part,
    say_type,
    unrelate,
)

_ID = f"{{{OFFICE}}}id"
_MOST_SHEETS = 65_534
_PRINT_TITLES = "_xlnm.Print_Titles"
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_KINDS = {
    f"{SPREADSHEET}.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
}
"""The content types of a workbook, and how the names of such files end."""
_TEMPLATES = {
    f"{SPREADSHEET}.template.main+xml": f"{SPREADSHEET}.sheet.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    ),
}


class SheetPart(NamedTuple):
    """A sheet of the workbook; `is_cells` is false for one that is a chart or a dialog."""

    name: str
    part: str
    is_cells: bool


class Sheets:
    """The workbook's own part. ValueError where it is none that can be changed safely."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        own = [each for each in relations(parts, "") if each.kind == "officeDocument"]
        if len(own) != 1 or own[0].part not in parts:
            raise ValueError("no workbook")
        self.part = own[0].part
        kind = content_type(parts, self.part)
        if kind in _TEMPLATES:  # what was made from a template is none any more
            kind = _TEMPLATES[kind]
            say_type(parts, self.part, kind)
        self.suffix = _KINDS[kind]
        self._root = parts.root(self.part)
        self._relations = {each.id: each for each in relations(parts, self.part)}
        listed = self._root.find(main("sheets"))
        if self._root.tag != main("workbook") or listed is None:
            raise ValueError("a workbook of another kind")
        self._sheets = listed
        self._highest = max((int(each.get("sheetId", "0")) for each in self._elements()), default=0)

    def _elements(self) -> list[Any]:
        return list(self._sheets.iterchildren(main("sheet")))

    def all(self) -> list[SheetPart]:
        """The sheets whose parts are there, in their order."""
        found = []
        for each in self._elements():
            relation = self._relations[each.get(_ID)]
            if relation.part not in self._parts:
                raise ValueError(f"a sheet without its part: {relation.part}")
            found.append(
                SheetPart(each.get("name", ""), relation.part, relation.kind == "worksheet")
            )
        return found

    def related(self, kind: str) -> str:
        """The workbook's part of a kind, as styles; '' where it has none."""
        parts = (each.part for each in self._relations.values() if each.kind == kind)
        return next((each for each in parts if each in self._parts), "")

    def remove(self, name: str) -> None:
        """Leave a sheet out, with the names and parts that are its own."""
        elements = self._elements()
        at = next(place for place, each in enumerate(elements) if each.get("name") == name)
        relation = self._relations.pop(elements[at].get(_ID))
        for each in self._locals():
            place = int(each.get("localSheetId"))
            if place == at:
                each.getparent().remove(each)
            elif place > at:
                each.set("localSheetId", str(place - 1))
        self._drop_names()
        self._sheets.remove(elements[at])
        if _FORMULA.search(self._parts.read(relation.part)):
            self._drop_calculation()
        unrelate(self._parts, self.part, relation.id)
        used = _times_used(self._parts)
        for own in relations(self._parts, relation.part):
            if used[own.part.lower()] == 1:
                forget(self._parts, own.part)
        forget(self._parts, relation.part)

    def put_first(self, wanted: str, content: bytes, heading: int) -> None:
        """Put a worksheet before all others, the one to be seen.

        It gets the wanted name, or that with a number; the row of its headings is printed on
        every page.
        """
        names = {each.get("name", "").casefold() for each in self._elements()}
        name, number = wanted, 1
        while name.casefold() in names:
            number += 1
            name = f"{wanted}（{number}）"
        folder = posixpath.dirname(self.part)
        part = self._parts.unused(posixpath.join(folder, "worksheets/sheet"), ".xml")
        self._parts.write(part, content)
        say_type(self._parts, part, f"{SPREADSHEET}.worksheet+xml")
        id = relate(self._parts, self.part, "worksheet", part)
        if self._highest >= _MOST_SHEETS:
            raise ValueError("no number is left for a sheet")
        sheet = etree.Element(
            main("sheet"), {"name": name, "sheetId": str(self._highest + 1)}, {"r": OFFICE}
        )
        sheet.set(_ID, id)
        self._sheets.insert(0, sheet)
        for each in self._locals():
            each.set("localSheetId", str(int(each.get("localSheetId")) + 1))
        quoted = name.replace("'", "''")
        titles = add(self._names(), "definedName", name=_PRINT_TITLES, localSheetId="0")
        titles.text = f"'{quoted}'!${heading}:${heading}"
        for view in self._root.iter(main("workbookView")):
            for place in ("activeTab", "firstSheet"):
                view.attrib.pop(place, None)

    def _locals(self) -> list[Any]:
        """The defined names that are of one sheet, which they have by its place."""
        return [each for each in self._root.iter(main("definedName")) if each.get("localSheetId")]

    def _drop_calculation(self) -> None:
        """Leave out the order of calculation, which may not name cells that are gone."""
        for each in [each for each in self._relations.values() if each.kind == "calcChain"]:
            unrelate(self._parts, self.part, each.id)
            forget(self._parts, each.part)

    def _names(self) -> Any:
        found = self._root.find(main("definedNames"))
        if found is None:
            found = etree.Element(main("definedNames"))
            insert(self._root, found, WORKBOOK_ORDER)
        return found

    def _drop_names(self) -> None:
        names = self._root.find(main("definedNames"))
        if names is not None and not len(names):
            self._root.remove(names)


def _times_used(parts: Parts) -> Counter[str]:
    """How many references there are to each part, by its name in lower case."""
    used: Counter[str] = Counter()
    for name in list(parts):
        if not name.lower().endswith(".rels"):
            owner = relations_part(name)
            if owner in parts:
                used.update(each.part.lower() for each in relations(parts, name))
    return used
