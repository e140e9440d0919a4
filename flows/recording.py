"""Prefect's part of a run: stages as task runs, expected trouble as a state, the run's page.

The flows take `flow` from here, so that Prefect is told not to report to its makers
before it is first imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

os.environ.setdefault("DO_NOT_TRACK", "1")

from prefect import State, flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.runtime import deployment as deployment_run
from prefect.states import Failed

from flows.errors import Trouble
from flows.home import Home, open_home
from flows.reporting.night import Summary, night_markdown, night_summary
from flows.settings import load_settings
from flows.warehouse.outcome import Outcome

__all__ = ["flow", "home_at", "leave_page", "patience", "recorded", "without_traceback"]

TRIED_AGAIN = ("collect", "return", "publish")
PAUSES = (2, 15)
"""Seconds before each further try."""


WAIT_SECONDS = 2 * 60 * 60
"""How long a run of the service waits for one at work in its home: longer than a backfill of years takes, and over before the morning's report."""


def patience() -> float:
    """Seconds to wait for the home's lock: only what the service runs waits; a command says so."""
    return WAIT_SECONDS if deployment_run.id else 0


def recorded(name: str, work: Callable[[], object]) -> None:
    """Run a stage as a task run of its name; the pipeline's `stage` under Prefect.

    Collecting, returning and publishing talk to folders and disks and are tried again: they
    go on where they broke off. The others work within one transaction; the next run makes up
    for one that failed.
    """
    retries = len(PAUSES) if name in TRIED_AGAIN else 0
    expected: list[Trouble] = []

    @task(
        name=name,
        retries=retries,
        retry_delay_seconds=list(PAUSES),
        persist_result=False,
        cache_policy=NO_CACHE,
    )
    def stage() -> State[None] | None:
        expected.clear()
        try:
            work()
        except Trouble as trouble:
            expected.append(trouble)
            return Failed(message=str(trouble))
        return None

    stage()
    if expected:  # a failed state that a task returns stops nothing by itself
        raise expected[0]


def without_traceback(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The flow's result; for expected trouble a failed state with its one line.

    A caller in the same process gets the Trouble itself raised; the page and the log
    show the line, where an exception would leave a traceback in both.
    """
    try:
        return work()
    except Trouble as trouble:
        get_run_logger().error("%s", trouble)
        return cast(dict[str, Any], Failed(message=str(trouble), data=trouble))


@contextmanager
def _environment(name: str, value: str | None) -> Iterator[None]:
    before = os.environ.get(name)
    if value is not None:
        os.environ[name] = value
    try:
        yield
    finally:
        if value is not None:
            os.environ.pop(name)
            if before is not None:
                os.environ[name] = before


def home_at(path: str | None) -> Home:
    """The parts of that home; of the one the process is set to where `path` is None."""
    with _environment("MINZHENG_HOME", path):
        return open_home(load_settings())


def leave_page(home: Home, outcome: Outcome, key: str) -> Summary:
    """Leave the run's summary as a Markdown artifact; the summary."""
    summary = night_summary(outcome, home.settings.warehouse, home.declaration)
    create_markdown_artifact(
        night_markdown(summary), key=key, description=f"{summary['kind']} {summary['run']}"
    )
    return summary
