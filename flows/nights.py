"""When nights are due, and whether the last one was missed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flows.collecting.journal import read_time
from flows.home import Home

ZONE = "Asia/Shanghai"
NIGHT = dt.time(2)
"""When the night begins, in `ZONE`."""


def last_due(moment: dt.datetime) -> dt.datetime:
    """When the last night up to that moment was due; both UTC without a zone."""
    zone = ZoneInfo(ZONE)
    there = moment.replace(tzinfo=dt.UTC).astimezone(zone)
    due = dt.datetime.combine(there.date(), NIGHT, zone)
    if due > there:
        due = dt.datetime.combine(there.date() - dt.timedelta(days=1), NIGHT, zone)
    return due.astimezone(dt.UTC).replace(tzinfo=None)


def night_missed(home: Home) -> bool:
    """Whether no nightly run that began since the last night was due has come to its end.

    One that was killed has begun in the journal and has no end there. In a new home the
    last night counts as missed, too.
    """
    due = last_due(home.settings.clock(home.declaration))
    events = home.journal.events()
    finished = {event["run"] for event in events if event["event"] == "finished"}
    return not any(
        event["event"] == "run"
        and event["kind"] == "nightly"
        and event["run"] in finished
        and read_time(event["started_at"]) >= due
        for event in events
    )
