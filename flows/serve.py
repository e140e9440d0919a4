"""The service: a Prefect server with its pages, the nightly schedule, runs on request."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from flows import scheduling
from flows.backfill import backfill_flow
from flows.home import Home
from flows.indicators import indicators_flow
from flows.nightly import nightly_flow
from flows.nights import NIGHT, ZONE, night_missed
from flows.prefect_server import prefect_configured, running_server, service_folder
from flows.report import report_flow


@dataclass(frozen=True, slots=True)
class Served:
    """A deployment: a flow under a name, when it starts by itself, what it is given.

    No deployment runs twice at a time: a run that is asked for meanwhile is cancelled.
    """

    flow: Any
    name: str
    cron: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


DEPLOYMENTS = (
    Served(nightly_flow, "every-night", f"{NIGHT.minute} {NIGHT.hour} * * *"),
    Served(report_flow, "every-morning", "0 6 * * *"),
    Served(backfill_flow, "on-request"),
    Served(indicators_flow, "on-request"),
)


def serve(home: Home, port: int) -> None:
    """Serve the deployments until told to stop, with a server of our own unless one is configured.

    One service a home: the caller holds `only_service`. The server of our own is at `port`.
    """
    with _stopped_by_sigterm(), _api(service_folder(home), port) as api:
        # The runs' processes work in this home, wherever they start.
        os.environ["MINZHENG_HOME"] = str(home.settings.home)
        page = api.removesuffix("/").removesuffix("/api")
        click.echo(f"Prefect's pages: {page} (Ctrl-C stops)")
        # First the time, then whether a night was missed: one that falls due just now is
        # run twice rather than not at all.
        overdue = dt.datetime.now(dt.UTC)
        missed = night_missed(home)
        scheduling.serve(
            api,
            [
                scheduling.deployment(each.flow, each.name, each.cron, ZONE, each.parameters)
                for each in DEPLOYMENTS
            ],
            overdue,
            [nightly_flow.name] if missed else [],
        )


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """SIGTERM as an exception, so that the server is stopped on the way out."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _api(folder: Path, port: int) -> Iterator[str]:
    if prefect_configured():
        yield os.environ["PREFECT_API_URL"]
    else:
        with running_server(folder, port) as api:
            yield api
