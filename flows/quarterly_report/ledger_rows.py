"""What the report says of ledgers: rows by name, counts, tables of counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.wording import MISSING, some
from schemas.declaring import periods
from schemas.declaring.model import LedgerCount
from schemas.declaring.reporting import Breakdown, Listing

Row = Mapping[str, Any]


class Table(NamedTuple):
    """A table of texts and whole numbers; the last row is the total, which says what lacks."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


def listed(contents: Contents, listing: Listing) -> list[str]:
    """The items of a listing in order of units and rows, each with its unit before it."""
    names = []
    for row in contents.ledgers.get(listing.ledger, ()):
        if not _taken(row, listing.where):
            continue
        if listing.dated and not _within(row[listing.dated], contents.quarter):
            continue
        names.append(_named(contents, listing, row))
    return names


def _named(contents: Contents, listing: Listing, row: Row) -> str:
    title, unit = str(row[listing.title] or ""), contents.unit_name(row["unit_code"])
    said = title if title.startswith(unit) else unit + title
    place = row[listing.place] if listing.place else None
    number = row[listing.number] if listing.number else None
    # In brackets, since a name may end with a digit.
    beside = [str(place)] if place and str(place) not in said else []
    beside += [] if number is None else [f"{number}{listing.unit}"]
    return f"{said}（{'，'.join(beside)}）" if beside else said


def counted(rows: Iterable[Row], count: LedgerCount, quarter: int) -> int:
    """What a count comes to in the quarter: its rows, or the sum of the column that it adds.

    A dated count takes in the rows whose date lies in the quarter, an overdue one those whose
    date lies before its last day.
    """
    first, last = quarter * 3, quarter * 3 + 2
    return sum(
        1 if count.adds is None else int(row[count.adds] or 0)
        for row in rows
        if count.takes_in(row, first, last)
    )


def broken_down(contents: Contents, breakdown: Breakdown) -> Table:
    """The counts of a ledger for each value of the columns, with a total."""
    rows = contents.ledgers.get(breakdown.ledger, ())
    counts = [contents.declaration.counts[name][1] for name in breakdown.counts]
    columns = {
        column.name: column.name_zh
        for column in contents.declaration.counts[breakdown.counts[0]][0].columns
    }
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(str(row[name] or "") for name in breakdown.by), []).append(row)

    def line(head: Sequence[str], of: Iterable[Row]) -> tuple[str | int, ...]:
        kept = list(of)
        return (*head, *(counted(kept, count, contents.quarter) for count in counts))

    units = [contents.unit_name(unit) for unit in ledger_lacking(contents, breakdown.ledger)]
    blank = ("" for _ in breakdown.by[1:])
    total = (f"合计（缺{some(units)}）" if units else "合计", *blank)
    whole = line(total, rows)
    if not ledger_there(contents, breakdown.ledger):
        whole = (*total, *(MISSING for _ in counts))
    return Table(
        (*(columns[name] for name in breakdown.by), *(count.name_zh for count in counts)),
        (*(line(group, groups[group]) for group in sorted(groups)), whole),
    )


def ledger_there(contents: Contents, ledger: str) -> bool:
    """Whether any unit's ledger of the quarter's last month has come; it may be an empty one."""
    month = contents.last_month
    declared = next(each for each in contents.declaration.ledgers if each.name == ledger)
    return (
        bool(contents.ledgers.get(ledger))
        or any(
            form == ledger and number == month and due.state in ("on_time", "late")
            for (_, number, form), due in contents.coverage.items()
        )
        or any(
            (unit, count.name, month) in contents.months
            for count in declared.counts
            for unit in (each.code for each in contents.declaration.units)
        )
    )


def ledger_lacking(contents: Contents, ledger: str) -> list[str]:
    """The codes of the units whose ledger of the quarter's last month is due and not accepted."""
    return [
        gap.unit_code
        for gap in contents.gaps
        if gap.form == ledger and gap.month == contents.last_month
    ]


def _taken(row: Row, where: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
    return all(row[name] in values for name, values in where)


def _within(day: object, quarter: int) -> bool:
    return isinstance(day, dt.date) and periods.quarter_of(periods.month_of(day)) == quarter
