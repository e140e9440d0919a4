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
    """By the file's place below the inbox."""
    adopted: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    """What killed runs had archived and not announced, by place below the inbox and hash."""
    instead_of: list[str] = field(default_factory=list)
    """Those runs: this one does all that they had begun."""
    taken: list[inbox.Dropped] = field(default_factory=list)
    announced: bool = False
    passed_over: list[str] = field(default_factory=list)
    """What could not be looked at, read or removed, a sentence each."""

    def in_order(self) -> list[Receipt]:
        """All that is received, in order of arrival."""
        every = [*self.adopted.values(), *self.receipts.values()]
        return sorted(every, key=lambda each: (each.modified, each.name, each.source))


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
        _adopt(journal, archive, run, clock, so_far, stored)
        left = _left(journal)
        for each in inbox.look(settings.inbox, settings.settle_seconds, so_far.passed_over):
            if (each.source, each.modified_ns, each.size) in left:
                so_far.passed_over.append(f"{each.path}: taken in before; remove it")
            elif each.source not in so_far.receipts:
                receipt = _take(archive, run, clock, each, so_far)
                if receipt is not None:
                    stored(receipt)
        if so_far.in_order():
            archive.sync()
        _announce(journal, run, so_far)
        so_far.announced = True
    # What was written over meanwhile is a new file.
    taken = {each.path: each for each in so_far.taken if inbox.unchanged(each)}
    kept = [taken[path] for path in inbox.clear(taken)]
    if kept:
        so_far.passed_over += [f"{each.path}: taken in, but could not be removed" for each in kept]
        _leave(journal, run, [(each.source, each.modified_ns, each.size) for each in kept])


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


def _adopt(
    journal: Journal,
    archive: Archive,
    run: str,
    clock: dt.datetime,
    so_far: Collected,
    stored: Callable[[Receipt], object],
) -> None:
    """Take over what killed runs had archived: it is judged together with all that came.

    Announced by itself, a part of what came would be judged before the months that it rests on.
    """
    so_far.instead_of = [each for each in open_runs(journal.events()) if each != run]
    if not so_far.instead_of:
        return
    named = journal.named()
    for each in list(archive.receipts()):
        place = each.source, each.sha256
        # A file that a power cut has halved is still in the inbox, and comes again.
        if (
            each.run in (*so_far.instead_of, run)
            and each.archived_as not in named
            and place not in so_far.adopted
            and each.source not in so_far.receipts
            and archive.whole(each)
        ):
            so_far.adopted[place] = archive.adopt(each, run, clock)
            stored(so_far.adopted[place])


_Mark = tuple[str, int, int]
"""A file in the inbox: its place there, its modification time in nanoseconds, its size."""


def _left(journal: Journal) -> set[_Mark]:
    """The files that were taken in and could not be removed from the inbox."""
    return {
        (source, modified, size)
        for event in journal.events()
        if event["event"] == "left"
        for source, modified, size in event["files"]
    }


def _leave(journal: Journal, run: str, marks: list[_Mark]) -> None:
    journal.append({"event": "left", "run": run, "files": marks})


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
    if so_far.adopted and (each.source, hashlib.sha256(content).hexdigest()) in so_far.adopted:
        return None
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


def _announce(journal: Journal, run: str, so_far: Collected) -> None:
    files = [each.archived_as for each in so_far.in_order()]
    event: Event = {"event": "received", "run": run, "files": files}
    if so_far.instead_of:
        event["instead_of"] = so_far.instead_of
    journal.append(event)


def recover(settings: Settings, journal: Journal, archive: Archive) -> None:
    """Remove from the inbox what runs had announced that were killed, or not let, before that.

    What a night was killed over before it announced anything the next night takes over.
    """
    events = journal.events()
    left = _left(journal)
    finished = {event["run"] for event in events if event["event"] == "finished"}
    owing = {
        event["run"]
        for event in events
        if event["event"] == "left"
        and any((settings.inbox / inbox.native(source)).exists() for source, *_ in event["files"])
    }
    for event in events:
        if event["event"] != "received" or (event["run"] in finished and event["run"] not in owing):
            continue
        kept = [
            mark
            for archived_as in event["files"]
            if (mark := _clear_taken(settings, archive.receipt(archived_as))) is not None
        ]
        if new := [mark for mark in kept if mark not in left]:
            _leave(journal, event["run"], new)


def _clear_taken(settings: Settings, receipt: Receipt) -> _Mark | None:
    """Remove the very file that was taken in; its mark where it could not be removed."""
    path = settings.inbox / inbox.native(receipt.source)
    if receipt.channel != inbox.CHANNEL:
        return None
    try:
        status = path.lstat()
        if status.st_mtime_ns / 1e9 != receipt.modified or not path.is_file():
            return None
        if hashlib.sha256(path.read_bytes()).hexdigest() != receipt.sha256:
            return None
    except OSError:  # gone, or not to be looked at: the night says so
        return None
    return (receipt.source, status.st_mtime_ns, status.st_size) if inbox.clear([path]) else None
