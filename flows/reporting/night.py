"""What a run did and who is missing, for the terminal, JSON and Prefect's page.

Made from the public tables only, so nothing personal can be in it.
"""

from __future__ import annotations

import string
import unicodedata
from pathlib import Path
from typing import Any

import duckdb

from flows.warehouse.coverage import local_day
from flows.warehouse.outcome import Outcome
from flows.warehouse.store import reading
from schemas.declaring import periods
from schemas.declaring.district import Declaration

Summary = dict[str, Any]
COUNTS = ("received", "accepted", "held", "revised", "returned", "sent")
_LONGEST = 200
# Entities where raw HTML could begin. Prefect's pages know these alone, and show others as written.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TITLES = {"nightly": "Nightly run", "backfill": "Backfill", "rebuild": "Rebuild"}


def night_summary(outcome: Outcome, warehouse: Path, declaration: Declaration) -> Summary:
    """The run's counts, files with trouble, held forms, and who is missing.

    Months are labels ('2023-03'), `started_at` is UTC in ISO 8601, `findings` counts
    the errors and unexplained queries of a form. `missing` is about the latest month
    that is past due.
    """
    with reading(warehouse) as connection:
        return {
            "run": outcome.run,
            "kind": outcome.kind,
            "started_at": outcome.started_at.isoformat(timespec="seconds") + "Z",
            "received": outcome.received,
            "accepted": outcome.accepted,
            "held": outcome.held,
            "revised": outcome.revised,
            "returned": outcome.returned,
            "sent": outcome.sent,
            "files_with_trouble": _files_with_trouble(connection, outcome),
            "held_forms": _held_forms(connection, outcome, declaration),
            "missing": _missing(connection, outcome, declaration),
            "passed_over": outcome.passed_over,
            "noted": outcome.noted,
        }


def _files_with_trouble(
    connection: duckdb.DuckDBPyConnection, outcome: Outcome
) -> list[dict[str, Any]]:
    rows = connection.execute(
        "SELECT file_name, state, reason FROM main.submission "
        "WHERE run = ? AND state IN ('unreadable', 'unidentified') ORDER BY received_at, submission",
        [outcome.run],
    ).fetchall()
    return [{"file_name": name, "state": state, "reason": reason} for name, state, reason in rows]


def _held_forms(
    connection: duckdb.DuckDBPyConnection, outcome: Outcome, declaration: Declaration
) -> list[dict[str, Any]]:
    """A night's own held forms; of the months another run touched, those that hold a form up."""
    if outcome.kind == "nightly":
        chosen, values = "s.run = ?", [outcome.run]
    else:
        chosen = (
            "list_contains(?, s.month) AND EXISTS (FROM main.coverage c WHERE c.month = s.month "
            "AND c.unit_code = s.unit_code AND c.form = f.form AND c.state = 'held')"
        )
        values = [[periods.first_day(month) for month in sorted(outcome.months)]]  # type: ignore[list-item]  # one value, a list
    rows = connection.execute(
        "SELECT s.unit_code, s.month, f.form, (SELECT count(*) FROM main.finding n "
        "WHERE n.submission = f.submission AND n.form = f.form "
        "AND (n.level = 'error' OR (n.level = 'query' AND n.explanation IS NULL))) "
        "FROM main.submission_form f JOIN main.submission s ON s.submission = f.submission "
        f"WHERE f.state = 'held' AND {chosen} "
        "QUALIFY row_number() OVER (PARTITION BY s.unit_code, s.month, f.form "
        "ORDER BY s.received_at DESC, s.submission DESC) = 1 ORDER BY s.month, s.unit_code, f.form",
        values,
    ).fetchall()
    return [
        {
            "unit_code": code,
            "unit_name": _name(declaration, code),
            "month": _label(month),
            "form": form,
            "findings": findings,
        }
        for code, month, form, findings in rows
    ]


def _missing(
    connection: duckdb.DuckDBPyConnection, outcome: Outcome, declaration: Declaration
) -> list[dict[str, Any]]:
    today = local_day(outcome.started_at, declaration.time_zone)
    rows = connection.execute(
        "SELECT month, unit_code, list(form ORDER BY form) FROM main.coverage "
        "WHERE state = 'missing' "
        "AND month = (SELECT max(month) FROM main.coverage WHERE due_on < ?) "
        "GROUP BY month, unit_code ORDER BY unit_code",
        [today],
    ).fetchall()
    return [
        {
            "month": _label(month),
            "unit_code": code,
            "unit_name": _name(declaration, code),
            "forms": forms,
        }
        for month, code, forms in rows
    ]


def _name(declaration: Declaration, code: str) -> str:
    unit = declaration.unit_by_code.get(code)
    return code if unit is None else unit.name


def _label(month: Any) -> str:
    return periods.month_label(periods.month_of(month))


def night_markdown(summary: Summary) -> str:
    """The summary as a Markdown page; what comes from files is text there and nothing else."""
    counts = [summary[each] for each in COUNTS]
    lines = [
        f"# {_TITLES.get(summary['kind'], 'Run')} {plain(summary['run'])}",
        f"Started {plain(summary['started_at'])} (UTC).",
        _table(
            (
                "Files received",
                "Forms accepted",
                "Forms held",
                "Values revised",
                "Workbooks returned",
                "Letters sent",
            ),
            [tuple(counts)],
        ),
        "## What could not be reached",
        _table(("Place",), [(each,) for each in summary["passed_over"]]),
        "## What is to be known of what came",
        _table(("What",), [(each,) for each in summary["noted"]]),
        "## Files that could not be read or placed",
        _table(
            ("File", "State", "Reason"),
            [(e["file_name"], e["state"], e["reason"]) for e in summary["files_with_trouble"]],
        ),
        "## Forms held",
        _table(
            ("Unit", "Month", "Form", "Findings"),
            [(e["unit_name"], e["month"], e["form"], e["findings"]) for e in summary["held_forms"]],
        ),
        "## Who is missing",
        _table(
            ("Month", "Unit", "Forms"),
            [(e["month"], e["unit_name"], ", ".join(e["forms"])) for e in summary["missing"]],
        ),
    ]
    return "\n\n".join(lines) + "\n"


def _table(headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    if not rows:
        return "None."
    lines = [headings, ("---",) * len(headings)]
    lines += [tuple(plain(cell) for cell in row) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain(value: object) -> str:
    """The value as Markdown that shows its characters: no markup, link, HTML or line break."""
    text = "" if value is None else " ".join(str(value).split())
    # Control and direction characters show nothing but may change how the rest is shown.
    text = "".join(each for each in text if unicodedata.category(each)[0] != "C")
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return "".join(_shown(each) for each in text)


def _shown(letter: str) -> str:
    if letter in _ENTITIES:
        return _ENTITIES[letter]
    return f"\\{letter}" if letter in string.punctuation else letter
