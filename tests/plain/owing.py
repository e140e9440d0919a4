"""Which unit owes which figure for which month, and how the figure behaves in time."""

from dataclasses import dataclass
from typing import Literal

from schemas.declaring.model import Declaration

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
            found[count.name] = Nature("stock", ledger.months)
    return found
