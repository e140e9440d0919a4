"""The service: a Prefect server with its pages, the nightly schedule, runs on request."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from flows import recording
from flows.backfill import backfill_flow
from flows.indicators import indicators_flow
from flows.nightly import nightly_flow
from flows.prefect_server import prefect_configured, running_server, server_port
from flows.report import report_flow
from flows.settings import load_settings

ZONE = "Asia/Shanghai"


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
    Served(nightly_flow, "every-night", "0 2 * * *"),
    Served(report_flow, "every-morning", "0 6 * * *"),
    Served(backfill_flow, "on-request"),
    Served(indicators_flow, "on-request"),
)


def serve() -> None:
    """Serve the deployments until Ctrl-C, with a server of our own unless one is configured."""
    settings = load_settings()
    settings.declaration()
    # The runs' processes work in this home, wherever they start.
    os.environ["MINZHENG_HOME"] = str(settings.home)
    signal.signal(signal.SIGTERM, _leave)
    with _api(settings.home / "data" / "prefect") as api:
        page = api.removesuffix("/").removesuffix("/api")
        click.echo(f"Prefect's pages: {page} (Ctrl-C stops)")
        served = [
            recording.deployment(each.flow, each.name, each.cron, ZONE, each.parameters)
            for each in DEPLOYMENTS
        ]
        recording.serve(api, served)


def _leave(*_: object) -> None:
    # As an exception, so that the server is stopped on the way out.
    sys.exit(0)


@contextmanager
def _api(folder: Path) -> Iterator[str]:
    if prefect_configured():
        yield os.environ["PREFECT_API_URL"]
    else:
        with running_server(folder, server_port()) as api:
            yield api
