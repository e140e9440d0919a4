"""What happens in a history: files in a night, decisions, dated totals, releases."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

Said = tuple[Decimal | None, Decimal | None, str]
"""A value, its year to date and its mark: reported, not_applicable or history."""


@dataclass(frozen=True)
class Filled:
    """A figure as a file has it, and where."""

    value: Decimal | None
    year_to_date: Decimal | None
    mark: str
    sheet: str
    cell: str

    @property
    def said(self) -> Said:
        """What it says, wherever it stands."""
        return self.value, self.year_to_date, self.mark


@dataclass(eq=False)
class Sent:
    """A form in a file. `verdict` is 'accepted', 'held' for an error, 'asked' for open queries."""

    form: str
    figures: dict[str, Filled]
    items: tuple[str, ...]
    """A ledger's items, each by its state."""
    verdict: str
    question: str = ""
    """What is asked of it, '' for nothing; `answer` is the reason that it gives itself."""
    answer: str = ""

    @property
    def said(self) -> tuple[object, ...]:
        """What it reports, to be compared with another version."""
        return tuple(sorted((name, each.said) for name, each in self.figures.items())), self.items


@dataclass(eq=False)
class File:
    """A file as it arrived; equal `content` means the very bytes."""

    submission: str
    received_at: dt.datetime
    unit: str
    month: int
    content: str
    forms: tuple[Sent, ...]


@dataclass(frozen=True)
class Total:
    """A dated total from before the forms. `month` is its period's last."""

    month: int
    months: int
    unit: str
    form: str
    figure: str
    value: Decimal
    sheet: str
    cell: str


@dataclass(eq=False, kw_only=True)
class Event:
    """Anything that happens, at a clock in UTC."""

    clock: dt.datetime


@dataclass(eq=False, kw_only=True)
class Night(Event):
    """The files of a night, in the order in which they arrived; there may be none."""

    files: tuple[File, ...] = ()


@dataclass(eq=False, kw_only=True)
class Accept(Event):
    """The analyst lets a form through that only queries hold."""

    file: File
    form: str


@dataclass(eq=False, kw_only=True)
class Withdraw(Event):
    """The analyst takes an accepted form back."""

    file: File
    form: str


@dataclass(eq=False, kw_only=True)
class Totals(Event):
    """A file of dated totals."""

    submission: str
    totals: tuple[Total, ...]


@dataclass(eq=False, kw_only=True)
class Release(Event):
    """A quarter is frozen as it stands."""

    release: str
    quarter: int
    released_by: str | None
    approved_by: str | None
    note: str | None


@dataclass(frozen=True)
class Known:
    """A fact that indicators are made of, with the file it came from, None for a count of forms."""

    month: int
    unit: str
    figure: str
    said: Said
    submission: str | None

    @property
    def key(self) -> tuple[int, str, str]:
        """Month, unit and figure."""
        return self.month, self.unit, self.figure


@dataclass(frozen=True)
class Snapshot:
    """What is in force after an event, until the next one."""

    clock: dt.datetime
    figures: list[tuple[object, ...]]
    """The rows of monthly_figure."""
    facts: list[Known]
    states: list[tuple[int, str, str, bool]]
    """Month, unit, form of every form due, and whether a version of it is accepted."""
    order: dict[str, int] = field(default_factory=dict)
    """The place of each file in the order of arrival."""
