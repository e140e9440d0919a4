"""Verifying a home: every check in its order, nothing changed."""

from __future__ import annotations

import duckdb

from flows.errors import NotThere
from flows.home import Home
from flows.replay import Stage, at_once
from flows.verifying.announced import see_announced
from flows.verifying.archived import see_archive
from flows.verifying.comparing import compare
from flows.verifying.decisions import see_decisions
from flows.verifying.found import REBUILD, Found
from flows.verifying.lines import Lines, read_lines
from flows.verifying.order import see_order
from flows.verifying.releases import see_releases
from flows.verifying.replaying import brought_up, replayed
from flows.verifying.snapshot import Snapshot, snapshot
from flows.verifying.warehouse import Held, see_warehouse
from flows.warehouse.store import first_line


def verify(home: Home, *, quick: bool = False, stage: Stage = at_once) -> Found:
    """Everything that is wrong in a home; with `quick` without replaying the journal.

    NotThere where there is nothing to verify, Locked where a run is at work.
    """
    found = Found()
    with snapshot(home) as copy:
        lines = read_lines(copy, found)
        see_order(home.settings.journal, lines.read, found)
        archived = see_archive(copy, found)
        see_announced(copy, lines.read, archived, found)
        see_decisions(copy, lines.read, archived, found)
        see_releases(copy, [line.event for line in lines.read], found)
        truth_is_whole = all(each.what in _HARMLESS for each in found.problems)
        held = see_warehouse(copy, lines, archived, found)
        if held is not None and not quick:
            if truth_is_whole and held.lines <= len(lines.content):
                _replay(copy, lines, held, found, stage)
            else:
                found.notice(
                    "not_replayed",
                    home.settings.journal,
                    "The journal was not replayed, since it, the archive or a release is damaged; "
                    "verify again when that is restored.",
                )
    return found


_HARMLESS = ("stray", "writable")
"""What hinders no replay."""


def _replay(copy: Snapshot, lines: Lines, held: Held, found: Found, stage: Stage) -> None:
    real = copy.home.settings.warehouse
    try:
        published = brought_up(copy, held)
    except (NotThere, duckdb.Error) as error:
        said = f"{real} cannot be brought up to today's forms ({first_line(error)}); {REBUILD}."
        found.problem("warehouse_unreadable", real, said)
        return
    replay = replayed(copy, lines, held, stage)
    try:
        compare(published, replay, copy.home.declaration, found, current=held.current)
    except duckdb.Error as error:
        said = f"{real} cannot be read ({first_line(error)}); {REBUILD}."
        found.problem("warehouse_unreadable", real, said)
