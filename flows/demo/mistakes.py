"""What people get wrong in a return, a function each, and what should be found in it.

Every function takes the true return (and the unit's return of the month before, where
there is one) and gives the spoiled return with what was planted in it, or None where
there is nothing to get wrong in that way. Amounts are in the line's own unit.
"""

from dataclasses import replace
from decimal import Decimal

from flows.demo.grid import MONTH, SUM_ABOVE, YEAR_TO_DATE
from flows.demo.planted import Planted
from flows.demo.returns import FigureSheet, Line, Return
from flows.demo.spoiling import Spoiled, number, spoil, spoil_row, to_date, with_value

RELIEF, CARE, OUTREACH = "social_assistance", "elderly_care", "policy_outreach"
TOMBS = "living_tombs"
MEASURE = "计量单位"
WAN = 10_000


def wrong_sum(content: Return, before: Return | None) -> Spoiled | None:
    """The total of relief funds is 10 万元 too high, month and year to date alike."""
    planted = Planted("wrong_sum", RELIEF, "relief_funds", MONTH, "error", "B0105")
    return spoil(content, planted, lambda line, _: with_value(line, number(line) + 10))


def rounding(content: Return, before: Return | None) -> Spoiled | None:
    """The month's total is 0.1 万元 off its parts, as rounded parts are."""
    planted = Planted("rounding", RELIEF, "relief_funds", MONTH, "query", "B0105R")
    off = Decimal("0.1")
    return spoil(content, planted, lambda line, _: replace(line, value=number(line) + off))


def fraction(content: Return, before: Return | None) -> Spoiled | None:
    """Half a person."""
    planted = Planted("fraction", RELIEF, "urban_dibao_recipients", MONTH, "error", "V04")
    return spoil(content, planted, lambda line, _: with_value(line, number(line) + Decimal("0.5")))


def text(content: Return, before: Return | None) -> Spoiled | None:
    """若干 (some) where a number is asked."""
    planted = Planted("text", CARE, "visited_older_people", MONTH, "error", "V02")
    return spoil(content, planted, lambda line, _: replace(line, value="若干"))


def blank(content: Return, before: Return | None) -> Spoiled | None:
    """Nothing where a number is asked."""
    planted = Planted("blank", CARE, "social_work_stations", MONTH, "error", "V01")
    return spoil(content, planted, lambda line, _: replace(line, value=None))


def negative(content: Return, before: Return | None) -> Spoiled | None:
    """A stray minus."""
    planted = Planted("negative", RELIEF, "orphans", MONTH, "error", "V03")
    return spoil(content, planted, lambda line, _: with_value(line, -max(number(line), Decimal(1))))


def unit_of_measure(content: Return, before: Return | None) -> Spoiled | None:
    """人 where 万元 is asked."""
    planted = Planted("unit_of_measure", RELIEF, "temporary_aid_funds", MEASURE, "error", "S05")
    return spoil(content, planted, lambda line, _: replace(line, unit="人"))


def written_in_yuan(content: Return, before: Return | None) -> Spoiled | None:
    """The right amounts in 元, and 元 said so: converted, with a notice."""
    planted = Planted("written_in_yuan", RELIEF, "temporary_aid_funds", MONTH, "notice", "N02")

    def change(line: Line, _: FigureSheet) -> Line:
        return replace(line, unit="元", value=number(line) * WAN, year_to_date=to_date(line) * WAN)

    return spoil(content, planted, change)


def of_which(content: Return, before: Return | None) -> Spoiled | None:
    """A 其中 line above its total, by 6 people."""
    planted = Planted("of_which", RELIEF, "monitored_people_helped", MONTH, "error", "B0104")

    def change(line: Line, sheet: FigureSheet) -> Line:
        return with_value(line, number(sheet.line("monitored_low_income_people")) + 6)

    return spoil(content, planted, change)


def households(content: Return, before: Return | None) -> Spoiled | None:
    """More households than people, by 7."""
    planted = Planted("households", RELIEF, "urban_dibao_households", MONTH, "error", "B0101")

    def change(line: Line, sheet: FigureSheet) -> Line:
        return with_value(line, number(sheet.line("urban_dibao_recipients")) + 7)

    return spoil(content, planted, change)


def year_to_date(content: Return, before: Return | None) -> Spoiled | None:
    """本年累计 is 100 more than the months come to."""
    planted = Planted(
        "year_to_date", OUTREACH, "handbooks_distributed", YEAR_TO_DATE, "error", "T01"
    )
    return spoil(content, planted, lambda line, _: replace(line, year_to_date=to_date(line) + 100))


def slip_of_unit(content: Return, before: Return | None) -> Spoiled | None:
    """A flow 10,000 times too high, 本年累计 with it."""
    planted = Planted("slip_of_unit", OUTREACH, "handbooks_distributed", MONTH, "query", "P01")
    return spoil(content, planted, lambda line, _: with_value(line, number(line) * WAN))


def copied(content: Return, before: Return | None) -> Spoiled | None:
    """Last month's flows once more, 本年累计 going on from them."""
    sheet = content.figure_sheet(CARE)
    old = None if before is None else before.figure_sheet(CARE)
    if sheet is None or old is None:
        return None
    lines = tuple(
        with_value(line, number(old.line(line.figure))) if line.is_flow else line
        for line in sheet.lines
    )
    first = next(line.figure for line in lines if line.is_flow)
    planted = Planted("copied", CARE, first, MONTH, "query", "P03", anywhere=True)
    return content.with_sheet(replace(sheet, lines=lines)), planted


def formula(content: Return, before: Return | None) -> Spoiled | None:
    """A formula that was never calculated where the total belongs.

    A reader of stored values alone cannot tell it from a blank.
    """
    planted = Planted("formula", RELIEF, "relief_funds", MONTH, "error", "V01")
    return spoil(content, planted, lambda line, _: replace(line, value=SUM_ABOVE))


def ledger_mismatch(content: Return, before: Return | None) -> Spoiled | None:
    """One canteen more than the ledger has in operation."""
    planted = Planted("ledger_mismatch", CARE, "canteens_operating", MONTH, "query", "X01")
    return spoil(content, planted, lambda line, _: with_value(line, number(line) + 1))


def number_twice(content: Return, before: Return | None) -> Spoiled | None:
    """Two tombs under one number."""
    ledger = content.ledger(TOMBS)
    if ledger is None or len(ledger.rows) < 2:
        return None
    return spoil_row(content, TOMBS, 1, "tomb_no", ledger.rows[0]["tomb_no"], "number_twice", "L05")


def ledger_blank(content: Return, before: Return | None) -> Spoiled | None:
    """A tomb without a measure."""
    return spoil_row(content, TOMBS, 0, "measure", None, "ledger_blank", "L01")


def no_date(content: Return, before: Return | None) -> Spoiled | None:
    """A deadline on the 31st of February."""
    return spoil_row(content, TOMBS, 0, "deadline", "2023-02-31", "no_date", "L03")


def misreport(content: Return, before: Return | None) -> Spoiled | None:
    """A plausible value that is one too high: only its sender can find it, and sends it again."""
    planted = Planted("misreport", "mental_rehabilitation", "severely_disabled_in_care", MONTH)
    return spoil(content, planted, lambda line, _: with_value(line, number(line) + 1))


def explained(content: Return, planted: Planted, reason: str) -> Spoiled:
    """The spoiled return with a reason in the line's 说明."""
    sheet = content.figure_sheet(planted.form)
    if sheet is None:
        raise ValueError(f"{planted.form} has no 说明")
    changed = sheet.changed(planted.figure, lambda line: replace(line, note=reason))
    return content.with_sheet(changed), replace(planted, outcome="explained")
