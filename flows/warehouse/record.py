"""Verdicts into the working file: readings, values, tenures, states, findings, revisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd

from flows.checking.batch import SHEET_NAME, SHEET_ROW, Batch
from flows.warehouse.in_force import Key
from flows.warehouse.outcome import Changes
from flows.warehouse.queries import write_queries
from flows.warehouse.store import Store, quoted
from flows.warehouse.tables import ledger_columns
from flows.warehouse.tenures import (
    Reading,
    change_tenures,
    settle_states,
    temporary,
    write_revisions,
)
from flows.warehouse.working import name_targets
from schemas.declaring import general, periods
from schemas.declaring.frames import ROW
from schemas.declaring.model import Ledger
from schemas.declaring.rules import MICRO


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
    new = [
        each for each in readings if known.get((each.submission, each.form)) != _mark(batch, each)
    ]
    _write_readings(store, batch, new, clock, replaced=again is not None)
    keys = {each.key for each in readings} if again is None else set(again)
    judged = {(each.at, each.form) for each in readings}
    _findings(store, batch, judged, again is not None)
    write_queries(store, batch, judged, replaced=again is not None)
    steps = [each for each in new if each.accepted] if again is None else []
    changed = change_tenures(store, steps, keys, clock, settle=again is not None)
    changes.revised = write_revisions(store, changed, clock)
    settle_states(store, keys)
    changes.accepted = sum(each.accepted for each in readings)
    changes.held = len(readings) - changes.accepted
    changes.months = {key[2] for key in keys}
    return changes


_Mark = tuple[object, ...]


def _mark(batch: Batch, reading: Reading) -> _Mark:
    """What a reading that says the same as before says."""
    place = reading.at, batch.layout.form_column[reading.form]
    unverifiable, queried = int(batch.unverifiable[place]), bool(batch.queried[place])
    by_analyst = bool(batch.by_analyst[place])
    return reading.digest, reading.accepted, queried, by_analyst, unverifiable


def _known(store: Store) -> dict[tuple[str, str], _Mark]:
    rows = store.rows(
        # What was withdrawn is not accepted when it is judged again, which is nothing new.
        "SELECT submission, form, digest, accepted AND NOT withdrawn, queried, "
        "by_analyst AND NOT withdrawn, unverifiable FROM internal.reading WHERE latest"
    )
    return {(str(submission), str(form)): tuple(mark) for submission, form, *mark in rows}


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
        temporary(store, "renewed", ((each.submission, each.form) for each in readings))
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
                bool(batch.by_analyst[each.at, batch.layout.form_column[each.form]]),
            )
            for each in readings
        ),
    )
    _figure_values(store, batch, readings)
    for ledger in batch.layout.declaration.ledgers:
        own = [each for each in readings if each.form == ledger.name]
        _ledger_rows(store, batch, ledger, own)
        if own and ledger.targets is not None:
            name_targets(store)


def _figure_values(store: Store, batch: Batch, readings: list[Reading]) -> None:
    layout, cells = batch.layout, batch.cells
    of_form = np.zeros(len(layout.figures), np.int64)
    for form, columns in layout.of_form.items():
        of_form[columns] = layout.form_column[form]
    number = np.zeros(batch.present.shape, np.int64)
    for each in readings:
        number[each.at, layout.form_column[each.form]] = each.reading
    reading = number[cells.at, of_form[cells.column]]
    kept = np.flatnonzero(reading)
    if not kept.size:
        return
    kept = kept[np.argsort(reading[kept], kind="stable")]
    # Numbers only: texts that repeat are looked up by the database.
    temporary(
        store,
        "placed",
        (
            (each.reading, sheet.sheet, sheet.column, sheet.cumulative_column)
            for each in readings
            if (sheet := batch.sheets[each.at][each.form]).figures
        ),
    )
    temporary(
        store,
        "elsewhere",
        (
            (each.reading, layout.column[figure] + 1, *place)
            for each in readings
            for figure, place in batch.sheets[each.at][each.form].places.items()
        ),
        columns=5,
    )
    frame = pd.DataFrame(
        {
            "reading": reading[kept],
            "figure": cells.column[kept] + 1,
            "value": cells.value.micro[kept],
            "known": cells.value.known[kept],
            "year_to_date": cells.year_to_date.micro[kept],
            "cumulative_known": cells.year_to_date.known[kept],
            "applicable": cells.applicable[kept],
            "row": cells.row[kept],
        }
    )
    store.connection.register("frame", frame)
    store.connection.execute(
        "INSERT INTO internal.figure_value SELECT f.reading, list_extract(?, f.figure), "
        f"CASE WHEN f.known THEN {_exact('f.value')} END, "
        f"CASE WHEN f.cumulative_known THEN {_exact('f.year_to_date')} END, "
        "CASE WHEN f.applicable THEN 'reported' ELSE 'not_applicable' END, "
        "coalesce(e.c2, p.c1), coalesce(e.c3, p.c2 || f.row), "
        "CASE WHEN e.c4 IS NOT NULL THEN nullif(e.c4, '') "
        "WHEN p.c3 <> '' THEN p.c3 || f.row END "
        "FROM frame f JOIN placed p ON p.c0 = f.reading "
        "LEFT JOIN elsewhere e ON e.c0 = f.reading AND e.c1 = f.figure",
        [[figure.name for figure in layout.figures]],
    )
    store.connection.unregister("frame")


def _exact(column: str) -> str:
    """Millionths as an exact decimal: DuckDB's division would go through a double."""
    return (
        f"CAST(CAST({column} AS DECIMAL(18,0)) * CAST(0.000001 AS DECIMAL(7,6)) AS DECIMAL(18,6))"
    )


def _ledger_rows(store: Store, batch: Batch, ledger: Ledger, readings: list[Reading]) -> None:
    number = np.zeros(len(batch.returns), np.int64)
    number[[each.at for each in readings]] = [each.reading for each in readings]
    rows = batch.ledgers[ledger.name]
    reading = number[rows[ROW].to_numpy(np.int64)]
    order = np.argsort(reading, kind="stable")
    order = order[reading[order] > 0]
    if order.size:
        frame = pd.DataFrame({"reading": reading, "row": rows[SHEET_ROW]})
        parts = ["reading", "row"]
        for column, public in zip(ledger.kept, ledger_columns(ledger), strict=True):
            own = rows[column.name]
            numbers = column.type in ("count", "decimal")
            frame[column.name] = own.astype("Int64") if numbers else own.astype("str")
            value = _exact(column.name) if column.type == "decimal" else column.name
            if column.type == "date":
                value = f"nullif({value}, {quoted(general.UNREADABLE_DATE)})"
            parts.append(f"CAST({value} AS {public.type})")
        frame["sheet"] = rows[SHEET_NAME].astype("str")
        parts.append("sheet")
        frame = frame.iloc[order]
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


def _findings(store: Store, batch: Batch, judged: set[tuple[int, str]], replaced: bool) -> None:
    returns = batch.returns
    if replaced:
        temporary(store, "renewed", ((returns[at].submission, form) for at, form in judged))
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
