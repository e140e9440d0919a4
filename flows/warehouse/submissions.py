"""Files received: their rows, their order, and whether the same bytes came last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from flows.checking.batch import Return
from flows.collecting.archive import Receipt
from flows.reading.refusals import DUPLICATE
from flows.reading.results import Workbook
from flows.reading.worker import Job
from flows.warehouse.store import Store
from schemas.declaring import periods


def next_sequence(store: Store) -> int:
    """The place of the next file in the order of arrival."""
    return int(str(store.scalar("SELECT coalesce(max(sequence), 0) + 1 FROM internal.arrival")))


def job_of(
    archive: Path,
    connection: DuckDBPyConnection,
    submission: str,
    assigned: tuple[str, int] | None = None,
) -> Job:
    """An archived submission as the reader is to read it; `assigned` is (unit code, month)."""
    row = connection.execute(
        "SELECT archived_as, file_name, coalesce(member, '') FROM main.submission "
        "WHERE submission = ?",
        [submission],
    ).fetchone()
    assert row is not None
    archived_as, name, member = map(str, row)
    return Job(archive / archived_as, name, assigned, member)


def take_in(
    store: Store, read: Sequence[tuple[Receipt, Workbook]], sequence: int | None = None
) -> list[Return]:
    """Write a submission row for every file; the returns that are to be judged.

    They come last in the order of arrival, or from the place `sequence` on, which is free.
    """
    if sequence is None:
        sequence = next_sequence(store)
    last = {
        (str(unit), int(str(month))): str(sha256)
        for unit, month, sha256 in store.rows(
            "SELECT unit_code, month, arg_max(sha256, sequence) FROM internal.arrival "
            "WHERE unit_code IS NOT NULL AND sequence < ? GROUP BY ALL",
            sequence,
        )
    }
    submissions, arrivals, returns = [], [], []
    for receipt, book in read:
        state, reason = book.state, book.reason
        if state == "read" and book.unit is not None and book.month is not None:
            key = book.unit, book.month
            if last.get(key) == receipt.sha256:
                state, reason = DUPLICATE.state, DUPLICATE.say()
            else:
                last[key] = receipt.sha256
                returns.append(Return.of(receipt.submission, sequence, book))
        submissions.append(submission_row(receipt, book, state, reason))
        arrivals.append((receipt.submission, sequence, book.unit, book.month, receipt.sha256))
        sequence += 1
    store.insert("main.submission", submissions)
    store.insert("internal.arrival", arrivals)
    return returns


def submission_row(receipt: Receipt, book: Workbook, state: str, reason: str) -> tuple[object, ...]:
    """A row of `submission`; the state of a file that was read follows from its forms."""
    month = None if book.month is None else periods.first_day(book.month)
    return _row(receipt, book.unit, month, state, reason or None)


def table_row(receipt: Receipt) -> tuple[object, ...]:
    """A row of `submission` for a table of dated totals, which is of many units and months."""
    return _row(receipt, None, None, "accepted", None)


def _row(receipt: Receipt, *said: object) -> tuple[object, ...]:
    return (
        receipt.submission,
        receipt.received_at,
        receipt.channel,
        receipt.sender,
        receipt.name,
        receipt.sha256,
        receipt.size,
        *said,
        receipt.run or None,
        receipt.archived_as,
        receipt.member or None,
    )


def settle_submissions(store: Store, submissions: Iterable[str]) -> None:
    """The state of each judged file from its forms: accepted, partly_held or held."""
    rows = [(each,) for each in submissions]
    if not rows:
        return
    execute = store.connection.execute
    execute("CREATE OR REPLACE TEMP TABLE judged (submission VARCHAR)")
    store.insert("judged", rows)
    # A sheet that could not be read, or not as this file's (S11, U01, U02), leaves the file partly held.
    execute(
        "UPDATE main.submission SET state = v.state FROM ("
        "SELECT j.submission, CASE WHEN coalesce(f.good, 0) = 0 THEN 'held' "
        "WHEN f.good < f.forms OR coalesce(s.strays, 0) > 0 THEN 'partly_held' ELSE 'accepted' END AS state "
        "FROM judged j LEFT JOIN (SELECT submission, count(*) AS forms, "
        "count(*) FILTER (WHERE state <> 'held') AS good FROM main.submission_form "
        "GROUP BY submission) f ON f.submission = j.submission "
        "LEFT JOIN (SELECT submission, count(*) AS strays FROM main.finding "
        "WHERE rule IN ('U01', 'U02', 'S11') GROUP BY submission) s ON s.submission = j.submission"
        ") v WHERE submission.submission = v.submission"
    )
    execute("DROP TABLE judged")
