"""Trees on the terminal, a node a line, drawn with box characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from flows.commands.showing import width
from flows.explaining.tree import Node, add, number

_SAID = ("indicator", "value", "base", "matched", "comparison", "share")
"""The kinds of node that say whether they add up."""


def tree_lines(root: Node, depth: int | None = None, *, compact: bool = True) -> Iterator[str]:
    """The lines of a tree; nodes deeper than `depth` are left out.

    With `compact` a unit is one line with its cells, as many units stand below one another.
    """
    yield _text(root)
    yield from _below(root, "", depth, compact)


def _below(node: Node, before: str, depth: int | None, compact: bool) -> Iterator[str]:
    children = _shown(node)
    if not children:
        return
    if depth is not None and depth <= 0:
        yield f"{before}└─ … {len(children)} below"
        return
    lines = _aligned(children) if compact and _are_units(children) else None
    for at, child in enumerate(children):
        last = at == len(children) - 1
        yield before + ("└─ " if last else "├─ ") + (lines[at] if lines else _text(child))
        if lines is None:
            deeper = None if depth is None else depth - 1
            yield from _below(child, before + ("   " if last else "│  "), deeper, compact)


def _shown(node: Node) -> Sequence[Node]:
    """The nodes below, as lines: a month's only cell stands on the month's own, like forms on one."""
    if _joined(node):
        return []
    found: list[Node] = []
    for child in node.children:
        if child.kind == "form" and found and _alike(found[-1], child):
            before = found[-1]
            value = add((before, child))
            found[-1] = Node("form", f"{before.label}, {child.label}", value, about=before.about)
        else:
            found.append(child)
    return found


def _alike(one: Node, other: Node) -> bool:
    names = ("due_on", "received_at", "state", "submission")
    return one.kind == "form" and all(one.about.get(n) == other.about.get(n) for n in names)


def _joined(node: Node) -> Node | None:
    """The only node below a month, where it says all that the month says."""
    if node.kind == "month" and len(node.children) == 1 and not node.children[0].children:
        return node.children[0]
    return None


def _are_units(nodes: Sequence[Node]) -> bool:
    return len(nodes) > 2 and all("unit_code" in each.about and each.kind in ("unit", "missing") for each in nodes)  # fmt: skip


def _aligned(units: Sequence[Node]) -> list[str]:
    """Units below one another: name, value, sum, cells."""
    names = max(width(each.label) for each in units)
    values = max(len(number(each.value)) for each in units)
    return [
        each.label
        + " " * (names - width(each.label))
        + f"  {number(each.value):>{values}}"
        + (f" = {each.how}" if each.how and each.kind != "missing" else "")
        + ("  " + "; ".join(_places(each)) if each.kind != "missing" else f"  {_why(each)}")
        + _disagreement(each)
        for each in units
    ]


def _why(node: Node) -> str:
    cells = "; ".join(_places(node)) if node.about.get("why") == "formula" else ""
    return f"left out: {node.how}" + (f"  {cells}" if cells else "")


def _places(node: Node) -> Iterator[str]:
    """Where a unit's numbers stand, months in the same cell together."""
    months = [each for each in node.walk() if each.kind == "month"]
    placed = [(month.label, tuple(dict.fromkeys(_place(leaf) for leaf in month.children))) for month in months]  # fmt: skip
    for places, group in groupby(placed, key=lambda each: each[1]):
        labels = [label for label, _ in group]
        when = labels[0] if len(labels) == 1 else f"{labels[0]} … {labels[-1]}"
        yield f"{when} {', '.join(places)}" if len(places) < 4 else f"{when} {len(places)} forms"
    if len(months) == 1:
        yield from dict.fromkeys(
            f"{leaf.about['submission']}"
            for leaf in months[0].children[:1]
            if leaf.kind != "form" and leaf.about.get("submission")
        )


def _place(leaf: Node) -> str:
    if leaf.kind == "form":
        return f"{leaf.label} {leaf.about['state']}"
    return leaf.label


def _text(node: Node) -> str:
    if node.kind == "missing":
        why = _why(node) if "unit_code" in node.about else node.how
        return f"{node.label}  —  {why}" + _disagreement(node)
    if node.kind == "fed":
        return node.label
    if node.kind == "comparison":
        return _comparison(node)
    if node.kind in ("cell", "rows", "form", "frozen"):
        return _leaf(node)
    text = f"{node.label} = {number(node.value)}" + (f" {node.unit}" if node.unit else "")
    leaf = _joined(node)
    if leaf is not None:
        return f"{text}  {_leaf(leaf, value=False)}" + _disagreement(node)
    if node.how:
        text += f" = {node.how}" if node.value is not None else f"  ({node.how})"
    return text + _said(node)


def _comparison(node: Node) -> str:
    about = node.about
    if node.value is not None:
        text = f"{node.label} = {number(node.value)} % = {node.how}"
    elif about["change"] is not None:
        text = f"{node.label}: {node.how} {about['change_unit']}"
    else:
        text = f"{node.label}: no rate"
    restated = "; the base is restated" if about["restated"] else ""
    return f"{text}  [{about['status']}: {about['status_in_words']}{restated}]" + _said(node)


def _leaf(node: Node, *, value: bool = True) -> str:
    about = node.about
    text = node.label + (f" = {number(node.value)}" if value else "")
    if node.kind == "rows":
        text += f" ({node.how}; {len(about['rows'])} of {about['rows_in_all']})"
    if node.kind == "form":
        text += f" {about['state']}: due {about['due_on']}"
        text += f", came {about['received_at']:%Y-%m-%d %H:%M} UTC" if about["received_at"] else ""
        return text + (f"  {about['submission']}" if about.get("submission") else "")
    if about.get("column") == "year_to_date":
        text += " (本年累计)"
    if about.get("mark") == "history":
        text += f" (dated total of {about['dated']}; {about['source']})"
    return text + _file(about)


def _file(about: dict[str, Any]) -> str:
    if not about.get("submission"):
        return ""
    text = f"  {about['submission']}"
    if about.get("file_name"):
        text += f" {about['file_name']}, received {about['received_at']:%Y-%m-%d %H:%M} UTC"
        text += f", archived as {about['archived_as']}"
        text += f", in it {about['member']}" if about.get("member") else ""
    return text


def _said(node: Node) -> str:
    parts = []
    if node.about.get("maturity"):
        parts.append(node.about["maturity"])
        expected, reported = node.about["units_expected"], node.about["units_reported"]
        if (expected, reported) not in ((0, 0), (1, 1)):
            parts.append(f"{reported} of {expected} units")
    if node.adds_up and node.kind in _SAID:
        parts.insert(0, "adds up")
    return (f"  ({'; '.join(parts)})" if parts else "") + _disagreement(node)


def _disagreement(node: Node) -> str:
    if node.adds_up is not False:
        return ""
    return f"  DOES NOT ADD UP: published is {number(node.published)}"


def verdict(root: Node) -> str:
    """How many numbers were laid beside the published ones, and how many of them agree."""
    compared = [each for each in root.walk() if each.adds_up is not None]
    wrong = sum(each.adds_up is False for each in compared)
    if wrong:
        return f"does not add up: {wrong} of {len(compared)} numbers, worked out again"
    return f"adds up: {len(compared)} of {len(compared)} numbers, worked out again"
