"""From months to quarters: every indicator of every unit, and of the district."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.plain.districts import district_measure
from tests.plain.formulas import Formula, formulas
from tests.plain.maturity import Maturity
from tests.plain.measures import Measure, indicator_measure
from tests.plain.months import Months
from tests.plain.rounding import ten_decimals
from tests.plain.rows import QuarterlyRow
from tests.plain.units import gone_into, there_until

if TYPE_CHECKING:
    from tests.computing.world import Fact, FormState

Measures = dict[tuple[int, str, str], Measure]
"""By quarter, unit code and indicator."""


def measure_everything(
    declaration: Declaration, facts: list[Fact], form_states: list[FormState]
) -> Measures:
    """Every indicator of every quarter that a fact or a due form touches."""
    months = Months(declaration, facts)
    asked = formulas(declaration)
    touched = [each.month for each in (*facts, *form_states)]
    found: Measures = {}
    for quarter in sorted({periods.quarter_of(month) for month in touched}):
        found.update(_measure_quarter(declaration, months, asked, quarter))
    return found


def measure_some(
    declaration: Declaration,
    facts: Iterable[Fact],
    quarters: Iterable[int],
    indicators: Collection[str],
) -> Measures:
    """Those indicators of those quarters, whether anything touches them or not."""
    months = Months(declaration, facts)
    asked = {name: each for name, each in formulas(declaration).items() if name in indicators}
    found: Measures = {}
    for quarter in quarters:
        found.update(_measure_quarter(declaration, months, asked, quarter))
    return found


def _measure_quarter(
    declaration: Declaration, months: Months, asked: dict[str, Formula], quarter: int
) -> Measures:
    units = gone_into(declaration, 3 * quarter + 2)
    found: Measures = {}
    for indicator, formula in asked.items():
        of_units = {}
        for unit_code, sources in units.items():
            measure = indicator_measure(months, sources, formula, quarter)
            if measure.is_row:
                of_units[unit_code] = measure
        for unit_code, measure in of_units.items():
            found[quarter, unit_code, indicator] = measure
        history = indicator_measure(months, [declaration.district], formula, quarter)
        later = _owed_later(declaration, months, units, formula, quarter)
        district = district_measure(list(of_units.values()), history, later)
        if of_units or history.is_row:
            found[quarter, declaration.district, indicator] = district
    return found


def _owed_later(
    declaration: Declaration,
    months: Months,
    units: dict[str, list[str]],
    formula: Formula,
    quarter: int,
) -> tuple[int, int] | None:
    """How many units would owe the indicator's figures, where nobody owes any of them yet.

    For the quarter and for the year to date, in which more units may have been there.
    """
    last = 3 * quarter + 2
    year = range(last - last % 12, last + 1)
    if any(months.owed_by_any(figure, month) for figure in formula.figures for month in year):
        return None
    in_quarter, in_year = [], []
    for figure, cumulative in formula.terms:
        until = [
            there_until(declaration, sources, last)
            for sources in units.values()
            if any(months.asks(declaration.group(code), figure) for code in sources)
        ]
        if not until:
            return None
        # A stock is of the last month only.
        stock = months.natures[figure].kind == "stock"
        of_year = [each for each in until if each == last or not stock]
        of_quarter = [each for each in of_year if each > last - 3]
        in_quarter.append(len(of_year if cumulative else of_quarter))
        in_year.append(len(of_year))
    return min(in_quarter), min(in_year)


def quarterly(
    declaration: Declaration, facts: Iterable[Fact], form_states: Iterable[FormState]
) -> list[QuarterlyRow]:
    """The table of quarterly indicators, ordered by quarter, unit and indicator."""
    facts, form_states = list(facts), list(form_states)
    measures = measure_everything(declaration, facts, form_states)
    return quarterly_rows(measures, Maturity(declaration, facts, form_states))


def quarterly_rows(measures: Measures, maturity: Maturity) -> list[QuarterlyRow]:
    """The rows of those measures."""
    rows = []
    for (quarter, unit_code, indicator), measure in sorted(measures.items()):
        row = QuarterlyRow(
            quarter=periods.quarter_label(quarter),
            quarter_start=periods.first_day(3 * quarter),
            unit_code=unit_code,
            indicator=indicator,
            value=ten_decimals(measure.quarter.value),
            year_to_date=ten_decimals(measure.year.value),
            months_reported=len(measure.months),
            units_expected=measure.quarter.units_expected,
            units_reported=measure.quarter.units_reported,
            maturity=maturity.of(quarter, unit_code),
        )
        rows.append(row)
    return rows
