"""Collecting: what came in goes to the archive, and into the journal."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from flows.collecting import inbox
from flows.collecting.archive import Archive, Receipt
from flows.collecting.journal import Event, Journal
from flows.settings import Settings


@dataclass(slots=True)
class Collected:
    """What a collection has done so far, so that it can be tried again where it broke off."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    """By the file's place below the inbox, in order of arrival."""
    taken: list[inbox.Dropped] = field(default_factory=list)
    announced: bool = False
    passed_over: list[str] = field(default_factory=list)
    """What could not be looked at, read or removed, a sentence each."""


def collect(
    settings: Settings,
    journal: Journal,
    archive: Archive,
    run: str,
    clock: dt.datetime,
    so_far: Collected,
    stored: Callable[[Receipt], object],
) -> None:
    """Take the inbox's files into the archive; `stored` is told of each that lies there.

    The `run` line is in the journal already. The inbox's files go only after the
    archive is on the disk and the `received` line is written.
    """
    if not so_far.announced:
        so_far.passed_over.clear()
        left = _left(journal)
        for each in inbox.look(settings.inbox, settings.settle_seconds, so_far.passed_over):
            if (each.source, each.modified_ns, each.size) in left:
                so_far.passed_over.append(f"{each.path}: taken in before; remove it")
            elif each.source not in so_far.receipts:
                receipt = _take(archive, run, clock, each, so_far)
                if receipt is not None:
                    stored(receipt)
        if so_far.receipts:
            archive.sync()
        _announce(journal, run, list(so_far.receipts.values()))
        so_far.announced = True
    # What was written over meanwhile is a new file.
    taken = {each.path: each for each in so_far.taken if inbox.unchanged(each)}
    kept = [taken[path] for path in inbox.clear(taken)]
    if kept:
        so_far.passed_over += [f"{each.path}: taken in, but could not be removed" for each in kept]
        marks = [[each.source, each.modified_ns, each.size] for each in kept]
        journal.append({"event": "left", "run": run, "files": marks})


def _left(journal: Journal) -> set[tuple[str, int, int]]:
    """The files that were taken in and could not be removed from the inbox."""
    return {
        (source, modified, size)
        for event in journal.events()
        if event["event"] == "left"
        for source, modified, size in event["files"]
    }


def _take(
    archive: Archive, run: str, clock: dt.datetime, each: inbox.Dropped, so_far: Collected
) -> Receipt | None:
    try:
        content = each.path.read_bytes()
    except FileNotFoundError:  # taken away
        return None
    except OSError as error:  # it stays for the next run
        so_far.passed_over.append(f"{each.path}: {error.strerror}")
        return None
    if not inbox.unchanged(each):
        return None
    so_far.taken.append(each)
    receipt = archive.store(
        content,
        received_at=min(each.arrived, clock),
        run=run,
        channel=inbox.CHANNEL,
        sender="",
        name=inbox.written_name(each.path),
        source=each.source,
        modified=each.modified_ns / 1e9,
    )
    so_far.receipts[each.source] = receipt
    return receipt


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
            # A file that a power cut has halved is still in the inbox, and comes again.
            own = [each for each in every if each.run == run and archive.whole(each)]
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
    path = settings.inbox / inbox.native(receipt.source)
    if receipt.channel == inbox.CHANNEL and path.is_file():
        content = path.read_bytes()
        if (
            hashlib.sha256(content).hexdigest() == receipt.sha256
            and path.stat().st_mtime_ns / 1e9 == receipt.modified
        ):
            inbox.clear([path])
