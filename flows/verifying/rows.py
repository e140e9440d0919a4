"""Two tables compared row by row, told in numbers and keys: never what else stands in a row."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from flows.warehouse.tables import Table

_TELLING = ("submission", "form", "rule", "month", "unit_code", "figure", "cell", "row")
"""What points at a row of a table without a key, and tells nothing of a person."""


class Difference(NamedTuple):
    """How many rows only the one has, only the other, and where the first of them is."""

    only_one: int
    only_other: int
    example: str

    def say(self, one: str, other: str) -> str:
        """The numbers in words; `one` and `other` say whose rows they are."""
        parts = [
            f"{number} row{'s' * (number > 1)} only in {where}"
            for number, where in ((self.only_one, one), (self.only_other, other))
            if number
        ]
        return f"{' and '.join(parts)}, the first at {self.example}"


def difference(
    connection: duckdb.DuckDBPyConnection, table: Table, one: str, other: str
) -> Difference | None:
    """What differs between two relations with the columns of the table; None for nothing.

    `one` and `other` are SQL, each row counts as often as it is there.
    """
    names = {each.name for each in table.columns}
    columns = ", ".join(f'"{each.name}"' for each in table.columns)
    # What EXCEPT ALL gives both ways, in one pass over each: how often more a row is there.
    counted = (
        f"(SELECT {columns}, sum(one_more) AS more FROM (SELECT {columns}, 1 AS one_more "
        f"FROM {one} UNION ALL SELECT {columns}, -1 FROM {other}) GROUP BY ALL HAVING more <> 0)"
    )
    ((only_one, only_other),) = connection.execute(
        "SELECT coalesce(sum(more) FILTER (WHERE more > 0), 0), "
        f"coalesce(-sum(more) FILTER (WHERE more < 0), 0) FROM {counted}"
    ).fetchall()
    if not only_one and not only_other:
        return None
    key = [name for name in table.key or _TELLING if name in names]
    named = ", ".join(f'"{name}"' for name in key)
    row = connection.execute(
        f"SELECT {named} FROM {counted} ORDER BY more < 0, {named} LIMIT 1"
    ).fetchone()
    return Difference(int(only_one), int(only_other), _example(key, row or ()))


def _example(key: list[str], row: tuple[object, ...]) -> str:
    named = zip(key, row, strict=True)
    return ", ".join(f"{name} {value}" for name, value in named if value is not None)


def shape(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """The columns of a relation with their types."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return [(str(row[0]), str(row[1])) for row in rows]
