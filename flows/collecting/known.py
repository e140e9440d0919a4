"""What the journal knows of the channels: what was taken there, and when they were looked into."""

from __future__ import annotations

import datetime as dt

from flows.collecting.journal import Event, Journal, read_time
from flows.collecting.offered import Channel


def known_keys(journal: Journal, channel: Channel) -> set[str]:
    """The keys of what was taken in and may still be offered.

    Where a channel keeps what was taken, that is all of it; else what could not be removed.
    """
    events = journal.events()
    if channel.keeps:
        return {key for event in events for key in _taken(event, channel.name)}
    known: set[str] = set()
    for event in events:
        if event["event"] == "left":
            known |= set(_taken(event, channel.name))
        elif event["event"] == "cleared":
            known -= set(_taken(event, channel.name))
    return known


def last_looked(journal: Journal, channel: str) -> dt.datetime | None:
    """When a channel was last looked into to its end, UTC; None for never."""
    events = journal.events()
    started = {
        event["run"]: read_time(event["started_at"]) for event in events if event["event"] == "run"
    }
    return max(
        (
            started[event["run"]]
            for event in events
            if event["event"] == "received" and channel in event.get("looked", ())
        ),
        default=None,
    )


def _taken(event: Event, channel: str) -> list[str]:
    taken: dict[str, list[str]] = event.get("taken", {})
    if event["event"] == "left" and "files" in event and channel == "folder":
        # As lines of old journals have it: place, modification time, size.
        return [f"{modified}:{size}:{place}" for place, modified, size in event["files"]]
    return taken.get(channel, [])
