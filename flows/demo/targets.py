"""目标任务表: what the bureau plans for each year."""

import datetime as dt
from decimal import Decimal

from flows.demo.returns import FigureSheet, Return, Row, ledger_sheet
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


def make_targets(
    declaration: Declaration, returns: dict[tuple[str, int], Return]
) -> dict[int, Return]:
    """What the bureau plans for each year: twelve times its first month, rounded up a little."""
    ledger = next((each for each in declaration.ledgers if each.yearly), None)
    offices = [unit for unit in declaration.units if declaration.group(unit.code) == "bureau"]
    if ledger is None or not offices:
        return {}
    made = {}
    for month in sorted({month for _, month in returns if month % 12 == 0}):
        totals = dict.fromkeys(TARGETED, 0)
        for (_, its_month), each in returns.items():
            if its_month == month:
                for sheet in each.sheets:
                    for line in sheet.lines if isinstance(sheet, FigureSheet) else ():
                        if line.figure in totals and isinstance(line.value, Decimal):
                            totals[line.figure] += int(line.value)
        planned = {
            declaration.figures[name].name_zh: -(-total * 12 * 21 // 20 // 40) * 40
            for name, total in totals.items()
            if name in declaration.figures
        }
        sheet = ledger_sheet(ledger, _target_rows(month // 12, planned))
        made[month // 12] = Return(offices[0].code, offices[0].name, month, (sheet,))
    return made


def sent_on(year: int) -> dt.date:
    """The day on which a year's targets come: when January, which they name, is over."""
    return dt.date(year, 2, 2)


def _target_rows(year: int, planned: dict[str, int]) -> list[Row]:
    """The rows of 目标任务表: per indicator the year's total, reached in even steps."""
    return [
        {
            "indicator_name": name_zh,
            "year": year,
            **{f"target_q{quarter}": Decimal(total * quarter // 4) for quarter in range(1, 5)},
            "note": None,
        }
        for name_zh, total in planned.items()
    ]
