"""A district whose west and south villages merged into one at the end of 2022.

In 2023 the east village gives a part to a new one, and another is there for a month only.
"""

import datetime as dt

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Indicator, Split, Unit

FORM = FigureForm(
    name="village",
    number="31",
    form_no="VIL31",
    title_zh="村月报表",
    reporters=("village",),
    due_from=("village",),
    valid_from=periods.parse_month("2022-01"),
    figures=(
        Figure("people", "3101", "人数", "人", "stock", "people", "village"),
        Figure("funds", "3102", "资金", "万元", "flow", "money paid", "village", 1),
        Figure(
            "spent", "3103", "支出", "万元", "flow", "money spent", "village", 1,
            cumulative_only=True,
        ),
    ),
)  # fmt: skip


def due_on(month: int) -> dt.date:
    """The 5th of the following month."""
    return periods.first_day(month + 1).replace(day=5)


def unit_names(unit: Unit) -> tuple[str, ...]:
    """A village's name."""
    return (unit.name,)


_LAST, _FIRST = dt.date(2022, 12, 31), dt.date(2023, 1, 1)
_SPLIT = dt.date(2023, 2, 1)

DECLARATION = Declaration(
    district="700",
    name_zh="某乡",
    units=(
        Unit("700", "某乡", "乡"),
        Unit("701", "东村", "村"),
        Unit("702", "西村", "村", valid_to=_LAST, successor="704"),
        Unit("703", "南村", "村", valid_to=_LAST, successor="704"),
        Unit("704", "新村", "村", valid_from=_FIRST),
        Unit("705", "小村", "村", valid_from=_SPLIT),
        Unit("706", "渡口村", "村", valid_from=_FIRST, valid_to=dt.date(2023, 1, 31)),
    ),
    reporters={"village": ("村",)},
    forms=(FORM,),
    ledgers=(),
    indicators=(
        Indicator("per_head", "人均资金", "元", "ratio", "10000 * funds / people", "funds a head"),
    ),
    due_on=due_on,
    unit_names=unit_names,
    splits=(Split(_SPLIT, "701", ("705",)),),
)
