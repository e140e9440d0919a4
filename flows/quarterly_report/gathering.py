"""The contents of a quarter's report, taken from the warehouse: as it stands, or as released.

Every number is asked of the tables that `flows.sharing` makes after suppression. Only what
is no number is asked of the warehouse itself: files, cells, rows of ledgers, findings; and
revisions, of series of which nothing is withheld.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from flows.computing.rounding import Standard
from flows.errors import NotThere
from flows.quarterly_report import changes, suppressed
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.items import items_of, report_of
from flows.quarterly_report.rows import File, Finding, Month, Place, Release
from flows.quarterly_report.sayable import Sayable
from flows.quarterly_report.suppressed import MONTH_NUMBER
from flows.releasing.finding import find_release_of
from flows.releasing.freezing import feeding_months
from flows.sharing.shareable import check_declared, shareable, shareable_release
from flows.warehouse.findings import OPEN
from flows.warehouse.store import quoted, reading
from schemas.declaring import periods
from schemas.declaring.district import Declaration


@contextmanager
def gathered(
    warehouse: Path,
    declaration: Declaration,
    quarter: int,
    release: str | None,
    *,
    threshold: int,
    standard: Standard = "half_up",
    synthetic: bool = False,
) -> Iterator[tuple[Contents, duckdb.DuckDBPyConnection]]:
    """The contents, and the tables after suppression that their numbers are from.

    NotThere where the warehouse, the quarter or the release is not, Misuse where the release is
    of another quarter.
    """
    if not warehouse.exists():
        raise NotThere(f"There is no warehouse at {warehouse} yet; run `minzheng nightly` first.")
    with TemporaryDirectory() as folder:
        # Of one state: a night may publish another file while this one is read.
        copy = Path(shutil.copyfile(warehouse, Path(folder) / warehouse.name))
        with reading(copy) as connection:
            check_declared(connection, declaration, warehouse)
            if release is not None:
                release = find_release_of(connection, release, periods.quarter_label(quarter))
        if release is None:
            with shareable(copy, declaration, quarter, threshold) as shared:
                with reading(copy) as connection:
                    source = _Source(connection, declaration, quarter, None)
                    found = source.contents(shared.connection, shared.touched, standard, threshold)
                yield replace(found, synthetic=synthetic), shared.connection
        else:
            with shareable_release(copy, declaration, release, threshold) as frozen:
                with reading(copy) as connection:
                    source = _Source(connection, declaration, quarter, release)
                    found = source.contents(
                        frozen.connection, frozen.touched, standard, frozen.threshold
                    )
                yield replace(found, synthetic=synthetic), frozen.connection


class _Source:
    """One state of the warehouse: as it stands, or what was frozen with a release."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        declaration: Declaration,
        quarter: int,
        release: str | None,
    ) -> None:
        self.connection = connection
        self.declaration = declaration
        self.quarter = quarter
        self.release = release
        self.zone = ZoneInfo(declaration.time_zone)

    def contents(
        self,
        tables: duckdb.DuckDBPyConnection,
        touched: frozenset[str],
        standard: Standard,
        threshold: int,
    ) -> Contents:
        """All of it, the numbers from `tables`; of `touched` indicators anything is withheld."""
        declaration, quarter = self.declaration, self.quarter
        report = report_of(declaration)
        items = items_of(declaration, report)
        levels = suppressed.levels(tables, quarter)
        signed = self._release()
        # The journal's last run or decision that the warehouse holds, where nothing is released.
        at = signed.as_of if signed else self._local(self._last_clock())
        own = {unit for (each, unit, _) in levels if each == quarter} - {declaration.district}
        return Contents(
            declaration=declaration,
            report=report,
            quarter=quarter,
            as_of=at,
            release=signed,
            standard=standard,
            items=items,
            units=tuple(sorted(own)),
            levels=levels,
            growth=suppressed.growth(tables, quarter),
            months=self._months(tables),
            places=self._places(),
            files=self._files(),
            coverage=suppressed.coverage(tables, quarter, self._local_or_none),
            targets=suppressed.targets(tables, quarter),
            findings=self._findings(),
            since=changes.since(
                self.connection,
                declaration,
                quarter,
                self.release,
                changes.Telling(touched, threshold),
                items,
                self._local_or_none,
            ),
            ledgers=self._ledgers(),
        )

    def _release(self) -> Release | None:
        if self.release is None:
            return None
        name, at, by, approved, note = self._rows(
            "SELECT release, as_of, released_by, approved_by, note FROM main.release "
            "WHERE release = ?",
            self.release,
        )[0]
        told = Sayable(self.declaration).note(note)
        return Release(name, self._local(at), by, approved, told)

    def _months(self, tables: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, int], Month]:
        """Values of months; those counted from ledgers and coverage are of no few persons."""
        wanted = feeding_months(self.quarter)
        found = suppressed.months(tables, wanted)
        counts = [
            name for name, (_, count) in self.declaration.counts.items() if count.figure is None
        ]
        for unit, figure, month, value, mark in self._rows(
            f"SELECT unit_code, figure, month, value, mark FROM ({self._facts()}) "
            "WHERE list_contains(?, figure) AND list_contains(?, month)",
            [*counts, "forms_due", "forms_on_time"],
            wanted,
        ):
            found[unit, figure, month] = Month(value, None, mark)
        return found

    def _facts(self) -> str:
        if self.release is None:
            return "SELECT unit_code, figure, month, value, mark FROM internal.month_value"
        return (
            f"SELECT unit_code, figure, {MONTH_NUMBER} AS month, value, mark FROM main.released_figure "
            f"WHERE release = {quoted(self.release)}"
        )

    def _places(self) -> dict[tuple[str, str, int], Place]:
        """Where the months' values stand, of suppressed ones too: a place is no count."""
        if self.release is None:
            counted = "SELECT unit_code, figure, month, submission FROM internal.month_value"
            rows = self._rows(
                f"SELECT unit_code, figure, {MONTH_NUMBER}, submission, sheet, cell "
                f"FROM main.monthly_figure UNION ALL SELECT *, NULL, NULL FROM ({counted}) "
                "WHERE figure NOT IN (SELECT figure FROM main.figure)"
            )
        else:
            rows = self._rows(
                f"SELECT unit_code, figure, {MONTH_NUMBER}, submission, sheet, cell "
                "FROM main.released_figure WHERE release = ?",
                self.release,
            )
        return {(unit, figure, month): Place(*place) for unit, figure, month, *place in rows}

    def _files(self) -> dict[str, File]:
        rows = self._rows("SELECT submission, file_name, received_at FROM main.submission")
        return {name: File(file, self._local_or_none(at)) for name, file, at in rows}

    def _findings(self) -> tuple[Finding, ...]:
        columns = (
            f"unit_code, {MONTH_NUMBER}, form, rule, level, sheet, cell, figure, message, value"
        )
        if self.release is None:
            first, last = (periods.first_day(self.quarter * 3 + at) for at in (0, 2))
            rows = self.connection.execute(
                f"SELECT {columns} FROM ({OPEN}) ORDER BY ALL", {"first": first, "last": last}
            ).fetchall()
        else:
            rows = self._rows(
                f"SELECT {columns} FROM main.released_finding WHERE release = ? ORDER BY ALL",
                self.release,
            )
        sayable = Sayable(self.declaration)
        return tuple(sayable.finding(Finding(*row[:-1]), row[-1]) for row in rows)

    def _ledgers(self) -> dict[str, tuple[dict[str, Any], ...]]:
        """The rows of the ledgers in force at the quarter's end, as they stood at the release."""
        at = "t.until IS NULL"
        if self.release is not None:
            then = f"(SELECT as_of FROM main.release WHERE release = {quoted(self.release)})"
            at = f"t.since <= {then} AND (t.until IS NULL OR t.until > {then})"
        found = {}
        for ledger in self.declaration.ledgers:
            if ledger.yearly:
                continue
            names = [column.name for column in ledger.kept]
            rows = self._rows(
                f"SELECT t.unit_code, t.submission, r.sheet, r.row, "
                f"{', '.join(f'r.{name}' for name in names)} FROM internal.{ledger.table} r "
                f"JOIN internal.tenure t ON t.reading = r.reading WHERE t.month = ? AND {at} "
                "ORDER BY t.unit_code, r.row",
                self.quarter * 3 + 2,
            )
            heads = ("unit_code", "submission", "sheet", "row", *names)
            found[ledger.name] = tuple(dict(zip(heads, row, strict=True)) for row in rows)
        return found

    def _last_clock(self) -> dt.datetime:
        ((at,),) = self._rows(
            "SELECT greatest((SELECT max(finished_at) FROM main.run), "
            "(SELECT max(started_at) FROM main.run), (SELECT max(decided_at) FROM main.decision), "
            "(SELECT max(since) FROM internal.quarterly_version))"
        )
        assert isinstance(at, dt.datetime)  # a warehouse is published by a run
        return at

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(values)).fetchall()

    def _local(self, at: dt.datetime) -> dt.datetime:
        """An instant, UTC without zone, as the district's clocks show it."""
        return at.replace(tzinfo=dt.UTC).astimezone(self.zone).replace(tzinfo=None)

    def _local_or_none(self, at: dt.datetime | None) -> dt.datetime | None:
        return None if at is None else self._local(at)
