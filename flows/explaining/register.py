"""Who a unit is in a quarter: followed through its successors, parted, or ended.

The rules of `flows/computing/scope.sql`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit of the register; months are numbers, `group` its group of reporters."""

    code: str
    name: str
    group: str | None
    first_month: int | None
    last_month: int | None
    successor: str | None

    def exists(self, month: int) -> bool:
        """Whether the unit exists at the month's end."""
        return (self.first_month is None or self.first_month <= month) and (
            self.last_month is None or month <= self.last_month
        )


class Split(NamedTuple):
    """A unit that was parted on a day of `month`: `into` are the codes that got a part of it."""

    on: dt.date
    month: int
    source: str
    into: tuple[str, ...]


class Standing(NamedTuple):
    """A unit's place in a quarter: the units that have become it, itself first, and how long.

    `until` is the last month, up to the quarter's end, at whose end any of them was there.
    """

    sources: tuple[str, ...]
    until: int


@dataclass(frozen=True)
class Register:
    """The units, past and present, and their splits."""

    district: str
    units: dict[str, Unit]
    splits: tuple[Split, ...] = ()
    _standing: dict[int, dict[str, Standing]] = field(default_factory=dict)
    _followed: dict[int, dict[str, str]] = field(default_factory=dict)

    def name(self, code: str) -> str:
        """The unit's name; its code where it is not in the register."""
        unit = self.units.get(code)
        return code if unit is None else unit.name

    def standing(self, quarter: int) -> Mapping[str, Standing]:
        """The units there are in the quarter, by code.

        They are there at its end, or ended without a successor in its year: what those reported
        in it is part of the year. The district stands for itself.
        """
        if quarter not in self._standing:
            last = quarter * 3 + 2
            found: dict[str, list[str]] = defaultdict(list)
            for code in sorted(self.units):
                now = self._follow(code, last)
                if now is not None and code != self.district:
                    found[now].append(code)
            standing = {self.district: Standing((self.district,), last)}
            for now, codes in found.items():
                until = last if self.units[now].exists(last) else self._ended(codes)
                if until is not None and until // 12 == quarter // 4:
                    itself = [now] if now in codes else []
                    ordered = itself + sorted(code for code in codes if code != now)
                    standing[now] = Standing(tuple(ordered), until)
            self._standing[quarter] = standing
        return self._standing[quarter]

    def followed(self, quarter: int) -> Mapping[str, str]:
        """Every unit's code to that of the unit it has become, of those there in the quarter."""
        if quarter not in self._followed:
            self._followed[quarter] = {
                code: now for now, each in self.standing(quarter).items() for code in each.sources
            }
        return self._followed[quarter]

    def _follow(self, code: str, last_month: int) -> str | None:
        """The unit it has become, or the one it ended as; None for one that is still to begin."""
        seen: set[str] = set()
        while code not in seen:  # a circle of successors ends
            seen.add(code)
            unit = self.units.get(code)
            if unit is None:
                return None
            if unit.exists(last_month):
                return code
            if unit.last_month is None or unit.last_month >= last_month:
                return None
            if not unit.successor:
                return code
            code = unit.successor
        return None

    def _ended(self, codes: list[str]) -> int | None:
        """The last month at whose end any of the units was there; all of them have ended."""
        units = (self.units[code] for code in codes)
        months = (
            unit.last_month
            for unit in units
            if unit.last_month is not None
            # One that came and went within a month was there at no month's end.
            and (unit.first_month is None or unit.first_month <= unit.last_month)
        )
        return max(months, default=None)
