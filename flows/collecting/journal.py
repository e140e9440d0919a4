"""The journal, `decisions.jsonl`: runs and decisions, appended to, never edited.

It and the archive are the truth. A run is three lines: `run` before anything is
archived, `received` when its files are safely in the archive, `finished` before its
results are published. Whatever a killed run left out, the next one makes up for by
applying the lines that the published warehouse does not yet hold.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.errors import NotThere

Event = dict[str, Any]


def write_time(moment: dt.datetime) -> str:
    """A UTC time without zone as ISO 8601 with its Z."""
    return moment.isoformat(timespec="microseconds") + "Z"


def read_time(text: str) -> dt.datetime:
    """The time written by `write_time`."""
    return dt.datetime.fromisoformat(text.removesuffix("Z"))


class Journal:
    """The journal of one home."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, event: Event) -> None:
        """Add a line and see it on the disk; a line cut short by a crash is closed first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(event, ensure_ascii=False) + "\n"
        # Without a buffer: what a full disk refused would be written when the file is closed.
        with self.path.open("ab+", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":
                    self._cut(size)
            whole = file.seek(0, os.SEEK_END)
            try:
                _write_all(file, line.encode())
                os.fsync(file.fileno())
            except OSError:
                # What could not be recorded is not to be carried out later, unasked.
                with suppress(OSError):
                    os.truncate(self.path, whole)
                raise

    def named(self) -> set[str]:
        """The archived files that the journal names, by their place below the archive."""
        found: set[str] = set()
        for event in self.events():
            if event["event"] == "received":
                found.update(event["files"])
            elif event["event"] == "history":
                found.add(event["file"])
        return found

    def _cut(self, size: int) -> None:
        # Half a line was never acted on: every step waits for its line to be whole.
        content = self.path.read_bytes()
        os.truncate(self.path, content.rfind(b"\n") + 1 if size else 0)

    def events(self) -> list[Event]:
        """All lines, oldest first; half a line at the end is one that never was."""
        return list(self._lines())

    def _lines(self) -> Iterator[Event]:
        if not self.path.exists():
            return
        # What stands behind the last line's end is half a line that never was.
        *lines, _ = self.path.read_bytes().split(b"\n")
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            try:
                yield json.loads(line)
            except ValueError as error:
                raise NotThere(
                    f"Line {number} of {self.path} cannot be read ({error}); "
                    "restore the file from the backup."
                ) from error


def _write_all(file: io.RawIOBase, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[file.write(left) or 0 :]
