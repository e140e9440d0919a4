"""Whole histories at random: what was sent when, what was decided, what was released."""

import datetime as dt
from dataclasses import dataclass, field, replace
from random import Random

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.comparing.choosing import BySeed
from tests.comparing.declarations import DISTRICT, declaration
from tests.comparing.sending import EAST, Sending, moment
from tests.plain.events import (
    Accept,
    Event,
    File,
    Night,
    Release,
    Total,
    Totals,
    Withdraw,
)


@dataclass(frozen=True)
class Plan:
    """A history that has yet to happen. `most`: see `tests.plain.releasing`."""

    seed: int
    declaration: Declaration
    events: list[Event]
    instants: list[dt.datetime]
    """When to look back at what stood."""
    most: int


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


def _with_fewer(whole: Declaration, chance: Random) -> Declaration:
    """The declaration with some of its indicators: what others are made of, and five more."""
    bases = [each for each in whole.indicators if each.name in ("stocks", "net", "on_time")]
    others = [each for each in whole.indicators if each not in bases]
    chosen = bases + chance.sample(others, min(5, len(others)))
    return replace(whole, indicators=tuple(each for each in whole.indicators if each in chosen))


class _Planning:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.declaration = _with_fewer(declaration(BySeed(self.chance)), self.chance)
        self.sending = Sending(self.chance, self.declaration)
        began = min(form.valid_from for form in self.declaration.all_forms)
        self.began = began
        self.months = range(began, began + self.chance.choice((3, 5, 9, 12, 15, 18, 24, 28)))
        self.state = _State()

    def plan(self) -> Plan:
        files = sorted(self.sending.files(self.months), key=lambda file: file.received_at)
        events: list[Event] = []
        taken = 0
        for clock in self._clocks():
            if events:  # no clock goes back
                clock = max(clock, events[-1].clock)
            if events and self.sending.happens(self.sending.habits.same_clock):
                clock = events[-1].clock
            own = []
            while taken < len(files) and files[taken].received_at <= clock:
                own.append(files[taken])
                taken += 1
            own += self.sending.after_releases(self.state.released, clock)
            if self.sending.happens(20):
                self.chance.shuffle(own)
            self._note(own)
            events.append(Night(clock=clock, files=tuple(own)))
            for decide, percent in (
                (self._accept, 25),
                (self._withdraw, 25),
                (self._total, 20),
                (self._release, 50),
            ):
                if self.sending.happens(percent):
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

    def _clocks(self) -> list[dt.datetime]:
        """Some nights over the whole time, more of them towards its end, the last long after."""
        first = moment(periods.first_day(self.months[0] + 1))
        days = (periods.first_day(self.months[-1] + 2) - periods.first_day(self.months[0] + 1)).days
        number = self.chance.randint(1, 3)
        at = [days * self.chance.random() ** self.chance.choice((0.4, 1)) for _ in range(number)]
        at += [days, days + self.chance.choice((20, 100, 300)), days + 310]
        clocks = [first + dt.timedelta(minutes=round(1440 * each)) for each in at]
        return sorted(
            self._about_due(each) if self.sending.happens(40) else each for each in clocks
        )

    def _about_due(self, clock: dt.datetime) -> dt.datetime:
        """A time on the day on which that month's forms fall due, or at the next one's beginning."""
        month = periods.month_of((clock + EAST).date())
        minutes = self.chance.choice((0, 900, 1439, 1440, 1441))
        return moment(periods.first_day(month).replace(day=5)) + dt.timedelta(minutes=minutes)

    def _soon_after(self, clock: dt.datetime) -> dt.datetime:
        if self.sending.happens(self.sending.habits.same_clock):
            return clock
        return clock + dt.timedelta(minutes=self.chance.choice((1, 300, 2000)))

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
        """Totals from before the forms, of the district or of units, by month or by quarter.

        Some reach into the forms' first months, as where an old version was declared later.
        """
        codes = [DISTRICT, *(unit.code for unit in self.declaration.units if unit.kind == "镇")]
        name = self.chance.choice(sorted(self.declaration.figures))
        form = self.declaration.form_of[name].name
        found: list[Total] = []
        for code in self.chance.sample(codes, self.chance.randint(1, len(codes))):
            by_quarter = self.chance.choice((False, True))
            step = 3 if by_quarter else 1
            last = self.began - 1 - (self.began % 3 if by_quarter else 0)
            last += self.chance.choice((0, 0, 3))
            for back in range(self.chance.randint(1, 8 if by_quarter else 18)):
                month = last - back * step
                place = form, f"D{len(found) + 2}"
                found.append(Total(month, step, code, form, name, self.sending.amount(), *place))
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
