"""Homes for tests: files into an inbox, nights at a clock, tables to compare."""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from flows import pipeline
from flows.demo.layout import Layout, plain_layout
from flows.demo.returns import FigureSheet, Line, Return
from flows.demo.workbook import Book, write_workbook
from flows.demo.world import World
from flows.home import Home, open_home
from flows.replay import Outcome
from flows.settings import Settings
from flows.warehouse.store import connect
from flows.warehouse.tables import public_tables
from schemas.declaring.periods import first_day, parse_month

TOWN, OTHER_TOWN = "500114112", "500114001"


def changed(given: Return, figure: str, **changes: Any) -> Return:
    """The return with one line changed, e.g. value=Decimal(3)."""

    def change(line: Line) -> Line:
        return replace(line, **changes)

    for sheet in given.sheets:
        if isinstance(sheet, FigureSheet) and any(line.figure == figure for line in sheet.lines):
            return given.with_sheet(sheet.changed(figure, change))
    raise KeyError(figure)


def off_by(given: Return, figure: str, by: str) -> Return:
    """The return with one line's value, and its year to date, so much higher."""
    line = next(
        line
        for sheet in given.sheets
        if isinstance(sheet, FigureSheet)
        for line in sheet.lines
        if line.figure == figure
    )
    assert isinstance(line.value, Decimal)
    changes = {"value": line.value + Decimal(by)}
    if isinstance(line.year_to_date, Decimal):
        changes["year_to_date"] = line.year_to_date + Decimal(by)
    return changed(given, figure, **changes)


def layout_of(given: Return, **looks: Any) -> Layout:
    plain = plain_layout(given.unit_name, given.month, first_day(given.month + 1))
    return replace(plain, **looks)


def content_of(given: Return, **looks: Any) -> bytes:
    return write_workbook(Book(given, layout_of(given, **looks)))


@dataclass
class Place:
    """A home in a temporary folder."""

    folder: Path
    schemas: str = "schemas"

    def home(self, now: str) -> Home:
        return open_home(
            Settings(home=self.folder, now=now, settle_seconds=0, schemas=self.schemas, processes=1)
        )

    def copied(self, folder: Path) -> "Place":
        """The same home, in another folder."""
        shutil.copytree(self.folder, folder)
        return Place(folder, self.schemas)

    def drop(self, name: str, content: bytes, at: str = "2022-02-01T10:00") -> Path:
        path = self.folder / "data/raw/inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        stamp = dt.datetime.fromisoformat(at + "+08:00").timestamp()
        os.utime(path, (stamp, stamp))
        return path

    def send(self, given: Return, name: str | None = None, at: str = "2022-02-01T10:00") -> None:
        month = f"{given.month // 12}-{given.month % 12 + 1:02d}"
        self.drop(name or f"{given.unit_name}{month}月报.xlsx", content_of(given), at)

    def night(self, now: str) -> Outcome:
        return pipeline.nightly(self.home(now))

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        with self._connected() as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def tables(self, without: tuple[str, ...] = ("run",)) -> dict[str, list[tuple[Any, ...]]]:
        """Every public table's rows, sorted."""
        declaration = self.home("2022-01-01").declaration
        with self._connected() as connection:
            return {
                table.name: connection.execute(
                    f'SELECT * FROM main."{table.name}" ORDER BY ALL'
                ).fetchall()
                for table in public_tables(declaration)
                if table.name not in without
            }

    def _connected(self) -> duckdb.DuckDBPyConnection:
        return connect(self.folder / "data/warehouse/minzheng.duckdb", read_only=True)


def fill(place: Place, world: World, first: str, last: str, units: tuple[str, ...]) -> None:
    """Send those units' right returns of those months, a night after each month."""
    for month in range(parse_month(first), parse_month(last) + 1):
        day = first_day(month + 1)
        for unit in units:
            place.send(world.returns[unit, month], at=f"{day:%Y-%m}-02T10:00")
        place.night(f"{day:%Y-%m}-05T23:00")


def only(given: Return, *forms: str) -> Return:
    return given.only(set(forms))


Change = Callable[[Return], Return]
