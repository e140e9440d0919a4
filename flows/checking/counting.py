"""What a ledger's rows come to, by the declared counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flows.checking.batch import Batch, Ints
from flows.checking.single import errors_by_form, ledger_frame
from schemas.declaring import periods
from schemas.declaring.frames import ROW
from schemas.declaring.model import Ledger, LedgerCount
from schemas.declaring.rules import MICRO


def count_ledgers(batch: Batch) -> None:
    """Fill `batch.counted`. A ledger with an error counts nothing: its rows may be wrong."""
    wrong = errors_by_form(batch)
    for ledger in batch.layout.declaration.ledgers:
        if not ledger.counts:
            continue
        column = batch.layout.form_column[ledger.name]
        rows = np.flatnonzero(batch.present[:, column] & ~wrong[:, column])
        if not rows.size:
            continue
        frame, _ = ledger_frame(batch, ledger, rows)
        months = pd.Series([batch.month(int(at)) for at in frame[ROW]], frame.index, dtype="int64")
        for count in ledger.counts:
            at = batch.layout.count_column[count.name]
            batch.counted.micro[rows, at] = _count(
                frame, months, ledger, count, len(batch.returns)
            )[rows]
            batch.counted.known[rows, at] = True


def _count(
    frame: pd.DataFrame, months: pd.Series, ledger: Ledger, count: LedgerCount, returns: int
) -> Ints:
    kept = pd.Series(True, frame.index)
    for name, values in count.where:
        kept &= frame[name].isin(list(values))
    if count.dated is not None:
        kept &= frame[count.dated].str.slice(0, 7) == months.map(periods.month_label)
    if count.overdue is not None:
        ends = months.map(lambda month: periods.last_day(month).isoformat())
        kept &= frame[count.overdue].fillna("9999") < ends
    chosen = frame.loc[kept]
    weights = (
        np.ones(len(chosen), np.int64)
        if count.adds is None
        else np.array([value or 0 for value in chosen[count.adds]], np.int64)
    )
    total = np.zeros(returns, np.int64)
    np.add.at(total, chosen[ROW].to_numpy(np.int64), weights)
    return total * MICRO
