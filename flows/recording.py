"""Prefect's part of a run: stages as task runs, expected trouble as a state, the run's page.

The flows take `flow` from here, so that Prefect is told not to report to its makers
before it is first imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

os.environ.setdefault("DO_NOT_TRACK", "1")

import prefect
from prefect import Flow, State, flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.logging import get_run_logger
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Failed
from prefect.types.entrypoint import EntrypointType

from flows.errors import Trouble
from flows.home import Home, open_home
from flows.reporting.night import Summary, night_markdown, night_summary
from flows.settings import load_settings
from flows.warehouse.outcome import Outcome

__all__ = ["deployment", "flow", "home_at", "leave_page", "recorded", "serve", "without_traceback"]

ONE_AT_A_TIME = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)


TRIED_AGAIN = ("collect", "return", "publish")
PAUSES = (2, 15)
"""Seconds before each further try."""


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


def deployment(
    served: Flow[..., Any], name: str, cron: str | None, zone: str, parameters: dict[str, Any]
) -> RunnerDeployment:
    """A deployment of a flow, one run at a time; `cron` is in the time of `zone`."""
    return RunnerDeployment.from_flow(
        served,
        name,
        schedule=None if cron is None else Cron(cron, timezone=zone),
        parameters=parameters,
        paused=False,  # stopping pauses it, so that no missed nights pile up
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def serve(api: str, deployments: Sequence[RunnerDeployment]) -> None:
    """Run what is due and asked for, one run at a time, until the process is told to stop."""
    with temporary_settings({PREFECT_API_URL: api}):
        # One at a time over all flows: a night that falls into a backfill waits for it.
        prefect.serve(*deployments, limit=1, print_starting_message=False)
