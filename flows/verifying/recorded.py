"""What the warehouse tells of runs, decisions and releases, against the journal."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from flows.collecting.journal import Event, read_time
from flows.collecting.recovering import open_runs
from flows.errors import NotThere
from flows.releasing import frozen
from flows.releasing.freezing import released_files
from flows.verifying.found import REBUILD, Found
from flows.verifying.snapshot import Snapshot

_Row = tuple[object, ...]


def see_runs(connection: duckdb.DuckDBPyConnection, events: Sequence[Event], found: Found) -> None:
    """Compare the table of runs with the lines that the warehouse holds."""
    ends = {each["run"]: each["finished_at"] for each in events if each["event"] == "finished"}
    # A night that was killed while collecting has no row: another does what it had begun.
    without = {run for each in events for run in each.get("instead_of", ())} | set(
        open_runs([*events])
    )
    said = {
        (
            each["run"],
            each["kind"],
            read_time(each["started_at"]),
            read_time(ends[each["run"]]) if each["run"] in ends else None,
        )
        for each in events
        if each["event"] == "run" and each["run"] not in without
    }
    held = set(
        connection.execute("SELECT run, kind, started_at, finished_at FROM main.run").fetchall()
    )
    for run in sorted({str(row[0]) for row in held ^ said}):
        found.problem(
            "run_differs",
            f"run {run}",
            f"The run {run} in the warehouse is not as the journal tells it; {REBUILD}, or restore "
            "the journal from the backup if that was changed.",
        )


def see_decided(
    connection: duckdb.DuckDBPyConnection, events: Sequence[Event], found: Found
) -> None:
    """Compare the table of decisions with the lines that the warehouse holds."""
    said = {
        (
            read_time(each["at"]),
            each["event"],
            each["submission"],
            each.get("form"),
            each.get("reason"),
            each.get("by"),
        )
        for each in events
        if each["event"] in ("accept", "withdraw", "assign")
    }
    held: set[_Row] = set(
        connection.execute(
            "SELECT decided_at, kind, submission, form, reason, decided_by FROM main.decision"
        ).fetchall()
    )
    forms: Collection[_Row] = set(
        connection.execute("SELECT submission, form FROM main.submission_form").fetchall()
    )
    # A decision on a form that the file has no more, by today's forms, leaves no row.
    lacking = {row for row in said - held if row[3] is None or (row[2], row[3]) in forms}
    for at, kind, submission, form in sorted({row[:4] for row in lacking | (held - said)}, key=str):
        of = f"{form} of {submission}" if form else str(submission)
        found.problem(
            "decision_differs",
            f"decision {kind} {of}",
            f"The decision ({kind}) on {of} of {at} is not the same in journal and warehouse; "
            f"restore the journal from the backup if that was changed, else {REBUILD}.",
        )


def see_released(
    home: Snapshot,
    connection: duckdb.DuckDBPyConnection,
    events: Sequence[Event],
    found: Found,
) -> None:
    """Compare the released rows with the frozen ones; damaged ones have been said."""
    known = {each["release"]: each for each in events if each["event"] == "release"}
    held = {
        str(name) for (name,) in connection.execute("SELECT release FROM main.release").fetchall()
    }
    wrong = dict.fromkeys(held ^ set(known), "")
    for name in held & set(known):
        try:
            _, files = frozen.read(home.settings.releases / name, known[name]["sha256"])
        except NotThere:
            continue
        again = released_files(connection, name, files)
        differing = [each for each in sorted(files) if again.get(each) != files[each]]
        if differing:
            wrong[name] = f" ({differing[0]} is the first)"
    for name, which in sorted(wrong.items()):
        found.problem(
            "release_differs",
            f"release {name}",
            f"The release {name} is not in the warehouse as it was frozen{which}; {REBUILD}.",
        )
