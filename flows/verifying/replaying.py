"""Archive and journal replayed aside, as `rebuild` does it, and published nowhere."""

from __future__ import annotations

from pathlib import Path

from flows.errors import NotThere
from flows.reading.pool import Reader
from flows.replay import Stage, apply_journal, compute_and_follow
from flows.verifying.lines import Lines
from flows.verifying.snapshot import Snapshot
from flows.verifying.warehouse import Held
from flows.warehouse.working import open_working


def replayed(home: Snapshot, lines: Lines, held: Held, stage: Stage) -> Path:
    """A warehouse made of the lines that the published one holds.

    The journal it writes on, and the workbooks it sends back, are copies in the snapshot's
    folder.
    """
    first = lines.content[: held.lines]
    home.copy.journal.path.write_bytes(b"".join(each + b"\n" for each in first))
    with Reader(home.settings) as reader:
        store = open_working(home.settings.warehouse, home.home.declaration, anew=True)
        try:
            applied = apply_journal(home.copy, store, reader, stage)
            applied.post.deliver(home.copy, store)
        finally:
            store.close()
    if applied.post.refused:
        raise NotThere(
            f"The replay could not be written ({applied.post.refused[0]}); free some space there, "
            "or verify with --quick."
        )
    return store.path


def brought_up(home: Snapshot, held: Held) -> Path:
    """The published warehouse, brought up to today's declaration as the next night would."""
    if held.current:
        return home.settings.warehouse
    store = open_working(home.settings.warehouse, home.home.declaration)
    try:
        compute_and_follow(store, set(), home.settings.clock(home.home.declaration))
    finally:
        store.close()
    return store.path.rename(home.folder / "declared.duckdb")
