"""What was sent, `data/raw/sent.jsonl`: a line before each thing goes out, and one after it.

A thing with the first line alone was on its way when its run was killed. Where that can be
seen it is finished; where it cannot, as with a mail that a server may have taken, it is said
and never sent again: to send twice would be worse than to ask.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flows.collecting.journal import Journal, read_time, write_time


class Sent:
    """What was sent from one home. Keys name things, as they name them for ever."""

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._state: dict[str, str] = {}
        self._by: dict[str, str] = {}
        self._began: dt.datetime | None = None
        for event in self._journal.events():
            if event["event"] == "begin":
                self._began = read_time(event["at"])
            else:
                self._state[event["key"]] = event["event"]
                self._by[event["key"]] = event.get("by", self._by.get(event["key"], ""))

    def began(self, clock: dt.datetime) -> dt.datetime:
        """Since when things are sent, UTC: what is older is not; from now on, if from never."""
        if self._began is None:
            self._began = clock
            self._journal.append({"event": "begin", "at": write_time(clock)})
        return self._began

    def is_due(self, key: str) -> bool:
        """Whether a thing has neither gone out nor may have."""
        return self._state.get(key, "failed") == "failed"

    def on_the_way(self) -> list[tuple[str, str]]:
        """What was on its way when a run was killed: the key and by what it went."""
        return [(key, self._by[key]) for key, state in self._state.items() if state == "sending"]

    def gone(self) -> list[str]:
        """The keys of all that has gone out, oldest first."""
        return [key for key, state in self._state.items() if state == "sent"]

    def sending(self, key: str, by: str) -> None:
        """Note that a thing goes out now: the last step before it does."""
        self._by[key] = by
        self._note(key, "sending", by=by)

    def sent(self, key: str) -> None:
        """Note that it has gone out."""
        self._note(key, "sent")

    def failed(self, key: str) -> None:
        """Note that it certainly has not: it is tried again."""
        self._note(key, "failed")

    def uncertain(self, key: str) -> None:
        """Note that nobody knows, and that this was said."""
        self._note(key, "uncertain")

    def _note(self, key: str, state: str, **more: str) -> None:
        self._state[key] = state
        self._journal.append({"event": state, "key": key} | more)
