"""What a ledger's rows come to, by the declared counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd

from flows.checking.batch import Batch, Ints
from flows.checking.single import errors_by_form
from flows.reading.ledgers import UNREADABLE_DATE
from schemas.declaring import periods
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
            total = _count(frame, rows, month_of, count)
            batch.counted.micro[good, at] = total[good] * MICRO
            batch.counted.known[good, at] = True


def _count(frame: pd.DataFrame, rows: Ints, month_of: Ints, count: LedgerCount) -> Ints:
    """The count of each return; `rows` says which return each row is of."""
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
    weights = (
        1 if count.adds is None else np.array([each or 0 for each in frame[count.adds][kept]], int)
    )
    np.add.at(total, rows[kept], weights)
    return total


def _by_day(column: pd.Series, number: Callable[[dt.date], int], otherwise: int) -> Ints:
    """A number for each date of a column: dates repeat, so each is made one once."""
    codes, texts = pd.factorize(column)
    found = [
        otherwise if text == UNREADABLE_DATE else number(dt.date.fromisoformat(str(text)))
        for text in texts
    ]
    return np.array([*found, otherwise], np.int64)[codes]  # the code of nothing is −1
