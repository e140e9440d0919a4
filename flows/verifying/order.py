"""The journal's order: a run is begun before it has received or finished, and once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.collecting.journal import read_time
from flows.verifying.found import RESTORE_JOURNAL, Found
from flows.verifying.lines import Line


class _Runs:
    """The runs of a journal as its lines are gone through."""

    def __init__(self, path: Path, found: Found) -> None:
        self.path = path
        self.found = found
        self.begun: dict[str, str] = {}
        """The kinds of the runs that were begun."""
        self.collecting: list[str] = []
        """Nightly runs that have not yet received."""
        self.said: dict[str, set[str]] = {"received": set(), "finished": set()}
        self.number = 0

    def take(self, line: Line) -> None:
        """See one line."""
        kind = line.event["event"]
        if kind == "run":
            self._begin(line)
        elif kind in ("received", "finished", "left", "cleared"):
            self._go_on(line)

    def _begin(self, line: Line) -> None:
        event = line.event
        run = event["run"]
        if run in self.begun:
            self._problem(line, f"begins the run {run} a second time")
            return
        self.begun[run] = event["kind"]
        stamp, _, number = run.rpartition("-")
        wanted, self.number = str(self.number + 1), int(number) if number.isdecimal() else 0
        if number != wanted:
            self._problem(line, f"begins the run {run}, but run number {wanted} comes next")
        elif stamp != f"{read_time(event['started_at']):%Y%m%dT%H%M%S}":
            self._problem(line, f"begins the run {run} at another time than its name says")
        if event["kind"] == "nightly":
            self.collecting.append(run)

    def _go_on(self, line: Line) -> None:
        kind, run = line.event["event"], line.event["run"]
        if run not in self.begun:
            self._problem(line, f"({kind}) names the run {run}, which was not begun before")
        elif run in self.said.get(kind, ()):
            self._problem(line, f"says a second time that the run {run} has {kind}")
        elif kind == "received" and self.begun[run] != "nightly":
            self._problem(line, f"says that the {self.begun[run]} {run} has received files")
        elif kind == "finished" and run in self.collecting:
            self._problem(line, f"comes before the line that says what the run {run} received")
        if kind in self.said:
            self.said[kind].add(run)
        if kind == "received":
            self._close(line, run)

    def _close(self, line: Line, run: str) -> None:
        """A night has received; it does all that nights before it had begun, and says so."""
        taken_over = line.event.get("instead_of", [])
        for other in taken_over:
            if other not in self.collecting or other == run:
                self._problem(
                    line, f"takes over the run {other}, which had nothing to be taken over"
                )
        self.collecting = [each for each in self.collecting if each not in (run, *taken_over)]
        for other in self.collecting:
            self._problem(line, f"does not take over the run {other}, which broke off before it")
        self.collecting.clear()

    def _problem(self, line: Line, said: str) -> None:
        where = f"line {line.number} of {self.path}"
        self.found.problem("journal_order", where, f"L{where[1:]} {said}; {RESTORE_JOURNAL}.")


def see_order(path: Path, lines: Sequence[Line], found: Found) -> None:
    """Say which lines come where they cannot come."""
    runs = _Runs(path, found)
    for line in lines:
        runs.take(line)
    for run in runs.collecting:
        found.notice(
            "run_open",
            path,
            f"The run {run} broke off while collecting; the next night makes up for it.",
        )
    found.checked["runs"] = len(runs.begun)
