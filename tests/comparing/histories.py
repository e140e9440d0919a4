"""Whole histories at random: what was sent when, what was decided, what was released."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Unit
from tests.comparing.choosing import BySeed
from tests.comparing.declarations import DISTRICT, ITEM_STATES, declaration
from tests.plain.events import (
    Accept,
    Event,
    File,
    Filled,
    Night,
    Release,
    Sent,
    Total,
    Totals,
    Withdraw,
)

Content = tuple[dict[str, Filled], tuple[str, ...]]
"""A form's figures, a ledger's items."""
EAST = dt.timedelta(hours=8)
"""The clock of Shanghai before that of UTC."""


@dataclass(eq=False, kw_only=True)
class Written(Sent):
    """A form as it is written, and what is wrong with it."""

    fault: str = ""
    """negative, choice, error, broken; '' for none."""
    version: int = 0


@dataclass(frozen=True)
class Plan:
    """A history that has yet to happen. `most`: see `tests.plain.releasing`."""

    seed: int
    declaration: Declaration
    events: list[Event]
    instants: list[dt.datetime]
    """When to look back at what stood."""
    most: int


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


@dataclass
class _State:
    """What was sent and decided so far."""

    contents: dict[tuple[str, int], str] = field(default_factory=dict)
    asked: list[tuple[File, str]] = field(default_factory=list)
    accepted: list[tuple[File, str]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    releases: list[str] = field(default_factory=list)
    released: list[int] = field(default_factory=list)


def plan(seed: int) -> Plan:
    """The history of that seed: the same for ever, as long as nothing here changes."""
    return _Planning(seed).plan()


class _Planning:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.declaration = declaration(BySeed(self.chance))
        often = (0, 0, 3, 10, 30)
        self.habits = Habits(*(self.chance.choice(often) for _ in range(9)))
        self.corrected = self.chance.choice((5, 30, 50))
        self.versions = 0
        self.to_date: dict[tuple[str, str, int], Decimal] = {}
        began = min(form.valid_from for form in self.declaration.all_forms)
        self.began = began
        self.months = range(began, began + self.chance.choice((3, 5, 9, 12, 15, 18, 24, 28)))
        self.filled: dict[tuple[int, str], dict[str, Content]] = {}
        self.state = _State()

    def plan(self) -> Plan:
        files = sorted(self._files(), key=lambda file: file.received_at)
        events: list[Event] = []
        taken = 0
        for clock in self._clocks():
            if events and self._happens(self.habits.same_clock):
                clock = events[-1].clock
            own = []
            while taken < len(files) and files[taken].received_at <= clock:
                own.append(files[taken])
                taken += 1
            own += self._after_release(clock)
            if self._happens(20):
                self.chance.shuffle(own)
            self._note(own)
            events.append(Night(clock=clock, files=tuple(own)))
            for decide, percent in (
                (self._accept, 25),
                (self._withdraw, 25),
                (self._total, 20),
                (self._release, 50),
            ):
                if self._happens(percent):
                    event = decide(self._soon_after(events[-1].clock))
                    if event is not None:
                        events.append(event)
        clocks = sorted({event.clock for event in events})
        instants = [each + dt.timedelta(hours=self.chance.choice((0, 0, 1))) for each in clocks]
        return Plan(
            self.seed,
            self.declaration,
            events,
            [self.chance.choice(instants)],
            self.chance.choice((1, 2, 2, 2, 3, 3, 5, 12)),
        )

    def _happens(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    def _clocks(self) -> list[dt.datetime]:
        """Some nights over the whole time, more of them towards its end, the last long after."""
        first = _moment(periods.first_day(self.months[0] + 1))
        days = (periods.first_day(self.months[-1] + 2) - periods.first_day(self.months[0] + 1)).days
        number = self.chance.randint(1, 3)
        at = [days * self.chance.random() ** self.chance.choice((0.4, 1)) for _ in range(number)]
        at += [days, days + self.chance.choice((20, 100, 300)), days + 310]
        clocks = [first + dt.timedelta(minutes=round(1440 * each)) for each in at]
        return sorted(self._about_due(each) if self._happens(40) else each for each in clocks)

    def _about_due(self, clock: dt.datetime) -> dt.datetime:
        """A time on the day on which that month's forms fall due, or at the next one's beginning."""
        month = periods.month_of((clock + EAST).date())
        minutes = self.chance.choice((0, 900, 1439, 1440, 1441))
        return _moment(periods.first_day(month).replace(day=5)) + dt.timedelta(minutes=minutes)

    def _soon_after(self, clock: dt.datetime) -> dt.datetime:
        if self._happens(self.habits.same_clock):
            return clock
        return clock + dt.timedelta(minutes=self.chance.choice((1, 300, 2000)))

    # What is sent

    def _files(self) -> Iterator[File]:
        for month in self.months:
            for unit in self.declaration.reporting_units(month):
                if not self._happens(self.habits.never):
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
        if self._happens(self.habits.apart):  # one of its forms in a file of its own
            alone = left.pop(self.chance.randrange(len(left)))
            yield self._file(unit, month, arrived, [self._sent(alone, *filled[alone])])
        if left:
            first = [self._sent(name, *filled[name]) for name in left]
            yield self._file(unit, month, arrived, first)
            asked = [self._answered(sent) for sent in first if sent.verdict == "asked"]
            if asked and self._happens(50):
                yield self._file(unit, month, arrived + self._later(), asked)
        while self._happens(self.corrected):
            arrived += self._later()
            chosen = [name for name in due if self._happens(70)] or due
            filled |= {name: self._corrected(*filled[name]) for name in chosen}
            forms = [self._sent(name, *filled[name]) for name in chosen]
            yield self._file(unit, month, arrived, forms)
            if self._happens(self.habits.twice):
                yield self._file(unit, month, arrived, forms, again=True)

    def _after_release(self, clock: dt.datetime) -> Iterator[File]:
        """Corrections of what a release rests on: of its quarter, or of the one a year before."""
        for quarter in self.state.released:
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
        late = self._happens(self.habits.late)
        days = self.chance.choice((5, 6, 20, 60, 200)) if late else self.chance.randint(0, 4)
        minutes = self.chance.choice((0, 600, 700, 1439))
        return _moment(day + dt.timedelta(days=days)) + dt.timedelta(minutes=minutes)

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
        if self._happens(self.habits.not_applicable):
            return Filled(None, None, "not_applicable", *place)
        value = self._amount()
        year = unit.code, figure.name, month // 12
        self.to_date[year] = self.to_date.get(year, Decimal(0)) + value
        if figure.cumulative_only:
            return Filled(None, self.to_date[year], "reported", *place)
        # Beside later months a correction would contradict 本年累计, and the form be held.
        first = figure.kind == "flow" and month % 12 < form.months
        return Filled(value, value if first else None, "reported", *place)

    def _amount(self) -> Decimal:
        if self._happens(self.habits.zero):
            return Decimal(0)
        most = self.chance.choice((10, 1000, 1_000_000))
        return Decimal(self.chance.randrange(1, most)) / self.chance.choice((1, 1, 10, 100))

    def _corrected(self, figures: dict[str, Filled], items: tuple[str, ...]) -> Content:
        """The form with other values in some of its lines, or in none."""
        changed = dict(figures)
        for name, each in figures.items():
            if self._happens(40):
                amount = self._amount()
                value = None if each.value is None and each.mark == "reported" else amount
                to_date = None if each.year_to_date is None else amount
                changed[name] = replace(each, value=value, year_to_date=to_date, mark="reported")
                if self._happens(self.habits.not_applicable):
                    changed[name] = Filled(None, None, "not_applicable", each.sheet, each.cell)
        if not figures and self._happens(60):
            items = (*items[1:], self.chance.choice(ITEM_STATES))
        return changed, items

    def _sent(
        self, name: str, figures: dict[str, Filled], items: tuple[str, ...], **words: str
    ) -> Written:
        self.versions += 1
        number = self.versions
        known = [each for each, filled in figures.items() if filled.value is not None]
        if self._happens(self.habits.held):
            fault = self.chance.choice(("error", "broken", "negative" if figures else "choice"))
            if fault == "negative" and known:
                wrong = self.chance.choice(known)
                figures = figures | {wrong: replace(figures[wrong], value=Decimal(-1))}
            elif fault == "choice":
                items = (*items, "lost")
            elif fault == "negative":
                fault = "error"
            return Written(name, figures, items, "held", fault=fault, version=number)
        if self._happens(self.habits.asked):
            said = f"question {number}."
            if self._happens(30):  # asked and answered in the same file
                return Written(
                    name, figures, items, "accepted", question=said, answer=f"answer {number}",
                    version=number,
                )  # fmt: skip
            return Written(name, figures, items, "asked", question=said, version=number)
        return Written(name, figures, items, "accepted", version=number)

    # What is decided

    def _note(self, files: list[File]) -> None:
        """Keep in mind what can be decided of files that are no duplicates."""
        for file in files:
            if self.state.contents.get((file.unit, file.month)) != file.content:
                self.state.contents[file.unit, file.month] = file.content
                for sent in file.forms:
                    if sent.verdict == "asked" and sent.question not in self.state.answered:
                        self.state.asked.append((file, sent.form))
                    elif sent.verdict == "accepted":
                        self.state.accepted.append((file, sent.form))
                    if sent.answer:
                        self.state.answered.add(sent.question)

    def _accept(self, clock: dt.datetime) -> Event | None:
        if not self.state.asked:
            return None
        chosen = self.state.asked.pop(self.chance.randrange(len(self.state.asked)))
        self.state.accepted.append(chosen)
        return Accept(clock=clock, file=chosen[0], form=chosen[1])

    def _withdraw(self, clock: dt.datetime) -> Event | None:
        if not self.state.accepted:
            return None
        late = min(len(self.state.accepted), self.chance.choice((1, 5, 1000)))
        chosen = self.state.accepted.pop(-self.chance.randint(1, late))
        return Withdraw(clock=clock, file=chosen[0], form=chosen[1])

    def _total(self, clock: dt.datetime) -> Event | None:
        """Totals from before the forms, of the district or of units, by month or by quarter."""
        codes = [DISTRICT, *(unit.code for unit in self.declaration.units if unit.kind == "镇")]
        name = self.chance.choice(sorted(self.declaration.figures))
        form = self.declaration.form_of[name].name
        found: list[Total] = []
        for code in self.chance.sample(codes, self.chance.randint(1, len(codes))):
            by_quarter = self.chance.choice((False, True))
            step = 3 if by_quarter else 1
            last = self.began - 1 - (self.began % 3 if by_quarter else 0)
            for back in range(self.chance.randint(1, 8 if by_quarter else 18)):
                month = last - back * step
                place = form, f"D{len(found) + 2}"
                found.append(Total(month, step, code, form, name, self._amount(), *place))
        return Totals(clock=clock, submission="", totals=tuple(found))

    def _release(self, clock: dt.datetime) -> Event | None:
        last = periods.month_of((clock + EAST).date()) // 3 - 1
        among = range(self.months[0] // 3, min(last, self.months[-1] // 3) + 1)
        if not among or len(self.state.releases) == 2:
            return None
        quarter = self.chance.choice((*among, *among[-3:]))
        name = label = periods.quarter_label(quarter)
        while name in self.state.releases:
            name = f"{label}-{int(name.partition('-')[2] or 1) + 1}"
        self.state.releases.append(name)
        self.state.released.append(quarter)
        by = self.chance.choice((None, "王主任"))
        return Release(
            clock=clock,
            release=name,
            quarter=quarter,
            released_by=by,
            approved_by=None if by else "李局长",
            note="报数未齐，先行发布",
        )


def _moment(day: dt.date) -> dt.datetime:
    """The day's beginning in Shanghai, in UTC."""
    return dt.datetime.combine(day, dt.time()) - EAST
