"""What verifying has found: problems, notices, and how much was looked at."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

REBUILD = "run `minzheng rebuild`"
RESTORE = "restore it from the backup"
RESTORE_JOURNAL = "restore the journal from the backup"


class Said(NamedTuple):
    """One thing found: a code for its kind, where it is, a sentence with what to do."""

    what: str
    where: str
    said: str


class Found:
    """Collects what the checks say. Problems are wrong; notices need no repair, or a night's."""

    def __init__(self) -> None:
        self.problems: list[Said] = []
        self.notices: list[Said] = []
        self.checked: Counter[str] = Counter()

    def problem(self, what: str, where: object, said: str) -> None:
        """Something is wrong."""
        self.problems.append(Said(what, str(where), said))

    def notice(self, what: str, where: object, said: str) -> None:
        """Something is worth knowing and no error."""
        self.notices.append(Said(what, str(where), said))

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON has it."""
        return {
            "ok": self.ok,
            "problems": [each._asdict() for each in self.problems],
            "notices": [each._asdict() for each in self.notices],
            "checked": dict(self.checked),
        }
