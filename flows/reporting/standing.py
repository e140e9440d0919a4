"""Who has reported what: a month's standing and the reminders that follow from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb

from schemas.declaring import periods
from schemas.declaring.district import Declaration

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
    """The month's units with their forms by state, held forms with reasons, reminders."""
    first = periods.first_day(month)
    rows = connection.execute(
        "SELECT unit_code, form, state FROM main.coverage WHERE month = ? ORDER BY 1, 2", [first]
    ).fetchall()
    units: dict[str, dict[str, list[str]]] = {}
    for unit, form, state in rows:
        units.setdefault(unit, {each: [] for each in STATES})[state].append(form)
    held = connection.execute(
        "SELECT DISTINCT f.unit_code, f.form, f.submission, f.message FROM main.finding f "
        "JOIN main.submission_form s ON s.submission = f.submission AND s.form = f.form "
        "JOIN main.coverage c ON c.month = f.month AND c.unit_code = f.unit_code "
        "AND c.form = f.form AND c.state = 'held' "
        "WHERE f.month = ? AND s.state = 'held' AND f.level <> 'notice' "
        "AND f.explanation IS NULL ORDER BY ALL",
        [first],
    ).fetchall()
    troubled = connection.execute(
        "SELECT submission, file_name, state, reason FROM main.submission "
        "WHERE state IN ('unreadable', 'unidentified') ORDER BY received_at DESC, submission"
    ).fetchall()
    names = {unit.code: unit.name for unit in declaration.units}
    return {
        "month": periods.month_label(month),
        "due_on": declaration.due_on(month),
        "counts": {state: sum(len(forms[state]) for forms in units.values()) for state in STATES},
        "units": [
            {"unit_code": code, "unit_name": names.get(code, code), **forms}
            for code, forms in units.items()
        ],
        "held": [
            {
                "unit_code": code,
                "unit_name": names.get(code, code),
                "form": form,
                "submission": submission,
                "message": message,
            }
            for code, form, submission, message in held
        ],
        "files_with_trouble": [
            {"submission": each[0], "file_name": each[1], "state": each[2], "reason": each[3]}
            for each in troubled
        ],
        "reminders": reminders(declaration, month, units, today),
    }


def reminders(
    declaration: Declaration, month: int, units: dict[str, dict[str, list[str]]], today: dt.date
) -> list[dict[str, str]]:
    """A text ready to send for each unit that owes something (催报)."""
    due = declaration.due_on(month)
    late = (today - due).days
    found = []
    for code, forms in units.items():
        parts = []
        if forms["missing"]:
            parts.append(f"尚未报送{_titles(declaration, forms['missing'])}")
        if forms["held"]:
            parts.append(f"{_titles(declaration, forms['held'])}审核未通过，待改正或说明")
        if parts:
            overdue = f"，现已逾期{late}天" if late > 0 else ""
            name = declaration.unit_by_code[code].name
            text = (
                f"{name}：你单位{periods.month_zh(month)}报表{'；'.join(parts)}。"
                f"报送期限为{due.month}月{due.day}日{overdue}，请尽快报送。"
            )
            found.append({"unit_code": code, "unit_name": name, "text": text})
    return found


def _titles(declaration: Declaration, forms: list[str]) -> str:
    return "、".join(f"《{declaration.by_name[form].title_zh}》" for form in forms)
