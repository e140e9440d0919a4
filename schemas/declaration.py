"""What the district of 黔江 asks, and of whom."""

import datetime as dt

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.forms import FORMS
from schemas.indicators import INDICATORS
from schemas.ledgers import LEDGERS
from schemas.report import REPORT
from schemas.units import SPLITS, read_units, unit_names


def due_on(month: int) -> dt.date:
    """The 5th of the following month, working day or not."""
    return periods.first_day(month + 1).replace(day=5)


DECLARATION = Declaration(
    district="500114",
    name_zh="黔江区",
    units=read_units(),
    reporters={"township": ("街道", "镇", "乡"), "bureau": ("机关",)},
    forms=FORMS,
    ledgers=LEDGERS,
    indicators=INDICATORS,
    due_on=due_on,
    unit_names=unit_names,
    splits=SPLITS,
    report=REPORT,
)
