"""What the report's contents are made of: rows of tables, and indicators as a reader meets them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from flows.templating.looks import without_illegal

COMPARISONS = ("yoy", "qoq", "ytd_yoy", "two_year")
"""In the order in which they are shown."""


def one_line(name: str) -> str:
    """The name without what no file of Office can hold, its blanks as single ones."""
    return " ".join(without_illegal(name).split())


class Level(NamedTuple):
    """An indicator in a quarter, of a unit or the district; unrounded, null where `suppressed`."""

    value: Decimal | None
    year_to_date: Decimal | None
    months_reported: int
    units_expected: int
    units_reported: int
    maturity: str
    suppressed: bool


class Month(NamedTuple):
    """A unit's value of a month: `mark` is reported, not_applicable, history or suppressed."""

    value: Decimal | None
    year_to_date: Decimal | None
    mark: str


class Place(NamedTuple):
    """Where a month's value stands; a ledger's count has no cell."""

    submission: str | None
    sheet: str | None
    cell: str | None


class File(NamedTuple):
    """A file received, `received_at` in the district's time."""

    file_name: str | None
    received_at: dt.datetime | None


class Due(NamedTuple):
    """A form due; `received_at` in the district's time, `state` on_time, late, held or missing."""

    due_on: dt.date
    received_at: dt.datetime | None
    state: str


class Gap(NamedTuple):
    """A form due in the quarter that is not accepted; `state` is held or missing."""

    unit_code: str
    form: str
    month: int
    state: str


class Target(NamedTuple):
    """A row of progress: see the table."""

    indicator: str
    target: Decimal | None
    year_target: Decimal | None
    value: Decimal | None
    completion: Decimal | None
    time_progress: int
    lead: Decimal | None
    units_expected: int | None
    units_reported: int | None
    suppressed: bool


class Finding(NamedTuple):
    """An open finding; `message` is null where it might tell a small count of persons."""

    unit_code: str
    month: int
    form: str
    rule: str
    level: str
    sheet: str | None
    cell: str | None
    figure: str | None
    message: str | None


class Revision(NamedTuple):
    """A value that has changed since the last release; `revised_at` in the district's time."""

    unit_code: str
    month: int
    figure: str
    old_value: Decimal | None
    new_value: Decimal | None
    file_name: str | None
    revised_at: dt.datetime | None


class Effect(NamedTuple):
    """What the revisions did to a number of the district since the last release."""

    indicator: str
    measure: str
    old_number: Decimal | None
    new_number: Decimal | None
    old_status: str | None
    new_status: str | None


@dataclass(frozen=True, slots=True)
class Release:
    """Who released the quarter, and when, in the district's time."""

    name: str
    as_of: dt.datetime
    released_by: str | None
    approved_by: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since the last release before this report.

    `hidden` is how many revisions are not listed, since they might tell small counts.
    """

    release: str
    quarter: int
    as_of: dt.datetime
    revisions: tuple[Revision, ...]
    effects: tuple[Effect, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator, a figure among them, as a reader meets it.

    `terms` are the figures its formula ends in, `formula_zh` is the formula in Chinese, ''
    for a figure. `places` is how many decimals its values are printed with.
    """

    name: str
    name_zh: str
    unit: str
    kind: Literal["stock", "flow", "ratio"]
    places: int
    programme: str
    form: str | None
    code: str | None
    formula_zh: str
    definition_zh: str
    terms: tuple[str, ...]

    @property
    def points(self) -> bool:
        """Whether it is measured in %, so that it changes by percentage points."""
        return self.unit == "%"
