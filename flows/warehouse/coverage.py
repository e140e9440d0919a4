"""Which due forms came, and when: rows once a form is received or past due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

from flows.warehouse.store import Store
from schemas.declaring import periods


def local_day(clock: dt.datetime, time_zone: str) -> dt.date:
    """The day of a UTC time in a time zone."""
    return clock.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(time_zone)).date()


def months_fallen_due(store: Store, clock: dt.datetime) -> set[int]:
    """Months whose forms fell due between the last covered day and the clock's."""
    declaration = store.declaration
    today = local_day(clock, declaration.time_zone)
    until = store.scalar("SELECT covered_until FROM internal.applied")
    month = min((form.valid_from for form in declaration.all_forms if form.due_from), default=None)
    found: set[int] = set()
    if month is None:
        return found
    if isinstance(until, dt.date):
        # A calendar may move a due day by some weeks, not by half a year.
        month = max(month, periods.month_of(until) - 6)
    while periods.first_day(month) <= today:
        due = declaration.due_on(month)
        if due < today and not (isinstance(until, dt.date) and due < until):
            found.add(month)
        month += 1
    return found


def cover(store: Store, months: Collection[int], clock: dt.datetime) -> None:
    """Write the due forms of those months anew, as they stand by the clock.

    Where it has gone back, a form stays due that was: no later night would look at it again.
    """
    declaration = store.declaration
    today = local_day(clock, declaration.time_zone)
    until = store.scalar("SELECT covered_until FROM internal.applied")
    if isinstance(until, dt.date):
        today = max(today, until)
    months = sorted(months)
    due = [
        (month, periods.first_day(month), unit.code, form.name, declaration.due_on(month))
        for month in months
        for unit in declaration.reporting_units(month)
        for form in declaration.due(unit.code, month)
    ]
    execute = store.connection.execute
    execute(
        "CREATE OR REPLACE TEMP TABLE due "
        "(month INTEGER, month_start DATE, unit_code VARCHAR, form VARCHAR, due_on DATE)"
    )
    store.insert("due", due)
    execute("DELETE FROM internal.due_form WHERE list_contains(?, month)", [months])
    # The first accepted version decides, whatever replaces it later.
    execute(
        "INSERT INTO internal.due_form "
        "WITH came_in AS (SELECT r.*, s.received_at FROM internal.reading r "
        "JOIN main.submission s ON s.submission = r.submission "
        "WHERE r.latest AND list_contains(?, r.month)), "
        "first AS (SELECT unit_code, form, month, arg_min(received_at, sequence) FILTER (WHERE NOT withdrawn) AS first_at, "
        "min(sequence) FILTER (WHERE accepted AND NOT withdrawn) AS sequence, "
        "arg_min(said, sequence) FILTER (WHERE accepted AND NOT withdrawn) AS said "
        "FROM came_in GROUP BY ALL), "
        # A reason given later for the same figures keeps in time what came in time.
        "came AS (SELECT f.unit_code, f.form, f.month, f.first_at, "
        "min(c.received_at) AS accepted_at FROM first f LEFT JOIN came_in c "
        "ON c.unit_code = f.unit_code AND c.form = f.form AND c.month = f.month "
        "AND c.said = f.said AND (c.sequence = f.sequence "
        "OR (c.sequence < f.sequence AND c.queried)) GROUP BY ALL) "
        "SELECT d.month, d.month_start, d.unit_code, d.form, d.due_on, "
        "coalesce(c.accepted_at, c.first_at), "
        "CASE WHEN c.accepted_at IS NOT NULL THEN CASE WHEN CAST(((c.accepted_at "
        "AT TIME ZONE 'UTC') AT TIME ZONE ?) AS DATE) <= d.due_on THEN 'on_time' ELSE 'late' END "
        "WHEN c.first_at IS NOT NULL THEN 'held' WHEN d.due_on < ? THEN 'missing' END "
        "FROM due d LEFT JOIN came c ON c.unit_code = d.unit_code AND c.form = d.form "
        "AND c.month = d.month ORDER BY d.month, d.unit_code, d.form",
        [months, declaration.time_zone, today],
    )
    execute("DROP TABLE due")


def covered(store: Store, clock: dt.datetime) -> None:
    """Note that `months_fallen_due` has been covered up to the clock's day."""
    today = local_day(clock, store.declaration.time_zone)
    store.connection.execute(
        "UPDATE internal.applied SET covered_until = greatest(?, coalesce(covered_until, ?))",
        [today, today],
    )


def ended(store: Store, months: Collection[int], clock: dt.datetime) -> set[int]:
    """Those of the months that have ended by the clock: the others have no figures yet."""
    today = local_day(clock, store.declaration.time_zone)
    return {month for month in months if periods.last_day(month) < today}
