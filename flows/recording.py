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

from prefect import flow, task  # noqa: E402
from prefect.artifacts import create_markdown_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.logging import get_run_logger  # noqa: E402
from prefect.states import Failed  # noqa: E402

from flows.errors import Trouble  # noqa: E402
from flows.home import Home, open_home  # noqa: E402
from flows.replay import Outcome  # noqa: E402
from flows.reporting.night import Summary, night_markdown, night_summary  # noqa: E402
from flows.settings import load_settings  # noqa: E402

__all__ = ["flow", "home_at", "leave_page", "recorded", "without_traceback"]


def recorded(name: str, work: Callable[[], object]) -> None:
    """Run a stage as a task run of its name; the pipeline's `stage` under Prefect.

    No stage is tried again by itself: collecting twice would archive and announce files
    twice, loading twice would do so within one transaction, and publishing closes the
    working file. What failed is made up for by the next run, which is why the nightly
    deployment repeats the whole flow.
    """

    def run() -> None:
        work()

    task(run, name=name, retries=0, persist_result=False, cache_policy=NO_CACHE)()


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


def leave_page(home: Home, outcome: Outcome, key: str) -> Summary:
    """Leave the run's summary as a Markdown artifact; the summary."""
    summary = night_summary(outcome, home.settings.warehouse, home.declaration)
    create_markdown_artifact(
        night_markdown(summary), key=key, description=f"{summary['kind']} {summary['run']}"
    )
    return summary
