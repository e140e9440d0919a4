"""Two warehouses compared: every public table, and what their queries as of a day rest on."""

from __future__ import annotations

from pathlib import Path

import duckdb

from flows.computing.compute import VERSIONS
from flows.verifying.found import REBUILD, Found
from flows.verifying.rows import difference, shape
from flows.warehouse.store import connect, quoted
from flows.warehouse.tables import Column, Table, public_tables
from schemas.declaring.district import Declaration

_WHY = f"{REBUILD}, or a backfill of those months if forms or rules were changed since"
_VALUES = (
    "(SELECT t.month, t.unit_code, t.form, v.figure, v.value, v.year_to_date, v.mark, "
    "t.submission, v.sheet, v.cell, t.since, t.until FROM {0}.internal.tenure t "
    "JOIN {0}.internal.figure_value v ON v.reading = t.reading)"
)
_STOOD = {
    "figures_as_of": _VALUES,
    **{f"{each.name.removesuffix('_version')}_as_of": f"{{0}}.{each.table}" for each in VERSIONS},
}
"""What the macros of a time rest on, `{0}` for the warehouse."""


def compare(
    published: Path, replay: Path, declaration: Declaration, found: Found, *, current: bool
) -> None:
    """Say which tables of the published warehouse are not what the replay gives.

    What stood on earlier days is compared where the warehouse is `current`, of today's
    declaration. It differs for good after a change of forms or rules.
    """
    with connect(Path(":memory:")) as connection:
        for path, name in ((published, "published"), (replay, "replay")):
            connection.execute(f"ATTACH {quoted(str(path))} AS {name} (READ_ONLY)")
        for table in public_tables(declaration):
            _table(connection, table, found)
            found.checked["replayed_tables"] += 1
        for name, query in _STOOD.items() if current else ():
            _stood(connection, name, query, found)


def _table(connection: duckdb.DuckDBPyConnection, table: Table, found: Found) -> None:
    one, other = (f'{name}.main."{table.name}"' for name in ("published", "replay"))
    if shape(connection, one) != shape(connection, other):
        found.problem(
            "table_differs",
            table.name,
            f"The table {table.name} has other columns than archive and journal give; {REBUILD}.",
        )
        return
    if table.name == "form_step":
        # The steps of what went back follow from the table `returned`, which is compared itself.
        one, other = (f"(SELECT * FROM {each} WHERE step <> 'returned')" for each in (one, other))
    differs = difference(connection, table, one, other)
    if differs is None:
        return
    said = differs.say("the warehouse", "what archive and journal give")
    if table.name == "returned" and not differs.only_one:
        found.notice(
            "not_returned",
            table.name,
            f"{differs.only_other} workbooks that were held did not go back, the first at "
            f"{differs.example}; a backfill of its month sends it.",
        )
        return
    found.problem(
        "table_differs",
        table.name,
        f"The table {table.name} is not what archive and journal give ({said}); {_WHY}.",
    )


def _stood(connection: duckdb.DuckDBPyConnection, name: str, query: str, found: Found) -> None:
    one, other = query.format("published"), query.format("replay")
    columns = tuple(Column(each, kind, "") for each, kind in shape(connection, one))
    key = ("quarter", "month", "unit_code", "figure", "indicator", "comparison", "since")
    named = {each.name for each in columns}
    table = Table(name, "", columns, key=tuple(each for each in key if each in named))
    differs = difference(connection, table, one, other)
    if differs is not None:
        said = differs.say("the warehouse", "what archive and journal give")
        found.notice(
            "past_differs",
            name,
            f"What {name} tells of earlier days is not what archive and journal give ({said}); "
            f"so it is after a change of forms or rules, otherwise {REBUILD}.",
        )
