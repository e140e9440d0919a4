"""What is in force when: tenures, the states that follow from them, revisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from flows.warehouse.in_force import Key
from flows.warehouse.outcome import Changes
from flows.warehouse.store import Store


class Reading(NamedTuple):
    """A form of a return, judged. `reading` is its number in the file."""

    reading: int
    at: int
    form: str
    key: Key
    sequence: int
    submission: str
    accepted: bool
    digest: str


def temporary(
    store: Store, name: str, rows: Iterable[tuple[object, ...]], columns: int = 3
) -> None:
    """A temporary table with columns c0, c1, … of the rows; `columns` of them where it is empty."""
    rows = list(rows)
    width = len(rows[0]) if rows else columns
    kinds = [
        "BIGINT" if rows and isinstance(cell, int) else "VARCHAR"
        for cell in (rows[0] if rows else [""] * width)
    ]
    declared = ", ".join(f"c{at} {kind}" for at, kind in enumerate(kinds))
    store.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({declared})")
    store.insert(name, rows)


def change_tenures(
    store: Store, steps: list[Reading], keys: set[Key], clock: dt.datetime, *, settle: bool
) -> list[tuple[int | None, int | None]]:
    """Put accepted readings in force one after the other; pairs of (old, new) reading.

    With `settle`, what is in force is instead the last accepted of all that are there.
    """
    temporary(store, "keys", keys)
    before: dict[Key, int] = {
        (str(unit), str(form), int(str(month))): int(str(reading))
        for unit, form, month, reading in store.rows(
            "SELECT t.unit_code, t.form, t.month, t.reading FROM internal.tenure t JOIN keys k "
            "ON t.unit_code = k.c0 AND t.form = k.c1 AND t.month = k.c2 WHERE t.until IS NULL"
        )
    }
    now: dict[Key, int | None]
    pairs: list[tuple[int | None, int | None]] = []
    opened: list[tuple[int, dt.datetime | None]] = []
    now = dict(before)
    if settle:
        now = dict.fromkeys(keys, None)
        for unit, form, month, reading in store.rows(
            "SELECT r.unit_code, r.form, r.month, arg_max(r.reading, r.sequence) "
            "FROM internal.reading r JOIN keys k "
            "ON r.unit_code = k.c0 AND r.form = k.c1 AND r.month = k.c2 "
            "WHERE r.latest AND r.accepted AND NOT r.withdrawn GROUP BY ALL"
        ):
            now[str(unit), str(form), int(str(month))] = int(str(reading))
        for key, reading in now.items():
            if reading != before.get(key):
                pairs.append((before.get(key), reading))
                if reading is not None:
                    opened.append((reading, None))
    for each in steps:
        pairs.append((now.get(each.key), each.reading))
        now[each.key] = each.reading
    last = set(now.values())
    opened += [(each.reading, None if each.reading in last else clock) for each in steps]
    _close(store, [old for old, _ in pairs if old is not None], clock)
    if pairs:
        _clip(store, clock)
    _open(store, opened, clock)
    return pairs


def _close(store: Store, readings: list[int], clock: dt.datetime) -> None:
    temporary(store, "closed", ((reading,) for reading in readings))
    if readings:
        store.connection.execute(
            "UPDATE internal.tenure SET until = ? FROM closed c "
            "WHERE tenure.reading = c.c0 AND tenure.until IS NULL",
            [clock],
        )


def _clip(store: Store, clock: dt.datetime) -> None:
    """Where the clock has gone back, end what had ended later: no two versions stand at once."""
    store.connection.execute(
        "UPDATE internal.tenure SET until = $clock FROM keys k WHERE tenure.unit_code = k.c0 "
        "AND tenure.form = k.c1 AND tenure.month = k.c2 AND tenure.until > $clock",
        {"clock": clock},
    )


def _open(store: Store, opened: list[tuple[int, dt.datetime | None]], clock: dt.datetime) -> None:
    if not opened:
        return
    store.connection.execute(
        "CREATE OR REPLACE TEMP TABLE opened (reading BIGINT, until TIMESTAMP)"
    )
    store.insert("opened", opened)
    store.connection.execute(
        "INSERT INTO internal.tenure SELECT r.reading, r.submission, r.form, r.unit_code, "
        "r.month, ?, o.until FROM internal.reading r JOIN opened o ON o.reading = r.reading "
        "ORDER BY r.month, r.reading",
        [clock],
    )


def write_revisions(
    store: Store, pairs: list[tuple[int | None, int | None]], clock: dt.datetime
) -> int:
    """Write what differs between the old and the new reading of each pair; how many values."""
    changed = [(number, old, new) for number, (old, new) in enumerate(pairs) if old is not None]
    if not changed:
        return 0
    store.connection.execute(
        "CREATE OR REPLACE TEMP TABLE pairs (number BIGINT, before BIGINT, after BIGINT)"
    )
    store.insert("pairs", changed)
    counted = store.rows(
        "INSERT INTO main.revision "
        "WITH old AS (SELECT p.number, v.figure, v.value, v.mark FROM pairs p "
        "JOIN internal.figure_value v ON v.reading = p.before), "
        "new AS (SELECT p.number, v.figure, v.value, v.mark FROM pairs p "
        "JOIN internal.figure_value v ON v.reading = p.after) "
        "SELECT make_date(r.month // 12, r.month % 12 + 1, 1), r.unit_code, "
        "coalesce(old.figure, new.figure), old.value, new.value, r.submission, n.submission, ? "
        "FROM old FULL JOIN new ON new.number = old.number AND new.figure = old.figure "
        "JOIN pairs p ON p.number = coalesce(old.number, new.number) "
        "JOIN internal.reading r ON r.reading = p.before "
        "LEFT JOIN internal.reading n ON n.reading = p.after "
        "WHERE old.value IS DISTINCT FROM new.value OR old.mark IS DISTINCT FROM new.mark "
        "ORDER BY p.number, 3",
        clock,
    )
    return int(str(counted[0][0]))


def settle_states(store: Store, keys: set[Key]) -> None:
    """The states of every submitted form of those keys, from what is in force."""
    temporary(store, "keys", keys)
    store.connection.execute(
        "CREATE OR REPLACE TEMP TABLE states AS SELECT r.submission, r.form, "
        "CASE WHEN r.withdrawn THEN 'withdrawn' WHEN NOT r.accepted THEN 'held' "
        "WHEN t.reading = r.reading THEN 'accepted' ELSE 'superseded' END AS state, "
        "CASE WHEN r.accepted AND NOT r.withdrawn AND t.reading <> r.reading "
        "THEN t.submission END AS superseded_by, r.unverifiable, r.sequence "
        "FROM internal.reading r JOIN keys k "
        "ON r.unit_code = k.c0 AND r.form = k.c1 AND r.month = k.c2 "
        "LEFT JOIN internal.tenure t ON t.unit_code = r.unit_code AND t.form = r.form "
        "AND t.month = r.month AND t.until IS NULL WHERE r.latest"
    )
    store.connection.execute(
        "DELETE FROM main.submission_form USING states s "
        "WHERE submission_form.submission = s.submission AND submission_form.form = s.form"
    )
    store.connection.execute(
        "INSERT INTO main.submission_form SELECT submission, form, state, superseded_by, "
        "unverifiable FROM states ORDER BY sequence, form"
    )
    store.connection.execute("DROP TABLE states")


def accept(store: Store, submission: str, form: str, keys: set[Key], clock: dt.datetime) -> Changes:
    """Put a form in force that only queries hold, unless a later version of it is."""
    store.connection.execute(
        "UPDATE internal.reading SET accepted = TRUE, by_analyst = TRUE "
        "WHERE submission = ? AND form = ? AND latest",
        [submission, form],
    )
    return _settle_anew(store, keys, clock)


def withdraw(
    store: Store, submission: str, form: str, keys: set[Key], clock: dt.datetime
) -> Changes:
    """Take a form of a submission out of force; the last one accepted before takes over."""
    store.connection.execute(
        "UPDATE internal.reading SET withdrawn = TRUE WHERE submission = ? AND form = ?",
        [submission, form],
    )
    return _settle_anew(store, keys, clock)


def _settle_anew(store: Store, keys: set[Key], clock: dt.datetime) -> Changes:
    """Put the last accepted of all versions of those forms in force."""
    changed = change_tenures(store, [], keys, clock, settle=True)
    changes = Changes(revised=write_revisions(store, changed, clock))
    settle_states(store, keys)
    changes.months = {key[2] for key in keys}
    return changes
