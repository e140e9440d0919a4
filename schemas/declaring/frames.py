"""A declaration's forms and ledgers as pandera schemas, one validation a form.

Each check carries the code of its rule as its name, and each column the figure's
metadata (code, Chinese name, unit, kind, reporter, validity).
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pandera.pandas as pa

from schemas.declaring import general, periods
from schemas.declaring.model import Figure, FigureForm, Ledger, LedgerColumn
from schemas.declaring.rules import CONVERTED, MICRO, YTD, FrameRule

ROW = "row"
"""The ledger frame's column that says which submitted ledger a row belongs to."""


def _metadata(figure: Figure) -> dict[str, object]:
    return {
        "code": figure.code,
        "name_zh": figure.name_zh,
        "unit": figure.unit,
        "kind": figure.kind,
        "reporter": figure.reporter,
        "definition": figure.definition,
        "valid_from": None if figure.valid_from is None else periods.month_label(figure.valid_from),
        "valid_to": None if figure.valid_to is None else periods.month_label(figure.valid_to),
    }


def _amount(figure: Figure) -> pa.Column:
    step = MICRO // 10**figure.places
    return pa.Column(
        "Int64",
        nullable=True,
        checks=[
            pa.Check(lambda column: (column >= 0).fillna(True), name=general.NEGATIVE.code),
            pa.Check(lambda column: (column % step == 0).fillna(True), name=general.DECIMALS.code),
        ],
        metadata=_metadata(figure),
    )


def _row_check(rule: FrameRule) -> pa.Check:
    return pa.Check(lambda frame: rule.passes(frame).fillna(True), name=rule.rule.code)


@cache
def form_schema(form: FigureForm) -> pa.DataFrameSchema:
    """The schema of a form's frame: a row a submitted form, amounts in millionths."""
    columns: dict[str, pa.Column] = {}
    for figure in {each.name: each for each in form.figures}.values():
        columns[figure.name] = _amount(figure)
        columns[figure.name + CONVERTED] = pa.Column(bool)
        if figure.kind == "flow":
            columns[figure.name + YTD] = _amount(figure)
    return pa.DataFrameSchema(
        columns,
        checks=[_row_check(rule) for rule in form.rules],
        name=form.name,
        title=form.title_zh,
        metadata={"form_no": form.form_no, "frequency": form.frequency},
    )


def _ledger_checks(ledger: Ledger, column: LedgerColumn) -> list[pa.Check]:
    checks = []
    if column.required:
        checks.append(
            pa.Check(lambda cells: cells.notna(), name=general.LEDGER_BLANK.code, ignore_na=False)
        )
    if column.values:
        allowed = list(column.values)
        checks.append(
            pa.Check(
                lambda cells: cells.isna() | cells.isin(allowed), name=general.LEDGER_CHOICE.code
            )
        )
    return checks


@cache
def ledger_schema(ledger: Ledger) -> pa.DataFrameSchema:
    """The schema of a ledger's frame: a row an item, `row` the submitted ledger it is of."""
    columns = {ROW: pa.Column(int)}
    for column in ledger.kept:
        columns[column.name] = pa.Column(
            object,
            nullable=True,
            checks=_ledger_checks(ledger, column),
            metadata={"name_zh": column.name_zh, "type": column.type, "required": column.required},
        )
    checks = []
    for column in ledger.kept:
        if column.unique:
            checks.append(_unique(column.name))
    for pair in ledger.dated:
        checks.append(_dated(pair.status, pair.date))
        if pair.both_ways:
            column = next(each for each in ledger.kept if each.name == "status")
            checks.append(_undated(pair.status, pair.date, column.values))
    return pa.DataFrameSchema(
        columns, checks=checks, name=ledger.name, title=ledger.title_zh, metadata={}
    )


def _unique(name: str) -> pa.Check:
    def check(frame: pd.DataFrame) -> pd.Series:
        return frame[name].isna() | ~frame.duplicated([ROW, name], keep=False)

    return pa.Check(check, name=f"{general.LEDGER_TWICE.code}:{name}")


def _dated(status: str, date: str) -> pa.Check:
    def check(frame: pd.DataFrame) -> pd.Series:
        return (frame["status"] != status) | frame[date].notna()

    return pa.Check(check, name=f"{general.STATUS_WITHOUT_DATE.code}:{date}:{status}")


def _undated(status: str, date: str, statuses: tuple[str, ...]) -> pa.Check:
    others = [each for each in statuses if each != status]

    def check(frame: pd.DataFrame) -> pd.Series:
        # A status or a date that is itself wrong is said on its own cell.
        dated = frame[date].notna() & (frame[date] != general.UNREADABLE_DATE)
        return ~(frame["status"].isin(others) & dated)

    return pa.Check(check, name=f"{general.DATE_WITHOUT_STATUS.code}:{date}:{status}")
