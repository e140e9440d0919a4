"""Columns, references and tables as they are declared, and lines that many tables have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

AMOUNT = "DECIMAL(18,6)"
EXACT = "DECIMAL(38,10)"


class Column(NamedTuple):
    """A column: name, SQL type, comment."""

    name: str
    type: str
    comment: str


class Reference(NamedTuple):
    """Columns that say which row of another table is meant, by its key; null means none."""

    columns: tuple[str, ...]
    table: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A public table, or a view where `query` is given."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    query: str | None = None
    key: tuple[str, ...] = ()
    """The columns that identify a row; none where nothing in it does for certain."""
    refers: tuple[Reference, ...] = ()

    @property
    def names(self) -> str:
        """The columns' names for a SELECT or INSERT."""
        return ", ".join(column.name for column in self.columns)


def columns_of(*lines: str) -> tuple[Column, ...]:
    """Columns from 'name | type | comment' lines."""
    return tuple(Column(*(part.strip() for part in line.split("|", 2))) for line in lines)


def named(text: str) -> tuple[str, ...]:
    """Columns' names from 'one, another'."""
    return tuple(each.strip() for each in text.split(","))


def referring(*lines: str) -> tuple[Reference, ...]:
    """References from 'column, … -> table (column, …)' lines."""
    references = []
    for line in lines:
        columns, _, other = line.partition(" -> ")
        table, _, key = other.partition(" (")
        references.append(Reference(named(columns), table, named(key.removesuffix(")"))))
    return tuple(references)


UNIT = "unit_code | VARCHAR | the reporting unit's code; the district's for totals"
MONTH = "month | DATE | the month's first day"
SUBMISSION = "submission | VARCHAR | the file, as in submission"
TO_UNIT = "unit_code -> reporting_unit (code)"
TO_SUBMISSION = "submission -> submission (submission)"
TO_INDICATOR = "indicator -> indicator (indicator)"
FIGURE_TO_INDICATOR = "figure -> indicator (indicator)"
QUARTER = (
    "quarter | VARCHAR | the quarter, as 2023Q1",
    "quarter_start | DATE | the quarter's first day",
)
