"""What a worker sends back of a file: small tuples that pickle fast."""

from __future__ import annotations

import hashlib
import marshal
from dataclasses import dataclass, field
from typing import Any, NamedTuple


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
        figures = sorted(line[:4] for line in self.lines)
        rows = [item[1:] for item in self.items]
        hashed = hashlib.sha256(_bytes((self.form, self.broken, figures, rows)))
        self.said = hashed.hexdigest()
        rest = [line[4:] for line in self.lines], [item[0] for item in self.items]
        hashed.update(_bytes((self.sheet, *rest)))
        self.digest = hashed.hexdigest()


def _bytes(content: Any) -> bytes:
    # Marshal's first format writes tuples, numbers and texts alike in every process, and
    # three times as fast as repr or JSON; the later ones depend on references.
    return marshal.dumps(content, 0)


@dataclass(slots=True)
class Workbook:
    """What one file holds. `state` is read, unreadable or unidentified."""

    state: str
    reason: str = ""
    unit: str | None = None
    month: int | None = None
    sheets: list[FormSheet] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
