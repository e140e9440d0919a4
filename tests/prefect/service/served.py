"""`minzheng serve` as a process of its own: started, asked through its API, stopped, killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx

from flows.prefect_server import HOST

Found = TypeVar("Found")
Json = dict[str, Any]

SECRETS = {
    "MINZHENG_MAIL_PASSWORD": "wachtwoord-4711-Mima",
    "MINZHENG_NOTICES": "notices-0815-Tongzhi",
}
"""What no page, parameter, log or database of Prefect may hold."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def until(ready: Callable[[], Found], seconds: float = 150) -> Found:
    """What `ready` comes to, once that is something."""
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.2)
    return found


class Service:
    """One `minzheng serve` in a home, at a fixed clock."""

    def __init__(self, home: Path, now: str) -> None:
        self.home = home
        self.port = free_port()
        self.pages = f"http://{HOST}:{self.port}"
        self.log = home / "serve.log"
        kept = {name: text for name, text in os.environ.items() if name[:8] != "PREFECT_"}
        told = {
            "MINZHENG_HOME": str(home),
            "MINZHENG_NOW": now,
            "MINZHENG_SETTLE_SECONDS": "0",
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", "serve"],
                env=kept | told | SECRETS,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._client = httpx.Client(base_url=f"{self.pages}/api", timeout=20, trust_env=False)

    def ask(self, path: str, body: Any = None) -> Any:
        """What the API answers to a GET, or to a POST of `body`."""

        def answer() -> httpx.Response | None:
            told = self._client.get(path) if body is None else self._client.post(path, json=body)
            return None if told.status_code == 503 else told  # its database is busy

        found = until(answer, 30)
        assert found is not None
        found.raise_for_status()
        return found.json()

    def deployment(self, name: str) -> str:
        """The deployment's id, once it is served."""

        def found() -> str:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            with contextlib.suppress(httpx.HTTPError):
                return str(self.ask(f"/deployments/name/{name}")["id"])
            return ""

        return until(found)

    def start(self, name: str, **parameters: Any) -> str:
        """Ask for a run of the deployment; its id."""
        state = {"type": "SCHEDULED"}
        path = f"/deployments/{self.deployment(name)}/create_flow_run"
        return str(self.ask(path, {"state": state, "parameters": parameters})["id"])

    def runs(self, name: str) -> list[Json]:
        """The deployment's runs."""
        chosen = {"id": {"any_": [self.deployment(name)]}}
        return list(self.ask("/flow_runs/filter", {"deployments": chosen}))

    def states(self, name: str) -> list[str]:
        """The states of the deployment's runs that are not still to come, sorted."""
        return sorted(
            each["state_name"]
            for each in self.runs(name)
            if each["state_type"] != "SCHEDULED"  # or late
        )

    def wait(self, run: str, *states: str) -> Json:
        """The run, once it is in one of those states."""

        def found() -> Json | None:
            read: Json = self.ask(f"/flow_runs/{run}")
            return read if read["state_name"] in states else None

        return until(found) or {}

    def events(self, kind: str) -> list[Json]:
        """The runs of that kind in the home's journal."""
        journal = self.home / "data/raw/decisions.jsonl"
        lines = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
        events: Sequence[Json] = [json.loads(line) for line in lines]
        return [each for each in events if each["event"] == "run" and each["kind"] == kind]

    def family(self) -> list[int]:
        """The service's process and all that stem from it."""
        found = [self.process.pid]
        for pid in found:
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
                found += map(int, children.split())
        return found

    def kill(self) -> None:
        """As a power cut does it: everything at once, with no word to anyone."""
        self._client.close()
        family = self.family()
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        # The server is no child of ours, so that its end can only be seen from its port.
        until(lambda: not _listens(self.port))

    def stop(self) -> int:
        """Tell it to stop as systemd does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self._client.close()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def let_days_pass(self, days: int) -> int:
        """Move what the stopped server has planned into the past; how many runs that was."""
        with contextlib.closing(sqlite3.connect(self.home / "data/prefect/prefect.db")) as database:
            moved = database.execute(
                "UPDATE flow_run SET "
                "next_scheduled_start_time = datetime(next_scheduled_start_time, ?), "
                "expected_start_time = datetime(expected_start_time, ?) "
                "WHERE state_type = 'SCHEDULED'",
                [f"-{days} days"] * 2,
            ).rowcount
            database.commit()
        return moved


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((HOST, port)) == 0
