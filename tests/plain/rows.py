"""The rows that come out: the columns of the two public tables."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class QuarterlyRow:
    """An indicator of a unit, or of the district, in a quarter."""

    quarter: str
    quarter_start: dt.date
    unit_code: str
    indicator: str
    value: Decimal | None
    year_to_date: Decimal | None
    months_reported: int
    units_expected: int
    units_reported: int
    maturity: str


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """One comparison of such a row with an earlier quarter."""

    quarter: str
    quarter_start: dt.date
    unit_code: str
    indicator: str
    comparison: str
    value: Decimal | None
    base: Decimal | None
    change: Decimal | None
    rate: Decimal | None
    status: str
    restated: bool
    matched_units: int | None
    matched_value: Decimal | None
    matched_base: Decimal | None
    matched_rate: Decimal | None
    contribution: Decimal | None
    pull: Decimal | None


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How far an indicator's target is met by a quarter's end."""

    quarter: str
    quarter_start: dt.date
    indicator: str
    target: Decimal | None
    value: Decimal | None
    completion: Decimal | None
    time_progress: int
    lead: Decimal | None
    year_target: Decimal | None
    units_expected: int | None
    units_reported: int | None
