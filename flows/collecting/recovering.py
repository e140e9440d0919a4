"""Bringing a run that was killed while collecting to its end."""

from __future__ import annotations

from flows.collecting.archive import Archive
from flows.collecting.collect import announce
from flows.collecting.journal import Event, Journal


def recover(journal: Journal, archive: Archive) -> None:
    """Announce what killed runs had archived, and note what they may not have removed.

    What a run had archived is what it received. Its channels may still have it: the next
    collection knows it by its key, and marks or removes it.
    """
    events = journal.events()
    announced = {event["run"] for event in events if event["event"] == "received"}
    open_runs = [
        event["run"]
        for event in events
        if event["event"] == "run" and event["kind"] == "nightly" and event["run"] not in announced
    ]
    if open_runs:
        every = list(archive.receipts())
        for run in open_runs:
            # A file that a power cut has halved is still in its channel, and comes again.
            own = [each for each in every if each.run == run and archive.whole(each)]
            archive.sync()
            announce(journal, run, own)
        events = journal.events()
    _note_left(journal, events)


def _note_left(journal: Journal, events: list[Event]) -> None:
    """Of runs that did not finish, note all that they took as left, once."""
    finished = {event["run"] for event in events if event["event"] in ("finished", "left")}
    for event in events:
        if event["event"] == "received" and event["run"] not in finished and event.get("taken"):
            journal.append({"event": "left", "run": event["run"], "taken": event["taken"]})
