"""The nightly flow: what came in since the last run, checked, loaded and published."""

from __future__ import annotations

import time
from typing import Annotated

from pydantic import Field

from flows import pipeline
from flows.home import Home
from flows.recording import flow, home_at, leave_page, recorded, without_traceback
from flows.reporting.night import Summary
from flows.warehouse.outcome import Outcome

PAUSES = (10, 60)
"""Seconds before each further try."""


@flow(name="nightly", persist_result=False)
def nightly_flow(
    home: Annotated[
        str | None, Field(description="Left out: the home this service was started for")
    ] = None,
) -> Summary:
    """Collect what came in since the last run, check it, load it, recompute, publish."""

    def night() -> Summary:
        parts = home_at(home)
        return leave_page(parts, _with_patience(parts), "night")

    return without_traceback(night)


def _with_patience(home: Home) -> Outcome:
    """A night, tried again where a folder or disk fails: a new night makes up for a broken one."""
    for pause in PAUSES:
        try:
            return pipeline.nightly(home, recorded)
        except OSError:
            time.sleep(pause)
    return pipeline.nightly(home, recorded)
