"""Units, forms and submissions as a person names them."""

from __future__ import annotations

import duckdb

from flows.errors import NotThere
from schemas.declaring.district import Declaration
from schemas.declaring.model import Unit
from schemas.declaring.names import normal


def find_unit(declaration: Declaration, said: str, month: int | None = None) -> Unit:
    """The unit of that name or code; NotThere where there is none or more than one."""
    found = declaration.find_units(said, month)
    if len(found) != 1:
        raise NotThere(
            f"There is no unit {said!r}"
            + ("" if month is None else " in that month")
            + "; write its name as in the register, or its code."
        )
    return found[0]


def find_form(declaration: Declaration, said: str) -> str:
    """The name of the form of that name, number (QJMZ01) or title; NotThere where there is none."""
    for form in declaration.all_forms:
        names = form.name, form.form_no.lower(), normal(form.title_zh)
        if normal(said).lower() in names:
            return form.name
    raise NotThere(
        f"There is no form {said!r}; known: {', '.join(declaration.by_name)}, or their numbers "
        "and titles."
    )


def find_submission(connection: duckdb.DuckDBPyConnection, said: str) -> tuple[str, str]:
    """The submission's full name and state; NotThere where there is none."""
    row = connection.execute(
        "SELECT submission, state FROM main.submission WHERE submission = ?", [said]
    ).fetchone()
    if row is None:
        raise NotThere(
            f"There is no submission {said!r}; `minzheng status` lists those that need attention."
        )
    return str(row[0]), str(row[1])
