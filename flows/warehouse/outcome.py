"""What a run has done: the numbers that its summary gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(slots=True)
class Changes:
    """What a run has changed: forms judged, values revised, months touched."""

    accepted: int = 0
    held: int = 0
    revised: int = 0
    months: set[int] = field(default_factory=set)
    """Months whose values in force or coverage may differ from before."""


@dataclass(slots=True)
class Outcome:
    """What a run did. `months` are those whose values or coverage may have changed."""

    run: str
    kind: str
    started_at: dt.datetime
    received: int = 0
    accepted: int = 0
    held: int = 0
    revised: int = 0
    months: set[int] = field(default_factory=set)
    returned: int = 0
    """Workbooks that go back with what was found marked in them."""
    sent: int = 0
    """Letters that went to the units, by mail or into the outbox."""
    passed_over: list[str] = field(default_factory=list)
    """What of the channels could not be reached, a sentence each."""
    noted: list[str] = field(default_factory=list)
    """What is to be known of what the channels brought, a sentence each."""

    def add(self, changes: Changes) -> None:
        """Count what one step changed."""
        self.accepted += changes.accepted
        self.held += changes.held
        self.revised += changes.revised
        self.months |= changes.months
