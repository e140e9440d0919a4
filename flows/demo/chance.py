"""Seeded chance: every series draws from a stream of its own.

So a longer world begins like a shorter one, and a new figure changes no other.
"""

import math
from decimal import Decimal
from random import Random


def stream(*keys: object) -> Random:
    """The generator that belongs to the keys, the same on every machine."""
    return Random("/".join(str(key) for key in keys))


def tenths(amount: float) -> Decimal:
    """The amount with exactly one decimal, as 万元 are reported."""
    return Decimal(round(amount * 10)).scaleb(-1)


class Flow:
    """A monthly flow around a level: seasons, a slow trend, bounded noise.

    Season and noise together stay within 20 % of the level, so that a true month
    never looks like a slip (which takes 30 % of the median at least).
    """

    def __init__(self, level: float, random: Random, noise: float = 0.1) -> None:
        self._level = level
        self._random = random
        self._noise = noise
        self._peak = random.randrange(12)
        self._monthly = random.uniform(-0.001, 0.005)

    def next(self, month: int) -> float:
        """The month's amount, above 0."""
        self._level *= 1 + self._monthly
        season = 1 + 0.08 * math.cos(math.tau * (month % 12 - self._peak) / 12)
        return self._level * season * self._random.uniform(1 - self._noise, 1 + self._noise)


class Walk:
    """A stock that moves by at most `step` a month and stays near where it began."""

    def __init__(self, start: float, step: int, random: Random, upwards: bool = False) -> None:
        self.value = round(start)
        self._low = self.value if upwards else math.ceil(self.value * 0.7)
        self._high = max(self.value + step, math.floor(self.value * 1.4))
        self._step = step
        self._upwards = upwards
        self._random = random

    def next(self) -> int:
        """The stock at the next month's end."""
        down = 0 if self._upwards else self._step
        moved = self.value + self._random.randint(-down, self._step)
        self.value = min(max(moved, self._low), self._high)
        return self.value
