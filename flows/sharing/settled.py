"""Whether a quarter may be shared yet: a second share of it, after a change, may tell counts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flows.errors import Misuse
from flows.warehouse.coverage import local_day
from flows.warehouse.store import reading
from schemas.declaring import periods
from schemas.declaring.district import Declaration


def see_settled(
    warehouse: Path,
    declaration: Declaration,
    quarter: int,
    clock: dt.datetime,
    *,
    provisional: bool,
) -> None:
    """Misuse where the quarter has not ended, or lacks forms and `provisional` is not said."""
    label = periods.quarter_label(quarter)
    if periods.last_day(quarter * 3 + 2) >= local_day(clock, declaration.time_zone):
        raise Misuse(f"{label} has not ended; share it when its last month is in.")
    with reading(warehouse) as connection:
        row = connection.execute(
            "SELECT 1 FROM main.quarterly_indicator WHERE quarter = ? AND unit_code = ? "
            "AND maturity = 'provisional' LIMIT 1",
            [label, declaration.district],
        ).fetchone()
    if row and not provisional:
        raise Misuse(
            f"{label} is provisional, and what comes later may tell counts beside this share; "
            "wait until every form of it is accepted, or say --provisional."
        )
