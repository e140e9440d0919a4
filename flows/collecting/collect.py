"""Collecting: what came in goes to the archive, and into the journal."""

from __future__ import annotations

import datetime as dt
import hashlib

from flows.collecting import inbox
from flows.collecting.archive import Archive, Receipt
from flows.collecting.journal import Event, Journal
from flows.settings import Settings


def collect(
    settings: Settings, journal: Journal, archive: Archive, run: str, clock: dt.datetime
) -> list[Receipt]:
    """Take the inbox's files into the archive; their receipts in order of arrival.

    The `run` line is in the journal already. The inbox's files go only after the
    archive is on the disk and the `received` line is written.
    """
    dropped = inbox.look(settings.inbox, settings.settle_seconds)
    receipts, taken = [], []
    for each in dropped:
        try:
            content = each.path.read_bytes()
        except OSError:  # taken away or not readable: it stays for the next run
            continue
        receipts.append(
            archive.store(
                content,
                received_at=min(each.arrived, clock),
                run=run,
                channel=inbox.CHANNEL,
                sender="",
                name=each.path.name,
                source=each.source,
                modified=each.modified_ns / 1e9,
            )
        )
        taken.append(each.path)
    if receipts:
        archive.sync()
    _announce(journal, run, receipts)
    for path in taken:
        inbox.clear(settings.inbox, path)
    return receipts


def _announce(journal: Journal, run: str, receipts: list[Receipt]) -> None:
    journal.append(
        {"event": "received", "run": run, "files": [each.archived_as for each in receipts]}
    )


def recover(settings: Settings, journal: Journal, archive: Archive) -> None:
    """Bring a run that was killed while collecting to its end.

    What it had archived is what it received; an inbox file that still holds the same
    bytes has been taken.
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
            own = [each for each in every if each.run == run]
            own.sort(key=lambda each: (each.modified, each.name, each.source))
            archive.sync()
            _announce(journal, run, own)
    for event in _last_received(journal.events()):
        for archived_as in event["files"]:
            _clear_taken(settings, archive.receipt(archived_as))


def _last_received(events: list[Event]) -> list[Event]:
    """The `received` lines of runs that did not finish: their inbox may not be cleared."""
    finished = {event["run"] for event in events if event["event"] == "finished"}
    return [
        event for event in events if event["event"] == "received" and event["run"] not in finished
    ]


def _clear_taken(settings: Settings, receipt: Receipt) -> None:
    path = settings.inbox / receipt.source
    if receipt.channel == inbox.CHANNEL and path.is_file():
        content = path.read_bytes()
        if (
            hashlib.sha256(content).hexdigest() == receipt.sha256
            and path.stat().st_mtime_ns / 1e9 == receipt.modified
        ):
            inbox.clear(settings.inbox, path)
