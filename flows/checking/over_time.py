"""Rules over time and across forms, against what is in force when a return is judged.

All returns of one month and one turn (a unit's first return of the month, its second,
…) are judged together, as whole arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from flows.checking.allowances import carried_slack, units_asked, year_to_date_allowance
from flows.checking.batch import Batch, Bools, Finding, Ints
from flows.checking.history import InForce
from flows.checking.single import in_words, on_figure
from schemas.declaring import general
from schemas.declaring.model import Figure
from schemas.declaring.rules import BEFORE, CarriedForward, amount
from schemas.declaring.versions import YUAN


class Turn(NamedTuple):
    """The returns judged together: their places in the batch, units and month index."""

    rows: Ints
    units: Ints
    month: int
    """Index into the months of `InForce`."""
    number: int
    """The month's own number."""
    value: Ints
    known: Bools
    """Turn × figures: a usable 本月数 is there."""
    cumulative: Ints
    cumulative_known: Bools


def make_turn(batch: Batch, in_force: InForce, rows: Ints) -> Turn:
    """The arrays of one turn; doubtful cells count as unknown."""
    units, months = in_force.places(batch, rows)
    month = int(months[0])
    return Turn(
        rows,
        units,
        month,
        month + in_force.first,
        batch.value.micro[rows],
        batch.value.known[rows] & ~batch.doubtful[rows],
        batch.year_to_date.micro[rows],
        batch.year_to_date.known[rows] & ~batch.doubtful_cumulative[rows],
    )


def check_over_time(batch: Batch, in_force: InForce, turn: Turn) -> None:
    """本年累计, carried-forward stocks, and figures against ledgers."""
    _year_to_date(batch, in_force, turn)
    for form in batch.layout.declaration.forms:
        for carried in form.carried:
            _carried(batch, in_force, turn, form.name, carried, form.months)
    _across(batch, in_force, turn)


def _count_unverifiable(batch: Batch, turn: Turn, form: str, rows: Bools) -> None:
    column = batch.layout.form_column[form]
    there = rows & batch.present[turn.rows, column]
    batch.unverifiable[turn.rows[there], column] += 1


def _year_to_date(batch: Batch, in_force: InForce, turn: Turn) -> None:
    layout = batch.layout
    shape = turn.value.shape
    before = np.zeros(shape, np.int64)
    before_known = np.zeros(shape, np.bool_)
    summed = np.zeros(shape, np.int64)
    summed_known = np.zeros(shape, np.bool_)
    for step in np.unique(layout.step[layout.flows]):
        columns = np.flatnonzero(layout.flows & (layout.step == step))
        place = np.ix_(np.arange(len(turn.rows)), columns)
        earlier = range(turn.number % 12 - step, -1, -step)
        if not earlier:
            before_known[place] = summed_known[place] = True
            continue
        months = turn.month - turn.number % 12 + np.array(earlier)
        if turn.month - step < 0 or months.min() < 0:
            continue
        here = np.ix_(turn.units, columns, np.array([turn.month - step]))
        before[place] = in_force.year_to_date.micro[here][..., 0]
        before_known[place] = in_force.year_to_date.known[here][..., 0]
        year = np.ix_(turn.units, columns, months)
        summed[place] = in_force.value.micro[year].sum(axis=-1)
        summed_known[place] = in_force.value.known[year].all(axis=-1)
    usable = turn.known & turn.cumulative_known & layout.flows[None, :]
    by_last = turn.cumulative - (before + turn.value)
    by_sum = turn.cumulative - (summed + turn.value)
    good = (before_known & (by_last == 0)) | (summed_known & (by_sum == 0))
    checkable = before_known | summed_known
    for at, column in np.argwhere(usable & checkable & ~good):
        last = before_known[at, column]
        if last and summed_known[at, column]:
            last = abs(by_last[at, column]) <= abs(by_sum[at, column])
        base, off = (before, by_last) if last else (summed, by_sum)
        figure = layout.declaration.version(layout.figures[column].name, turn.number)
        first = turn.number - int(layout.step[column]) if last else turn.number - turn.number % 12
        asked_in = units_asked(layout.declaration, figure.name, first, turn.number)
        _find_cumulative(
            batch, turn, at, figure, int(base[at, column]), int(off[at, column]), asked_in
        )
    for form in layout.declaration.forms:
        columns = layout.of_form[form.name]
        asked = np.zeros(shape, np.bool_)
        asked[:, columns] = layout.flows[columns]
        missing = (asked & turn.known & turn.cumulative_known & ~checkable).sum(axis=1)
        column = layout.form_column[form.name]
        np.add.at(batch.unverifiable[:, column], turn.rows, missing)


def _find_cumulative(
    batch: Batch, turn: Turn, at: int, figure: Figure, base: int, off: int, asked_in: set[str]
) -> None:
    """A finding on a 本年累计 that is `off`; `asked_in` are the units of what it is based on."""
    column = batch.layout.column[figure.name]
    value, month = int(turn.cumulative[at, column]), int(turn.value[at, column])
    converted = bool(batch.converted[turn.rows[at], column])
    allowed = year_to_date_allowance(figure, converted, base, asked_in)
    if abs(off) <= allowed.right:
        return
    slight = abs(off) <= allowed.query
    rule = general.YEAR_TO_DATE_ROUNDING if slight else general.YEAR_TO_DATE
    blanks = {"value": value, "before": base, "month": month, "expected": base + month}
    row = int(turn.rows[at])
    said = {name: in_words(batch, row, figure.name, micro) for name, micro in blanks.items()}
    message = rule.say(name=figure.name_zh, **said, off=in_words(batch, row, figure.name, abs(off)))
    form = batch.layout.declaration.form_of[figure.name].name
    batch.findings.append(
        on_figure(
            batch,
            row,
            form,
            rule.code,
            rule.level,
            figure.name,
            message,
            cumulative=True,
        )
    )


def _carried(
    batch: Batch, in_force: InForce, turn: Turn, form: str, carried: CarriedForward, step: int
) -> None:
    layout = batch.layout
    inputs = (*carried.stocks, *carried.plus, *carried.minus)
    if not all(layout.asked(name, turn.number) for name in inputs):
        return
    places = [layout.column[name] for name in inputs]
    stocks = np.array([layout.column[name] for name in carried.stocks])
    known = np.asarray(turn.known[:, places].all(axis=1))
    last = turn.month - step
    if last < 0:
        _count_unverifiable(batch, turn, form, np.ones(len(turn.rows), np.bool_))
        return
    before = in_force.value.micro[:, :, last][np.ix_(turn.units, stocks)]
    known = known & in_force.value.known[:, :, last][np.ix_(turn.units, stocks)].all(axis=1)
    columns = {name: turn.value[:, layout.column[name]] for name in inputs}
    columns |= {name + BEFORE: before[:, at] for at, name in enumerate(carried.stocks)}
    _count_unverifiable(batch, turn, form, ~known)
    off = np.abs(carried.off.over(columns)) > _slack(batch, turn, carried, step)
    said_of = [(name, amount.over(columns)) for name, amount in carried.said]
    for at in np.flatnonzero(known & off):
        row = int(turn.rows[at])
        said = {name: in_words(batch, row, carried.figure, int(each[at])) for name, each in said_of}
        message = carried.rule.say(**said)
        batch.findings.append(
            on_figure(
                batch,
                row,
                form,
                carried.rule.code,
                carried.rule.level,
                carried.figure,
                message,
            )
        )


def _slack(batch: Batch, turn: Turn, carried: CarriedForward, step: int) -> Ints:
    layout = batch.layout
    inputs = (*carried.stocks, *carried.plus, *carried.minus)
    now = np.array([layout.column[each] for each in inputs])
    before = [
        YUAN in units_asked(layout.declaration, each, turn.number - step, turn.number)
        for each in carried.stocks
    ]
    exact = batch.converted[np.ix_(turn.rows, now)]
    return carried_slack(np.hstack([exact, np.tile(before, (len(turn.rows), 1))]))


def _across(batch: Batch, in_force: InForce, turn: Turn) -> None:
    """Judged when the later part arrives; only that part can be held."""
    layout = batch.layout
    declaration = layout.declaration
    groups = np.array([declaration.group(batch.returns[at].unit) or "" for at in turn.rows])
    for number, (ledger, count) in enumerate(layout.counts):
        if count.figure is None:
            continue
        column = layout.column[count.figure]
        form = layout.declaration.form_of[count.figure]
        has_form = batch.present[turn.rows, layout.form_column[form.name]]
        has_ledger = batch.present[turn.rows, layout.form_column[ledger.name]]
        counted_here = batch.counted.known[turn.rows, number]
        counted = np.where(
            has_ledger,
            batch.counted.micro[turn.rows, number],
            in_force.counted.micro[turn.units, number, turn.month],
        )
        counted_known = np.where(
            has_ledger, counted_here, in_force.counted.known[turn.units, number, turn.month]
        )
        value = np.where(
            has_form, turn.value[:, column], in_force.value.micro[turn.units, column, turn.month]
        )
        value_known = np.where(
            has_form, turn.known[:, column], in_force.value.known[turn.units, column, turn.month]
        )
        # A ledger sent again that comes to the same has been judged beside its figure.
        known_before = in_force.counted.known[turn.units, number, turn.month]
        count_before = in_force.counted.micro[turn.units, number, turn.month]
        judged = ~has_form & has_ledger & known_before & (count_before == counted)
        checkable = counted_known & value_known & ~judged
        line = declaration.version(count.figure, turn.number)
        asked = (groups == line.reporter) & line.asked(turn.number)
        _count_unverifiable(batch, turn, form.name, has_form & asked & ~checkable)
        for at in np.flatnonzero((has_form | has_ledger) & checkable & (value != counted)):
            row = int(turn.rows[at])
            message = general.ACROSS.say(
                name=line.name_zh,
                value=in_words(batch, row, line.name, int(value[at])),
                ledger=ledger.title_zh,
                counted=in_words(batch, row, line.name, int(counted[at])),
            )
            code, level = general.ACROSS.code, general.ACROSS.level
            if has_form[at]:
                batch.findings.append(
                    on_figure(batch, row, form.name, code, level, count.figure, message)
                )
            else:
                sheet = batch.sheets[row][ledger.name]
                batch.findings.append(
                    Finding(
                        row,
                        ledger.name,
                        code,
                        level,
                        sheet.sheet,
                        sheet.head_cell,
                        count.figure,
                        amount(int(counted[at])),
                        message,
                    )
                )
