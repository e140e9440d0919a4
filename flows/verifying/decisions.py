"""The journal's decisions: each names a submission and a unit that exist."""

from __future__ import annotations

from collections.abc import Sequence

from flows.verifying.archived import Archived
from flows.verifying.found import RESTORE_JOURNAL, Found
from flows.verifying.lines import Line
from flows.verifying.snapshot import Snapshot


def see_decisions(home: Snapshot, lines: Sequence[Line], archived: Archived, found: Found) -> None:
    """Say which decisions are about nothing."""
    known = {each.submission for each in archived.receipts.values()}
    # A receipt that is damaged is named by itself, and not by each decision on its file too.
    known |= {_submission(name) for name in archived.faults if name not in archived.receipts}
    units = home.home.declaration.unit_by_code
    releases: dict[str, int] = {}
    for number, event in lines:
        where = f"line {number} of {home.home.settings.journal}"
        kind = event["event"]
        if kind in ("accept", "withdraw", "assign"):
            found.checked["decisions"] += 1
            # A file of a zip is named <the zip's submission>.<its place>.
            if event["submission"].partition(".")[0] not in known:
                said = f"({kind}) is about {event['submission']}, which is no submission"
                found.problem(
                    "decision_of_nothing", where, f"L{where[1:]} {said}; {RESTORE_JOURNAL}."
                )
            elif kind == "assign" and event["unit"] not in units:
                said = f"assigns to {event['unit']}, which is no unit of the register"
                found.problem(
                    "decision_of_nothing", where, f"L{where[1:]} {said}; {RESTORE_JOURNAL}."
                )
        elif kind == "release":
            name = event["release"].casefold()
            if name in releases:
                said = f"releases {event['release']} again, as line {releases[name]} did"
                found.problem("release_repeated", where, f"L{where[1:]} {said}; {RESTORE_JOURNAL}.")
            releases.setdefault(name, number)


def _submission(archived_as: str) -> str:
    """The submission of a file without a receipt, by its place: day, digits, number."""
    *day, name = archived_as.split("/")
    number = name[13:].partition("~")[0]
    more = f"-{number}" if "~" in name and number.isdecimal() else ""
    return f"{''.join(day)}-{name[:12]}{more}"
