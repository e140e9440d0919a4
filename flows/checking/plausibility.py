"""Plausibility: a value against the same unit's last accepted months.

The modified z-score is 0.6745 × distance ÷ median absolute deviation, or where that is
0 distance ÷ (1.2533 × mean absolute deviation) (Iglewicz and Hoaglin 1993); where that
is 0 too, the two limits on the distance alone decide. Millionths of up to thousands of
millions of units are exact as floats, and so are the halves that medians of them may be.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from flows.checking.batch import Batch, Bools, Ints
from flows.checking.history import InForce, recent
from flows.checking.over_time import Turn
from flows.checking.single import in_words, on_figure
from schemas.declaring import general
from schemas.declaring.rules import MICRO, Rule

Floats = npt.NDArray[np.float64]
_WINDOWS = (general.HISTORY_MONTHS, 2 * general.HISTORY_MONTHS)
"""Months looked at first; more only where a unit has gaps."""


def _window(known: Bools) -> int:
    """How many of the last months hold the last 24 known ones of every figure."""
    months = int(known.shape[-1])
    number = known.sum(axis=-1)
    for window in _WINDOWS:
        if window < months:
            late = known[..., months - window :].sum(axis=-1)
            if ((late >= general.HISTORY_MONTHS) | (late == number)).all():
                return window
    return months


def _median(values: Floats, known: Bools) -> Floats:
    """The median of the known values by the last axis; nan where there are none."""
    with np.errstate(all="ignore"):
        ordered = np.sort(np.where(known, values, np.inf), axis=-1)
        number = known.sum(axis=-1)
        low = np.maximum((number - 1) // 2, 0)[..., None]
        high = np.maximum(number // 2, 0)[..., None]
        high = np.minimum(high, values.shape[-1] - 1)
        middle = np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1)
    return np.where(number > 0, middle[..., 0] / 2, np.nan)


def _far(x: Floats, past: Floats, known: Bools, median: Floats, level: Floats) -> Bools:
    """Whether each x lies far from its past, whose median is given.

    `level` is the median value of which the distance must be at least 30 %.
    """
    distance = np.abs(x - median)
    deviations = np.where(known, np.abs(past - median[..., None]), 0.0)
    spread = _median(deviations, known)
    mean = deviations.sum(axis=-1) / np.maximum(known.sum(axis=-1), 1)
    with np.errstate(invalid="ignore"):
        score = np.where(
            spread > 0,
            6745 * distance > 10_000 * general.SCORE_LIMIT * spread,
            (mean == 0) | (10_000 * distance > general.SCORE_LIMIT * 12_533 * mean),
        )
        share, whole = general.DISTANCE_SHARE
        enough = (distance >= general.DISTANCE_LEAST * MICRO) & (
            whole * distance >= share * np.abs(level)
        )
    return score.astype(np.bool_) & enough


class _Past(NamedTuple):
    """Figures of one kind and frequency beside their past periods, the last one last."""

    turn: Turn
    columns: Ints
    value: Floats
    asked: Bools
    past: Floats
    used: Bools
    number: Ints
    median: Floats


def check_plausibility(batch: Batch, in_force: InForce, turn: Turn) -> None:
    """Slips of unit, a year for a month, copied sheets, outliers: queries."""
    layout = batch.layout
    for step, flows in product(np.unique(layout.step), (True, False)):
        columns = np.flatnonzero((layout.step == step) & (layout.flows == flows))
        periods = range(turn.month % step, turn.month, step)
        if not periods or not columns.size:
            continue
        place = np.ix_(turn.units, columns)
        known = in_force.value.known[..., periods.start : periods.stop : step][place]
        window = _window(known)
        known, periods = known[..., -window:], periods[-window:]
        past = in_force.value.micro[..., periods.start : periods.stop : step][place].astype(
            np.float64
        )
        used = recent(known, general.HISTORY_MONTHS)
        number = used.sum(axis=-1)
        asked = turn.known[:, columns] & (number >= general.HISTORY_LEAST)
        if not asked.any():
            continue
        value = turn.value[:, columns].astype(np.float64)
        median = _median(past, used)
        given = _Past(turn, columns, value, asked, past, used, number, median)
        plain = asked & ~_unit_slips(batch, given)
        if flows:
            _outliers(batch, given, plain)
        else:
            _outlying_changes(batch, given, plain)
    _copied(batch, in_force, turn)


def _near(value: Floats, reference: Floats) -> Bools:
    low, high = general.NEAR
    with np.errstate(invalid="ignore"):
        return (reference > 0) & (10 * value >= low * reference) & (10 * value <= high * reference)


def _unit_slips(batch: Batch, given: _Past) -> Bools:
    factor = general.SLIP_FACTOR
    value, median, asked = given.value, given.median, given.asked
    money = batch.layout.money[given.columns][None, :]
    large = asked & _near(value, median * factor)
    small = asked & _near(value * factor, median) & (value > 0)
    year = asked & money & _near(value, median * general.YEAR_FACTOR)
    for cells, rule, times in (
        (large, general.SLIP_OF_UNIT, "一万倍"),
        (small, general.SLIP_OF_UNIT, "一万分之一"),
        (year, general.YEAR_FOR_MONTH, ""),
    ):
        for at, column in np.argwhere(cells):
            words = {"months": str(given.number[at, column]), "times": times}
            amounts = {"median": median[at, column]}
            _find(batch, given.turn, int(at), int(given.columns[column]), rule, amounts, **words)
    return large | small | year


def _outliers(batch: Batch, given: _Past, asked: Bools) -> None:
    far = _far(given.value, given.past, given.used, given.median, given.median)
    for at, column in np.argwhere(asked & far):
        months = str(given.number[at, column])
        amounts = {"median": given.median[at, column]}
        place = int(at), int(given.columns[column])
        _find(batch, given.turn, *place, general.OUTLIER, amounts, months=months)


def _outlying_changes(batch: Batch, given: _Past, asked: Bools) -> None:
    change = given.value - given.past[..., -1]
    changes = given.past[..., 1:] - given.past[..., :-1]
    changes_known = given.used[..., 1:] & given.used[..., :-1]
    if not changes_known.shape[-1]:
        return
    usual = _median(changes, changes_known)
    far = _far(change, changes, changes_known, usual, given.median)
    comparable = asked & given.used[..., -1] & changes_known.any(axis=-1)
    for at, column in np.argwhere(comparable & far):
        amounts = {"change": change[at, column], "median": usual[at, column]}
        place = int(at), int(given.columns[column])
        _find(batch, given.turn, *place, general.OUTLYING_CHANGE, amounts)


def _copied(batch: Batch, in_force: InForce, turn: Turn) -> None:
    layout = batch.layout
    declaration = layout.declaration
    groups = np.array([declaration.group(batch.returns[at].unit) or "" for at in turn.rows])
    for form, group in product(declaration.forms, sorted(set(groups.tolist()))):
        asked = declaration.lines(form, group, turn.number).figures
        columns = np.array([layout.column[each.name] for each in asked if each.kind == "flow"])
        own = np.flatnonzero(groups == group)
        last = turn.month - form.months
        if len(columns) < general.COPIED_FLOWS_LEAST or last < 0:
            continue
        place = np.ix_(turn.units[own], columns)
        before = in_force.value.micro[:, :, last][place]
        before_known = in_force.value.known[:, :, last][place]
        here = np.ix_(own, columns)
        value, known = turn.value[here], turn.known[here]
        same = (known & before_known).all(axis=1) & (value == before).all(axis=1)
        same &= (value != 0).any(axis=1)
        for at in own[same]:
            _find(batch, turn, int(at), int(columns[0]), general.COPIED, {})


def _find(
    batch: Batch,
    turn: Turn,
    at: int,
    column: int,
    rule: Rule,
    amounts: dict[str, float],
    **blanks: str,
) -> None:
    """A finding on a figure's value; `amounts` are millionths that the message names."""
    declaration = batch.layout.declaration
    figure = declaration.version(batch.layout.figures[column].name, turn.number)
    form = declaration.form_of[figure.name].name
    row = int(turn.rows[at])
    said = {
        name: in_words(batch, row, figure.name, round(each))
        for name, each in {"value": int(turn.value[at, column]), **amounts}.items()
    }
    message = rule.say(name=figure.name_zh, **said, **blanks)
    batch.findings.append(on_figure(batch, row, form, rule.code, rule.level, figure.name, message))
