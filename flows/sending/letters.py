"""What is to go to the units: workbooks that went back, and reminders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.home import Home
from flows.reporting.standing import latest_month, standing
from flows.warehouse.coverage import local_day
from schemas.declaring import periods

LATEST = dt.timedelta(days=14)
"""A workbook that went back longer ago is not sent any more: what it said may be settled."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Something for a unit: `file` goes with it, where there is one."""

    key: str
    unit: str
    """The unit's code."""
    unit_name: str
    subject: str
    text: str
    file: Path | None = None


_STILL_WAITED_FOR = """
NOT EXISTS (FROM internal.reading h WHERE h.submission = returned.submission AND h.latest
    AND NOT h.accepted)
OR EXISTS (FROM internal.reading h WHERE h.submission = returned.submission AND h.latest
    AND NOT h.accepted AND NOT EXISTS (FROM internal.reading n WHERE n.unit_code = h.unit_code
        AND n.form = h.form AND n.month = h.month AND n.latest AND n.accepted AND NOT n.withdrawn
        AND n.sequence > h.sequence))
"""
"""Of what is held in a workbook, not all has been put right by a later one."""


def letters(
    home: Home,
    connection: duckdb.DuckDBPyConnection,
    clock: dt.datetime,
    began: dt.datetime,
    *,
    remind: bool = True,
) -> list[Letter]:
    """All that is to go by the published warehouse, whether it has gone or not."""
    workbooks = _workbooks(home, connection, max(began, clock - LATEST))
    return [*workbooks, *(_reminders(home, connection, clock) if remind else ())]


def _workbooks(
    home: Home, connection: duckdb.DuckDBPyConnection, since: dt.datetime
) -> Iterator[Letter]:
    rows = connection.execute(
        "SELECT submission, unit_code, month, returned_at, errors, queries, file FROM main.returned "
        f"WHERE returned_at >= ? AND ({_STILL_WAITED_FOR}) QUALIFY row_number() OVER (PARTITION BY submission "
        "ORDER BY returned_at DESC) = 1 ORDER BY returned_at, file",
        [since],
    ).fetchall()
    for submission, unit, month, returned_at, errors, queries, file in rows:
        known = home.declaration.unit_by_code.get(unit)
        name = unit if known is None else known.name
        when = periods.month_zh(periods.month_of(month))
        counts = "、".join(
            f"{kind}问题{number}处"
            for kind, number in (("强制性", errors), ("核实性", queries))
            if number
        )
        yield Letter(
            f"returned/{submission}/{returned_at:%Y%m%dT%H%M%S%f}",
            unit,
            name,
            f"【退回】{name}{when}报表",
            f"{name}：你单位{when}报表审核未通过，有{counts}，已标在附件中（见“问题清单”）。"
            "请改正或说明原因后重报。",
            home.settings.returned / file,
        )


def _reminders(
    home: Home, connection: duckdb.DuckDBPyConnection, clock: dt.datetime
) -> Iterator[Letter]:
    """Of the latest month that is past due, so that nobody is reminded of a year at once."""
    every = home.settings.sending.remind_every
    today = local_day(clock, home.declaration.time_zone)
    month = latest_month(connection, today)
    if month is None:
        return
    label = periods.month_label(month)
    for each in standing(connection, home.declaration, month, today)["reminders"]:
        number = (each["days_late"] - 1) // every + 1
        if number >= 1:
            yield Letter(
                f"reminder/{label}/{each['unit_code']}/{number}",
                each["unit_code"],
                each["unit_name"],
                f"【催报】{each['unit_name']}{periods.month_zh(month)}报表",
                each["text"],
            )
