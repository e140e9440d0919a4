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
from schemas.declaring.rules import (
    ASKED,
    BEGAN,
    CONVERTED,
    ENDED,
    MICRO,
    MONTH,
    MONTHS,
    YEAR,
    YTD,
    YUAN,
    FrameRule,
)

ROW = "row"
"""The ledger frame's column that says which submitted ledger a row belongs to."""


def _metadata(figure: Figure) -> dict[str, object]:
    return {
        "code": figure.code,
        "name_zh": figure.name_zh,
        "unit": figure.unit,
        "asked_in": figure.asked_in,
        "kind": figure.kind,
        "reporter": figure.reporter,
        "definition": figure.definition,
        "valid_from": None if figure.valid_from is None else periods.month_label(figure.valid_from),
        "valid_to": None if figure.valid_to is None else periods.month_label(figure.valid_to),
    }


def _amount(figure: Figure, places: int) -> pa.Column:
    step = MICRO // 10**places
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
    def check(frame: pd.DataFrame) -> pd.Series:
        held = rule.passes(frame).fillna(True)
        applies = rule.applies(frame)
        return held if applies is None else held | ~applies

    return pa.Check(check, name=rule.rule.code)


@cache
def sometimes_asked(form: FigureForm) -> tuple[str, ...]:
    """The figures that are not asked in all months of their form."""
    spans: dict[str, list[Figure]] = {}
    for each in form.figures:
        spans.setdefault(each.name, []).append(each)
    last = form.valid_to
    bounds = {each.valid_from for each in form.figures if each.valid_from is not None}
    bounds |= {each.valid_to + 1 for each in form.figures if each.valid_to is not None}
    months = [form.valid_from]
    months += [each for each in bounds if each > form.valid_from and (not last or each <= last)]
    return tuple(
        name
        for name, versions in spans.items()
        if not all(any(each.asked(month) for each in versions) for month in months)
    )


@cache
def sometimes_in_yuan(form: FigureForm) -> tuple[str, ...]:
    """The figures that are asked in 元 and kept in 万元 in some month."""
    return tuple({each.name: None for each in form.figures if each.asked_in != each.unit})


@cache
def form_schema(form: FigureForm) -> pa.DataFrameSchema:
    """The schema of a form's frame: a row a submitted form, amounts in millionths.

    Its decimals are those of the version that may have fewest: the others are judged by
    the month, once they have failed here.
    """
    columns: dict[str, pa.Column] = {MONTH: pa.Column("int64"), YEAR: pa.Column("int64")}
    fewest: dict[str, int] = {}
    for each in form.figures:
        fewest[each.name] = min(each.kept_places, fewest.get(each.name, each.kept_places))
    for figure in form.latest.values():
        columns[figure.name] = _amount(figure, fewest[figure.name])
        columns[figure.name + CONVERTED] = pa.Column(bool)
        if figure.kind == "flow":
            columns[figure.name + YTD] = _amount(figure, fewest[figure.name])
    for name in sometimes_asked(form):
        columns[name + ASKED] = columns[name + ENDED] = columns[name + BEGAN] = pa.Column(bool)
        columns[name + MONTHS] = pa.Column("int64")
    for name in sometimes_in_yuan(form):
        columns[name + YUAN] = pa.Column("int64")
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
