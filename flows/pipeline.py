"""The pipeline: collect → check → load → indicators → return → publish, as plain functions.

Prefect is a decorator handed to it (`stage`): with an API configured the stages are
recorded there, without one they run in the process. The code is the same.
"""

from __future__ import annotations

import datetime as dt
import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows import differences
from flows.collecting.archive import Receipt
from flows.collecting.channels import channels_of
from flows.collecting.collect import Collected, Run, collect
from flows.collecting.journal import Event, read_time, write_time
from flows.collecting.recovering import note_left, open_runs
from flows.dated_totals import read_totals
from flows.errors import Misuse, NotThere, Unreachable
from flows.home import Home, locked
from flows.reading.pool import Reader
from flows.releasing import frozen
from flows.releasing.freezing import freeze
from flows.replay import (
    Applied,
    Stage,
    apply_journal,
    at_once,
    compute_and_follow,
    compute_changes,
    received,
    run_backfill,
    shortened,
    try_decision,
)
from flows.reporting.night import night_summary
from flows.returning.post import Post, clear_away, gone_back
from flows.sending.notices import send_notices
from flows.sending.send import send_letters
from flows.warehouse.disk import disk_trouble
from flows.warehouse.outcome import Outcome
from flows.warehouse.publishing import MARK, publish, write_parquet
from flows.warehouse.store import Store, reading
from flows.warehouse.working import open_working
from schemas.declaring import periods

HISTORY = "history"
"""The channel of files of dated totals."""


@disk_trouble()
def nightly(home: Home, stage: Stage = at_once, wait: float = 0) -> Outcome:
    """Take in what came since the last run, check, load, recompute what changed, publish.

    Where another run is at work, this one waits for it up to `wait` seconds.
    """
    with locked(home, wait), _without_collector(), Reader(home.settings) as reader:
        _see_journal(home)
        note_left(home.journal)
        clock = home.settings.clock(home.declaration)
        run = _begin(home, "nightly", clock)
        so_far = Collected()
        stage("collect", lambda: _collect(home, run, clock, so_far, reader))
        outcome = _apply_and_publish(home, reader, stage).outcomes[-1]
        outcome.passed_over = so_far.said.passed_over + outcome.passed_over
        outcome.noted = so_far.said.noted
        all_looked = {each.name for each in home.settings.channels} <= set(so_far.looked)
        stage("send", lambda: _send(home, outcome, all_looked=all_looked))
        return outcome


def _see_journal(home: Home) -> None:
    """Refuse before anything is taken in where the journal has lost lines."""
    if not home.settings.warehouse.exists():
        return
    with reading(home.settings.warehouse) as connection:
        row = connection.execute("SELECT lines FROM internal.applied").fetchone()
    if row is not None and row[0] > len(home.journal.events()):
        raise shortened(home, row[0])


def _settle_releases(home: Home) -> None:
    """Put releases in place that the journal names; a killed run may have left that undone."""
    for event in home.journal.events():
        if event["event"] == "release":
            frozen.settle(home.settings.releases / event["release"])


def _see_archive(home: Home) -> None:
    """Refuse to build from an archive that the journal does not know all of."""
    named = home.journal.named()
    # What a night had archived that was killed comes in with the next one.
    begun = open_runs(home.journal.events())
    unnamed = [
        each.archived_as
        for each in home.archive.receipts()
        if each.channel != HISTORY
        and each.run not in begun
        and each.archived_as not in named
        and home.archive.whole(each)
    ]
    if unnamed:
        raise NotThere(
            f"{home.journal.path} does not name {len(unnamed)} of the archived files "
            f"({unnamed[0]} is the first); restore the journal from the backup."
        )
    known = {event["release"] for event in home.journal.events() if event["event"] == "release"}
    unknown = [name for name in frozen.names(home.settings.releases) if name not in known]
    if unknown:
        raise NotThere(
            f"{home.journal.path} does not name the release {unknown[0]} in "
            f"{home.settings.releases}; restore the journal from the backup."
        )


def _collect(home: Home, run: str, clock: dt.datetime, so_far: Collected, reader: Reader) -> None:
    def read_ahead(receipt: Receipt) -> None:
        reader.give(received(home, receipt))

    channels = channels_of(home.settings, home.declaration)
    collect(channels, Run(run, clock, home.journal, home.archive), so_far, read_ahead)


@disk_trouble()
def backfill(
    home: Home,
    first: int,
    last: int,
    units: Sequence[str] = (),
    forms: Sequence[str] = (),
    note: str = "",
    stage: Stage = at_once,
    wait: float = 0,
) -> Outcome:
    """Judge the archived submissions of those months again, by today's forms and rules.

    `first` and `last` are month numbers, `units` codes, `forms` names; empty means all.
    Where another run is at work, this one waits for it up to `wait` seconds.
    """
    event = _backfill_event(home, first, last, units, forms, note)
    with locked(home, wait), Reader(home.settings) as reader:
        _see_journal(home)
        note_left(home.journal)
        event["run"] = _begin(home, "backfill", home.settings.clock(home.declaration), event)
        outcome = _apply_and_publish(home, reader, stage).outcomes[-1]
        stage("send", lambda: _send(home, outcome))
        return outcome


def _send(home: Home, outcome: Outcome, *, all_looked: bool = True) -> None:
    """Send what is due to the units, and a night's summary; what does not go is said."""
    dispatch = send_letters(home, outcome.started_at, all_looked=all_looked)
    outcome.sent = dispatch.sent
    outcome.passed_over = outcome.passed_over + [f"sending: {each}" for each in dispatch.trouble]
    if outcome.kind == "nightly":
        summary = night_summary(outcome, home.settings.warehouse, home.declaration)
        trouble = send_notices(home, summary)
        outcome.passed_over = outcome.passed_over + [f"notices: {each}" for each in trouble]


def _backfill_event(
    home: Home, first: int, last: int, units: Sequence[str], forms: Sequence[str], note: str
) -> Event:
    if first > last:
        raise Misuse("The first month lies after the last one; exchange --from and --to.")
    unknown = [form for form in forms if form not in home.declaration.by_name]
    if unknown:
        raise Misuse(
            f"There is no form {', '.join(unknown)}; known: {', '.join(home.declaration.by_name)}."
        )
    return {
        "from": periods.month_label(first),
        "to": periods.month_label(last),
        "units": list(units),
        "forms": list(forms),
        "note": note,
    }


@disk_trouble()
def dry_run(
    home: Home,
    first: int,
    last: int,
    units: Sequence[str] = (),
    forms: Sequence[str] = (),
) -> dict[str, Any]:
    """What a backfill would change, on a copy: cells in force and published rates."""
    event = _backfill_event(home, first, last, units, forms, "")
    published = home.settings.warehouse
    if not published.exists():
        raise NotThere(f"There is no warehouse at {published} yet; run `minzheng nightly` first.")
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "data" / "warehouse" / published.name
        copy.parent.mkdir(parents=True)
        shutil.copyfile(published, copy)
        store = open_working(copy, home.declaration)
        try:
            _try(home, store, event)
        finally:
            store.close()
        return differences.between(published, store.path)


def _try(home: Home, store: Store, event: Event) -> None:
    """A backfill on a copy: it leaves no line in the journal."""
    clock = home.settings.clock(home.declaration)
    trial = event | {"run": "trial", "started_at": write_time(clock)}
    outcome = run_backfill(home, store, trial, at_once, Post())
    compute_changes(store, outcome.months, clock)


@disk_trouble()
def rebuild(home: Home, stage: Stage = at_once) -> Outcome:
    """Build the warehouse again from the archive and the journal alone."""
    with locked(home), _without_collector(), Reader(home.settings) as reader:
        note_left(home.journal)
        _see_archive(home)
        before = gone_back(home)
        _begin(home, "rebuild", home.settings.clock(home.declaration))
        outcome = _apply_and_publish(home, reader, stage, anew=True).outcomes[-1]
        clear_away(home, before - gone_back(home))
        return outcome


@disk_trouble()
def indicators(home: Home, stage: Stage = at_once, wait: float = 0) -> None:
    """Compute every quarter's indicators and growth anew from the values in force.

    Where another run is at work, this one waits for it up to `wait` seconds.
    """
    with locked(home, wait), Reader(home.settings) as reader:
        store = open_working(home.settings.warehouse, home.declaration)
        try:
            applied = apply_journal(home, store, reader, stage)
            store.changed = True
            store.stale = True
            clock = home.settings.clock(home.declaration)
            stage("indicators", lambda: compute_and_follow(store, set(), clock))
            stage("return", lambda: _send_back(home, store, applied))
            _publish(home, store, stage)
        finally:
            store.close()


@disk_trouble()
def decide(home: Home, event: Event) -> None:
    """Record a decision of the analyst and publish what follows from it.

    It is tried on a copy first: what cannot be carried out is never recorded, since the
    journal's lines are carried out for ever.
    """
    with locked(home), Reader(home.settings) as reader:
        _decide(home, reader, event)


@disk_trouble()
def release(home: Home, event: Event) -> Event:
    """Freeze a quarter as it stands, and publish the release; the event as it is recorded.

    `event` has quarter, release (a name, or '' for the usual one), released_by, approved_by,
    note and incomplete. Misuse where the quarter cannot be released, see `freeze`.
    """
    event = event | {"event": "release"}
    with locked(home), Reader(home.settings) as reader:
        recorded = _decide(home, reader, event, freeze)
    return recorded


def _as_it_is(home: Home, store: Store, event: Event) -> Event:
    return event


def _decide(
    home: Home,
    reader: Reader,
    event: Event,
    prepare: Callable[[Home, Store, Event], Event] = _as_it_is,
) -> Event:
    _see_journal(home)
    note_left(home.journal)
    event = event | {"at": write_time(home.settings.clock(home.declaration))}
    store = open_working(home.settings.warehouse, home.declaration)
    try:
        apply_journal(home, store, reader)
        if store.stale:
            compute_and_follow(store, set(), read_time(event["at"]))
        event = prepare(home, store, event)
        try_decision(home, store, event)
    finally:
        store.close()
    home.journal.append(event)
    refused = _apply_and_publish(home, reader, at_once).post.refused
    refused += send_letters(home, read_time(event["at"])).trouble
    if refused:
        raise Unreachable(
            f"The decision is recorded, but not all went back: {'; '.join(refused)}. Put that "
            "right, and the next night sends it."
        )
    return event


@disk_trouble()
def take_history(home: Home, path: Path, by: str) -> Receipt:
    """Archive a file of dated totals and take them in."""
    clock = home.settings.clock(home.declaration)
    status = path.stat()
    arrived = dt.datetime.fromtimestamp(status.st_ctime, dt.UTC).replace(tzinfo=None)
    with locked(home), Reader(home.settings) as reader:
        read_totals(path, path.name, home.declaration, home.settings)
        receipt = home.archive.store(
            path.read_bytes(),
            received_at=min(arrived, clock),
            run="",
            channel=HISTORY,
            sender=by,
            name=path.name,
            source=str(path),
            modified=status.st_mtime,
        )
        home.archive.sync()
        _decide(home, reader, {"event": "history", "file": receipt.archived_as, "by": by})
    return receipt


@contextmanager
def _without_collector() -> Iterator[None]:
    """Reference counts free what a run reads: it has no cycles, and there are millions."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _begin(home: Home, kind: str, clock: dt.datetime, details: Event | None = None) -> str:
    number = 1 + sum(event["event"] == "run" for event in home.journal.events())
    run = f"{clock:%Y%m%dT%H%M%S}-{number}"
    home.journal.append(
        {"event": "run", "run": run, "kind": kind, "started_at": write_time(clock)}
        | (details or {})
    )
    return run


def _apply_and_publish(home: Home, reader: Reader, stage: Stage, *, anew: bool = False) -> Applied:
    _settle_releases(home)
    store = open_working(home.settings.warehouse, home.declaration, anew=anew)
    try:
        applied = apply_journal(home, store, reader, stage)
        stage("return", lambda: _send_back(home, store, applied))
        _publish(home, store, stage)
    finally:
        store.close()
    return applied


def _send_back(home: Home, store: Store, applied: Applied) -> None:
    returned = applied.post.deliver(home, store)
    for outcome in applied.outcomes[-1:]:
        outcome.returned, outcome.passed_over = returned, applied.post.refused


def _publish(home: Home, store: Store, stage: Stage) -> None:
    lines = store.applied
    stage("publish", lambda: _put_in_place(home, store, lines))


def _put_in_place(home: Home, store: Store, lines: int) -> None:
    # The copies say which state they are of: a run that was killed between the file and
    # its copies is thereby seen, and all are written.
    mark = home.settings.parquet / MARK
    current = mark.exists() and mark.read_bytes() == str(store.opened_at).encode()
    mark.unlink(missing_ok=True)
    publish(store, home.settings.warehouse)
    only = {"run"} if current and not store.changed and not store.redeclared else None
    write_parquet(home.settings.warehouse, home.settings.parquet, home.declaration, only)
    mark.write_text(str(lines), encoding="utf-8")
