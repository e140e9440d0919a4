"""What a ledger was last: its rows of the last month in force, whichever that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import duckdb

from schemas.declaring import periods
from schemas.declaring.model import Ledger

Item = Mapping[str, object]
"""A ledger's row by the names of its columns that are kept."""


class Sent(NamedTuple):
    """The last month of which a ledger has rows in force, and how many are still on it."""

    month: int
    rows: int


def last_rows(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, month: int
) -> dict[str, tuple[tuple[Item, ...], Sent]]:
    """The ledger's rows of the last month in force, and when it last had any, by unit."""
    latest = dict(
        connection.execute(
            "SELECT unit_code, max(month) FROM internal.tenure "
            "WHERE form = ? AND until IS NULL AND month < ? GROUP BY unit_code",
            [ledger.name, month],
        ).fetchall()
    )
    names = [each.name for each in ledger.kept]
    try:
        found = connection.execute(
            f'SELECT unit_code, month, {", ".join(names)} FROM main."{ledger.table}" '
            "WHERE month < ? ORDER BY unit_code, month, row",
            [periods.first_day(month)],
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}  # the next night makes the table as it is declared now
    rows: dict[str, dict[int, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for unit, day, *cells in found:
        item = dict(zip(names, cells, strict=True))
        if ledger.stays(item, month):
            rows[unit][periods.month_of(day)].append(item)
    return {
        unit: (tuple(own.get(latest.get(unit, -1), ())), Sent(max(own), len(own[max(own)])))
        for unit, own in rows.items()
    }
