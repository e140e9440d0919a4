"""A reader of the published file, run with a client of its own: `reader.py WHAT FILE …`.

It imports nothing of the project: it is what an analyst's script does.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

QUERIES = (
    "SELECT count(*), max(run), max(started_at), sum(received) FROM run",
    "SELECT count(*) FROM submission",
    "SELECT count(*), max(month), sum(value), sum(year_to_date) FROM monthly_figure",
    "SELECT count(*), max(month), sum(urban_dibao_recipients) FROM social_assistance",
    "SELECT count(*), max(month), count(*) FILTER (WHERE state = 'on_time') FROM coverage",
    "SELECT count(*), max(quarter), sum(value), sum(months_reported) FROM quarterly_indicator",
    "SELECT count(*), max(quarter), sum(value), sum(rate) FROM growth",
    "SELECT count(*), sum(value) FROM figures_as_of(TIMESTAMP '2022-05-15')",
    "SELECT count(*), sum(value) FROM figures_as_of(TIMESTAMP '2099-01-01')",
)
_ONE_THREAD = {"threads": "1"}
_PAUSE_SECONDS = 0.3


def state(connection: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """What the file says, a list of texts for each query."""
    found = []
    for query in QUERIES:
        row = connection.execute(query).fetchone()
        found.append([str(each) for each in row or ()])
    return found


def opening(file: str, stop: Path) -> Iterator[dict[str, Any]]:
    """Open the file and query it, again and again, until `stop` is there."""
    while not stop.exists():
        begun = time.monotonic()
        with duckdb.connect(file, read_only=True, config=_ONE_THREAD) as connection:
            found = state(connection)
        yield {"begun": begun, "ended": time.monotonic(), "state": found}
        time.sleep(_PAUSE_SECONDS)


def holding(file: str, stop: Path) -> Iterator[dict[str, Any]]:
    """Open the file once and query it, again and again, until `stop` is there."""
    with duckdb.connect(file, read_only=True, config=_ONE_THREAD) as connection:
        while not stop.exists():
            begun = time.monotonic()
            yield {"begun": begun, "state": state(connection), "ended": time.monotonic()}
            time.sleep(3 * _PAUSE_SECONDS)


def comments(file: str) -> dict[str, Any]:
    """The comments of tables and views, and of their columns."""
    with duckdb.connect(file, read_only=True, config=_ONE_THREAD) as connection:
        of_tables = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' "
            "UNION ALL SELECT view_name, comment FROM duckdb_views() "
            "WHERE schema_name = 'main' AND NOT internal"
        ).fetchall()
        of_columns = connection.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND NOT internal"
        ).fetchall()
    return {"tables": of_tables, "columns": of_columns}


def attached(file: str) -> dict[str, Any]:
    """Rows of every public table and view, in a file attached under another name.

    A client may refuse some by their full name: then it is its complaint. After USE it
    may not.
    """
    with duckdb.connect(config=_ONE_THREAD) as connection:
        connection.execute(f"ATTACH '{file}' AS bureau (READ_ONLY)")
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_catalog = 'bureau' AND table_schema = 'main'"
        ).fetchall()
        by_name: dict[str, Any] = {}
        for (name,) in names:
            try:
                by_name[name] = _count(connection, f'bureau.main."{name}"')
            except duckdb.Error as error:
                by_name[name] = str(error)
        connection.execute("USE bureau")
        after_use = {name: _count(connection, f'"{name}"') for (name,) in names}
        return {"by_name": by_name, "after_use": after_use, "state": state(connection)}


def answers(file: str, statements: Path) -> dict[str, Any]:
    """The rows of each statement of a JSON list, as texts, in an order of their own."""
    with duckdb.connect(file, read_only=True, config=_ONE_THREAD) as connection:
        asked = json.loads(statements.read_text(encoding="utf-8"))
        found = [connection.execute(each).fetchall() for each in asked]
    return {"answers": [sorted([str(each) for each in row] for row in rows) for rows in found]}


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def main(what: str, file: str, *rest: str) -> None:
    print(json.dumps({"version": duckdb.__version__}), flush=True)
    if what in ("opening", "holding"):
        for read in {"opening": opening, "holding": holding}[what](file, Path(rest[0])):
            print(json.dumps(read), flush=True)
    elif what == "answers":
        print(json.dumps(answers(file, Path(rest[0]))), flush=True)
    else:
        print(json.dumps({"comments": comments, "attached": attached}[what](file)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
