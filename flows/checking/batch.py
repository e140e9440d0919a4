"""The returns of a batch as whole arrays: a row a return, a column a figure.

Amounts are int64 millionths with a mask beside them: exact, and missing is never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from flows.reading.results import FormSheet, Found, Line
from schemas.declaring.frames import ROW
from schemas.declaring.model import Declaration, Ledger

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SHEET_ROW = "sheet_row"
"""The ledger frame's column that says which row of its sheet a row is, from 1."""


@dataclass(slots=True)
class Return:
    """A file whose unit and month are known, with its forms. `sequence` is its arrival."""

    submission: str
    sequence: int
    unit: str
    month: int
    sheets: list[FormSheet]
    findings: list[Found]


class Finding(NamedTuple):
    """A finding of a return's form."""

    at: int
    """The return's place in the batch."""
    form: str | None
    rule: str
    level: str
    sheet: str | None
    cell: str | None
    figure: str | None
    value: str | None
    message: str
    explanation: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it holds its form."""
        return self.level == "error" or (self.level == "query" and not self.explanation)


@dataclass(slots=True)
class Amounts:
    """Amounts of returns × figures, and where there are any."""

    micro: Ints
    known: Bools

    @classmethod
    def none(cls, *shape: int) -> Amounts:
        """Nothing known."""
        return cls(np.zeros(shape, np.int64), np.zeros(shape, np.bool_))


class Layout:
    """Which column is which figure, for one declaration."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        self.figures = list(declaration.figures.values())
        self.column = {figure.name: at for at, figure in enumerate(self.figures)}
        self.forms = list(declaration.all_forms)
        self.form_column = {form.name: at for at, form in enumerate(self.forms)}
        self.of_form = {
            form.name: np.array(
                list(dict.fromkeys(self.column[figure.name] for figure in form.figures)), np.intp
            )
            for form in declaration.forms
        }
        self.flows = np.array([figure.kind == "flow" for figure in self.figures], np.bool_)
        self.money = np.array([figure.unit == "万元" for figure in self.figures], np.bool_)
        self.step = np.array(
            [declaration.form_of[figure.name].months for figure in self.figures], np.int64
        )
        self.counts = list(declaration.counts.values())
        self.count_column = {count.name: at for at, (_, count) in enumerate(self.counts)}


@dataclass(slots=True)
class Batch:
    """Returns with their arrays, findings and verdicts."""

    layout: Layout
    returns: Sequence[Return]
    value: Amounts
    year_to_date: Amounts
    converted: Bools
    counted: Amounts
    lines: list[dict[str, Line]]
    sheets: list[dict[str, FormSheet]]
    present: Bools
    """Returns × forms: the form is there and was read."""
    ledgers: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Each ledger's rows over all returns, as `ledger_schema` asks, with their sheet's row."""
    findings: list[Finding] = field(default_factory=list)
    doubtful: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    """Returns × figures whose 本月数 has an error; rules that need it are silent."""
    doubtful_cumulative: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    unverifiable: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    queried: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    """Returns × forms held by queries alone."""
    accepted: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))

    def month(self, at: int) -> int:
        """A return's month."""
        return self.returns[at].month


def build(returns: Sequence[Return], declaration: Declaration) -> Batch:
    """The arrays of a batch; findings are the reader's."""
    layout = Layout(declaration)
    rows, width = len(returns), len(layout.figures)
    batch = Batch(
        layout,
        returns,
        Amounts.none(rows, width),
        Amounts.none(rows, width),
        np.zeros((rows, width), np.bool_),
        Amounts.none(rows, len(layout.counts)),
        [],
        [],
        np.zeros((rows, len(layout.forms)), np.bool_),
    )
    batch.doubtful = np.zeros((rows, width), np.bool_)
    batch.doubtful_cumulative = np.zeros((rows, width), np.bool_)
    batch.unverifiable = np.zeros((rows, len(layout.forms)), np.int64)
    batch.queried = np.zeros((rows, len(layout.forms)), np.bool_)
    batch.accepted = np.zeros((rows, len(layout.forms)), np.bool_)
    for at, each in enumerate(returns):
        _fill(batch, at, each)
    for ledger in declaration.ledgers:
        there = np.flatnonzero(batch.present[:, layout.form_column[ledger.name]])
        batch.ledgers[ledger.name] = _ledger_frame(batch, ledger, there)
    return batch


def _ledger_frame(batch: Batch, ledger: Ledger, rows: Ints) -> pd.DataFrame:
    sheets = [batch.sheets[at][ledger.name].items for at in rows]
    items = [item for sheet in sheets for item in sheet]
    places, *cells = zip(*items, strict=True) if items else [()] * (1 + len(ledger.kept))
    columns: dict[str, object] = {
        ROW: np.repeat(rows, [len(sheet) for sheet in sheets]),
        SHEET_ROW: np.array(places, np.int64),
    }
    for column, own in zip(ledger.kept, cells, strict=True):
        columns[column.name] = pd.Series(list(own), dtype=object)
    return pd.DataFrame(columns)


def _fill(batch: Batch, at: int, given: Return) -> None:
    layout = batch.layout
    lines: dict[str, Line] = {}
    batch.lines.append(lines)
    batch.sheets.append({sheet.form: sheet for sheet in given.sheets})
    value, cumulative = batch.value, batch.year_to_date
    for sheet in given.sheets:
        if sheet.broken:
            continue
        batch.present[at, layout.form_column[sheet.form]] = True
        for line in sheet.lines:
            column = layout.column[line.figure]
            lines[line.figure] = line
            if line.value is not None:
                value.micro[at, column] = line.value
                value.known[at, column] = True
            if line.year_to_date is not None:
                cumulative.micro[at, column] = line.year_to_date
                cumulative.known[at, column] = True
            if line.converted:
                batch.converted[at, column] = True
    for found in given.findings:
        batch.findings.append(
            Finding(
                at,
                found.form,
                found.rule,
                found.level,
                found.sheet,
                found.cell,
                found.figure,
                found.value,
                found.message,
            )
        )
