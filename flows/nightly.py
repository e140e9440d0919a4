"""The nightly flow: what came in since the last run, checked, loaded and published."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from flows import pipeline
from flows.recording import flow, home_at, leave_page, patience, recorded, without_traceback
from flows.reporting.night import Summary


@flow(name="nightly", persist_result=False)
def nightly_flow(
    home: Annotated[
        str | None, Field(description="Left out: the home this service was started for")
    ] = None,
) -> Summary:
    """Collect what came in since the last run, check it, load it, recompute, publish."""

    def night() -> Summary:
        parts = home_at(home)
        return leave_page(parts, pipeline.nightly(parts, recorded, patience()), "night")

    return without_traceback(night)
