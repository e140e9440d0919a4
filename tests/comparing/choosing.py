"""Choices that Hypothesis draws, and shrinks, or that follow from a seed alone."""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Choose(Protocol):
    """What is chosen piece by piece."""

    def number(self, least: int, most: int) -> int: ...

    def one_of(self, among: Sequence[T]) -> T: ...

    def some_of(self, among: Sequence[T]) -> list[T]: ...


class ByHypothesis:
    """Choices of a composite strategy."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def one_of(self, among: Sequence[T]) -> T:
        return self.draw(st.sampled_from(among))

    def some_of(self, among: Sequence[T]) -> list[T]:
        return self.draw(st.lists(st.sampled_from(among), unique=True, min_size=1))


class BySeed:
    """Choices that are the same for the same seed."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def number(self, least: int, most: int) -> int:
        return self.chance.randint(least, most)

    def one_of(self, among: Sequence[T]) -> T:
        return self.chance.choice(among)

    def some_of(self, among: Sequence[T]) -> list[T]:
        return self.chance.sample(among, self.chance.randint(1, len(among)))
