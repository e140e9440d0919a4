"""The returns of a batch as whole arrays: a row a return, a column a figure.

Amounts are int64 millionths with a mask beside them: exact, and missing is never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from flows.reading.results import Answer, FormSheet, Found, Workbook
from schemas.declaring.district import Declaration
from schemas.declaring.frames import ROW
from schemas.declaring.model import Ledger

if TYPE_CHECKING:
    from flows.checking.settling import Query

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SHEET_ROW = "sheet_row"
"""The ledger frame's column that says which row of its sheet a row is, from 1."""
SHEET_NAME = "sheet_name"
"""The ledger frame's column that says which sheet a row stands on."""


@dataclass(slots=True)
class Return:
    """A file whose unit and month are known, with its forms. `sequence` is its arrival."""

    submission: str
    sequence: int
    unit: str
    month: int
    sheets: list[FormSheet]
    findings: list[Found]
    answers: list[Answer] = field(default_factory=list)
    """The reasons in its list of problems."""

    @classmethod
    def of(cls, submission: str, sequence: int, book: Workbook) -> Return:
        """The return that a workbook is, once it is known whose and which month's."""
        assert book.unit is not None
        assert book.month is not None
        return cls(
            submission, sequence, book.unit, book.month, book.sheets, book.findings, book.answers
        )


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
        self._asked: dict[tuple[str, int], bool] = {}
        self.counts = list(declaration.counts.values())
        self.count_column = {count.name: at for at, (_, count) in enumerate(self.counts)}

    def asked(self, figure: str, month: int) -> bool:
        """Whether the figure's line is on its form for that month."""
        key = figure, month
        if key not in self._asked:
            self._asked[key] = self.declaration.version(figure, month).asked(month)
        return self._asked[key]


class Cells(NamedTuple):
    """Every figure line of a batch, in arrays of one length."""

    at: Ints
    """The return's place in the batch."""
    column: Ints
    """The figure's, in `Layout`."""
    value: Amounts
    year_to_date: Amounts
    applicable: Bools
    row: Ints
    """The sheet's row, from 1."""


@dataclass(slots=True)
class Batch:
    """Returns with their arrays, findings and verdicts."""

    layout: Layout
    returns: Sequence[Return]
    value: Amounts
    year_to_date: Amounts
    converted: Bools
    counted: Amounts
    sheets: list[dict[str, FormSheet]]
    cells: Cells
    present: Bools
    """Returns × forms: the form is there and was read."""
    ledgers: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Each ledger's rows over all returns, as `ledger_schema` asks, with their sheet's row."""
    findings: list[Finding] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    """Every query before findings of one cell are made one, as it was settled or not."""
    doubtful: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    """Returns × figures whose 本月数 has an error; rules that need it are silent."""
    doubtful_cumulative: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    unverifiable: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    queried: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    """Returns × forms held by queries alone, those that the analyst accepted among them."""
    by_analyst: Bools = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    """Returns × forms accepted because the analyst has."""
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
        [{sheet.form: sheet for sheet in each.sheets} for each in returns],
        _cells(layout, returns),
        np.zeros((rows, len(layout.forms)), np.bool_),
    )
    batch.doubtful = np.zeros((rows, width), np.bool_)
    batch.doubtful_cumulative = np.zeros((rows, width), np.bool_)
    batch.unverifiable = np.zeros((rows, len(layout.forms)), np.int64)
    batch.queried = np.zeros((rows, len(layout.forms)), np.bool_)
    batch.accepted = np.zeros((rows, len(layout.forms)), np.bool_)
    batch.by_analyst = np.zeros((rows, len(layout.forms)), np.bool_)
    _fill(batch)
    for ledger in declaration.ledgers:
        there = np.flatnonzero(batch.present[:, layout.form_column[ledger.name]])
        batch.ledgers[ledger.name] = _ledger_frame(batch, ledger, there)
    return batch


def _ledger_frame(batch: Batch, ledger: Ledger, rows: Ints) -> pd.DataFrame:
    sheets = [batch.sheets[at][ledger.name] for at in rows]
    columns: dict[str, object] = {
        ROW: np.repeat(rows, [len(sheet.rows) for sheet in sheets]),
        SHEET_ROW: np.fromiter(chain.from_iterable(sheet.rows for sheet in sheets), np.int64),
        SHEET_NAME: pd.Series(
            list(chain.from_iterable(sheet.row_sheets() for sheet in sheets)), dtype=object
        ),
    }
    filled = [sheet.cells for sheet in sheets if sheet.rows]
    for number, column in enumerate(ledger.kept):
        own = list(chain.from_iterable(cells[number] for cells in filled))
        columns[column.name] = pd.Series(own, dtype=object)
    return pd.DataFrame(columns)


def amounts_of(values: Iterable[int | None]) -> tuple[Ints, Bools]:
    """Amounts as an array, 0 where there is none, and where there is one."""
    listed = list(values)
    known = np.fromiter((each is not None for each in listed), np.bool_, len(listed))
    return np.fromiter((each or 0 for each in listed), np.int64, len(listed)), known


def _cells(layout: Layout, returns: Sequence[Return]) -> Cells:
    given = [
        (at, sheet)
        for at, each in enumerate(returns)
        for sheet in each.sheets
        if not sheet.broken and sheet.figures
    ]
    sheets = [sheet for _, sheet in given]
    lengths = [len(sheet.figures) for sheet in sheets]
    many = sum(lengths)
    named = chain.from_iterable(sheet.figures for sheet in sheets)
    return Cells(
        np.repeat(np.array([at for at, _ in given], np.int64), lengths),
        np.fromiter(map(layout.column.__getitem__, named), np.int64, many),
        Amounts(*amounts_of(chain.from_iterable(sheet.values for sheet in sheets))),
        Amounts(*amounts_of(chain.from_iterable(sheet.years_to_date for sheet in sheets))),
        np.fromiter(chain.from_iterable(sheet.applicable for sheet in sheets), np.bool_, many),
        np.fromiter(chain.from_iterable(sheet.rows for sheet in sheets), np.int64, many),
    )


def _fill(batch: Batch) -> None:
    """All figures of all returns at once."""
    layout, cells = batch.layout, batch.cells
    for at, each in enumerate(batch.returns):
        for sheet in each.sheets:
            if not sheet.broken:
                batch.present[at, layout.form_column[sheet.form]] = True
            if any(sheet.converted):
                for figure, converted in zip(sheet.figures, sheet.converted, strict=True):
                    batch.converted[at, layout.column[figure]] = converted
    place = cells.at, cells.column
    for amounts, given in ((batch.value, cells.value), (batch.year_to_date, cells.year_to_date)):
        amounts.micro[place], amounts.known[place] = given.micro, given.known
    for at, each in enumerate(batch.returns):
        for found in each.findings:
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
