"""A figure form's live checks: its balances, and its figures against ledgers, as formulas.

Which rules apply in a month, and what rounding excuses, is what the checks of returns go by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flows.templating.formulas import EXACT, HOLDS, Cells, check, tell
from flows.templating.typed import literal
from schemas.declaring import general
from schemas.declaring.conditions import Amount
from schemas.declaring.model import Figure, FigureForm
from schemas.declaring.rules import ASKED, YTD, FrameRule, Level


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


def ledger_checks(cells: Cells, counted: Mapping[str, Counted]) -> Iterator[LiveCheck]:
    """The checks against ledgers; `counted` has what these come to, by figure."""
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
        cells.unusable(inputs),
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


def _across(cells: Cells, figure: Figure, counted: Counted) -> LiveCheck:
    own = Amount(figure.name)
    value = cells.amount(own)
    rule = general.ACROSS
    message = tell(rule.brief, {"name": figure.name_zh, "ledger": counted.ledger_zh})
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
