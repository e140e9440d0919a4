"""Journal and archive: what a line names is there, and what is there a line names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.collecting.archive import Receipt
from flows.collecting.recovering import open_runs
from flows.pipeline import HISTORY
from flows.verifying.archived import Archived
from flows.verifying.found import RESTORE, Found
from flows.verifying.lines import Line
from flows.verifying.snapshot import Snapshot

_HALVES = ("receipt_missing", "receipt_unreadable", "file_missing", "file_altered")
"""What a run that was killed may leave of a file."""


def see_announced(home: Snapshot, lines: Sequence[Line], archived: Archived, found: Found) -> None:
    """Say which archived files are damaged, gone, or unknown to the journal."""
    folder, journal = home.home.settings.archive, home.home.settings.journal
    named: dict[str, Line] = {}
    for line in lines:
        for name in _names(line):
            where = f"line {line.number} of {journal}"
            if name in named:
                found.problem(
                    "file_repeated",
                    where,
                    f"L{where[1:]} names {name}, as line {named[name].number} does; restore the "
                    "journal from the backup.",
                )
                continue
            named[name] = line
            _named(folder, where, name, line, archived, found)
    open_ones = set(open_runs([line.event for line in lines]))
    digits = {_digits(name) for name in named}
    for name, fault in archived.faults.items():
        if name not in named:
            if fault is not None and fault[0] in _HALVES and _digits(name) in digits:
                path = folder / name
                found.notice(
                    "left_over",
                    path,
                    f"{path} was left by a run that broke off; the file came again and is archived "
                    "whole, so that this one may be removed.",
                )
                continue
            _unnamed(home, name, fault, archived.receipts.get(name), open_ones, found)


def _names(line: Line) -> list[str]:
    event = line.event
    if event["event"] == "received":
        return list(event["files"])
    return [event["file"]] if event["event"] == "history" else []


def _digits(name: str) -> str:
    """The first digits of the hash of what was to be archived there."""
    return name.rpartition("/")[2][:12]


def _named(
    folder: Path, where: str, name: str, line: Line, archived: Archived, found: Found
) -> None:
    if name not in archived.faults:
        said = f"L{where[1:]} names the archived file {name}, which is gone with its receipt"
        found.problem("file_missing", folder / name, f"{said}; restore both from the backup.")
        return
    fault = archived.faults[name]
    if fault is not None:
        found.problem(fault[0], folder / name, f"{fault[1]}; {RESTORE}.")
        return
    receipt = archived.receipts[name]
    run = line.event.get("run", "")
    if receipt.run != run or (receipt.channel == HISTORY) != (line.event["event"] == "history"):
        found.problem(
            "file_of_another_run",
            folder / name,
            f"L{where[1:]} names {name}, which came by the channel {receipt.channel} in the run "
            f"{receipt.run or 'of nobody'}; restore the journal from the backup.",
        )


def _unnamed(
    home: Snapshot,
    name: str,
    fault: tuple[str, str] | None,
    receipt: Receipt | None,
    open_ones: set[str],
    found: Found,
) -> None:
    path, journal = home.home.settings.archive / name, home.home.settings.journal
    if receipt is not None and receipt.run in open_ones:
        found.notice(
            "unannounced",
            path,
            f"{path} was left by the run {receipt.run}, which broke off; the next night makes up "
            "for it.",
        )
    elif receipt is not None and fault is None and receipt.channel == HISTORY:
        found.notice(
            "unannounced",
            path,
            f"{path} was archived but never taken in; give the file to `minzheng history` again.",
        )
    elif fault is None:
        found.problem(
            "unnamed", path, f"{journal} does not name {path}; restore the journal from the backup."
        )
    elif open_ones:
        found.notice(
            "unannounced",
            path,
            f"{path} is not whole, left by a run that broke off; the file is taken in again from "
            "the inbox.",
        )
    else:
        found.problem(
            "stray",
            path,
            f"{fault[1]}, and no line of the journal names it; remove it if it is nobody's, or "
            "drop it into the inbox.",
        )
