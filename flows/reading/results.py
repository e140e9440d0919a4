"""What a worker sends back of a file: few large tuples, which pickle fast."""

from __future__ import annotations

import hashlib
import marshal
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flows.reading.packed import Member


class Place(NamedTuple):
    """Where a figure's amounts stand: addresses like E7, '' for a cell that is not there."""

    sheet: str
    cell: str
    cumulative_cell: str


class Continued(NamedTuple):
    """A ledger that goes on on another sheet: from which of its rows on, and its columns there."""

    first: int
    sheet: str
    columns: dict[str, str]


class Line(NamedTuple):
    """A figure's line: amounts in millionths of the declared unit, None where there is none.

    `converted` says that they were written in 元 and divided.
    """

    figure: str
    value: int | None
    year_to_date: int | None
    applicable: bool
    converted: bool
    place: Place
    reason: str


class Answer(NamedTuple):
    """A reason that stands in the list of problems of a returned file.

    It answers for what stood in the cell: `value` is that, as the list has it, '' for a blank,
    and `problem` the sentences that were said of it.
    `form` is the form's name, `code` the figure's, '' where the row is about none;
    `cumulative` says that it is about 本年累计.
    """

    form: str
    code: str
    cumulative: bool
    sheet: str
    cell: str
    value: str
    problem: str
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
    """A form as it stands on one sheet, column by column.

    `rows` are the sheet's rows, from 1, on which its figures or a ledger's items stand;
    the tuples beside it are as long. `cells` are a ledger's kept columns.
    """

    form: str
    sheet: str
    rows: tuple[int, ...] = ()
    figures: tuple[str, ...] = ()
    values: tuple[int | None, ...] = ()
    years_to_date: tuple[int | None, ...] = ()
    applicable: tuple[bool, ...] = ()
    converted: tuple[bool, ...] = ()
    reasons: tuple[str, ...] = ()
    column: str = ""
    cumulative_column: str = ""
    """The letters of the columns in which the figures of `rows` stand."""
    places: dict[str, Place] = field(default_factory=dict)
    """Figures that stand elsewhere: in a second block, on a continued sheet, side by side."""
    cells: tuple[tuple[object, ...], ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    """The letters of a ledger's columns."""
    continued: list[Continued] = field(default_factory=list)
    head_cell: str = "A1"
    broken: bool = False
    """The table could not be read as this form: it can only be held."""
    digest: str = ""
    """What it holds, as a hash: equal means nothing has changed."""
    said: str = ""
    """What it reports, as a hash: without reasons, sheets and cells."""

    @property
    def lines(self) -> list[Line]:
        """The figures, one by one."""
        return [self._line(at) for at in range(len(self.figures))]

    def line(self, figure: str) -> Line | None:
        """A figure's line, where the sheet has it."""
        return self._line(self.figures.index(figure)) if figure in self.figures else None

    def _line(self, at: int) -> Line:
        return Line(
            self.figures[at],
            self.values[at],
            self.years_to_date[at],
            self.applicable[at],
            self.converted[at],
            self.places.get(self.figures[at]) or self._place(at),
            self.reasons[at],
        )

    def _place(self, at: int) -> Place:
        cumulative = f"{self.cumulative_column}{self.rows[at]}" if self.cumulative_column else ""
        return Place(self.sheet, f"{self.column}{self.rows[at]}", cumulative)

    def item_place(self, at: int, column: str) -> tuple[str, str]:
        """The sheet and the cell of a column of a ledger's item, which is counted from 0."""
        sheet, columns = self.sheet, self.columns
        for each in self.continued:
            if each.first <= at:
                sheet, columns = each.sheet, each.columns
        return sheet, f"{columns.get(column, 'A')}{self.rows[at]}"

    def row_sheets(self) -> list[str]:
        """The sheet that each of a ledger's items stands on; as long as `rows`."""
        sheets = [self.sheet] * len(self.rows)
        for each in self.continued:
            sheets[each.first :] = [each.sheet] * (len(self.rows) - each.first)
        return sheets

    def sign(self) -> None:
        """Fill in the hashes; the workers do it, where there are several hands."""
        figures = sorted(
            zip(self.figures, self.values, self.years_to_date, self.applicable, strict=True)
        )
        hashed = hashlib.sha256(_bytes((self.form, self.broken, figures, self.cells)))
        self.said = hashed.hexdigest()
        places: tuple[object, ...]
        places = (self.sheet, self.rows, self.column, self.cumulative_column)
        if self.places or self.continued:
            places += tuple(map(tuple, self.places.values()))
            places += tuple((each.first, each.sheet) for each in self.continued)
        hashed.update(_bytes((places, self.figures, self.converted, self.reasons)))
        self.digest = hashed.hexdigest()


def _bytes(content: Any) -> bytes:
    # Marshal's first format writes tuples, numbers and texts alike in every process, and
    # three times as fast as repr or JSON; the later ones depend on references.
    return marshal.dumps(content, 0)


@dataclass(slots=True)
class Workbook:
    """What one file holds. `state` is read, unreadable, unidentified or packed."""

    state: str
    reason: str = ""
    unit: str | None = None
    month: int | None = None
    sheets: list[FormSheet] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    """The files in a zip, which is read no further itself."""
    seconds: float = field(default=0.0, compare=False)
    """How long a worker took to read it."""
    exhausted: bool = field(default=False, compare=False)
    """It took more memory than a worker has."""
