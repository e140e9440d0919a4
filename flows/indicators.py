"""The indicators flow: every quarter anew from the values in force."""

from __future__ import annotations

from typing import Any

from flows import pipeline
from flows.recording import flow, home_at, patience, recorded, without_traceback


@flow(name="indicators", persist_result=False)
def indicators_flow() -> dict[str, Any]:
    """Compute every quarter's indicators and growth anew, and publish."""

    def compute() -> dict[str, Any]:
        home = home_at(None)
        pipeline.indicators(home, recorded, patience())
        return {"warehouse": str(home.settings.warehouse)}

    return without_traceback(compute)
