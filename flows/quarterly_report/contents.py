"""What the quarter's report is made from: numbers after suppression, and where they come from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flows.computing.rounding import Standard
from flows.explaining.published import Growth
from flows.quarterly_report.rows import (
    Due,
    File,
    Finding,
    Gap,
    Item,
    Level,
    Month,
    Place,
    Release,
    Since,
    Target,
    one_line,
)
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.reporting import Programme, Report

LevelKey = tuple[int, str, str]
"""Quarter, unit code, indicator."""
GrowthKey = tuple[int, str, str, str]
"""Quarter, unit code, indicator, comparison."""
MonthKey = tuple[str, str, int]
"""Unit code, figure or ledger's count, month."""


@dataclass(frozen=True)
class Contents:
    """All of a quarter's report. `maturity` is provisional, final or released.

    `levels` go back eight quarters, `growth` one. `months` are those that the quarter, its
    year to date and its bases are made of. `ledgers` are the rows in force at the quarter's
    end, by table. Instants are in the district's time. Of a `synthetic` one all is made up.
    """

    declaration: Declaration
    report: Report
    quarter: int
    as_of: dt.datetime
    release: Release | None
    standard: Standard
    items: Mapping[str, Item]
    units: tuple[str, ...]
    levels: Mapping[LevelKey, Level]
    growth: Mapping[GrowthKey, Growth]
    months: Mapping[MonthKey, Month]
    places: Mapping[MonthKey, Place]
    files: Mapping[str, File]
    coverage: Mapping[tuple[str, int, str], Due]
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    since: Since | None
    ledgers: Mapping[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    synthetic: bool = False

    @property
    def district(self) -> str:
        """The district's code."""
        return self.declaration.district

    @property
    def label(self) -> str:
        """The quarter as 2023Q1."""
        return periods.quarter_label(self.quarter)

    @property
    def last_month(self) -> int:
        """The quarter's last month."""
        return self.quarter * 3 + 2

    @cached_property
    def maturity(self) -> str:
        """How far the quarter's numbers are settled."""
        if self.release is not None:
            return "released"
        own = (
            each.maturity
            for (quarter, unit, _), each in self.levels.items()
            if quarter == self.quarter and unit == self.district
        )
        return "provisional" if "provisional" in set(own) else "final"

    @cached_property
    def programmes(self) -> tuple[tuple[Programme, tuple[Item, ...]], ...]:
        """The programmes in order, each with its indicators: figures first, as on the form."""
        found: dict[str, list[Item]] = {each.name: [] for each in self.report.programmes}
        for item in self.items.values():
            if item.programme in found:
                found[item.programme].append(item)
        return tuple((each, tuple(found[each.name])) for each in self.report.programmes)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """The forms due in the quarter that are not accepted, by unit and month.

        A form that is not past due yet is none; nor is any of a release that kept no coverage.
        """
        owed = [(key, due) for key in self.due if (due := self.coverage.get(key))]
        return tuple(
            sorted(
                Gap(unit, form, month, due.state)
                for (unit, month, form), due in owed
                if due.state in ("held", "missing")
            )
        )

    @cached_property
    def due(self) -> tuple[tuple[str, int, str], ...]:
        """The forms due in the quarter: unit code, month, form."""
        return tuple(
            (unit.code, month, form.name)
            for month in range(self.quarter * 3, self.quarter * 3 + 3)
            for unit in self.declaration.reporting_units(month)
            for form in self.declaration.due(unit.code, month)
        )

    @cached_property
    def pending(self) -> tuple[tuple[str, int, str], ...]:
        """Those of the forms due of which nothing is known: they are not past due yet.

        Of a release that kept no coverage they are all.
        """
        return tuple(key for key in self.due if key not in self.coverage)

    def unit_name(self, code: str) -> str:
        """The unit's name, with its code where others have it too; the code of one not known."""
        unit = self.declaration.unit_by_code.get(code)
        if unit is None:
            return code
        name = one_line(unit.name)
        return f"{name}（{code}）" if self._named[name] > 1 else name

    @cached_property
    def _named(self) -> Counter[str]:
        """How many of the quarter's units carry each name."""
        own = (self.declaration.unit_by_code.get(each) for each in self.units)
        return Counter(one_line(unit.name) for unit in own if unit is not None)

    def level(self, indicator: str, unit: str | None = None, back: int = 0) -> Level | None:
        """The level so many quarters back; of the district where no unit is named."""
        return self.levels.get((self.quarter - back, unit or self.district, indicator))

    def compared(
        self, indicator: str, comparison: str, unit: str | None = None, back: int = 0
    ) -> Growth | None:
        """The comparison so many quarters back; of the district where no unit is named."""
        key = self.quarter - back, unit or self.district, indicator, comparison
        return self.growth.get(key)

    @cached_property
    def _lacking(self) -> dict[tuple[str, bool], tuple[str, ...]]:
        found: dict[tuple[str, bool], list[str]] = {}
        for (quarter, unit, indicator), level in self.levels.items():
            if quarter != self.quarter or unit == self.district:
                continue
            if not level.units_expected:
                # A unit that has ended within the year is part of the year to date.
                item = self.items.get(indicator)
                ended = item is not None and item.kind == "flow" and level.year_to_date is None
                if ended and not level.suppressed:
                    found.setdefault((indicator, True), []).append(unit)
                continue
            if level.units_expected > level.units_reported:
                found.setdefault((indicator, False), []).append(unit)
            # Where the quarter's own is whole and none, its formula divides by nothing.
            short = level.value is not None or level.units_reported < level.units_expected
            if level.year_to_date is None and not level.suppressed and short:
                found.setdefault((indicator, True), []).append(unit)
        return {key: tuple(sorted(units)) for key, units in found.items()}

    def lacking(self, indicator: str, *, cumulative: bool = False) -> tuple[str, ...]:
        """The codes of the units that should have a value in the quarter and have none.

        None where a total handed over of the whole district stands for all of them. With
        `cumulative` those without a year to date. Of what is withheld that is not known, and
        none is named.
        """
        level = self.level(indicator)
        if level is not None and not level.units_expected:
            number = level.year_to_date if cumulative else level.value
            if number is not None or level.suppressed:
                return ()
        return self._lacking.get((indicator, cumulative), ())
