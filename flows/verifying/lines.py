"""The journal's lines: each is read, and has the fields that its event needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flows.collecting.journal import Event, read_time
from flows.verifying.found import RESTORE_JOURNAL, Found
from flows.verifying.snapshot import Snapshot
from schemas.declaring.periods import parse_month, parse_quarter


class Line(NamedTuple):
    """A line of the journal that could be read; `number` counts from 1."""

    number: int
    event: Event


class Lines(NamedTuple):
    """The journal's lines; `whole` where each of them could be read."""

    read: list[Line]
    whole: bool
    content: list[bytes]
    """Each line's bytes, in the order in which the program counts them."""


def read_lines(home: Snapshot, found: Found) -> Lines:
    """Read the journal, and say which lines are none."""
    path, copy = home.home.settings.journal, home.settings.journal
    if not copy.exists():
        if home.archived or home.settings.warehouse.exists():
            found.problem(
                "journal_missing", path, f"There is no journal {path}; {RESTORE_JOURNAL}."
            )
        return Lines([], not found.problems, [])
    *lines, rest = copy.read_bytes().split(b"\n")
    if rest:
        found.notice(
            "journal_half_line",
            path,
            f"{path} ends with half a line, left by a run that broke off; the next one removes it.",
        )
    read: list[Line] = []
    seen: dict[bytes, int] = {}
    for number, content in enumerate(lines, 1):
        where = f"line {number} of {path}"
        if not content:
            found.problem("journal_line", where, f"L{where[1:]} is empty; {RESTORE_JOURNAL}.")
        elif content in seen:
            found.problem(
                "journal_repeated",
                where,
                f"L{where[1:]} repeats line {seen[content]}, which no run writes; {RESTORE_JOURNAL}.",
            )
        elif (fault := _fault(content)) is not None:
            found.problem("journal_line", where, f"L{where[1:]} {fault}; {RESTORE_JOURNAL}.")
        else:
            read.append(Line(number, json.loads(content)))
        seen.setdefault(content, number)
    found.checked["journal_lines"] = len(lines)
    return Lines(read, len(read) == len(lines), [each for each in lines if each])


def _fault(content: bytes) -> str | None:
    """What is wrong with a line by itself; None for nothing."""
    try:
        event = json.loads(content)
    except ValueError:
        return "cannot be read"
    if not isinstance(event, dict) or event.get("event") not in _FIELDS:
        return "is no event that this program knows"
    for name, check in _fields(event):
        try:
            if not check(event[name]):
                raise ValueError
        except (KeyError, ValueError, TypeError, AttributeError):
            return f"({event['event']}) has no {name!r} that could be meant"
    return None


def _fields(event: Event) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    yield from _FIELDS[event["event"]].items()
    if event["event"] == "run" and event.get("kind") == "backfill":
        yield from _BACKFILL.items()
    if event["event"] == "left":  # lines of old journals have marks of files
        yield ("files", _marks) if "files" in event else ("taken", _taken)
    if event["event"] == "received":
        for name, check in _RECEIVED.items():
            if name in event:
                yield name, check


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _time(value: Any) -> bool:
    return isinstance(value, str) and value.endswith("Z") and read_time(value).tzinfo is None


def _month(value: Any) -> bool:
    return parse_month(value) >= 0


def _quarter(value: Any) -> bool:
    return parse_quarter(value) >= 0


def _kind(value: Any) -> bool:
    return value in ("nightly", "backfill", "rebuild")


def _marks(value: Any) -> bool:
    return isinstance(value, list) and all(len(each) == 3 and _text(each[0]) for each in value)


def _taken(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_texts, value.values()))


_Checks = dict[str, Callable[[Any], bool]]
_FORM: _Checks = {"submission": _text, "form": _text, "at": _time}
_FIELDS: dict[str, _Checks] = {
    "run": {"run": _text, "kind": _kind, "started_at": _time},
    "received": {"run": _text, "files": _texts},
    "left": {"run": _text},
    "cleared": {"run": _text, "taken": _taken},
    "finished": {"run": _text, "finished_at": _time},
    "accept": _FORM,
    "withdraw": _FORM,
    "assign": {"submission": _text, "unit": _text, "month": _month, "at": _time},
    "history": {"file": _text, "at": _time},
    "release": {"release": _text, "quarter": _quarter, "sha256": _text, "at": _time},
}
_RECEIVED: _Checks = {"taken": _taken, "looked": _texts, "kept": _texts, "instead_of": _texts}
"""What was not in the lines of old journals."""
_BACKFILL: _Checks = {
    "from": _month,
    "to": _month,
    "units": _texts,
    "forms": _texts,
}
