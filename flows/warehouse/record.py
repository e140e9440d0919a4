"""Verdicts into the working file: readings, values, tenures, states, findings, revisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from flows.checking.batch import Batch
from flows.warehouse.in_force import Key
from flows.warehouse.outcome import Changes
from flows.warehouse.store import Store
from flows.warehouse.tables import ledger_columns
from schemas.declaring import periods
from schemas.declaring.model import Ledger
from schemas.declaring.rules import MICRO


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


def record_verdicts(
    store: Store,
    batch: Batch,
    clock: dt.datetime,
    again: Collection[Key] | None = None,
) -> Changes:
    """Write a judged batch.

    `again` are the forms that a backfill judges once more: what comes out as it was
    keeps its reading, and a form that is no longer accepted goes out of force.
    """
    changes = Changes()
    known = _known(store) if again is not None else {}
    readings = _readings(store, batch)
    if again is not None:
        readings = [each for each in readings if each.key in again]
    new = [each for each in readings if known.get((each.submission, each.form)) != _mark(each)]
    _write_readings(store, batch, new, clock, replaced=again is not None)
    keys = {each.key for each in readings} if again is None else set(again)
    _findings(store, batch, {(each.at, each.form) for each in readings}, again is not None)
    steps = [each for each in new if each.accepted] if again is None else []
    changed = _tenures(store, steps, keys, clock, settle=again is not None)
    changes.revised = _revisions(store, changed, clock)
    settle_states(store, keys)
    changes.accepted = sum(each.accepted for each in readings)
    changes.held = len(readings) - changes.accepted
    changes.months = {key[2] for key in keys}
    return changes


def _mark(reading: Reading) -> tuple[str, bool]:
    return reading.digest, reading.accepted


def _known(store: Store) -> dict[tuple[str, str], tuple[str, bool]]:
    rows = store.rows(
        "SELECT submission, form, digest, accepted FROM internal.reading WHERE latest"
    )
    return {(str(row[0]), str(row[1])): (str(row[2]), bool(row[3])) for row in rows}


def _readings(store: Store, batch: Batch) -> list[Reading]:
    """The judged forms in the order in which they were judged."""
    number = int(str(store.scalar("SELECT coalesce(max(reading), 0) FROM internal.reading")))
    found = []
    order = sorted(
        range(len(batch.returns)),
        key=lambda at: (batch.returns[at].month, batch.returns[at].sequence),
    )
    for at in order:
        given = batch.returns[at]
        for form in batch.sheets[at]:
            number += 1
            column = batch.layout.form_column[form]
            found.append(
                Reading(
                    number,
                    at,
                    form,
                    (given.unit, form, given.month),
                    given.sequence,
                    given.submission,
                    bool(batch.accepted[at, column]),
                    batch.sheets[at][form].digest,
                )
            )
    return found


def _write_readings(
    store: Store, batch: Batch, readings: list[Reading], clock: dt.datetime, *, replaced: bool
) -> None:
    if replaced:
        _temporary(store, "renewed", ((each.submission, each.form) for each in readings))
        store.connection.execute(
            "UPDATE internal.reading SET latest = FALSE FROM renewed r "
            "WHERE reading.submission = r.c0 AND reading.form = r.c1"
        )
    withdrawn = set(
        store.rows("SELECT submission, form FROM internal.reading WHERE withdrawn")
        if replaced
        else []
    )
    store.insert(
        "internal.reading",
        (
            (
                each.reading,
                each.submission,
                each.form,
                each.key[0],
                each.key[2],
                each.sequence,
                clock,
                each.accepted,
                (each.submission, each.form) in withdrawn,
                True,
                each.digest,
                int(batch.unverifiable[each.at, batch.layout.form_column[each.form]]),
                batch.sheets[each.at][each.form].said,
                bool(batch.queried[each.at, batch.layout.form_column[each.form]]),
            )
            for each in readings
        ),
    )
    _figure_values(store, batch, readings)
    for ledger in batch.layout.declaration.ledgers:
        _ledger_rows(store, batch, ledger, [each for each in readings if each.form == ledger.name])


def _figure_values(store: Store, batch: Batch, readings: list[Reading]) -> None:
    rows = []
    for each in readings:
        sheet = batch.sheets[each.at][each.form]
        for line in sheet.lines:
            cumulative = f"{line.cumulative_column}{line.row}" if line.cumulative_column else None
            rows.append(
                (
                    each.reading,
                    line.figure,
                    line.value,
                    line.year_to_date,
                    line.applicable,
                    sheet.sheet,
                    f"{line.column}{line.row}",
                    cumulative,
                )
            )
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    frame = pd.DataFrame(
        {
            "reading": pd.array(columns[0], "int64"),
            "figure": columns[1],
            "value": pd.array(columns[2], "Int64"),
            "year_to_date": pd.array(columns[3], "Int64"),
            "applicable": columns[4],
            "sheet": columns[5],
            "cell": columns[6],
            "cumulative_cell": columns[7],
        }
    )
    store.connection.register("frame", frame)
    store.connection.execute(
        f"INSERT INTO internal.figure_value SELECT reading, figure, {_exact('value')}, "
        f"{_exact('year_to_date')}, "
        "CASE WHEN applicable THEN 'reported' ELSE 'not_applicable' END, sheet, cell, "
        "cumulative_cell FROM frame"
    )
    store.connection.unregister("frame")


def _exact(column: str) -> str:
    """Millionths as an exact decimal: DuckDB's division would go through a double."""
    return (
        f"CAST(CAST({column} AS DECIMAL(18,0)) * CAST(0.000001 AS DECIMAL(7,6)) AS DECIMAL(18,6))"
    )


def _ledger_rows(store: Store, batch: Batch, ledger: Ledger, readings: list[Reading]) -> None:
    decimals = [column.type == "decimal" for column in ledger.kept]
    dates = [column.type == "date" for column in ledger.kept]
    rows = []
    for each in readings:
        for item in batch.sheets[each.at][each.form].items:
            cells = [
                None
                if cell is None or (date and cell == "?")
                else Decimal(int(str(cell))) / MICRO
                if decimal
                else cell
                for cell, decimal, date in zip(item[1:], decimals, dates, strict=True)
            ]
            rows.append((each.reading, item[0], *cells))
    if rows:
        columns = ledger_columns(ledger)
        names = ["reading", "row", *(column.name for column in columns)]
        parts = [
            f"CAST({name} AS {kind})"
            for name, kind in zip(
                names, ["BIGINT", "INTEGER", *(column.type for column in columns)], strict=True
            )
        ]
        frame = pd.DataFrame(
            {
                name: pd.Series(list(cells), dtype=object)
                for name, cells in zip(names, zip(*rows, strict=True), strict=True)
            }
        )
        store.connection.register("frame", frame)
        store.connection.execute(
            f"INSERT INTO internal.{ledger.table} SELECT {', '.join(parts)} FROM frame"
        )
        store.connection.unregister("frame")
    counts = [
        (number, count)
        for number, (of, count) in enumerate(batch.layout.counts)
        if of.name == ledger.name
    ]
    store.insert(
        "internal.ledger_count",
        (
            (
                each.reading,
                count.name,
                int(batch.counted.micro[each.at, number]) // MICRO,
                count.figure is not None,
            )
            for each in readings
            for number, count in counts
            if batch.counted.known[each.at, number]
        ),
    )


def _temporary(store: Store, name: str, rows: Iterable[tuple[object, ...]]) -> None:
    """A temporary table with columns c0, c1, … of the rows."""
    rows = list(rows)
    width = len(rows[0]) if rows else 3
    kinds = [
        "BIGINT" if rows and isinstance(cell, int) else "VARCHAR"
        for cell in (rows[0] if rows else [""] * width)
    ]
    columns = ", ".join(f"c{at} {kind}" for at, kind in enumerate(kinds))
    store.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    store.insert(name, rows)


def _tenures(
    store: Store, steps: list[Reading], keys: set[Key], clock: dt.datetime, *, settle: bool
) -> list[tuple[int | None, int | None]]:
    """Put accepted readings in force one after the other; pairs of (old, new) reading.

    With `settle`, what is in force is instead the last accepted of all that are there.
    """
    _temporary(store, "keys", keys)
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
    _open(store, opened, clock)
    return pairs


def _close(store: Store, readings: list[int], clock: dt.datetime) -> None:
    _temporary(store, "closed", ((reading,) for reading in readings))
    if readings:
        store.connection.execute(
            "UPDATE internal.tenure SET until = ? FROM closed c "
            "WHERE tenure.reading = c.c0 AND tenure.until IS NULL",
            [clock],
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


def _revisions(store: Store, pairs: list[tuple[int | None, int | None]], clock: dt.datetime) -> int:
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
    _temporary(store, "keys", keys)
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


def _findings(store: Store, batch: Batch, judged: set[tuple[int, str]], replaced: bool) -> None:
    returns = batch.returns
    if replaced:
        _temporary(store, "renewed", ((returns[at].submission, form) for at, form in judged))
        store.connection.execute(
            "DELETE FROM main.finding USING renewed r "
            "WHERE finding.submission = r.c0 AND finding.form = r.c1"
        )
    rows = []
    for each in batch.findings:
        given = returns[each.at]
        # A finding on a sheet that was not read as a form stays with the file itself.
        if (each.at, each.form) in judged or (
            not replaced and each.form not in batch.sheets[each.at]
        ):
            rows.append(
                (
                    given.submission,
                    each.form,
                    each.rule,
                    each.level,
                    given.unit,
                    periods.first_day(given.month),
                    each.sheet,
                    each.cell,
                    each.figure,
                    each.value,
                    each.message,
                    each.explanation,
                )
            )
    store.insert("main.finding", rows)


def withdraw(
    store: Store, submission: str, form: str, keys: set[Key], clock: dt.datetime
) -> Changes:
    """Take a form of a submission out of force; the last one accepted before takes over."""
    store.connection.execute(
        "UPDATE internal.reading SET withdrawn = TRUE WHERE submission = ? AND form = ?",
        [submission, form],
    )
    changed = _tenures(store, [], keys, clock, settle=True)
    changes = Changes(revised=_revisions(store, changed, clock))
    settle_states(store, keys)
    changes.months = {key[2] for key in keys}
    return changes
