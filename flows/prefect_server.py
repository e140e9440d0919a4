"""A Prefect server of our own, in a process beside this one.

Imports nothing of Prefect, which takes seconds: the command line asks here whether
Prefect is configured at all.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import Misuse, Trouble
from flows.home import Home, held

HOST = "127.0.0.1"
"""The pages can start runs and ask for no password, so only this machine may reach them."""
PORT = 4200
START_SECONDS = 120
"""A server's first start has taken 45 seconds on two cores."""
STOP_SECONDS = 15


def prefect_configured() -> bool:
    """Whether runs are to be recorded in Prefect: where its API is named."""
    return bool(os.environ.get("PREFECT_API_URL"))


def server_port() -> int:
    """The port for a server of our own: Prefect's own variable for it, else its usual one.

    Misuse where the variable holds no port.
    """
    said = os.environ.get("PREFECT_SERVER_API_PORT") or str(PORT)
    if not said.isdecimal() or not 0 < int(said) < 65536:
        raise Misuse(f"PREFECT_SERVER_API_PORT is {said!r}; give a port's number, as {PORT}.")
    return int(said)


def service_folder(home: Home) -> Path:
    """Where the service keeps what is Prefect's: runs, their parameters and pages."""
    return home.settings.home / "data" / "prefect"


@contextmanager
def only_service(home: Home) -> Iterator[Path]:
    """The one service of a home, and its folder, which only its owner can open; Locked else."""
    folder = service_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    refusal = (
        f"Another `minzheng serve` is at work in {home.settings.home}; "
        "use its pages, or stop it first."
    )
    with held(folder / ".serve.lock", refusal):
        yield folder


@contextmanager
def running_server(folder: Path, port: int) -> Iterator[str]:
    """A server that keeps its database and log in `folder`; the address of its API.

    Trouble where the port is taken or the server does not answer in time.
    """
    _must_be_free(port)
    log = folder / "server.log"
    command = [sys.executable, "-m", "flows.watched_server", "server", "start"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--host", HOST, "--port", str(port), "--analytics-off"],
            env=_environment(folder),
            stdin=subprocess.PIPE,  # its end tells the server that this process is gone
            stdout=output,
            stderr=output,
            # A session of its own: Ctrl-C must reach the runs first, while the server
            # can still take down how they ended.
            start_new_session=True,
        )
    try:
        api = f"http://{HOST}:{port}/api"
        _wait(process, api, log)
        yield api
    finally:
        _stop(process)


def _environment(folder: Path) -> dict[str, str]:
    # The server runs no flow: settings, and the secrets among them, are not for it.
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "PREFECT_API_URL" and not name.upper().startswith("MINZHENG_")
    }
    return kept | {"PREFECT_HOME": str(folder), "DO_NOT_TRACK": "1"}


def _must_be_free(port: int) -> None:
    with socket.socket() as tried:
        if sys.platform != "win32":
            # What a server that has just stopped leaves behind does not hold the port.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            raise Trouble(
                f"Port {port} is taken; stop what listens there, choose another port in "
                "PREFECT_SERVER_API_PORT, or name the server there in PREFECT_API_URL."
            ) from error


def _wait(process: subprocess.Popen[bytes], api: str, log: Path) -> None:
    # No proxy: the address is this machine's own.
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), ask.open(f"{api}/health", timeout=5):
            return
        time.sleep(0.5)
    raise Trouble(f"The Prefect server did not start; {log} says why.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    if sys.platform != "win32":  # whatever it has started and left
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
