"""目标任务表: what the bureau plans for each year, and what it changes at half-time."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from flows.demo.returns import FigureSheet, LedgerSheet, Return, Row, ledger_sheet
from schemas.declaring.district import Declaration

TARGETED = (
    "six_deliveries_sessions",
    "bathing_service_visits",
    "home_service_visits",
    "five_child_sessions",
    "handbooks_distributed",
    "village_meetings",
    "households_visited",
)
BY_YEAR = {"canteens_operating": 10}
"""Stocks planned for the year's end alone, and by how many more."""
RATES = {"living_tomb_removal_rate": Decimal(30)}
"""What is planned for a rate by the year's end, in %."""
HALF_TIME = (6, 20)
"""The day on which the year's targets are changed, once."""


def make_targets(
    declaration: Declaration, returns: dict[tuple[str, int], Return]
) -> dict[int, Return]:
    """What the bureau plans for each year: nearly twelve times its first month, in whole forties."""
    ledger = next((each for each in declaration.ledgers if each.targets is not None), None)
    offices = [unit for unit in declaration.units if declaration.group(unit.code) == "bureau"]
    if ledger is None or not offices:
        return {}
    made = {}
    rates = {each.name: each.name_zh for each in declaration.indicators}
    for month in sorted({month for _, month in returns if month % 12 == 0}):
        totals = dict.fromkeys((*TARGETED, *BY_YEAR), 0)
        for (_, its_month), each in returns.items():
            if its_month == month:
                for sheet in each.sheets:
                    for line in sheet.lines if isinstance(sheet, FigureSheet) else ():
                        if line.figure in totals and isinstance(line.value, Decimal):
                            totals[line.figure] += int(line.value)
        names = {
            name: figure.name_zh for name, figure in declaration.figures.items() if name in totals
        }
        rows = [
            _in_steps(month // 12, names[name], -(-totals[name] * 12 * 19 // 20 // 40) * 40)
            for name in TARGETED
            if name in names
        ]
        rows += [
            _at_the_end(month // 12, names[name], Decimal(totals[name] + more))
            for name, more in BY_YEAR.items()
            if name in names
        ]
        rows += [
            _at_the_end(month // 12, rates[name], rate)
            for name, rate in RATES.items()
            if name in rates
        ]
        sheet = ledger_sheet(ledger, rows)
        made[month // 12] = Return(offices[0].code, offices[0].name, month, (sheet,))
    return made


def sent_on(year: int) -> dt.date:
    """The day on which a year's targets come: when January, which they name, is over."""
    return dt.date(year, 2, 2)


def changed_at_half_time(targets: Return) -> Return:
    """The table sent again: the first row's later targets are a fifth higher, whole tens."""
    (sheet,) = targets.sheets
    assert isinstance(sheet, LedgerSheet)
    row = dict(sheet.rows[0])
    for column in ("target_q3", "target_q4"):
        row[column] = Decimal(int(str(row[column])) * 6 // 50 * 10)
    row["note"] = "年中调整"
    # Typed anew, with the quotes of another keyboard.
    row["indicator_name"] = str(row["indicator_name"]).replace("“", '"').replace("”", '"')
    return targets.with_sheet(replace(sheet, rows=(row, *sheet.rows[1:])))


def _in_steps(year: int, name_zh: str, total: int) -> Row:
    """The year's total, reached in even steps."""
    steps = {f"target_q{quarter}": Decimal(total * quarter // 4) for quarter in range(1, 5)}
    return {"indicator_name": name_zh, "year": year, **steps, "note": None}


def _at_the_end(year: int, name_zh: str, target: Decimal) -> Row:
    """A target for the year alone."""
    blank = dict.fromkeys(("target_q1", "target_q2", "target_q3"))
    return {"indicator_name": name_zh, "year": year, **blank, "target_q4": target, "note": None}
