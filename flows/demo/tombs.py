"""The register of tombs built for the living: found, registered, removed."""

import datetime as dt
from random import Random

from flows.demo.chance import stream
from flows.demo.returns import Row
from schemas.declaring import periods

SURNAMES = "张王李冉龚田杨向庞陈"
MEASURES = ("拆除复垦", "改建生态墓", "覆土绿化")
RESPONSIBLE = ("村支书", "村主任", "驻村干部")


class Tombs:
    """One township's ledger; removed tombs leave it when the next year begins."""

    def __init__(self, seed: str, prefix: str, villages: tuple[str, ...]) -> None:
        self._random = stream(seed, "tombs")
        self._prefix = prefix
        self._villages = villages
        self._rows: list[Row] = []
        self._last = 0
        self._usual = self._random.randint(16, 32)

    def begin(self, month: int) -> None:
        """Registers what was found before the first month."""
        for _ in range(self._usual):
            self._find(month - 1)

    def next(self, month: int) -> int:
        """A month goes by; returns how many tombs were found in it."""
        if month % 12 == 0:
            self._rows = [row for row in self._rows if row["status"] == "在册"]
        standing = [row for row in self._rows if row["status"] == "在册"]
        # Fewer are removed where few are left, so that a register never runs empty.
        often = 0.04 * len(standing) / self._usual
        for row in standing:
            if self._random.random() < often:
                row.update(
                    status="已拆除",
                    removed_on=_day(month, self._random),
                    removed_by=self._random.choice(("自行", "自行", "组织")),
                )
        found = self._random.choice((0, 0, 0, 0, 1, 1, 2, 3))
        for _ in range(found):
            self._find(month)
        return found

    def _find(self, month: int) -> None:
        self._last += 1
        self._rows.append(
            {
                "tomb_no": f"{self._prefix}-{self._last:03d}",
                "village": self._random.choice(self._villages),
                "household_head": f"{self._random.choice(SURNAMES)}某",
                "measure": self._random.choice(MEASURES),
                "responsible": self._random.choice(RESPONSIBLE),
                "deadline": dt.date((month + 15) // 12, 12, 31),
                "status": "在册",
                "removed_on": None,
                "removed_by": None,
                "note": None,
            }
        )

    def rows(self) -> list[Row]:
        """The ledger as it stands."""
        return [dict(row) for row in self._rows]


def _day(month: int, random: Random) -> dt.date:
    return periods.first_day(month).replace(day=random.randint(1, 28))
