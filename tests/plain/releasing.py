"""A release: what it froze, what has changed since, and what that does to its numbers."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.computing.world import Fact
from tests.plain.events import Known, Release, Said, Snapshot
from tests.plain.formulas import formulas
from tests.plain.growth import QUARTERS_BACK, compare_everything
from tests.plain.quarters import measure_some
from tests.plain.rounding import ten_decimals
from tests.plain.rows import GrowthRow, QuarterlyRow

Place = tuple[str, str, str]
"""Unit, indicator and measure: value, year_to_date or a comparison."""
Number = tuple[object, str | None]
"""A number and, for a comparison, its status."""
NOTHING: Said = (None, None, "")


def feeding(quarter: int) -> set[int]:
    """The months that a quarter rests on: those of its year and of its bases' years so far."""
    found = set()
    for each in (quarter, *(quarter - back for back in QUARTERS_BACK.values())):
        last = 3 * each + 2
        found |= set(range(last - last % 12, last + 1))
    return found


@dataclass(frozen=True)
class Change:
    """A fact of another value than before; `now` is None where there is none any more."""

    key: tuple[int, str, str]
    was: Known | None
    now: Known | None


class Released:
    """A release and its way from what was released to what stands now."""

    def __init__(
        self,
        declaration: Declaration,
        event: Release,
        snapshot: Snapshot,
        quarterly: Iterable[QuarterlyRow],
        growth: Iterable[GrowthRow],
        most: int,
    ) -> None:
        self.declaration = declaration
        self.event = event
        self.most = most
        self.months = feeding(event.quarter)
        label = periods.quarter_label(event.quarter)
        self.quarterly = [row for row in quarterly if row.quarter == label]
        self.growth = [row for row in growth if row.quarter == label]
        self.facts = {each.key: each for each in snapshot.facts if each.month in self.months}
        self.figures = list(self._figures(snapshot))
        self.numbers = dict(numbers(self.quarterly, self.growth))
        self.fed: dict[str, set[str]] = {}
        for name, formula in formulas(declaration).items():
            for figure in formula.figures:
                self.fed.setdefault(figure, set()).add(name)
        self.step = 0
        self.revisions: list[tuple[object, ...]] = []
        self.effects: list[tuple[object, ...]] = []

    def _figures(self, snapshot: Snapshot) -> Iterator[tuple[object, ...]]:
        places = {(row[0], row[1], row[3]): row for row in snapshot.figures}
        for month, unit, figure in sorted(self.facts):
            known = self.facts[month, unit, figure]
            row = places.get((month, unit, figure))
            form, sheet, cell = (row[2], row[8], row[9]) if row else (None, None, None)
            said = (known.said[0], known.said[1], known.said[2], known.submission)
            yield month, unit, form, figure, *said, sheet, cell

    def follow(self, snapshot: Snapshot) -> None:
        """Follow what an event has changed of the facts, a step a change."""
        for step in self._steps(self._changes(snapshot)):
            self.step += 1
            for each in step:
                self.revisions.append(self._revision(each, snapshot.clock))
                if each.now is None:
                    del self.facts[each.key]
                else:
                    self.facts[each.key] = each.now
            self._compute(self.fed.get(step[0].key[2], set()))

    def _changes(self, snapshot: Snapshot) -> list[Change]:
        """What is known otherwise, by the arrival of the files; what no file brought comes last."""
        now = {each.key: each for each in snapshot.facts if each.month in self.months}
        found = []
        for key in {*self.facts, *now}:
            was, then = self.facts.get(key), now.get(key)
            if (was.said if was else NOTHING) != (then.said if then else NOTHING):
                found.append(Change(key, was, then))
        last = len(snapshot.order) + 1

        def place(change: Change) -> tuple[object, ...]:
            file = change.now.submission if change.now else None
            return snapshot.order.get(file or "", last), *change.key

        return sorted(found, key=place)

    def _steps(self, changes: Sequence[Change]) -> list[list[Change]]:
        """A step a change, in their order.

        Where an indicator has more than `most` changes, those of a figure are one step.
        """
        asked = Counter(name for each in changes for name in self.fed.get(each.key[2], ()))
        steps: list[list[Change]] = []
        for each in changes:
            figure = each.key[2]
            crowded = any(asked[name] > self.most for name in self.fed.get(figure, ()))
            together = [step for step in steps if crowded and step[0].key[2] == figure]
            if together:
                together[0].append(each)
            else:
                steps.append([each])
        return steps

    def _revision(self, change: Change, clock: dt.datetime) -> tuple[object, ...]:
        was = change.was.said if change.was else (None, None, None)
        now = change.now.said if change.now else (None, None, None)
        files = [each.submission if each else None for each in (change.was, change.now)]
        both = (was[0], now[0], was[1], now[1], was[2], now[2], *files)
        return self.event.release, self.step, *change.key, *both, clock

    def _compute(self, indicators: set[str]) -> None:
        """Compute those indicators of the quarter anew, and note what they were and are."""
        quarter = self.event.quarter
        quarters = [quarter, *sorted({quarter - back for back in QUARTERS_BACK.values()})]
        facts = [Fact(*each.key, *each.said) for each in self.facts.values()]
        measures = measure_some(self.declaration, facts, quarters, indicators)
        now: dict[Place, Number] = {}
        for (of, unit, indicator), measure in measures.items():
            if of == quarter:
                value = ten_decimals(measure.quarter.value)
                now[unit, indicator, "value"] = (value, None)
                now[unit, indicator, "year_to_date"] = (ten_decimals(measure.year.value), None)
        now |= numbers((), compare_everything(self.declaration, measures, quarter))
        was = {place: each for place, each in self.numbers.items() if place[1] in indicators}
        for place in sorted({*was, *now}):
            before, after = was.get(place, (None, None)), now.get(place, (None, None))
            if before != after:
                changed = (before[0], after[0], before[1], after[1])
                self.effects.append((self.event.release, self.step, *place, *changed))
        self.numbers = {p: each for p, each in self.numbers.items() if p not in was} | now


def numbers(quarterly: Iterable[QuarterlyRow], growth: Iterable[GrowthRow]) -> dict[Place, Number]:
    """The published numbers of those rows: values, years to date and rates, points as changes."""
    found: dict[Place, Number] = {}
    for row in quarterly:
        found[row.unit_code, row.indicator, "value"] = (row.value, None)
        found[row.unit_code, row.indicator, "year_to_date"] = (row.year_to_date, None)
    for each in growth:
        number = each.change if each.status == "points" else each.rate
        found[each.unit_code, each.indicator, each.comparison] = (number, each.status)
        if each.matched_units is not None:
            place = each.unit_code, each.indicator, f"{each.comparison}_matched"
            found[place] = (each.matched_rate, None)
    return found
