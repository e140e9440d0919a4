"""What a worker sends back of a file: small tuples that pickle fast."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple


class Line(NamedTuple):
    """A figure's row: amounts in millionths of the declared unit, None where there is none.

    `row` counts sheet rows from 1; the cell columns are letters, '' for none.
    """

    figure: str
    value: int | None
    year_to_date: int | None
    applicable: bool
    converted: bool
    row: int
    column: str
    cumulative_column: str
    reason: str


class Found(NamedTuple):
    """A finding as the reader makes it. `value` is what stands in the cell."""

    form: str | None
    rule: str
    level: str
    figure: str | None
    sheet: str | None
    cell: str | None
    value: str | None
    message: str


@dataclass(slots=True)
class FormSheet:
    """A form as it stands on one sheet. `items` are a ledger's rows: (row, values…)."""

    form: str
    sheet: str
    lines: list[Line] = field(default_factory=list)
    items: list[tuple[object, ...]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    head_cell: str = "A1"
    broken: bool = False
    """The table could not be read as this form: it can only be held."""
    digest: str = ""
    """What it holds, as a hash: equal means nothing has changed."""
    said: str = ""
    """What it reports, as a hash: without reasons, sheets and cells."""

    def sign(self) -> None:
        """Fill in the hashes; the workers do it, where there are several hands."""
        whole = (self.form, self.sheet, self.lines, self.items, self.broken)
        lines = sorted(line[:4] for line in self.lines)
        figures = (self.form, lines, [item[1:] for item in self.items], self.broken)
        self.digest, self.said = _hash(whole), _hash(figures)


def _hash(content: object) -> str:
    # repr of tuples, numbers and texts is the same in every process and version we run.
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Workbook:
    """What one file holds. `state` is read, unreadable or unidentified."""

    state: str
    reason: str = ""
    unit: str | None = None
    month: int | None = None
    sheets: list[FormSheet] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
