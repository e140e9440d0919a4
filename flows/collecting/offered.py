"""What a channel offers, and how a collection speaks with any of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

LARGEST = 64 * 1024 * 1024
"""Bytes: what is larger stays where it is, and is named."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that a channel has."""

    key: str
    """What it is known by for as long as the channel has it; another version has another."""
    name: str
    """As its sender wrote it."""
    source: str
    """Where the channel has it."""
    sender: str
    units: tuple[str, ...] | None
    """The codes of the units it may speak for; None for any."""
    arrived: dt.datetime
    """When the channel got it, UTC, as far as it can tell."""
    modified: float
    """Seconds since 1970: the order of arrival."""
    content: Callable[[], bytes | None]
    """Its bytes; None where it is no longer the one that was offered, or cannot be read."""


@dataclass(slots=True)
class Said:
    """What a channel has to tell the night."""

    passed_over: list[str] = field(default_factory=list)
    """What could not be looked at, read, marked or removed, a sentence each."""
    noted: list[str] = field(default_factory=list)
    """What is to be known of what was taken in, a sentence each."""


class ChannelDown(Exception):
    """A channel cannot be reached; `again` says whether trying it again may help."""

    def __init__(self, reason: str, *, again: bool = True) -> None:
        super().__init__(reason)
        self.again = again


class Session(Protocol):
    """A channel that is open. Every method raises ChannelDown where it is lost."""

    def offered(self, known: Collection[str], said: Said) -> Iterator[Offered]:
        """What is there, in any order; what is `known` need not be offered."""

    def settle(self, keys: Collection[str], said: Said) -> Sequence[str]:
        """Mark or remove what was taken in; the keys of what could not be."""

    def close(self) -> None:
        """Leave the channel."""


class Channel(Protocol):
    """A channel that files come in by."""

    @property
    def name(self) -> str:
        """Its name in the settings and in `submission.channel`."""

    @property
    def keeps(self) -> bool:
        """Whether what was taken in stays there, and must be known again by its key."""

    def open(self, since: dt.datetime | None) -> Session:
        """Reach the channel, which was last looked into at `since`; ChannelDown if it cannot be."""
