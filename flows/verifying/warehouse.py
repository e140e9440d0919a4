"""The published warehouse: it opens, keeps the contract, and holds what the journal says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import duckdb

from flows.errors import NotThere
from flows.verifying.archived import Archived
from flows.verifying.found import REBUILD, Found
from flows.verifying.lines import Line, Lines
from flows.verifying.parquet import see_parquet
from flows.verifying.recorded import see_decided, see_released, see_runs
from flows.verifying.snapshot import Snapshot
from flows.verifying.submissions import see_sources, see_submissions
from flows.warehouse.store import first_line, reading
from flows.warehouse.tables import CONTRACT_VERSION
from flows.warehouse.working import declared_digest


class Held(NamedTuple):
    """What the published warehouse says of itself."""

    lines: int
    """How many lines of the journal it was made from."""
    current: bool
    """It was made with today's declaration."""


def see_warehouse(home: Snapshot, lines: Lines, archived: Archived, found: Found) -> Held | None:
    """Compare the warehouse with journal, archive, releases and copies; None where it is none."""
    real, copy = home.home.settings.warehouse, home.settings.warehouse
    if not copy.exists():
        _absent(home, lines.read, found)
        return None
    try:
        with reading(copy) as connection:
            held = _held(home, connection, lines, found)
            if held.lines <= len(lines.content):
                _see(home, connection, held, lines, archived, found)
            see_sources(connection, found)
            _see_returned(home, connection, found)
            if held.current:
                see_parquet(home, connection, held.lines, found)
    except (NotThere, duckdb.Error) as error:
        said = (
            str(error).replace(str(copy), str(real))
            if isinstance(error, NotThere)
            else (f"{real} cannot be read ({first_line(error)}); {REBUILD}.")
        )
        found.problem("warehouse_unreadable", real, said)
        return None
    return held


def _absent(home: Snapshot, lines: Sequence[Line], found: Found) -> None:
    real = home.home.settings.warehouse
    said = f"There is no warehouse at {real}"
    if any(line.event["event"] == "finished" for line in lines):
        found.problem("warehouse_missing", real, f"{said}; {REBUILD}.")
    else:
        found.notice("warehouse_missing", real, f"{said} yet; the next night publishes one.")


def _held(
    home: Snapshot, connection: duckdb.DuckDBPyConnection, lines: Lines, found: Found
) -> Held:
    real, journal = home.home.settings.warehouse, home.home.settings.journal
    ((number, declared),) = connection.execute(
        "SELECT lines, declared FROM internal.applied"
    ).fetchall()
    held = Held(int(number), declared == declared_digest(home.home.declaration))
    there = len(lines.content)
    if held.lines > there:
        found.problem(
            "journal_shortened",
            journal,
            f"{journal} has {there} lines, fewer than the {held.lines} the warehouse was made "
            "from; restore the journal from the backup.",
        )
    elif held.lines < there:
        found.notice(
            "lines_waiting",
            journal,
            f"{there - held.lines} lines of {journal} are not in the warehouse yet; the next night "
            "makes up for them.",
        )
    if not held.current:
        found.notice(
            "redeclared",
            real,
            "The forms, the register or this program have changed since the warehouse was "
            "published; the next night brings it up to that.",
        )
        return held
    versions = connection.execute("SELECT version FROM main.contract").fetchall()
    if versions != [(CONTRACT_VERSION,)]:
        found.problem(
            "contract",
            "contract",
            f"The table contract does not say version {CONTRACT_VERSION}, which this program "
            f"keeps; {REBUILD}.",
        )
    return held


def _see(
    home: Snapshot,
    connection: duckdb.DuckDBPyConnection,
    held: Held,
    lines: Lines,
    archived: Archived,
    found: Found,
) -> None:
    """What the lines that the warehouse holds should have brought it, where all can be read."""
    if not lines.whole:
        return
    events = [line.event for line in lines.read if line.number <= held.lines]
    named = {name for each in events if each["event"] == "received" for name in each["files"]}
    named |= {each["file"] for each in events if each["event"] == "history"}
    see_submissions(home, connection, named, archived, found)
    see_runs(connection, events, found)
    see_decided(connection, events, found)
    see_released(home, connection, events, found)


def _see_returned(home: Snapshot, connection: duckdb.DuckDBPyConnection, found: Found) -> None:
    rows = connection.execute("SELECT DISTINCT file FROM main.returned ORDER BY file").fetchall()
    folder = home.home.settings.returned
    for (file,) in rows:
        if file not in home.returned:
            found.notice(
                "returned_missing",
                folder / file,
                f"The returned workbook {folder / file} is not there any more; a rebuild writes "
                "it again if it is still wanted.",
            )
    found.checked["returned_workbooks"] = len(rows)
