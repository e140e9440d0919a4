"""Collecting: what came in goes to the archive, and into the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from flows.collecting.archive import Archive, Receipt
from flows.collecting.journal import Event, Journal
from flows.collecting.known import known_keys, last_looked, left_keys
from flows.collecting.offered import Channel, ChannelDown, Offered, Said, Session
from flows.collecting.recovering import adopted, open_runs

TRIES = 3
"""How often a channel is tried in a night, with a longer pause before each."""
FIRST_PAUSE = 2.0
"""Seconds."""
LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class Collected:
    """What a collection has done so far, so that it can be tried again where it broke off."""

    receipts: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    """By channel and the file's key there."""
    looked: list[str] = field(default_factory=list)
    """The channels that were looked into to their end."""
    kept: list[str] = field(default_factory=list)
    """The channels in which what was taken stays."""
    announced: bool = False
    said: Said = field(default_factory=Said)
    instead_of: list[str] = field(default_factory=list)
    """The runs that were killed while collecting: this one does all that they had begun."""
    again: dict[str, list[str]] = field(default_factory=dict)
    """By channel, what an earlier run has taken in and could not remove."""


@dataclass(frozen=True, slots=True)
class Run:
    """The run that collects: its name, its clock, and where what it takes goes."""

    name: str
    clock: dt.datetime
    journal: Journal
    archive: Archive


def collect(
    channels: Sequence[Channel], run: Run, so_far: Collected, stored: Callable[[Receipt], object]
) -> None:
    """Take what the channels have into the archive; `stored` is told of each file that lies there.

    The `run` line is in the journal already. A channel is told that files are taken only
    after the archive is on the disk and the `received` line is written. One that is down
    costs itself only, and is named.
    """
    sessions: dict[str, Session] = {}
    try:
        if not so_far.announced:
            so_far.said = Said()
            _adopt(run, so_far, stored)
            for channel in channels:
                _take_all(channel, run, so_far, sessions, stored)
            so_far.kept = [each.name for each in channels if each.keeps]
            if so_far.receipts:
                run.archive.sync()
            _announce(run, so_far)
            so_far.announced = True
        for channel in channels:
            _settle(channel, run, so_far, sessions)
        _leave_absent(channels, run, so_far)
    finally:
        for session in sessions.values():
            session.close()
        for said in (so_far.said.passed_over, so_far.said.noted):
            said[:] = dict.fromkeys(said)  # what was said at each try


def _adopt(run: Run, so_far: Collected, stored: Callable[[Receipt], object]) -> None:
    """Take over what killed runs had archived and not announced."""
    so_far.instead_of = [each for each in open_runs(run.journal.events()) if each != run.name]
    if not so_far.instead_of:
        return
    runs = (*so_far.instead_of, run.name)
    for each in adopted(run.journal, run.archive, runs, run.name, run.clock):
        key = each.channel, each.key or each.source
        if key not in so_far.receipts:
            so_far.receipts[key] = each
            stored(each)


def _take_all(
    channel: Channel,
    run: Run,
    so_far: Collected,
    sessions: dict[str, Session],
    stored: Callable[[Receipt], object],
) -> None:
    """Take what a channel has; where it breaks off, try again from there."""
    known = known_keys(run.journal, channel)
    since = last_looked(run.journal, channel.name)
    said, before, whole = so_far.said, len(so_far.said.passed_over), True
    try:
        for attempt in _tries():
            with attempt:
                if channel.name in sessions:
                    sessions.pop(channel.name).close()
                session = sessions[channel.name] = channel.open(since)
                there = set[str]()
                for each in _offered(session, known, said):
                    there.add(each.key)
                    if each.key in known:
                        so_far.again.setdefault(channel.name, []).append(each.key)
                    elif (channel.name, each.key) not in so_far.receipts:
                        whole &= _take(each, channel.name, run, so_far, stored)
    except ChannelDown as down:
        said.passed_over.append(f"channel {channel.name}: {down}")
        return
    if whole and len(said.passed_over) == before:
        # Of what it passed over nobody can say later when it came.
        so_far.looked.append(channel.name)
        _forget_gone(channel, run, there)


def _offered(session: Session, known: set[str], said: Said) -> Iterator[Offered]:
    """What a channel offers; whatever it does to the program costs that channel only."""
    try:
        yield from session.offered(known, said)
    except (ChannelDown, OSError):
        raise
    except Exception as error:  # a fault, which must not stop every night to come
        raise ChannelDown(
            f"a fault of the program ({type(error).__name__}); report it", again=False
        ) from error


def _forget_gone(channel: Channel, run: Run, there: set[str]) -> None:
    """What was left in a channel and is there no more may come again, as a file of its own."""
    gone = sorted(left_keys(run.journal.events(), channel.name) - there)
    if gone and not channel.keeps:
        run.journal.append({"event": "cleared", "run": run.name, "taken": {channel.name: gone}})


def _tries() -> Retrying:
    return Retrying(
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential_jitter(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE, jitter=FIRST_PAUSE),
        retry=retry_if_exception(lambda error: isinstance(error, ChannelDown) and error.again),
        reraise=True,
    )


def _take(
    each: Offered,
    channel: str,
    run: Run,
    so_far: Collected,
    stored: Callable[[Receipt], object],
) -> bool:
    """Take a file in; whether it could be read."""
    content = each.content()
    if content is None:
        return False
    receipt = run.archive.store(
        content,
        received_at=min(each.arrived, run.clock),
        run=run.name,
        channel=channel,
        sender=each.sender,
        name=each.name,
        source=each.source,
        modified=each.modified,
        key=each.key,
        units=each.units,
    )
    so_far.receipts[channel, each.key] = receipt
    stored(receipt)
    return True


def _settle(channel: Channel, run: Run, so_far: Collected, sessions: dict[str, Session]) -> None:
    """Tell a channel what is taken in; what it does not mark or remove is noted for next time."""
    again = so_far.again.get(channel.name, [])
    taken = [
        each.key for each in so_far.receipts.values() if each.channel == channel.name and each.key
    ]
    left: Sequence[str] = taken
    session = sessions.get(channel.name)
    if session is not None and (taken or again or channel.keeps):
        try:
            left = session.settle([*taken, *again], so_far.said)
        except ChannelDown as down:
            so_far.said.passed_over.append(f"channel {channel.name}: {down}")
            again = []
    if not channel.keeps:
        fresh = [key for key in taken if key in set(left)]
        if fresh:
            run.journal.append({"event": "left", "run": run.name, "taken": {channel.name: fresh}})
        gone = [key for key in again if key not in set(left)]
        if gone:
            run.journal.append({"event": "cleared", "run": run.name, "taken": {channel.name: gone}})


def _leave_absent(channels: Sequence[Channel], run: Run, so_far: Collected) -> None:
    """Note as left what a killed run took from channels that are not in the settings any more."""
    names = {each.name for each in channels}
    absent: dict[str, list[str]] = {}
    for each in so_far.receipts.values():
        if each.channel not in names and each.key:
            absent.setdefault(each.channel, []).append(each.key)
    if absent:
        run.journal.append({"event": "left", "run": run.name, "taken": absent})


def _announce(run: Run, so_far: Collected) -> None:
    """Write the `received` line: the run's files in order of arrival, and their keys."""
    ordered = sorted(
        so_far.receipts.values(), key=lambda each: (each.modified, each.name, each.source)
    )
    taken: dict[str, list[str]] = {}
    for each in ordered:
        if each.key:
            taken.setdefault(each.channel, []).append(each.key)
    event: Event = {
        "event": "received",
        "run": run.name,
        "files": [each.archived_as for each in ordered],
        "taken": taken,
        "looked": so_far.looked,
        "kept": so_far.kept,
    }
    if so_far.instead_of:
        event["instead_of"] = so_far.instead_of
    run.journal.append(event)
