"""A whole history: what is in force after each event, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.computing.world import Fact, FormState
from tests.plain.covering import Covering, coverage_row
from tests.plain.events import (
    Accept,
    Event,
    Known,
    Night,
    Release,
    Snapshot,
    Total,
    Totals,
    Withdraw,
)
from tests.plain.growth import compare_everything
from tests.plain.maturity import Maturity
from tests.plain.owing import FORMS_COUNTED
from tests.plain.quarters import measure_everything, quarterly_rows
from tests.plain.releasing import Released
from tests.plain.rows import GrowthRow, QuarterlyRow
from tests.plain.versions import Versions, revisions

THRESHOLD = 5
"""Counts below it are withheld in what is shared."""
Row = tuple[object, ...]
Computed = tuple[list[QuarterlyRow], list[GrowthRow]]


class History:
    """What the events so far have come to. `most`: see `Released`."""

    def __init__(self, declaration: Declaration, most: int) -> None:
        self.declaration = declaration
        self.most = most
        self.versions = Versions()
        self.covering = Covering(declaration)
        self.totals: list[tuple[Total, str]] = []
        self.revisions: list[Row] = []
        self.snapshots: list[Snapshot] = []
        self.releases: list[tuple[Released, Row]] = []
        self.released_coverage: list[Row] = []
        self._computed: dict[int, Computed] = {}

    def apply(self, event: Event) -> None:
        """Let an event happen; their clocks never go back."""
        if isinstance(event, Release):
            self._release(event)
            return
        if isinstance(event, Night):
            for file in event.files:
                for before, after in self.versions.take(file):
                    self.revisions += revisions(before, after, event.clock)
            self.covering.night(event.clock)
        elif isinstance(event, (Accept, Withdraw)):
            withdraw = isinstance(event, Withdraw)
            before, after = self.versions.decide(event.file, event.form, withdraw=withdraw)
            self.revisions += revisions(before, after, event.clock)
            self.covering.decision({event.file.month}, event.clock)
        elif isinstance(event, Totals):
            self._take_totals(event)
        self.snapshots.append(self._snapshot(event.clock))
        for released, _ in self.releases:
            released.follow(self.snapshots[-1])

    def _take_totals(self, event: Totals) -> None:
        """A later total replaces those whose periods it overlaps."""
        kept = []
        for old, submission in self.totals:
            if not any(_overlap(old, new) for new in event.totals):
                kept.append((old, submission))
        self.totals = kept + [(new, event.submission) for new in event.totals]
        months = {new.month - back for new in event.totals for back in range(3)}
        self.covering.decision(months, event.clock)

    def _snapshot(self, clock: dt.datetime) -> Snapshot:
        figures = list(self._figures())
        states = [
            (month, unit, form, state in ("on_time", "late"))
            for (unit, form, month), _, state in self.covering.rows(self.versions)
        ]
        facts = [
            Known(row[0], row[1], row[3], (row[4], row[5], row[6]), row[7])  # type: ignore[arg-type]
            for row in figures
        ]
        facts = [*_spread(facts, self.totals, self.declaration), *self._counted()]
        facts += self._forms_counted()
        return Snapshot(clock, figures, facts, states, dict(self.versions.order))

    def _figures(self) -> Iterator[Row]:
        """The rows of monthly_figure, with months as numbers."""
        reported = set()
        for (unit, form, month), version in self.versions.all_in_force():
            for figure, filled in version.sent.figures.items():
                reported.add((unit, figure, month))
                file = version.file.submission
                yield (
                    *(month, unit, form, figure),
                    *(*filled.said, file, filled.sheet, filled.cell),
                )
        for total, submission in self.totals:
            span = range(total.month - total.months + 1, total.month + 1)
            if not any((total.unit, total.figure, month) in reported for month in span):
                yield (
                    *(total.month, total.unit, total.form, total.figure),
                    *(total.value, None, "history", submission, total.sheet, total.cell),
                )

    def _counted(self) -> Iterator[Known]:
        """What the ledgers in force come to, where no reported figure says it."""
        for (unit, form, month), version in self.versions.all_in_force():
            for ledger, count in self.declaration.counts.values():
                if ledger.name == form and count.figure is None:
                    (states,) = [values for _, values in count.where] or [version.sent.items]
                    number = sum(item in states for item in version.sent.items)
                    said = (number, None, "reported")
                    yield Known(month, unit, count.name, said, version.file.submission)  # type: ignore[arg-type]

    def _forms_counted(self) -> Iterator[Known]:
        """How many forms were due and how many came in time, a unit and month."""
        due: dict[tuple[int, str], list[str]] = {}
        for (unit, _, month), _, state in self.covering.rows(self.versions):
            if state is not None:
                due.setdefault((month, unit), []).append(state)
        for (month, unit), states in due.items():
            for figure, number in zip(
                FORMS_COUNTED, (len(states), states.count("on_time")), strict=True
            ):
                yield Known(month, unit, figure, (number, None, "reported"), None)  # type: ignore[arg-type]

    def _release(self, event: Release) -> None:
        snapshot = self.snapshots[-1]
        quarters, compared = self.computed(snapshot)
        released = Released(
            self.declaration,
            event,
            snapshot,
            [replace(row, maturity="released") for row in quarters],
            compared,
            self.most,
        )
        months = range(3 * event.quarter, 3 * event.quarter + 3)
        accepted = {state[:3] for state in snapshot.states if state[3]}
        gaps = sum(
            (month, unit.code, form.name) not in accepted
            for month in months
            for unit in self.declaration.reporting_units(month)
            for form in self.declaration.due(unit.code, month)
        )
        row = (
            event.release,
            periods.quarter_label(event.quarter),
            periods.first_day(3 * event.quarter),
            event.clock,
            event.released_by,
            event.approved_by,
            event.note,
            gaps,
            THRESHOLD,
        )
        self.releases.append((released, row))
        end = periods.last_day(3 * event.quarter + 2)
        self.released_coverage += [
            (event.release, *row)
            for row in self.coverage()
            if isinstance(row[0], dt.date) and row[0].year == end.year and row[0] <= end
        ]

    def coverage(self) -> list[Row]:
        """The rows of `coverage`."""
        return [
            coverage_row(key, arrived, state, self.declaration)
            for key, arrived, state in self.covering.rows(self.versions)
            if state is not None
        ]

    def at(self, moment: dt.datetime) -> Snapshot | None:
        """What stood at an instant; None before the first event."""
        found = None
        for each in self.snapshots:
            if each.clock <= moment:
                found = each
        return found

    def computed(self, snapshot: Snapshot) -> Computed:
        """The indicators and comparisons of what stood then."""
        if id(snapshot) not in self._computed:
            self._computed[id(snapshot)] = self._compute(snapshot)
        return self._computed[id(snapshot)]

    def _compute(self, snapshot: Snapshot) -> Computed:
        facts = [Fact(*each.key, *each.said) for each in snapshot.facts]
        states = [FormState(*each) for each in snapshot.states]
        measures = measure_everything(self.declaration, facts, states)
        maturity = Maturity(self.declaration, facts, states)
        return quarterly_rows(measures, maturity), compare_everything(self.declaration, measures)


def _overlap(one: Total, other: Total) -> bool:
    months = [set(range(each.month - each.months + 1, each.month + 1)) for each in (one, other)]
    same = (one.unit, one.figure) == (other.unit, other.figure)
    return same and bool(months[0] & months[1])


def _spread(
    facts: Iterable[Known], totals: Iterable[tuple[Total, str]], declaration: Declaration
) -> Iterator[Known]:
    """A quarter's total of a flow stands in its last month and covers the two before as well."""
    quarters = {
        (total.month, total.unit, total.figure): submission
        for total, submission in totals
        if total.months == 3 and declaration.figures[total.figure].kind == "flow"
    }
    for each in facts:
        yield each
        if each.said[2] == "history" and each.key in quarters:
            for back in (1, 2):
                said = (0, None, "history")
                yield Known(each.month - back, each.unit, each.figure, said, each.submission)  # type: ignore[arg-type]
