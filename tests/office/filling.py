"""Templates handed out, and filled in as a unit does with what it truly reports."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from flows.checking.batch import Finding, Return, build
from flows.checking.judge import judge
from flows.demo.returns import FigureSheet, LedgerSheet
from flows.demo.world import World
from flows.reading.results import Workbook
from flows.templating.sheets import FIRST_ROW
from flows.warehouse.in_force import load_in_force
from flows.warehouse.store import Store, connect
from schemas.declaration import DECLARATION
from schemas.declaring.model import Ledger
from schemas.declaring.periods import parse_month
from tests.homes import TOWN, Place
from tests.office.libreoffice import Document

MARCH = parse_month("2023-03")
BUREAU = "500114000"
UNITS = (
    [unit.code for unit in DECLARATION.reporting_units(MARCH)]
    if os.environ.get("MINZHENG_OFFICE_UNITS") == "all"
    else [TOWN, BUREAU]
)


@dataclass
class HandedOut:
    place: Place
    folder: Path
    world: World

    def path(self, unit: str) -> Path:
        return self.folder / f"{DECLARATION.unit_by_code[unit].name}2023-03月报.xlsx"

    def findings(self, book: Workbook) -> list[Finding]:
        """What the night would find, against what is in force."""
        assert book.unit is not None
        assert book.month is not None
        returns = [Return("x", 0, book.unit, book.month, book.sheets, book.findings)]
        path = self.place.folder / "data/warehouse/minzheng.duckdb"
        with connect(path, read_only=True) as connection:
            state = load_in_force(Store(connection, path, DECLARATION), returns)
        batch = build(returns, DECLARATION)
        judge(batch, state, dt.datetime.fromisoformat("2023-04-03T04:00"))
        return batch.findings


def typed(value: object) -> str:
    return "" if value is None else str(value)


def fill_in(document: Document, world: World, unit: str) -> None:
    """What the unit truly reports, 本年累计 as proposed; its ledgers row by row."""
    for sheet in world.returns[unit, MARCH].sheets:
        if isinstance(sheet, FigureSheet):
            cells = {f"E{FIRST_ROW + at}": typed(line.value) for at, line in enumerate(sheet.lines)}
            assert document.fill(sheet.title_zh, cells) == []
            foot = FIRST_ROW + len(sheet.lines) + 1
            document.fill(sheet.title_zh, {f"C{foot}": "张某", f"C{foot + 1}": "023-79220000"})
        else:
            fill_ledger(document, sheet)


def fill_ledger(document: Document, sheet: LedgerSheet) -> None:
    ledger = DECLARATION.by_name[sheet.form]
    assert isinstance(ledger, Ledger)
    cells = {}
    for at, row in enumerate(sheet.rows):
        for column, each in enumerate(ledger.columns):
            cells[f"{chr(66 + column)}{FIRST_ROW + at}"] = typed(row[each.name])
    assert document.fill(sheet.title_zh, cells) == []
