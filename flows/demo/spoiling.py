"""How one line or one ledger cell of a true return is spoiled."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from flows.demo.planted import Planted
from flows.demo.returns import FigureSheet, LedgerValue, Line, Return

Spoiled = tuple[Return, Planted]


def spoil(
    content: Return, planted: Planted, change: Callable[[Line, FigureSheet], Line]
) -> Spoiled | None:
    """One line changed by a function of the line and its sheet; None where there is no such line."""
    sheet = content.figure_sheet(planted.form)
    if sheet is None or all(line.figure != planted.figure for line in sheet.lines):
        return None
    changed = sheet.changed(planted.figure, lambda line: change(line, sheet))
    return content.with_sheet(changed), planted


def spoil_row(
    content: Return, form: str, row: int, column: str, value: LedgerValue, mistake: str, rule: str
) -> Spoiled | None:
    """One cell of a ledger's row (from 0) changed; None where there is no such row."""
    ledger = content.ledger(form)
    if ledger is None or row >= len(ledger.rows):
        return None
    column_zh = dict(ledger.columns)[column]
    # Which of two rows of one number is the wrong one is for the sender to say.
    planted = Planted(mistake, form, column, column_zh, "error", rule, row, anywhere=rule == "L05")
    return content.with_sheet(ledger.changed(row, column, value)), planted


def number(line: Line) -> Decimal:
    """The month's value, in the line's unit; TypeError where the line is spoiled already."""
    if not isinstance(line.value, Decimal):
        raise TypeError(f"{line.figure} is spoiled already")
    return line.value


def to_date(line: Line) -> Decimal:
    """本年累计, in the line's unit; TypeError for a stock."""
    if not isinstance(line.year_to_date, Decimal):
        raise TypeError(f"{line.figure} has no 本年累计")
    return line.year_to_date


def with_value(line: Line, value: Decimal) -> Line:
    """The line with another month's value; 本年累计 of a flow follows it."""
    follows = to_date(line) - number(line) + value if line.is_flow else None
    return replace(line, value=value, year_to_date=follows)
