"""A backfill: archived submissions through today's forms and rules again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flows.checking.batch import Return, build
from flows.checking.judge import judge
from flows.collecting.archive import Receipt
from flows.home import Home
from flows.reading.pool import Reader
from flows.reading.results import Workbook
from flows.reading.worker import Job
from flows.returning.post import Post
from flows.warehouse.in_force import Key, load_in_force
from flows.warehouse.outcome import Changes
from flows.warehouse.queries import load_settled
from flows.warehouse.record import record_verdicts
from flows.warehouse.store import Store
from flows.warehouse.submissions import settle_submissions, take_in


def backfill_forms(
    home: Home,
    store: Store,
    first: int,
    last: int,
    units: Sequence[str],
    forms: Sequence[str],
    clock: dt.datetime,
    post: Post,
) -> tuple[int, Changes]:
    """Judge the submissions of those months again; how many files, and what changed.

    Files that were unreadable or unidentified are read again too: today's forms may
    know them. `units` (codes) and `forms` (names) limit it; empty means all. A zip that
    can be opened now is taken in whole, whatever limits there are.
    """
    chosen = store.rows(
        "SELECT a.submission, a.sequence, s.archived_as, s.file_name, s.state, "
        "d.unit_code, d.month, coalesce(s.member, '') FROM internal.arrival a "
        "JOIN main.submission s ON s.submission = a.submission "
        "LEFT JOIN internal.assigned d ON d.submission = a.submission "
        "WHERE s.state IN ('unreadable', 'unidentified') OR (s.state <> 'duplicate' "
        "AND a.month BETWEEN ? AND ? AND (? OR list_contains(?, a.unit_code))) "
        "ORDER BY a.sequence",
        first,
        last,
        not units,
        list(units),
    )
    jobs = [
        Job(
            home.archive.folder / str(archived_as),
            str(name),
            None if unit is None else (str(unit), int(str(month))),
            str(member),
            home.archive.receipt(str(archived_as)).units,
        )
        for _, _, archived_as, name, _, unit, month, member in chosen
    ]
    returns: list[Return] = []
    opened: list[tuple[Job, str, Workbook]] = []
    with Reader(home.settings) as reader:
        books = list(reader.read(jobs))
        for row, job, book in zip(chosen, jobs, books, strict=True):
            if book.state == "packed":
                opened.append((job, str(row[0]), book))
        members = [
            (submission, _members(home, reader, job, book)) for job, submission, book in opened
        ]
    for row, book in zip(chosen, books, strict=True):
        if book.state != "read" or book.unit is None or book.month is None:
            continue
        if first <= book.month <= last and (not units or book.unit in units):
            returns.append(Return.of(str(row[0]), int(str(row[1])), book))
            if row[4] in ("unreadable", "unidentified"):
                _now_known(store, str(row[0]), book.unit, book.month)
    unpacked: list[Return] = []
    for submission, held in members:
        unpacked += _replace_zip(store, submission, held, returns)
    keys = _keys(store, returns, first, last, units, forms)
    keys |= {(each.unit, sheet.form, each.month) for each in unpacked for sheet in each.sheets}
    returns = sorted([*returns, *unpacked], key=lambda each: each.sequence)
    if not keys:
        return len(chosen), Changes()
    batch = build(returns, store.declaration)
    in_force = load_in_force(store, returns, keys)
    judge(batch, in_force, clock, load_settled(store, returns, keys))
    changes = record_verdicts(store, batch, clock, again=keys)
    post.take(store, batch, in_force, clock, keys)
    settle_submissions(store, [each.submission for each in returns])
    return len(returns), changes


def _members(
    home: Home, reader: Reader, job: Job, book: Workbook
) -> list[tuple[Receipt, Workbook]]:
    """The files of a zip that can be opened now, as if it had been when it came."""
    receipt = home.archive.receipt(job.path.relative_to(home.archive.folder).as_posix())
    return [
        (receipt.of_member(member.place, member.name, member.size, member.sha256), held)
        for member, held in reader.unpack(job, book)
    ]


def _replace_zip(
    store: Store,
    submission: str,
    members: Sequence[tuple[Receipt, Workbook]],
    returns: Sequence[Return],
) -> list[Return]:
    """Put a zip's files in its place in the order of arrival; those that are to be judged."""
    place = int(
        str(store.scalar("SELECT sequence FROM internal.arrival WHERE submission = ?", submission))
    )
    for table in ("main.submission", "internal.arrival"):
        store.connection.execute(f"DELETE FROM {table} WHERE submission = ?", [submission])
    for table in ("internal.arrival", "internal.reading"):
        store.connection.execute(
            f"UPDATE {table} SET sequence = sequence + ? WHERE sequence > ?",
            [len(members) - 1, place],
        )
    for each in returns:
        if each.sequence > place:
            each.sequence += len(members) - 1
    return take_in(store, members, place)


def _now_known(store: Store, submission: str, unit: str, month: int) -> None:
    store.connection.execute(
        "UPDATE internal.arrival SET unit_code = ?, month = ? WHERE submission = ?",
        [unit, month, submission],
    )
    store.connection.execute(
        "UPDATE main.submission SET unit_code = ?, month = make_date(?, ?, 1), reason = NULL "
        "WHERE submission = ?",
        [unit, month // 12, month % 12 + 1, submission],
    )


def _keys(
    store: Store,
    returns: Sequence[Return],
    first: int,
    last: int,
    units: Sequence[str],
    forms: Sequence[str],
) -> set[Key]:
    """Every (unit, form, month) that is judged again, in force or not."""
    keys = {(each.unit, sheet.form, each.month) for each in returns for sheet in each.sheets}
    keys |= {
        (str(unit), str(form), int(str(month)))
        for unit, form, month in store.rows(
            "SELECT DISTINCT unit_code, form, month FROM internal.reading "
            "WHERE latest AND month BETWEEN ? AND ?",
            first,
            last,
        )
    }
    return {
        key for key in keys if (not forms or key[1] in forms) and (not units or key[0] in units)
    }
