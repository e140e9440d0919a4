"""The tree of an explanation: nodes with their values, proved from the nodes below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flows.computing.rounding import ten_decimals


@dataclass(slots=True)
class Node:
    """A number and what it is made of.

    `kind` is indicator, comparison, value, base, matched, share, term, unit, source, month, cell,
    rows, form, frozen (a number of which no more was kept) or missing. `value` is worked out from the nodes below, a leaf's is what the
    warehouse has; `published` is the number of the published row, where there is one. `how` is
    the sum in figures. `about` is what else is known, by names that go into the JSON as they are.
    """

    kind: str
    label: str
    value: Fraction | None = None
    unit: str = ""
    how: str = ""
    published: Decimal | None = None
    adds_up: bool | None = None
    """Whether what was worked out is what was published; None where nothing was to compare."""
    about: dict[str, Any] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def compare(self, published: Decimal | None) -> None:
        """Lay the value beside the published one, as it is kept: to ten decimals."""
        self.published = published
        self.adds_up = kept(self.value) == published

    def walk(self) -> Iterator[Node]:
        """The node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def as_json(self) -> dict[str, Any]:
        """The node and all below it, numbers as exact decimals."""
        found: dict[str, Any] = {"kind": self.kind, "label": self.label}
        found["value"] = kept(self.value)
        if self.unit:
            found["unit"] = self.unit
        if self.how:
            found["how"] = self.how
        if self.adds_up is not None:
            found |= {"published": self.published, "adds_up": self.adds_up}
        found |= self.about
        if self.children:
            found["children"] = [child.as_json() for child in self.children]
        return found


def kept(value: Fraction | None) -> Decimal | None:
    """The value to ten decimals, as the public tables keep it."""
    return None if value is None else ten_decimals(value)


def disagreements(node: Node) -> list[Node]:
    """The nodes whose value is not the published one."""
    return [each for each in node.walk() if each.adds_up is False]


def number(value: Fraction | Decimal | None) -> str:
    """The value as a person writes it: 43,760 or 0.3333333333."""
    if value is None:
        return "—"
    exact = kept(value) if isinstance(value, Fraction) else value
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def add(nodes: Iterable[Node]) -> Fraction:
    """The sum of the nodes that have a value; missing is never taken for 0 in a sum that needs it."""
    return sum((node.value for node in nodes if node.value is not None), Fraction(0))


def sum_of(amounts: Iterable[Fraction | None]) -> str:
    """A sum in figures: 10 + 20 - 5; '' where there is only one."""
    known = [each for each in amounts if each is not None]
    if len(known) < 2:
        return ""
    first, *rest = known
    return number(first) + "".join(f" {'-' if each < 0 else '+'} {number(abs(each))}" for each in rest)  # fmt: skip
