"""Which unit owes which figure for which month, and how the figure behaves in time."""

from dataclasses import dataclass, replace
from typing import Literal

from schemas.declaring.district import Declaration

FORMS_COUNTED = ("forms_due", "forms_on_time")
"""Not asked of anybody: they are counted wherever a form is due."""


@dataclass(frozen=True)
class Line:
    """A line of a form, asked of a group of units in certain months."""

    figure: str
    group: str
    first_month: int
    last_month: int | None
    every: int
    """1 for a month's figure, 3 for one asked once a quarter."""


@dataclass(frozen=True)
class Nature:
    """What a figure is: a stock or a flow, and whether only its year to date is asked."""

    kind: Literal["stock", "flow"]
    every: int = 1
    cumulative_only: bool = False
    redefined: frozenset[int] = frozenset()
    boundaries: frozenset[int] = frozenset()
    """The first months of which it is asked, or no longer asked, of some group."""


def lines(declaration: Declaration) -> list[Line]:
    """Every line of the forms and of the ledgers that are counted."""
    found = []
    for form in declaration.forms:
        for figure in form.figures:
            if figure.reporter in form.due_from:
                first = max(form.valid_from, figure.valid_from or 0)
                ends = [end for end in (form.valid_to, figure.valid_to) if end is not None]
                last = min(ends) if ends else None
                found.append(Line(figure.name, figure.reporter, first, last, form.months))
    for ledger, count in declaration.counts.values():
        if count.figure is None:
            for group in ledger.due_from:
                first, last = ledger.valid_from, ledger.valid_to
                found.append(Line(count.name, group, first, last, ledger.months))
    return found


def natures(declaration: Declaration) -> dict[str, Nature]:
    """Every figure by name; a definition that changed in any of its versions has changed."""
    redefined: dict[str, frozenset[int]] = {}
    for form in declaration.forms:
        for figure in form.figures:
            redefined[figure.name] = redefined.get(figure.name, frozenset()) | set(figure.redefined)
    found = {name: Nature("flow") for name in FORMS_COUNTED}
    for name, figure in declaration.figures.items():
        every = declaration.form_of[name].months
        found[name] = Nature(figure.kind, every, figure.cumulative_only, redefined[name])
    for ledger, count in declaration.counts.values():
        if count.figure is None:
            kind = "flow" if count.dated else "stock"
            found[count.name] = Nature(kind, ledger.months)
    asked = lines(declaration)
    return {
        name: replace(nature, boundaries=_boundaries([x for x in asked if x.figure == name]))
        for name, nature in found.items()
    }


def _boundaries(asked: list[Line]) -> frozenset[int]:
    found = set()
    for group in {line.group for line in asked}:
        of_group = [line for line in asked if line.group == group]
        for line in of_group:
            if not _covered(of_group, line.first_month - line.every):
                found.add(line.first_month - line.every + 1)
            if line.last_month is not None and not _covered(of_group, line.last_month + line.every):
                found.add(line.last_month + 1)
    return frozenset(found)


def _covered(asked: list[Line], month: int) -> bool:
    ends = [(line.first_month, line.last_month) for line in asked]
    return any(first <= month and (last is None or month <= last) for first, last in ends)
