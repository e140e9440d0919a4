"""The facilities of a township or of the district, and how they are built over the months."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from flows.demo.chance import stream
from flows.demo.returns import Row
from schemas.declaring import periods

STAGES = ("选址", "在建", "建成", "试运行", "运行")
OPENS = STAGES.index("试运行")
RUNS = STAGES.index("运行")
POINT = "互助养老点"
MOST = {
    "爱心食堂": 3,
    POINT: 4,
    "社工站": 1,
    "精神障碍康复站": 2,
    "未成年人保护示范点": 2,
    "五童友好社区": 3,
    "婚俗改革基地": 1,
    "社区综合服务体": 4,
    "公益性安葬设施": 3,
}
"""The kinds that townships have, and how many of each at most."""
DISTRICT = ("未成年人保护中心", "康复指导中心", "婚姻家庭指导中心", "婚恋交友基地")
MONTHLY_START = 0.06
"""The chance that a township starts one more facility in a month."""


@dataclass(slots=True)
class _Facility:
    name: str
    kind: str
    village: str
    stage: int
    planned_on: dt.date
    opened_on: dt.date | None
    capacity: int
    in_use: int = 0
    closed: bool = False

    def row(self) -> Row:
        running = not self.closed and self.stage >= OPENS
        return {
            "name": self.name,
            "kind": self.kind,
            "village": self.village,
            "status": "停用" if self.closed else STAGES[self.stage],
            "planned_on": self.planned_on,
            "opened_on": self.opened_on,
            "capacity": self.capacity,
            "in_use": self.in_use if running and self.kind == POINT else None,
            "note": None,
        }


class Facilities:
    """The facilities of one unit; `rows` after `next(month)` is its ledger."""

    def __init__(self, seed: str, kinds: dict[str, int], villages: tuple[str, ...]) -> None:
        self._random = stream(seed, "facilities")
        self._kinds = kinds
        self._villages = villages
        self._all: list[_Facility] = []

    def begin(self, month: int) -> None:
        """Puts in what stood before the first month: some running, some not yet."""
        for kind, most in self._kinds.items():
            for _ in range(self._random.randint(0 if most > 1 else most, most)):
                self._start(kind, month - self._random.randint(12, 40))
                facility = self._all[-1]
                facility.stage = self._random.choice((0, 1, 2, RUNS, RUNS, RUNS))
                if facility.stage >= OPENS:
                    facility.opened_on = _day(month - self._random.randint(1, 11), self._random)
                    facility.in_use = self._random.randint(3, 9)

    def next(self, month: int) -> None:
        """A month goes by: stages move on, places fill, now and then one starts or closes."""
        for facility in self._all:
            if facility.stage < RUNS and self._random.random() < 0.14:
                facility.stage += 1
                if facility.stage == OPENS:
                    facility.opened_on = _day(month, self._random)
                    facility.in_use = self._random.randint(2, 5)
            elif facility.stage >= OPENS and facility.kind == POINT:
                moved = facility.in_use + self._random.choice((-1, 0, 0, 0, 1))
                facility.in_use = min(max(moved, 2), facility.capacity)
                facility.closed = facility.closed or self._random.random() < 0.002
        if self._random.random() < MONTHLY_START:
            kind = self._random.choice(tuple(self._kinds))
            if sum(each.kind == kind for each in self._all) < self._kinds[kind]:
                self._start(kind, month)

    def _start(self, kind: str, month: int) -> None:
        village = self._random.choice(self._villages)
        # The number is the unit's running one of the kind, so that no two share a name.
        number = 1 + sum(each.kind == kind for each in self._all)
        name = f"{village}{kind}{number}" if len(self._villages) > 1 else f"{village}{kind}"
        capacity = self._random.randint(10, 30)
        self._all.append(
            _Facility(name, kind, village, 0, _day(month, self._random), None, capacity)
        )

    def rows(self) -> list[Row]:
        """The ledger as it stands."""
        return [facility.row() for facility in self._all]


def _day(month: int, random: Random) -> dt.date:
    return periods.first_day(month).replace(day=random.randint(1, 28))
