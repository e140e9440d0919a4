"""Who has reported what: a month's standing, and the steps that its forms went through."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb

from flows.reporting.reminders import Owed, reminder
from flows.warehouse.findings import OPEN
from schemas.declaring import periods
from schemas.declaring.district import Declaration

STEPS = (
    *("assigned", "held", "returned", "accepted", "put_right", "explained"),
    *("accepted_by_analyst", "withdrawn"),
)
"""In the order in which they follow each other at one instant."""
STATES = ("on_time", "late", "held", "missing")


def latest_month(connection: duckdb.DuckDBPyConnection, today: dt.date) -> int | None:
    """The latest month that is past due; None where there is none."""
    row = connection.execute(
        "SELECT max(month) FROM main.coverage WHERE due_on < ?", [today]
    ).fetchone()
    return None if row is None or row[0] is None else periods.month_of(row[0])


def standing(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, month: int, today: dt.date
) -> dict[str, Any]:
    """The month's units with their forms by state, what is held and why, steps, reminders."""
    first = periods.first_day(month)
    rows = connection.execute(
        "SELECT unit_code, form, state FROM main.coverage WHERE month = ? ORDER BY 1, 2", [first]
    ).fetchall()
    units: dict[str, dict[str, list[str]]] = {}
    for unit, form, state in rows:
        units.setdefault(unit, {each: [] for each in STATES})[state].append(form)
    names = {unit.code: unit.name for unit in declaration.units}
    held = _held(connection, first, names)
    return {
        "month": periods.month_label(month),
        "due_on": declaration.due_on(month),
        "counts": {state: sum(len(forms[state]) for forms in units.values()) for state in STATES},
        "units": [
            {"unit_code": code, "unit_name": names.get(code, code), **forms}
            for code, forms in units.items()
        ],
        "held": held,
        "steps": _steps(connection, first, names),
        "files_with_trouble": _troubled(connection),
        "reminders": [
            reminder(declaration, month, Owed(code, forms["missing"], forms["held"]), held, today)
            for code, forms in units.items()
            if forms["missing"] or forms["held"]
        ],
    }


def _held(
    connection: duckdb.DuckDBPyConnection, first: dt.date, names: dict[str, str]
) -> list[dict[str, Any]]:
    """What holds the last version of the forms that are held, with the file that went back."""
    return _told(
        connection,
        "SELECT unit_code, form, submission, level, rule, sheet, cell, message, "
        "(SELECT arg_max(r.file, r.returned_at) FROM main.returned r "
        f"WHERE r.submission = f.submission) AS returned FROM ({OPEN}) f ORDER BY ALL",
        {"first": first, "last": first},
        names,
    )


def _steps(
    connection: duckdb.DuckDBPyConnection, first: dt.date, names: dict[str, str]
) -> list[dict[str, Any]]:
    """The steps, in their order, of the month's forms that were not accepted at once."""
    return _told(
        connection,
        "SELECT unit_code, form, submission, step_at, step, detail, decided_by FROM main.form_step s "
        "WHERE month = ? AND EXISTS (FROM main.form_step o WHERE o.month = s.month "
        "AND o.unit_code = s.unit_code AND o.form = s.form AND o.step <> 'accepted') "
        "ORDER BY unit_code, form, step_at, sequence, list_position(?, step)",
        [first, list(STEPS)],
        names,
    )


def _told(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    values: list[Any] | dict[str, Any],
    names: dict[str, str],
) -> list[dict[str, Any]]:
    """The rows of a query by their columns, with the name of the unit behind its code."""
    found = connection.execute(query, values)
    columns = [column[0] for column in found.description or ()]
    return [
        {
            "unit_code": code,
            "unit_name": names.get(code, code),
            **dict(zip(columns[1:], row, strict=True)),
        }
        for code, *row in found.fetchall()
    ]


def _troubled(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = connection.execute(
        "SELECT submission, file_name, state, reason FROM main.submission "
        "WHERE state IN ('unreadable', 'unidentified') ORDER BY received_at DESC, submission"
    ).fetchall()
    return [
        {"submission": each[0], "file_name": each[1], "state": each[2], "reason": each[3]}
        for each in rows
    ]
