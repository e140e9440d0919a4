"""Forms, figures, ledgers, units and indicators as declarations.

From these come reading, checking, the warehouse's tables and comments, and the
generated docs. Months are the integers of `periods`; `None` as an end means open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from schemas.declaring import periods, versions
from schemas.declaring.names import normal_line
from schemas.declaring.rules import CarriedForward, FrameRule

Kind = Literal["stock", "flow"]
Frequency = Literal["month", "quarter", "as_sent"]
ColumnType = Literal["text", "choice", "date", "count", "decimal"]
MONTHS: dict[Frequency, int] = {"month": 1, "quarter": 3, "as_sent": 1}


@cache
def _line_names(*names: str) -> frozenset[str]:
    return frozenset(map(normal_line, names))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure asked for: one line of a form, or one version of it.

    `unit` is the unit of its values, the same in every version; `asked_in` is the one
    that the form asks for, where that is another (元 for 万元), and `places` how many
    decimals a cell may have in it. `reporter` names the group of unit kinds that fills
    it in. `redefined` lists the months from which the definition differs from before,
    so that periods across them do not compare; another code or another `asked_in` is no
    other definition. `cumulative_only` says that only 本年累计 is asked; the month is
    its difference. `sensitive` is a count of persons of whom few may not be shown to
    others than the bureau: of minors, of people with a mental disorder. `tells_of` names
    the sensitive figures that can be worked out of this one, as a count can be of what is
    paid for each at a known rate, or of the sum that such a payment is a line of.
    `definition_zh` says in one official sentence of Chinese what `definition` says.
    """

    name: str
    code: str
    name_zh: str
    unit: str
    kind: Kind
    definition: str
    reporter: str = "township"
    places: int = 0
    aliases: tuple[str, ...] = ()
    valid_from: int | None = None
    valid_to: int | None = None
    redefined: tuple[int, ...] = ()
    cumulative_only: bool = False
    asked_in: str = ""
    sensitive: bool = False
    tells_of: tuple[str, ...] = ()
    # Not in the repr, by which a warehouse knows that what it computes was declared anew.
    definition_zh: str = field(default="", repr=False, kw_only=True)

    def __post_init__(self) -> None:
        # Filled in here, as reading asks for it at every line.
        object.__setattr__(self, "asked_in", self.asked_in or self.unit)

    @property
    def kept_places(self) -> int:
        """How many decimals a value may have in `unit`."""
        return self.places + (0 if self.asked_in == self.unit else versions.DIVIDED_PLACES)

    def asked(self, month: int) -> bool:
        """Whether this version is the one asked for the month, as long as its form is."""
        return (self.valid_from is None or self.valid_from <= month) and (
            self.valid_to is None or month <= self.valid_to
        )

    @property
    def names(self) -> frozenset[str]:
        """The normal forms of every name the line may carry."""
        return _line_names(self.name_zh, *self.aliases)


@dataclass(frozen=True, slots=True)
class Form:
    """What figure forms and ledgers have in common.

    `reporters` are the groups that may send the form, `due_from` those of them that
    owe it every period.
    """

    name: str
    number: str
    form_no: str
    title_zh: str
    reporters: tuple[str, ...]
    due_from: tuple[str, ...]
    frequency: Frequency = "month"
    valid_from: int = 0
    valid_to: int | None = None

    @property
    def months(self) -> int:
        """How many months one period of the form covers."""
        return MONTHS[self.frequency]

    def in_force(self, month: int) -> bool:
        """Whether the form is asked for the period that ends with the month."""
        if not self.valid_from <= month or (self.valid_to is not None and month > self.valid_to):
            return False
        return (month + 1) % self.months == 0


@dataclass(frozen=True, slots=True)
class FigureForm(Form):
    """A form of figures, one a row.

    A figure may stand in `figures` several times, with versions of its line for
    different months. ValueError names all that does not go together in them.
    """

    figures: tuple[Figure, ...] = ()
    rules: tuple[FrameRule, ...] = ()
    carried: tuple[CarriedForward, ...] = ()

    def __post_init__(self) -> None:
        versions.check(self)

    @property
    def latest(self) -> dict[str, Figure]:
        """The latest version of each figure by name, in the order of the form."""
        return versions.latest(self.figures)

    def lines(self, reporter: str, month: int) -> tuple[Figure, ...]:
        """The lines a unit of that group fills in for that month."""
        return tuple(
            each for each in self.figures if each.reporter == reporter and each.asked(month)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a form that one group of reporters fills in for one month."""

    figures: tuple[Figure, ...]
    by_code: dict[str, Figure]
    by_name: dict[str, Figure]
    """By the normal form of every name the line may carry."""
    ever_named: dict[str, frozenset[str]]
    """By figure, the names that its line carries in any version."""
    names_of_any: frozenset[str]
    """The names of all lines of all forms: one of another line contradicts a code."""
    divided: frozenset[str]
    """The figures that are asked in 元 and kept in 万元."""


@dataclass(frozen=True, slots=True, eq=False)
class LedgerColumn:
    """A column of a ledger. `personal` columns never leave the archived file."""

    name: str
    name_zh: str
    type: ColumnType
    definition: str
    required: bool = False
    values: tuple[str, ...] = ()
    unique: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class DatedStatus:
    """A status that goes with a date: the one without the other is an error.

    With `both_ways` a date without the status is an error too. `for_the_year` says that an
    item with the status stays on the ledger for the rest of its date's year, and no longer.
    """

    status: str
    date: str
    both_ways: bool = False
    for_the_year: bool = False


@dataclass(frozen=True, slots=True)
class LedgerCount:
    """A number that is found by counting (or summing) a ledger's rows at month end.

    `where` lists (column, accepted values); `adds` names a count column to sum
    instead of counting rows; `dated` counts only rows whose date column lies in the
    month, `overdue` only rows whose date lies before the month's end. `figure` is the
    reported figure it is compared with; None for one that only indicators use.
    """

    name: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    figure: str | None = None
    adds: str | None = None
    dated: str | None = None
    overdue: str | None = None
    name_zh: str = field(default="", repr=False)
    """Its Chinese name, for one that is no figure's."""
    unit: str = field(default="项", repr=False)
    """What its items are counted in."""

    def takes_in(self, row: Mapping[str, object], first: int, last: int) -> bool:
        """Whether a row of the ledger at the end of month `last` counts for `first` to `last`."""
        if any(row[name] not in values for name, values in self.where):
            return False
        if self.dated is not None:
            day = row[self.dated]
            if not isinstance(day, dt.date) or not first <= periods.month_of(day) <= last:
                return False
        if self.overdue is not None:
            day = row[self.overdue]
            return isinstance(day, dt.date) and day < periods.last_day(last)
        return True


@dataclass(frozen=True, slots=True)
class Targets:
    """The columns of a yearly ledger that sets targets, by their names.

    `indicator` holds an indicator's Chinese name or code, `year` the year, `by_quarter` what
    is to be reached by the end of each quarter, from January.
    """

    indicator: str
    year: str
    by_quarter: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Ledger(Form):
    """A form of rows, one an item; `table` is its public table in the warehouse."""

    table: str = ""
    columns: tuple[LedgerColumn, ...] = ()
    dated: tuple[DatedStatus, ...] = ()
    counts: tuple[LedgerCount, ...] = ()
    yearly: bool = False
    """Each file replaces the rows of its whole year."""
    targets: Targets | None = None
    kept: tuple[LedgerColumn, ...] = field(init=False)
    """The columns that may be kept outside the archived file."""

    def __post_init__(self) -> None:
        kept = tuple(each for each in self.columns if not each.personal)
        object.__setattr__(self, "kept", kept)

    def stays(self, row: Mapping[str, object], month: int) -> bool:
        """Whether an item of an earlier month, as it was then, is still on the month's ledger."""
        return not any(
            row["status"] == pair.status
            and isinstance(day := row[pair.date], dt.date)
            and day.year < month // 12
            for pair in self.dated
            if pair.for_the_year
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit; `valid_to` is its last day, `successor` the code it went into."""

    code: str
    name: str
    kind: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successor: str | None = None

    def exists(self, month: int) -> bool:
        """Whether the unit exists at the month's end."""
        return self.exists_on(periods.last_day(month))

    def exists_on(self, day: dt.date) -> bool:
        """Whether the unit exists on the day."""
        return self.exists_within(day, day)

    def exists_within(self, first: dt.date, last: dt.date) -> bool:
        """Whether the unit exists on any day from `first` to `last`."""
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_to is None or first <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A unit that was parted; `on` is the first day of the units as they are since.

    `source` and `into` are codes. The source ends on the day before, or goes on with what
    is left of it; `into` are the units that got the rest, new ones or old ones.
    """

    on: dt.date
    source: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A derived indicator; `formula` is written with figures, indicators and ytd()."""

    name: str
    name_zh: str
    unit: str
    kind: Literal["stock", "flow", "ratio"]
    formula: str
    definition: str
    within_year: bool = False
    """Cumulative within the year by definition: no comparison with the quarter before."""
    definition_zh: str = field(default="", repr=False, kw_only=True)
    """The definition in one official sentence of Chinese; out of the repr as a figure's is."""
