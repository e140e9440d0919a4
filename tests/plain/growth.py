"""Growth: every quarterly indicator against an earlier quarter."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.plain.contributions import contribution, pull
from tests.plain.districts import together
from tests.plain.formulas import formulas
from tests.plain.measures import Measure, Part
from tests.plain.owing import natures
from tests.plain.quarters import Measures, measure_everything
from tests.plain.redefinitions import first_month, redefined_between
from tests.plain.rounding import ten_decimals
from tests.plain.rows import GrowthRow
from tests.plain.statuses import Comparison
from tests.plain.units import altered, gone_into

if TYPE_CHECKING:
    from tests.computing.world import Fact, FormState

QUARTERS_BACK = {"yoy": 4, "qoq": 1, "ytd_yoy": 4, "two_year": 8}
NOTHING = Part(None, None, 0, 0)


def growth(
    declaration: Declaration, facts: Iterable[Fact], form_states: Iterable[FormState]
) -> list[GrowthRow]:
    """The table of growth, ordered by quarter, indicator, comparison and unit."""
    measures = measure_everything(declaration, list(facts), list(form_states))
    return compare_everything(declaration, measures)


def compare_everything(
    declaration: Declaration, measures: Measures, only: int | None = None
) -> list[GrowthRow]:
    """Every comparison of those measures; of one quarter's where `only` names it."""
    units_of: dict[tuple[int, str], dict[str, Measure]] = {}
    for (quarter, unit_code, indicator), measure in measures.items():
        units_of.setdefault((quarter, indicator), {})[unit_code] = measure
    asked, nature_of = formulas(declaration), natures(declaration)
    rows = []
    for (quarter, indicator), measured in sorted(units_of.items()):
        if only not in (None, quarter):
            continue
        for name, back in QUARTERS_BACK.items():
            if name == "qoq" and indicator in _within_year(declaration):
                continue
            before = units_of.get((quarter - back, indicator), {})
            redefined = redefined_between(
                asked[indicator], nature_of, name, quarter, quarter - back
            )
            base_months = [
                first_month(nature_of[figure], quarter - back, cumulative or name == "ytd_yoy")
                for figure, cumulative in asked[indicator].terms
            ]
            additive = asked[indicator].denominator is None
            compared = _Compared(
                declaration, indicator, name, quarter, redefined, additive, min(base_months)
            )
            rows += compared.rows(measured, before)
    return rows


def _within_year(declaration: Declaration) -> set[str]:
    return {each.name for each in declaration.indicators if each.within_year}


def in_percent(declaration: Declaration, indicator: str) -> bool:
    """Whether the indicator's unit is %."""
    derived = {each.name: each.unit for each in declaration.indicators}
    return (derived.get(indicator) or declaration.figures[indicator].unit) == "%"


class _Compared:
    """One comparison of one indicator in one quarter: the district and its units."""

    def __init__(
        self,
        declaration: Declaration,
        indicator: str,
        name: str,
        quarter: int,
        redefined: bool,
        additive: bool,
        from_month: int,
    ) -> None:
        self.declaration = declaration
        self.indicator = indicator
        self.name = name
        self.quarter = quarter
        self.redefined = redefined
        self.in_percent = in_percent(declaration, indicator)
        self.shares = additive and not self.in_percent and name != "two_year"
        self.district = declaration.district
        self.from_month = from_month
        self.now = gone_into(declaration, 3 * quarter + 2)
        self.values: dict[str, Part] = {}
        self.before: dict[str, Part] = {}
        self.sources: dict[str, list[str]] = {}

    def _part(self, measure: Measure) -> Part:
        return measure.year if self.name == "ytd_yoy" else measure.quarter

    def _sources(self) -> dict[str, list[str]]:
        """The units of the base quarter that each unit of this quarter now stands for."""
        found = {}
        for code, gone_in in self.now.items():
            known = [each for each in gone_in if each in self.before]
            if known:
                found[code] = known
        return found

    def _altered(self, unit_code: str) -> bool:
        """Whether the unit is not the same in both periods; the district always is."""
        if unit_code == self.district:
            return False
        to_month = 3 * self.quarter + 2
        return altered(self.declaration, self.now[unit_code], self.from_month, to_month)

    def _base(self, unit_code: str) -> Part:
        """The base: for a unit the sum over its sources, if every one expected has a value."""
        if unit_code == self.district:
            return self.before.get(self.district, NOTHING)
        parts = [self.before[code] for code in self.sources.get(unit_code, [])]
        if any(part.units_expected and not part.reported for part in parts):
            return NOTHING
        return together(parts)

    def _compare(
        self, value: Part, base: Part, incomplete: bool, altered: bool = False
    ) -> Comparison:
        return Comparison(
            self.name, value, base, altered, self.redefined, incomplete, self.in_percent
        )

    def _matched(self) -> tuple[int, Comparison]:
        """The units that have the value in both periods and are the same in them, added up."""
        values, bases = [], []
        for code, value in self.values.items():
            base = self._base(code)
            if code == self.district or self._altered(code):
                continue
            if value.reported and base.reported:
                values.append(value)
                bases.append(base)
        return len(values), self._compare(together(values), together(bases), False)

    def rows(self, measured: dict[str, Measure], before: dict[str, Measure]) -> list[GrowthRow]:
        """The district's row and the units' rows, from this quarter's measures and the base's."""
        self.values = {code: self._part(measure) for code, measure in measured.items()}
        self.before = {code: self._part(measure) for code, measure in before.items()}
        self.sources = self._sources()
        total = self.values[self.district]
        total_base = self._base(self.district)
        incomplete = any(part.units_reported < part.units_expected for part in (total, total_base))
        of_district = self._compare(total, total_base, incomplete)
        of_units = {
            code: self._compare(value, self._base(code), False, self._altered(code))
            for code, value in sorted(self.values.items())
            if code != self.district
        }
        changes = {
            code: each.value.value - each.base.value
            for code, each in of_units.items()
            if each.value.value is not None and each.base.value is not None and not each.altered
        }
        units, matched = self._matched()
        rows = [self._row(self.district, of_district, False, units, matched, None, None)]
        for code, each in of_units.items():
            restated = self.sources.get(code, [code]) != [code]
            share = point = None
            if self.shares and of_district.status == "ok" and code in changes:
                share = contribution(changes[code], list(changes.values()), of_district.change)
                point = pull(changes[code], total_base.value)
            rows.append(self._row(code, each, restated, None, None, share, point))
        return rows

    def _row(
        self,
        unit_code: str,
        compared: Comparison,
        restated: bool,
        matched_units: int | None,
        matched: Comparison | None,
        share: Fraction | None,
        point: Fraction | None,
    ) -> GrowthRow:
        return GrowthRow(
            quarter=periods.quarter_label(self.quarter),
            quarter_start=periods.first_day(3 * self.quarter),
            unit_code=unit_code,
            indicator=self.indicator,
            comparison=self.name,
            value=ten_decimals(compared.value.value),
            base=ten_decimals(compared.base.value),
            change=ten_decimals(compared.change),
            rate=compared.rate,
            status=compared.status,
            restated=restated,
            matched_units=matched_units,
            matched_value=None if matched is None else ten_decimals(matched.value.value),
            matched_base=None if matched is None else ten_decimals(matched.base.value),
            matched_rate=None if matched is None else matched.rate,
            contribution=ten_decimals(share),
            pull=ten_decimals(point),
        )
