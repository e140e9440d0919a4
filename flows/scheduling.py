"""Prefect's part of the service: its deployments, what a kill has left of them, the runner."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    FlowRun,
    StateType,
)
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

ONE_AT_A_TIME: Final = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)
_BEGUN = (StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING)
_PAGE = 200
_OVERDUE = "The service was not running when this was due; start it anew if it is still wanted."
_CUT_SHORT = "The service was ended before this run was."


class _Runner(Runner):
    """Prefect's runner, whose own answer to SIGTERM leaves the loop before anything is put away."""

    async def start(self, run_once: bool = False, webserver: bool | None = None) -> None:
        self._looped_in, self._begun = asyncio.get_running_loop(), asyncio.current_task()
        await super().start(run_once, webserver)

    def handle_sigterm(self, *_: object, **__: object) -> None:
        if self._begun is not None:
            self._begun.cancel()
            self._looped_in.call_soon_threadsafe(lambda: None)  # wakes it


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


def serve(
    api: str,
    deployments: Sequence[RunnerDeployment],
    overdue: dt.datetime,
    at_once: Sequence[str],
) -> None:
    """Run what is due and asked for, one run at a time, until the process is told to stop.

    What was due until `overdue` is not run any more; deployments of the flows named in
    `at_once` get a run to begin with. No other service may be at work on these deployments:
    what one has left unfinished is ended first.
    """
    with temporary_settings({PREFECT_API_URL: api}):
        # One at a time over all flows: a night that falls into a backfill waits for it.
        runner = _Runner(limit=1, pause_on_shutdown=True)
        with get_client(sync_client=True) as client:
            for each in deployments:
                _end_left_over(client, f"{each.flow_name}/{each.name}", overdue)
                made = cast(UUID, runner.add_deployment(each))
                if str(each.flow_name) in at_once:
                    client.create_flow_run_from_deployment(made)
        with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):  # told to stop
            asyncio.run(runner.start())


def _end_left_over(client: SyncPrefectClient, name: str, overdue: dt.datetime) -> None:
    """End what a kill has left: runs that were at work, their slots, runs that are overdue."""
    try:
        found = client.read_deployment_by_name(name)
    except ObjectNotFound:
        return
    for run in _runs(client, found.id, _BEGUN):
        client.set_flow_run_state(run.id, Crashed(message=_CUT_SHORT), force=True)
    # A server that was killed has forgotten whose the slots were, and would keep them taken.
    limit = found.global_concurrency_limit
    if limit is not None:
        client.update_global_concurrency_limit(
            limit.name, GlobalConcurrencyLimitUpdate(active_slots=0)
        )
    for run in _runs(client, found.id, (StateType.SCHEDULED,)):
        due = run.next_scheduled_start_time or run.expected_start_time
        if due is not None and due <= overdue:
            client.set_flow_run_state(run.id, Cancelled(message=_OVERDUE), force=True)


def _runs(
    client: SyncPrefectClient, deployment: UUID, states: tuple[StateType, ...]
) -> list[FlowRun]:
    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states)))
            ),
            limit=_PAGE,
            offset=len(found),
        )
        found += page
        if len(page) < _PAGE:
            return found
