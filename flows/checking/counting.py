"""What a ledger's rows come to, by the declared counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd

from flows.checking.batch import Batch, Bools, Ints
from flows.checking.single import errors_by_form
from schemas.declaring import general, periods
from schemas.declaring.frames import ROW
from schemas.declaring.model import LedgerCount
from schemas.declaring.rules import MICRO


def count_ledgers(batch: Batch) -> None:
    """Fill `batch.counted`. A ledger with an error counts nothing: its rows may be wrong."""
    wrong = errors_by_form(batch)
    month_of = np.array([each.month for each in batch.returns], np.int64)
    for ledger in batch.layout.declaration.ledgers:
        column = batch.layout.form_column[ledger.name]
        good = batch.present[:, column] & ~wrong[:, column]
        frame = batch.ledgers[ledger.name]
        rows = frame[ROW].to_numpy(np.int64)
        for count in ledger.counts:
            at = batch.layout.count_column[count.name]
            total, known = _count(frame, rows, month_of, count)
            known &= good
            batch.counted.micro[known, at] = total[known] * MICRO
            batch.counted.known[known, at] = True


def _count(
    frame: pd.DataFrame, rows: Ints, month_of: Ints, count: LedgerCount
) -> tuple[Ints, Bools]:
    """The count of each return, and whether it is known; `rows` says which return a row is of.

    A sum over a blank cell is not known.
    """
    kept = np.ones(len(frame), np.bool_)
    for name, values in count.where:
        kept &= frame[name].isin(list(values)).to_numpy(np.bool_)
    if count.dated is not None:
        kept &= _by_day(frame[count.dated], periods.month_of, -1) == month_of[rows]
    if count.overdue is not None:
        ends = {month: periods.last_day(month).toordinal() for month in set(month_of.tolist())}
        end_of = np.array([ends[month] for month in month_of.tolist()], np.int64)
        never = dt.date.max.toordinal()
        kept &= _by_day(frame[count.overdue], dt.date.toordinal, never) < end_of[rows]
    total = np.zeros(len(month_of), np.int64)
    known = np.ones(len(month_of), np.bool_)
    if count.adds is None:
        np.add.at(total, rows[kept], 1)
    else:
        added = frame[count.adds][kept]
        known[rows[kept][added.isna().to_numpy(np.bool_)]] = False
        np.add.at(total, rows[kept], np.array([each or 0 for each in added], np.int64))
    return total, known


def _by_day(column: pd.Series, number: Callable[[dt.date], int], otherwise: int) -> Ints:
    """A number for each date of a column: dates repeat, so each is made one once."""
    codes, texts = pd.factorize(column)
    found = [
        otherwise if text == general.UNREADABLE_DATE else number(dt.date.fromisoformat(str(text)))
        for text in texts
    ]
    return np.array([*found, otherwise], np.int64)[codes]  # the code of nothing is −1
