"""accept, assign, withdraw, history: decisions, recorded before they take effect."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from flows import pipeline
from flows.commands.finding import find_form, find_submission, find_unit
from flows.commands.showing import show_json, who
from flows.dated_totals import read_totals
from flows.errors import Misuse, NotThere
from flows.home import Home, open_home
from flows.reading.pool import read_files
from flows.settings import load_settings
from flows.warehouse.coverage import local_day
from flows.warehouse.store import reading
from flows.warehouse.submissions import job_of
from schemas.declaring.periods import last_day, month_label


def assign(submission: str, unit: str, month: int, reason: str, as_json: bool) -> None:
    """Say whose and which month a file is."""
    home = open_home(load_settings())
    code = find_unit(home.declaration, unit, month).code
    with reading(home.settings.warehouse) as connection:
        name, state = find_submission(connection, submission)
        job = job_of(home.archive.folder, connection, name, (code, month))
    if state != "unidentified":
        raise Misuse(f"{name} is {state}; only an unidentified file can be assigned.")
    _reason(reason)
    today = local_day(home.settings.clock(home.declaration), home.declaration.time_zone)
    if last_day(month) >= today:
        raise Misuse(f"{month_label(month)} has not ended; assign the file to a month that has.")
    (book,) = read_files([job], home.settings)
    if book.state != "read":
        raise Misuse(f"{name} holds no form that could be assigned: {book.reason}")
    event = {
        "event": "assign",
        "submission": name,
        "unit": code,
        "month": month_label(month),
        "reason": reason,
        "by": who(),
    }
    pipeline.decide(home, event)
    _show(home.settings.warehouse, name, as_json)


def accept(submission: str, form: str, reason: str, as_json: bool) -> None:
    """Accept a form of a submission that only queries hold."""
    home = open_home(load_settings())
    form = find_form(home.declaration, form)
    _reason(reason)
    with reading(home.settings.warehouse) as connection:
        name, state = _state_of_form(connection, submission, form)
        errors = connection.execute(
            "SELECT count(*) FROM main.finding WHERE submission = ? AND form = ? "
            "AND level = 'error'",
            [name, form],
        ).fetchone()
    if state != "held":
        raise Misuse(f"{form} of {name} is {state}; only a held form can be accepted.")
    if errors is not None and errors[0]:
        raise Misuse(
            f"{form} of {name} has {errors[0]} error{'s' * (errors[0] > 1)}, which cannot be "
            "accepted; it has to be sent again without them."
        )
    _decide_form(home, "accept", name, form, reason, as_json)


def withdraw(submission: str, form: str, reason: str, as_json: bool) -> None:
    """Take back a form of a submission."""
    home = open_home(load_settings())
    form = find_form(home.declaration, form)
    _reason(reason)
    with reading(home.settings.warehouse) as connection:
        name, state = _state_of_form(connection, submission, form)
    if state not in ("accepted", "superseded"):
        raise Misuse(f"{form} of {name} is {state}; only an accepted form can be withdrawn.")
    _decide_form(home, "withdraw", name, form, reason, as_json)


def _state_of_form(
    connection: duckdb.DuckDBPyConnection, submission: str, form: str
) -> tuple[str, str]:
    """The submission's full name and the form's state in it; NotThere where there is none."""
    name, _ = find_submission(connection, submission)
    states = dict(
        connection.execute(
            "SELECT form, state FROM main.submission_form WHERE submission = ? ORDER BY form",
            [name],
        ).fetchall()
    )
    if form not in states:
        held = ", ".join(states) or "none"
        raise NotThere(f"{name} holds no form {form!r}; its forms: {held}.")
    return name, states[form]


def _decide_form(
    home: Home, kind: str, submission: str, form: str, reason: str, as_json: bool
) -> None:
    event = {"event": kind, "submission": submission, "form": form, "reason": reason, "by": who()}
    pipeline.decide(home, event)
    _show(home.settings.warehouse, submission, as_json)


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Misuse("A decision needs its reason; say it with --reason.")


def _show(warehouse: Path, submission: str, as_json: bool) -> None:
    with reading(warehouse) as connection:
        state = connection.execute(
            "SELECT state FROM main.submission WHERE submission = ?", [submission]
        ).fetchone()
        forms = connection.execute(
            "SELECT form, state FROM main.submission_form WHERE submission = ? ORDER BY form",
            [submission],
        ).fetchall()
    result = {
        "submission": submission,
        "state": state[0] if state else None,
        "forms": {str(form): str(form_state) for form, form_state in forms},
    }
    if as_json:
        show_json(result)
    else:
        listed = ", ".join(f"{form} {form_state}" for form, form_state in forms)
        click.echo(f"{submission}: {result['state']} ({listed})")


def history(file: Path, as_json: bool) -> None:
    """Take in a file of dated totals."""
    home = open_home(load_settings())
    if not file.is_file():
        raise NotThere(f"There is no file {file}; name a csv or a workbook.")
    totals = read_totals(file, file.name, home.declaration, home.settings)
    receipt = pipeline.take_history(home, file, who())
    result = {"submission": receipt.submission, "totals": len(totals)}
    if as_json:
        show_json(result)
    else:
        click.echo(f"{len(totals)} dated totals taken in from {file.name}")
