"""Targets: what was to be reached since January beside what the district has reached."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.plain.growth import in_percent
from tests.plain.quarters import measure_everything
from tests.plain.rounding import ten_decimals
from tests.plain.rows import ProgressRow

if TYPE_CHECKING:
    from tests.computing.world import Fact, FormState, Target


def progress(
    declaration: Declaration,
    facts: Iterable[Fact],
    form_states: Iterable[FormState],
    targets: Iterable[Target],
) -> list[ProgressRow]:
    """The four quarters of every year in which an indicator has a target."""
    measures = measure_everything(declaration, list(facts), list(form_states))
    planned = {(each.quarter, each.indicator): Fraction(each.target) for each in targets}
    rows = []
    for year, indicator in sorted({(quarter // 4, name) for quarter, name in planned}):
        whole = planned.get((4 * year + 3, indicator))
        for number in (1, 2, 3, 4):
            quarter = 4 * year + number - 1
            own = planned.get((quarter, indicator))
            measure = measures.get((quarter, declaration.district, indicator))
            value = None if measure is None else measure.year.value
            reached, lead = compare(value, own, whole, number, in_percent(declaration, indicator))
            row = ProgressRow(
                quarter=periods.quarter_label(quarter),
                quarter_start=periods.first_day(3 * quarter),
                indicator=indicator,
                target=ten_decimals(own),
                value=ten_decimals(value),
                completion=ten_decimals(reached),
                time_progress=25 * number,
                lead=ten_decimals(lead),
                year_target=ten_decimals(whole),
                units_expected=None if measure is None else measure.year.units_expected,
                units_reported=None if measure is None else measure.year.units_reported,
            )
            rows.append(row)
    return rows


def compare(
    value: Fraction | None,
    own: Fraction | None,
    whole_year: Fraction | None,
    number: int,
    in_percent: bool,
) -> tuple[Fraction | None, Fraction | None]:
    """Completion in percent and lead in points, in the year's first, second … quarter."""
    target = whole_year if own is None else own
    if value is None or target is None:
        return None, None
    if in_percent:
        return None, value - target
    if target == 0:
        return None, None
    completion = 100 * value / target
    return completion, completion - (25 * number if own is None else 100)
