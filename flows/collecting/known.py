"""What the journal knows of the channels: what was taken there, and when they were looked into."""

from __future__ import annotations

import datetime as dt

from flows.collecting.journal import Event, Journal, read_time
from flows.collecting.offered import Channel


def known_keys(journal: Journal, channel: Channel) -> set[str]:
    """The keys of what was taken in and may still be offered.

    Where a channel keeps what was taken, or did, that is all of it; else what could not be
    removed. A key tells its place itself: a channel may have had another name.
    """
    events = journal.events()
    kept = {
        key
        for event in events
        if event["event"] == "received"
        for name, keys in event.get("taken", {}).items()
        if channel.keeps or name in event.get("kept", ())
        for key in keys
    }
    return kept | left_keys(events)


def left_keys(events: list[Event], channel: str | None = None) -> set[str]:
    """The keys of what was taken in and could not be removed; of every channel where None."""
    known: set[str] = set()
    for event in events:
        if event["event"] == "left":
            known |= set(_taken(event, channel))
        elif event["event"] == "cleared":
            known -= set(_taken(event, channel))
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


def _taken(event: Event, channel: str | None) -> list[str]:
    if event["event"] == "left" and "files" in event:
        # As lines of old journals have it: place, modification time, size.
        marks = event["files"] if channel in (None, "folder") else []
        return [f"{modified}:{size}:{place}" for place, modified, size in marks]
    taken: dict[str, list[str]] = event.get("taken", {})
    return [key for name, keys in taken.items() if channel in (None, name) for key in keys]
