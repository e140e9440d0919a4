"""What killed runs have left: files that no line of the journal names, and what they did not remove."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from flows.collecting.archive import Archive, Receipt
from flows.collecting.journal import Event, Journal


def open_runs(events: list[Event]) -> list[str]:
    """The nights that were killed before they announced what they had received."""
    closed = {
        run
        for event in events
        if event["event"] == "received"
        for run in (event["run"], *event.get("instead_of", ()))
    }
    return [
        event["run"]
        for event in events
        if event["event"] == "run" and event["kind"] == "nightly" and event["run"] not in closed
    ]


def adopted(
    journal: Journal, archive: Archive, runs: Collection[str], run: str, clock: dt.datetime
) -> Iterator[Receipt]:
    """What those runs had archived, each file now that run's: it is judged with all that came.

    Announced by itself, a part of what came would be judged before the months that it rests on.
    """
    named = journal.named()
    for each in list(archive.receipts()):
        # A file that a power cut has halved is still in its channel, and comes again.
        if each.run in runs and each.archived_as not in named and archive.whole(each):
            yield archive.adopt(each, run, clock)


def note_left(journal: Journal) -> None:
    """Note what runs took that did not come to their end as left in its channel, once a run.

    The next collection knows it by its key, and marks or removes it.
    """
    events = journal.events()
    settled = {event["run"] for event in events if event["event"] in ("finished", "left")}
    for event in events:
        if event["event"] == "received" and event["run"] not in settled and event.get("taken"):
            journal.append({"event": "left", "run": event["run"], "taken": event["taken"]})
