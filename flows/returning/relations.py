"""Which part refers to which, and what kind of content each is."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

from flows.reading.package import target_part
from flows.returning.markup import OFFICE, add, parsed
from flows.returning.package_parts import Parts

TYPES = "[Content_Types].xml"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NONE = f'<Relationships xmlns="{_NAMESPACE}"/>'.encode()


class Relation(NamedTuple):
    """A part's reference to another; `kind` is the last word of its type."""

    id: str
    kind: str
    part: str


def relations_part(part: str) -> str:
    """The name of the part in which the relations of another stand."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relations(parts: Parts, part: str) -> list[Relation]:
    """What a part refers to within the file."""
    name = relations_part(part)
    if name not in parts:
        return []
    return [
        Relation(
            each.get("Id", ""),
            each.get("Type", "").rpartition("/")[2],
            target_part(parts, part, each.get("Target", "")).lstrip("/"),
        )
        for each in parsed(parts.read(name)).iter("{*}Relationship")
        if each.get("TargetMode") != "External"
    ]


def relate(parts: Parts, part: str, kind: str, target: str) -> str:
    """Have a part refer to another; gives the reference's id."""
    name = relations_part(part)
    if name not in parts:
        parts.write(name, _NONE)
    root = parts.root(name)
    known = {each.get("Id") for each in root}
    number = len(known) + 1
    while f"rId{number}" in known:
        number += 1
    path = posixpath.relpath(f"/{target}", posixpath.dirname(f"/{part}"))
    add(root, "Relationship", Id=f"rId{number}", Type=f"{OFFICE}/{kind}", Target=path)
    return f"rId{number}"


def unrelate(parts: Parts, part: str, id: str) -> None:
    """Take a reference away."""
    root = parts.root(relations_part(part))
    for each in [each for each in root if each.get("Id") == id]:
        root.remove(each)


def content_type(parts: Parts, part: str) -> str:
    """The kind of content that a part has, '' where nothing says it."""
    own = next(_overrides(parts, part), None)
    if own is not None:
        return str(own.get("ContentType", ""))
    extension = posixpath.splitext(part)[1].lstrip(".").lower()
    for each in parsed(parts.read(TYPES)).iter("{*}Default"):
        if each.get("Extension", "").lower() == extension:
            return str(each.get("ContentType", ""))
    return ""


def say_type(parts: Parts, part: str, kind: str) -> None:
    """Say what kind of content a part has."""
    for each in list(_overrides(parts, part)):
        each.set("ContentType", kind)
        return
    add(parts.root(TYPES), "Override", PartName=f"/{part}", ContentType=kind)


def say_default(parts: Parts, extension: str, kind: str) -> None:
    """Say what kind of content the parts with an extension have, where nothing says so."""
    root = parts.root(TYPES)
    said = {each.get("Extension", "").lower() for each in root.iter("{*}Default")}
    if extension not in said:
        root.insert(0, add(root, "Default", Extension=extension, ContentType=kind))


def forget(parts: Parts, part: str) -> None:
    """Leave out a part with its own relations, and what is said of its content."""
    parts.remove(part)
    parts.remove(relations_part(part))
    for each in list(_overrides(parts, part)):
        each.getparent().remove(each)


def _overrides(parts: Parts, part: str) -> Iterator[Any]:
    for each in parts.root(TYPES).iter("{*}Override"):
        if each.get("PartName", "").lstrip("/").lower() == part.lower():
            yield each
