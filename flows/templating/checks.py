"""A figure form's live checks: what its declared rules come to as formulas on its sheet.

Which rules apply in a month, and what rounding excuses, is what the checks of returns go by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from flows.checking.allowances import carried_slack, units_asked, year_to_date_allowance
from flows.templating.formulas import EXACT, HOLDS, Cells, check, literal, missing
from flows.templating.previous import Previous, micro
from schemas.declaring import general
from schemas.declaring.conditions import Amount, leaves
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm
from schemas.declaring.rules import (
    ASKED,
    YTD,
    CarriedForward,
    FrameRule,
    Level,
    Rule,
    amount,
)
from schemas.declaring.versions import YUAN


class Counted(NamedTuple):
    """What a ledger's rows come to for a figure, as formulas."""

    ledger_zh: str
    amount: str
    unknown: str
    """The condition that it is not known."""


class LiveCheck(NamedTuple):
    """A check on the row of its figure; `cumulative` says that it is about 本年累计."""

    figure: str
    cumulative: bool
    rule: str
    level: Level
    formula: str


def balance_checks(form: FigureForm, cells: Cells) -> Iterator[LiveCheck]:
    """The checks of a unit's form that need nothing beside it."""
    for rule in form.rules:
        yield from _balance(rule, cells)


def later_checks(
    declaration: Declaration,
    form: FigureForm,
    month: int,
    cells: Cells,
    previous: Previous,
    counted: Mapping[str, Counted],
) -> Iterator[LiveCheck]:
    """Those over time and against ledgers; `counted` has what these come to, by figure.

    They say nothing of a cell on which a balance has an error already: see `Cells.wrong`.
    """
    for figure in cells.figures.values():
        if figure.kind == "flow" and not figure.cumulative_only:
            yield from _year_to_date(declaration, form, month, cells, previous, figure)
    for carried in form.carried:
        yield from _carried(declaration, form, month, cells, previous, carried)
    for name, each in counted.items():
        if name in cells.figures:
            yield _across(cells, cells.figures[name], each)


def _balance(rule: FrameRule, cells: Cells) -> Iterator[LiveCheck]:
    applies = rule.applies(cells.frame)
    if applies is not None and not bool(applies.iloc[0]):
        return
    inputs = [
        Amount(each.removesuffix(YTD), each.endswith(YTD))
        for each in rule.inputs
        if not _is_left_out(rule, each.removesuffix(YTD), cells)
    ]
    if any(each.figure not in cells.rows for each in inputs):
        return  # it needs a line that another group of units fills in
    amounts = {name: cells.amount(each) for name, each in rule.said}
    formula = check(
        missing(map(cells.place, inputs)),
        cells.holds(rule.condition),
        rule.rule.level,
        cells.says(rule.figure, rule.rule.brief, amounts, [each.figure for each in inputs]),
    )
    yield LiveCheck(rule.figure, rule.cumulative, rule.rule.code, rule.rule.level, formula)


def _is_left_out(rule: FrameRule, figure: str, cells: Cells) -> bool:
    """Whether it is a part that the month does not ask."""
    asked = figure + ASKED
    return (
        figure in rule.parts
        and asked in cells.frame.columns
        and not bool(cells.frame[asked].iloc[0])
    )


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
    message = rule.brief.replace("{name}", figure.name_zh)
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


def _across(cells: Cells, figure: Figure, counted: Counted) -> LiveCheck:
    own = Amount(figure.name)
    value = cells.amount(own)
    rule = general.ACROSS
    message = rule.brief.replace("{name}", figure.name_zh).replace("{ledger}", counted.ledger_zh)
    said = cells.says(figure.name, message, {"value": value, "counted": counted.amount}, ())
    formula = check(
        f"OR({cells.unusable([own])},{counted.unknown})",
        f"ROUND({value}-({counted.amount}),{EXACT})=0",
        rule.level,
        said,
    )
    return LiveCheck(figure.name, False, rule.code, rule.level, formula)


def whole(formulas: list[str]) -> str:
    """What stands in 审核: nothing, √, or the sentences of the checks that do not hold."""
    joined, tick = "&".join(formulas), literal(HOLDS)
    bare = f'SUBSTITUTE({joined},{tick},"")'
    return f'IF(LEN({joined})=0,"",IF(LEN({bare})=0,{tick},{bare}))'
