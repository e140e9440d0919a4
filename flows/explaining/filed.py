"""What was filed: the files received, the forms due with their versions, the rows of ledgers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import duckdb

from flows.errors import NotThere


class File(NamedTuple):
    """A file received: its place below the archive, and in a zip there."""

    submission: str
    received_at: dt.datetime | None
    file_name: str | None
    archived_as: str | None
    member: str | None


class DueForm(NamedTuple):
    """A form due, what became of it, and the versions of it that came, oldest first."""

    form: str
    due_on: dt.date
    received_at: dt.datetime | None
    state: str | None
    versions: tuple[tuple[str, str], ...]
    """(submission, its form's state): the last one held is what it waits for."""
    submission: str | None
    """The version whose arrival counts."""


class Filed:
    """What was filed, asked for once. Forms due are as they stand now."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._files: dict[str, File] = {}
        self._due: dict[int, dict[tuple[str, int], list[DueForm]]] = {}

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(query, list(parameters)).fetchall()

    def files(self, submissions: Iterable[str]) -> Mapping[str, File]:
        """The files at hand, the submissions among them."""
        absent = sorted({each for each in submissions if each not in self._files})
        if absent:
            for row in self.rows(
                f"SELECT {', '.join(File._fields)} FROM main.submission "
                "WHERE list_contains(?, submission)",
                absent,
            ):
                self._files[row[0]] = File(*row)
            for each in absent:
                self._files.setdefault(each, File(each, None, None, None, None))
        return self._files

    def due(self, year: int) -> dict[tuple[str, int], list[DueForm]]:
        """The forms due in the year, by unit code and month."""
        if year not in self._due:
            found: dict[tuple[str, int], list[DueForm]] = defaultdict(list)
            for unit, month, form, due_on, received_at, state, came, which in self.rows(_DUE, year):
                versions = tuple((each["submission"], each["state"]) for each in came or ())
                found[unit, month].append(
                    DueForm(form, due_on, received_at, state, versions, which)
                )
            self._due[year] = dict(found)
        return self._due[year]

    def ledger_rows(
        self, table: str, columns: Collection[str], readings: Collection[int]
    ) -> dict[int, list[dict[str, Any]]]:
        """The rows of a ledger's versions, by reading; `columns` with sheet and row."""
        names = ("row", "sheet", *columns)
        found: dict[int, list[dict[str, Any]]] = {reading: [] for reading in readings}
        try:
            rows = self.rows(
                f"SELECT reading, {', '.join(names)} FROM internal.{table} "
                "WHERE list_contains(?, reading) ORDER BY reading, rowid",
                list(readings),
            )
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise NotThere(
                f"The rows of {table} in the warehouse were kept by another version of this "
                "program or of the ledger; run `minzheng rebuild`."
            ) from error
        for reading, *cells in rows:
            found[reading].append(dict(zip(names, cells, strict=True)))
        return found


_DUE = (
    "WITH version AS (SELECT r.unit_code, r.month, r.form, r.submission, r.sequence, "
    "s.received_at, f.state FROM internal.reading r "
    "JOIN main.submission s ON s.submission = r.submission "
    "JOIN main.submission_form f ON f.submission = r.submission AND f.form = r.form "
    "WHERE r.latest AND r.month // 12 = ?1) "
    "SELECT d.unit_code, d.month, d.form, d.due_on, d.received_at, d.state, "
    "list({'submission': v.submission, 'state': v.state} ORDER BY v.sequence) "
    "FILTER (WHERE v.submission IS NOT NULL), "
    "arg_min(v.submission, v.sequence) FILTER (WHERE v.received_at = d.received_at) "
    "FROM internal.due_form d LEFT JOIN version v ON v.unit_code = d.unit_code "
    "AND v.month = d.month AND v.form = d.form WHERE d.month // 12 = ?1 "
    "GROUP BY d.unit_code, d.month, d.form, d.due_on, d.received_at, d.state "
    "ORDER BY d.unit_code, d.month, d.form"
)
