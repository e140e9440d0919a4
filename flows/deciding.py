"""The analyst's decisions as they change the working file: accept, assign, withdraw."""

from __future__ import annotations

from flows.checking.batch import Return, build
from flows.checking.judge import judge
from flows.collecting.journal import Event, read_time
from flows.home import Home
from flows.reading.pool import read_files
from flows.returning.post import Post
from flows.warehouse.in_force import Key, load_in_force
from flows.warehouse.outcome import Changes
from flows.warehouse.queries import accept_queries, load_settled
from flows.warehouse.record import record_verdicts
from flows.warehouse.store import Store
from flows.warehouse.submissions import job_of, next_sequence, settle_submissions
from flows.warehouse.tenures import accept, withdraw
from schemas.declaring import periods


def assign_submission(home: Home, store: Store, event: Event, post: Post) -> Changes:
    """Take a file in as the unit's for the month, as if it came now in the order of files."""
    submission, unit = event["submission"], event["unit"]
    _record(store, event, (unit, None, periods.parse_month(event["month"])))
    month = periods.parse_month(event["month"])
    job = job_of(home.archive.folder, store.connection, submission, (unit, month))
    (book,) = read_files([job], home.settings)
    clock = read_time(event["at"])
    sequence = next_sequence(store)
    if book.state != "read":
        return Changes()
    execute = store.connection.execute
    execute(
        "UPDATE internal.arrival SET unit_code = ?, month = ?, sequence = ? WHERE submission = ?",
        [unit, month, sequence, submission],
    )
    execute("INSERT INTO internal.assigned VALUES (?, ?, ?)", [submission, unit, month])
    execute(
        "UPDATE main.submission SET unit_code = ?, month = ?, reason = ? WHERE submission = ?",
        [unit, periods.first_day(month), event["reason"], submission],
    )
    returns = [Return.of(submission, sequence, book)]
    batch = build(returns, store.declaration)
    in_force = load_in_force(store, returns)
    judge(batch, in_force, clock, load_settled(store, returns))
    changes = record_verdicts(store, batch, clock)
    post.take(store, batch, in_force, clock)
    settle_submissions(store, [each.submission for each in returns])
    return changes


def accept_form(home: Home, store: Store, event: Event, post: Post) -> Changes:
    """Accept a form that only queries hold; it is in force unless a later version is.

    One with an error, under the rules of today, stays held.
    """
    submission, form = event["submission"], event["form"]
    keys = _keys(store, submission, form)
    for key in keys:
        _record(store, event, key)
    open_only = store.rows(
        "SELECT 1 FROM internal.reading WHERE submission = ? AND form = ? AND latest "
        "AND queried AND NOT accepted",
        submission,
        form,
    )
    if not open_only:
        return Changes()
    accept_queries(store, submission, form, event["reason"])
    changes = accept(store, submission, form, keys, read_time(event["at"]))
    settle_submissions(store, [submission])
    return changes


def withdraw_form(home: Home, store: Store, event: Event, post: Post) -> Changes:
    """Take a form out of force; the version before it is in force again."""
    submission, form = event["submission"], event["form"]
    keys = _keys(store, submission, form)
    for key in keys:
        _record(store, event, key)
    return withdraw(store, submission, form, keys, read_time(event["at"]))


def _keys(store: Store, submission: str, form: str) -> set[Key]:
    """Whose and which month's form of the submission that is; none where it has no such form."""
    return {
        (str(unit), str(name), int(str(month)))
        for unit, name, month in store.rows(
            "SELECT unit_code, form, month FROM internal.reading "
            "WHERE latest AND submission = ? AND form = ?",
            submission,
            form,
        )
    }


def _record(store: Store, event: Event, key: tuple[str, str | None, int]) -> None:
    unit, form, month = key
    store.insert(
        "main.decision",
        [
            (
                read_time(event["at"]),
                event["event"],
                event["submission"],
                form,
                unit,
                periods.first_day(month),
                event.get("reason"),
                event.get("by"),
            )
        ],
    )
