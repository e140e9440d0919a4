"""Live checks over time: 本年累计 and stocks against what is in force of the months before.

What rounding excuses is what the checks of returns go by.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from flows.checking.allowances import carried_slack, units_asked, year_to_date_allowance
from flows.templating.checks import LiveCheck
from flows.templating.formulas import EXACT, Cells, check, tell
from flows.templating.previous import Previous, micro
from schemas.declaring import general
from schemas.declaring.conditions import Amount, leaves
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm
from schemas.declaring.rules import CarriedForward, Rule, amount
from schemas.declaring.versions import YUAN


def checks_over_time(
    declaration: Declaration, form: FigureForm, cells: Cells, previous: Previous
) -> Iterator[LiveCheck]:
    """The checks of a unit's form for the month that `previous` is before.

    They say nothing of a cell on which a balance has an error already: see `Cells.wrong`.
    """
    month = previous.month
    for figure in cells.figures.values():
        if figure.kind == "flow" and not figure.cumulative_only:
            yield from _year_to_date(declaration, form, month, cells, previous, figure)
    for carried in form.carried:
        yield from _carried(declaration, form, month, cells, previous, carried)


class _Base(NamedTuple):
    """What a 本年累计 may be made of beside 本月数: last month's, or the sum of the months."""

    amount: str
    off: str
    query: int
    right: int


def _year_to_date(
    declaration: Declaration,
    form: FigureForm,
    month: int,
    cells: Cells,
    previous: Previous,
    figure: Figure,
) -> Iterator[LiveCheck]:
    own, total = Amount(figure.name), Amount(figure.name, cumulative=True)
    here, whole = cells.amount(own), cells.amount(total)
    last = previous.year_to_date(figure.name, form.months)
    summed = previous.summed(figure.name, form.months)
    begins = {"last": month - form.months, "sum": month - month % 12}
    known: dict[str, tuple[Decimal, str]] = {}
    if last is not None:
        known["last"] = last, amount(micro(last))
    if summed is not None and summed != last:
        known["sum"] = summed, amount(micro(summed))
    converted = figure.asked_in != figure.unit
    bases = []
    for name, (value, written) in known.items():
        asked_in = units_asked(declaration, figure.name, begins[name], month)
        allowed = year_to_date_allowance(figure, converted, micro(value), asked_in)
        off = f"ROUND({whole}-({written}+{here}),{EXACT})"
        bases.append(_Base(written, off, allowed.query, allowed.right))
    if not bases:
        return
    unknown = cells.unusable((own, total))
    exact = ",".join(f"{each.off}=0" for each in bases)
    for rule, slight in ((general.YEAR_TO_DATE, False), (general.YEAR_TO_DATE_ROUNDING, True)):
        if slight and not any(each.query for each in bases):
            continue
        held = [_is_held(each, slight) for each in bases]
        said = [_said(rule, cells, figure, each, here, whole) for each in bases]
        holds, sentence = held[0], said[0]
        if len(bases) > 1:  # the nearer one is what a finding would name
            nearer = f"ABS({bases[0].off})<=ABS({bases[1].off})"
            holds = f"IF({nearer},{held[0]},{held[1]})"
            sentence = f"IF({nearer},{said[0]},{said[1]})"
        formula = check(unknown, f"OR({exact},{holds})", rule.level, sentence)
        yield LiveCheck(figure.name, True, rule.code, rule.level, formula)


def _is_held(base: _Base, slight: bool) -> str:
    distance = f"ABS({base.off})"
    if not slight:
        return f"{distance}<={amount(base.query)}"
    return f"OR({distance}<={amount(base.right)},{distance}>{amount(base.query)})"


def _said(rule: Rule, cells: Cells, figure: Figure, base: _Base, here: str, whole: str) -> str:
    amounts = {
        "value": whole,
        "before": base.amount,
        "month": here,
        "expected": f"({base.amount}+{here})",
        "off": f"ABS({base.off})",
    }
    message = tell(rule.brief, {"name": figure.name_zh})
    return cells.says(figure.name, message, amounts, ())


def _carried(
    declaration: Declaration,
    form: FigureForm,
    month: int,
    cells: Cells,
    previous: Previous,
    carried: CarriedForward,
) -> Iterator[LiveCheck]:
    names = (*carried.stocks, *carried.plus, *carried.minus)
    if any(each not in cells.figures for each in names):
        return
    first = month - form.months
    held = [previous.held(each, first) for each in carried.stocks]
    if any(each is None or each.value is None for each in held):
        return
    now = [cells.figures[each].asked_in != cells.figures[each].unit for each in names]
    before = [YUAN in units_asked(declaration, each, first, month) for each in carried.stocks]
    slack = int(carried_slack(np.array([[*now, *before]]))[0])
    amounts = {name: cells.amount(each) for name, each in carried.said}
    formula = check(
        cells.unusable(leaves(carried.off)),
        f"ROUND(ABS({cells.amount(carried.off)})-{amount(slack)},{EXACT})<=0",
        carried.rule.level,
        cells.says(carried.figure, carried.rule.brief, amounts, ()),
    )
    yield LiveCheck(carried.figure, False, carried.rule.code, carried.rule.level, formula)
