"""Applying the journal: each line changes the working file as it did on its day.

A nightly run, a catch-up after a crash and a rebuild are the same thing: the lines
that the file does not hold yet, in order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flows.backfilling import backfill_forms
from flows.checking.batch import build
from flows.checking.judge import judge
from flows.collecting.archive import Receipt
from flows.collecting.journal import Event, read_time, write_time
from flows.computing.compute import compute
from flows.dated_totals import take_history
from flows.deciding import accept_form, assign_submission, withdraw_form
from flows.errors import NotThere
from flows.home import Home
from flows.reading.pool import Reader
from flows.reading.results import Workbook
from flows.reading.worker import Job
from flows.releasing.effects import follow_release, follow_releases
from flows.releasing.freezing import take_release
from flows.returning.post import Post
from flows.warehouse.coverage import cover, covered, ended, months_fallen_due
from flows.warehouse.in_force import load_in_force
from flows.warehouse.outcome import Changes, Outcome
from flows.warehouse.queries import load_settled
from flows.warehouse.record import record_verdicts
from flows.warehouse.store import Store
from flows.warehouse.submissions import settle_submissions, take_in
from schemas.declaring import periods

Stage = Callable[[str, Callable[[], object]], object]
"""Runs a named piece of work: as it is, or as a recorded task."""


def at_once(name: str, work: Callable[[], object]) -> object:
    """Run a stage as it is."""
    return work()


class Applied(NamedTuple):
    """What applying the journal came to: the runs it did, and what goes back of their files."""

    outcomes: list[Outcome]
    post: Post


def apply_journal(home: Home, store: Store, reader: Reader, stage: Stage = at_once) -> Applied:
    """Apply every line that the file does not hold; compute the quarters that changed."""
    events = home.journal.events()
    start = store.applied
    if start > len(events):
        raise shortened(home, start)
    pending = events[start:]
    runs = {event["run"]: event for event in events if event["event"] == "run"}
    finished = {event["run"]: event for event in events if event["event"] == "finished"}
    receipts = [
        _whole(home, name)
        for event in pending
        if event["event"] == "received"
        for name in event["files"]
    ]
    books = reader.read([received(home, each) for each in receipts])
    outcomes: list[Outcome] = []
    post = Post()
    given = iter(receipts)
    for event in pending:
        if event["event"] == "received":
            run = runs[event["run"]]
            own = [next(given) for _ in event["files"]]
            outcome = _nightly(store, run, unpacked(home, reader, own, books), stage, post)
        elif event["event"] == "run" and event["kind"] == "backfill":
            outcome = run_backfill(home, store, event, stage, post)
        elif event["event"] == "run" and event["kind"] == "rebuild":
            outcome = Outcome(event["run"], "rebuild", read_time(event["started_at"]))
        elif event["event"] in _DECISIONS:
            changes = _DECISIONS[event["event"]](home, store, event, post)
            _follow(store, changes.months, read_time(event["at"]), stage, judged=True)
            store.changed = True
            continue
        else:
            continue
        judged = bool(outcome.accepted or outcome.held)
        _follow(store, outcome.months, outcome.started_at, stage, judged=judged)
        _run_row(home, store, outcome, finished.get(outcome.run))
        outcomes.append(outcome)
        store.changed |= bool(outcome.months)
    store.changed |= bool(receipts) or len(outcomes) != 1
    store.connection.execute("UPDATE internal.applied SET lines = ?", [len(home.journal.events())])
    return Applied(outcomes, post)


def _follow(
    store: Store, months: set[int], clock: dt.datetime, stage: Stage, *, judged: bool
) -> None:
    """Compute what follows from changes in those months, as it stands from that clock on.

    Whatever has been `judged` may be a table of targets, which counts before its month has ended.

    Each line of the journal is followed by itself, so that what was to be seen on a day can
    be told of every day, after a rebuild too.
    """
    if months or judged or store.stale:
        stage("indicators", lambda: compute_and_follow(store, months, clock))


def compute_and_follow(store: Store, months: set[int], clock: dt.datetime) -> None:
    """Compute what changed in those months, and what that does to the releases."""
    whole = store.stale
    compute_changes(store, months, clock)
    follow_releases(store, months, clock, whole=whole)


def compute_changes(store: Store, months: set[int], clock: dt.datetime) -> None:
    """Compute the quarters of those months; all of them, where the declaration has changed."""
    quarters = None if store.stale else {periods.quarter_of(month) for month in months}
    store.connection.execute("BEGIN")
    compute(store.connection, store.declaration, quarters, clock)
    store.connection.execute("COMMIT")
    store.stale = False


def shortened(home: Home, held: int) -> NotThere:
    """What to say of a journal with fewer lines than the warehouse `held`."""
    there = len(home.journal.events())
    return NotThere(
        f"{home.journal.path} has {there} lines, fewer than the {held} the warehouse was made "
        "from; restore the journal from the backup."
    )


def _whole(home: Home, name: str) -> Receipt:
    """The receipt of an archived file that is as it was received."""
    receipt = home.archive.receipt(name)
    if not (home.archive.wrote(receipt) or home.archive.whole(receipt)):
        raise NotThere(
            f"The archived file {name} is gone or is not what was received; "
            "restore it from the backup."
        )
    return receipt


def try_decision(home: Home, store: Store, event: Event) -> None:
    """Carry a decision out on a working file that is thrown away."""
    months = _DECISIONS[event["event"]](home, store, event, Post()).months
    _follow(store, months, read_time(event["at"]), at_once, judged=True)


def received(home: Home, receipt: Receipt) -> Job:
    """A received file as the reader is to read it."""
    return Job(home.archive.path(receipt), receipt.name, units=receipt.units)


def unpacked(
    home: Home, reader: Reader, receipts: list[Receipt], books: Iterator[Workbook]
) -> Iterator[tuple[Receipt, Workbook]]:
    """Each file with what it holds; the files of a zip stand in its place."""
    for receipt in receipts:
        book = next(books)
        if book.state != "packed":
            yield receipt, book
            continue
        for member, held in reader.unpack(received(home, receipt), book):
            own = receipt.of_member(member.place, member.name, member.size, member.sha256)
            yield own, held


def _nightly(
    store: Store,
    run: Event,
    books: Iterator[tuple[Receipt, Workbook]],
    stage: Stage,
    post: Post,
) -> Outcome:
    clock = read_time(run["started_at"])
    outcome = Outcome(run["run"], "nightly", clock)
    read: list[tuple[Receipt, Workbook]] = []
    stage("read", lambda: read.extend(books))
    outcome.received = len(read)
    stage("check and load", lambda: _load(store, read, clock, outcome, post))
    return outcome


def _load(
    store: Store,
    read: list[tuple[Receipt, Workbook]],
    clock: dt.datetime,
    outcome: Outcome,
    post: Post,
) -> None:
    store.connection.execute("BEGIN")
    outcome.months |= months_fallen_due(store, clock)
    returns = take_in(store, read)
    if returns:
        batch = build(returns, store.declaration)
        in_force = load_in_force(store, returns)
        judge(batch, in_force, clock, load_settled(store, returns))
        outcome.add(record_verdicts(store, batch, clock))
        post.take(store, batch, in_force, clock)
        outcome.months = ended(store, outcome.months, clock)
        settle_submissions(store, [each.submission for each in returns])
    if outcome.months:
        cover(store, outcome.months, clock)
    covered(store, clock)
    store.connection.execute("COMMIT")


def run_backfill(home: Home, store: Store, event: Event, stage: Stage, post: Post) -> Outcome:
    """Apply a backfill event: judge its months again, and cover them."""
    outcome = Outcome(event["run"], "backfill", read_time(event["started_at"]))
    stage("read, check and load", lambda: _again(home, store, event, outcome, post))
    return outcome


def _again(home: Home, store: Store, event: Event, outcome: Outcome, post: Post) -> None:
    store.connection.execute("BEGIN")
    received, changes = backfill_forms(
        home,
        store,
        periods.parse_month(event["from"]),
        periods.parse_month(event["to"]),
        event["units"],
        event["forms"],
        outcome.started_at,
        post,
    )
    outcome.received = received
    outcome.add(changes)
    outcome.months = ended(store, outcome.months, outcome.started_at)
    if outcome.months:
        cover(store, outcome.months, outcome.started_at)
    store.connection.execute("COMMIT")


def _run_row(home: Home, store: Store, outcome: Outcome, finished: Event | None) -> None:
    if finished is None:
        now = max(home.settings.clock(home.declaration), outcome.started_at)
        finished = {"event": "finished", "run": outcome.run, "finished_at": write_time(now)}
        home.journal.append(finished)
    store.insert(
        "main.run",
        [
            (
                outcome.run,
                outcome.kind,
                outcome.started_at,
                read_time(finished["finished_at"]),
                outcome.received,
                outcome.accepted,
                outcome.held,
                outcome.revised,
            )
        ],
    )


Decide = Callable[[Home, Store, Event, Post], Changes]


def _covered(decide: Decide) -> Decide:
    def apply(home: Home, store: Store, event: Event, post: Post) -> Changes:
        store.connection.execute("BEGIN")
        changes = decide(home, store, event, post)
        changes.months = ended(store, changes.months, read_time(event["at"]))
        if changes.months:
            cover(store, changes.months, read_time(event["at"]))
        store.connection.execute("COMMIT")
        return changes

    return apply


def _release(home: Home, store: Store, event: Event, post: Post) -> Changes:
    if store.stale:
        compute_and_follow(store, set(), read_time(event["at"]))
    store.connection.execute("BEGIN")
    take_release(home, store, event)
    store.connection.execute("COMMIT")
    # Other rules than the release's may have put other values in force by its time.
    quarter, clock = periods.parse_quarter(event["quarter"]), read_time(event["at"])
    follow_release(store, event["release"], quarter, clock, entire=True)
    return Changes()


_DECISIONS = {
    "accept": _covered(accept_form),
    "assign": _covered(assign_submission),
    "withdraw": _covered(withdraw_form),
    "history": _covered(take_history),
    "release": _release,
}
