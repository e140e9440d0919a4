"""What a form's frame says of its months: which lines are asked in them, and in which unit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from flows.checking.batch import Ints
from schemas.declaring.district import Declaration
from schemas.declaring.frames import sometimes_asked, sometimes_in_yuan
from schemas.declaring.model import FigureForm
from schemas.declaring.rules import (
    ASKED,
    BEGAN,
    CONVERTED,
    ENDED,
    MONTH,
    MONTHS,
    YEAR,
    YUAN,
)


def month_columns(declaration: Declaration, form: FigureForm, months: Ints) -> dict[str, object]:
    """The columns of `form_schema` that follow from the months, one a row."""
    year = _of_the_year(form, months, lambda _: True)
    columns: dict[str, object] = {MONTH: months, YEAR: year}
    now = 1 << months % 12
    for name in sometimes_asked(form):
        there = _of_the_year(form, months, partial(_is_asked, declaration, name))
        asked, before = there & now != 0, there & ~now
        columns[name + MONTHS], columns[name + ASKED] = there, asked
        columns[name + ENDED] = ~asked & (before != 0)
        columns[name + BEGAN] = asked & (before != year & ~now)
    for name in sometimes_in_yuan(form):
        columns[name + YUAN] = _of_the_year(form, months, partial(_is_in_yuan, declaration, name))
    return columns


def month_frame(declaration: Declaration, form: FigureForm, month: int) -> pd.DataFrame:
    """One row of a month, as where every amount stands in the unit that is asked."""
    columns = month_columns(declaration, form, np.array([month], np.int64))
    for name in form.latest:
        columns[name + CONVERTED] = np.array([_is_in_yuan(declaration, name, month)])
    return pd.DataFrame(columns)


def _of_the_year(form: FigureForm, months: Ints, holds: Callable[[int], bool]) -> Ints:
    """For each month, as bits, those of its year so far with the form and what `holds`."""
    each, place = np.unique(months, return_inverse=True)
    found = [
        sum(
            1 << earlier % 12
            for earlier in range(month - month % 12, month + 1)
            if (earlier == month or form.in_force(earlier)) and holds(earlier)
        )
        for month in each.tolist()
    ]
    return np.array(found, np.int64)[place]


def _is_asked(declaration: Declaration, name: str, month: int) -> bool:
    return declaration.version(name, month).asked(month)


def _is_in_yuan(declaration: Declaration, name: str, month: int) -> bool:
    version = declaration.version(name, month)
    return version.asked(month) and version.asked_in != version.unit
