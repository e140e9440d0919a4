"""What the units of a history send: returns, corrections, the very bytes again, answers."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Unit
from tests.comparing.declarations import ITEM_STATES
from tests.plain.events import File, Filled, Sent

Content = tuple[dict[str, Filled], tuple[str, ...]]
"""A form's figures, a ledger's items."""
EAST = dt.timedelta(hours=8)
"""The clock of Shanghai before that of UTC."""


def moment(day: dt.date) -> dt.datetime:
    """The day's beginning in Shanghai, in UTC."""
    return dt.datetime.combine(day, dt.time()) - EAST


@dataclass(eq=False, kw_only=True)
class Written(Sent):
    """A form as it is written, and what is wrong with it."""

    fault: str = ""
    """negative, choice, error, broken; '' for none."""
    version: int = 0


@dataclass(frozen=True)
class Habits:
    """How often, in percent, something happens."""

    never: int
    late: int
    held: int
    asked: int
    twice: int
    not_applicable: int
    zero: int
    apart: int
    same_clock: int


class Sending:
    """Files at random, for some months of a declaration."""

    def __init__(self, chance: Random, declaration: Declaration) -> None:
        self.chance = chance
        self.declaration = declaration
        often = (0, 0, 3, 10, 30)
        self.habits = Habits(*(chance.choice(often) for _ in range(9)))
        self.corrected = chance.choice((5, 30, 50))
        self.versions = 0
        self.to_date: dict[tuple[str, str, int], Decimal] = {}
        self.filled: dict[tuple[int, str], dict[str, Content]] = {}

    def happens(self, percent: int) -> bool:
        """Whether something does that happens so often."""
        return self.chance.randrange(100) < percent

    def files(self, months: Iterable[int]) -> Iterator[File]:
        """All that is sent of those months, whatever happens."""
        for month in months:
            for unit in self.declaration.reporting_units(month):
                if not self.happens(self.habits.never):
                    yield from self._returns(unit, month)

    def _returns(self, unit: Unit, month: int) -> Iterator[File]:
        """The files of a unit's month: the first, and what puts right or changes it."""
        due = [form.name for form in self.declaration.due(unit.code, month)]
        if not due:
            return
        filled = {name: self._filled(unit, name, month) for name in due}
        self.filled[month, unit.code] = filled
        arrived = self._arrival(month)
        left = list(due)
        if self.happens(self.habits.apart):  # one of its forms in a file of its own
            alone = left.pop(self.chance.randrange(len(left)))
            yield self._file(unit, month, arrived, [self._sent(alone, *filled[alone])])
        if left:
            first = [self._sent(name, *filled[name]) for name in left]
            yield self._file(unit, month, arrived, first)
            asked = [self._answered(sent) for sent in first if sent.verdict == "asked"]
            if asked and self.happens(50):
                yield self._file(unit, month, arrived + self._later(), asked)
        while self.happens(self.corrected):
            arrived += self._later()
            chosen = [name for name in due if self.happens(70)] or due
            filled |= {name: self._corrected(*filled[name]) for name in chosen}
            forms = [self._sent(name, *filled[name]) for name in chosen]
            yield self._file(unit, month, arrived, forms)
            if self.happens(self.habits.twice):
                yield self._file(unit, month, arrived, forms, again=True)

    def after_releases(self, quarters: Iterable[int], clock: dt.datetime) -> Iterator[File]:
        """Corrections of what releases rest on: of their quarter, of earlier ones."""
        for quarter in quarters:
            back = self.chance.choice((0, 0, 0, 1, 4))
            months = range(3 * (quarter - back), 3 * (quarter - back) + 3)
            among = [key for key in self.filled if key[0] in months]
            for month, code in self.chance.sample(
                among, min(len(among), self.chance.randint(1, 2))
            ):
                filled = self.filled[month, code]
                for name in filled:
                    filled[name] = self._corrected(*filled[name])
                forms = [self._sent(name, *filled[name]) for name in filled]
                arrived = clock - dt.timedelta(minutes=self.chance.choice((0, 1, 500)))
                yield self._file(self.declaration.unit_by_code[code], month, arrived, forms)

    def _later(self) -> dt.timedelta:
        """At the same time as before, soon after it, or long after."""
        return dt.timedelta(minutes=self.chance.choice((0, 0, 600, 9000, 90000, 400000)))

    def _answered(self, sent: Written) -> Written:
        """The same figures once more, with a reason for what was asked of them."""
        self.versions += 1
        number = self.versions
        return Written(
            sent.form, sent.figures, sent.items, "accepted",
            question=sent.question, answer=f"answer {number}", version=number,
        )  # fmt: skip

    def _file(
        self,
        unit: Unit,
        month: int,
        arrived: dt.datetime,
        forms: list[Written],
        *,
        again: bool = False,
    ) -> File:
        self.versions += 0 if again else 1
        content = f"{unit.code} {month} {self.versions}"
        return File("", arrived, unit.code, month, content, tuple(forms))

    def _arrival(self, month: int) -> dt.datetime:
        day = periods.first_day(month + 1)
        late = self.happens(self.habits.late)
        days = self.chance.choice((5, 6, 20, 60, 200)) if late else self.chance.randint(0, 4)
        minutes = self.chance.choice((0, 600, 700, 1439))
        return moment(day + dt.timedelta(days=days)) + dt.timedelta(minutes=minutes)

    def _filled(self, unit: Unit, name: str, month: int) -> Content:
        form = self.declaration.by_name[name]
        if not isinstance(form, FigureForm):
            return {}, tuple(self.chance.choices(ITEM_STATES, k=self.chance.randrange(6)))
        lines = form.lines(self.declaration.group(unit.code) or "", month)
        return {
            figure.name: self._value(unit, form, figure, month, 5 + row)
            for row, figure in enumerate(lines)
        }, ()

    def _value(self, unit: Unit, form: FigureForm, figure: Figure, month: int, row: int) -> Filled:
        place = form.name, f"E{row}"
        if self.happens(self.habits.not_applicable):
            return Filled(None, None, "not_applicable", *place)
        value = self.amount()
        year = unit.code, figure.name, month // 12
        self.to_date[year] = self.to_date.get(year, Decimal(0)) + value
        if figure.cumulative_only:
            return Filled(None, self.to_date[year], "reported", *place)
        # Beside later months a correction would contradict 本年累计, and the form be held.
        first = figure.kind == "flow" and month % 12 < form.months
        return Filled(value, value if first else None, "reported", *place)

    def amount(self) -> Decimal:
        """An amount of the usual size, or nothing."""
        if self.happens(self.habits.zero):
            return Decimal(0)
        most = self.chance.choice((10, 1000, 1_000_000))
        return Decimal(self.chance.randrange(1, most)) / self.chance.choice((1, 1, 10, 100))

    def _corrected(self, figures: dict[str, Filled], items: tuple[str, ...]) -> Content:
        """The form with other values in some of its lines, or in none."""
        changed = dict(figures)
        for name, each in figures.items():
            if self.happens(40):
                amount = self.amount()
                value = None if each.value is None and each.mark == "reported" else amount
                to_date = None if each.year_to_date is None else amount
                changed[name] = replace(each, value=value, year_to_date=to_date, mark="reported")
                if self.happens(self.habits.not_applicable):
                    changed[name] = Filled(None, None, "not_applicable", each.sheet, each.cell)
        if not figures and self.happens(60):
            items = (*items[1:], self.chance.choice(ITEM_STATES))
        return changed, items

    def _sent(self, name: str, figures: dict[str, Filled], items: tuple[str, ...]) -> Written:
        self.versions += 1
        number = self.versions
        known = [each for each, filled in figures.items() if filled.value is not None]
        if self.happens(self.habits.held):
            fault = self.chance.choice(("error", "broken", "negative" if figures else "choice"))
            if fault == "negative" and known:
                wrong = self.chance.choice(known)
                figures = figures | {wrong: replace(figures[wrong], value=Decimal(-1))}
            elif fault == "choice":
                items = (*items, "lost")
            elif fault == "negative":
                fault = "error"
            return Written(name, figures, items, "held", fault=fault, version=number)
        if self.happens(self.habits.asked):
            said = f"question {number}."
            if self.happens(30):  # asked and answered in the same file
                return Written(
                    name, figures, items, "accepted", question=said, answer=f"answer {number}",
                    version=number,
                )  # fmt: skip
            return Written(name, figures, items, "asked", question=said, version=number)
        return Written(name, figures, items, "accepted", version=number)
