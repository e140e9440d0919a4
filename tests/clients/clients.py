"""Clients of several versions: installed once, their readers run as processes of their own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

from flows.warehouse.store import connect
from tests.clients.reader import state

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "clients"
OWN = "own"
VERSIONS = ("1.1.3", "1.4.4", OWN)
"""The oldest client that is promised, the long-lived one, and what the project writes with."""
_READER = Path(__file__).with_name("reader.py")
_INSTALL = ("pip", "install", "--quiet", "--no-deps", "--python", sys.executable)
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Client:
    """A DuckDB client; `folder` holds it, None for the project's own."""

    version: str
    folder: Path | None

    @property
    def environment(self) -> dict[str, str]:
        """In which Python imports this client."""
        found = {key: each for key, each in os.environ.items() if key != "PYTHONPATH"}
        if self.folder is not None:
            found["PYTHONPATH"] = str(self.folder)
        return found | {"PYTHONUTF8": "1"}

    def start(self, what: str, file: Path, *rest: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(_READER), what, str(file), *map(str, rest)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str, file: Path, *rest: object) -> dict[str, Any]:
        """The answer of a reader that ends by itself."""
        with self.start(what, file, *rest) as process:
            printed, complained = process.communicate(timeout=_PATIENCE_SECONDS)
        assert process.returncode == 0, complained
        version, answer = map(json.loads, printed.splitlines())
        self.check(version)
        return dict(answer)

    def check(self, said: dict[str, str]) -> None:
        """That it is this version and not another one on the path."""
        if self.folder is not None:
            assert said["version"] == self.version


def installed(version: str) -> Client:
    """The client, installed below `.cache/clients` where it is not there yet."""
    if version == OWN:
        return Client(version, None)
    return Client(version, from_python(f"duckdb=={version}"))


def from_python(requirement: str) -> Path:
    """The folder below `.cache/clients` with one package of Python's registry."""
    return kept(
        requirement.replace("==", "-"),
        lambda part: [*_uv(), *_INSTALL, "--target", str(part), requirement],
    )


def kept(name: str, installing: Callable[[Path], list[str]]) -> Path:
    """A folder below `.cache/clients`; where it is missing, the command makes it, once."""
    folder = CACHE / name
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            part = folder.with_name(folder.name + ".part")
            shutil.rmtree(part, ignore_errors=True)
            done = subprocess.run(
                installing(part),
                cwd=tempfile.gettempdir(),  # the project's own constraints do not hold here
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{name} could not be installed: {done.stderr}"
            part.rename(folder)
    return folder


def _uv() -> list[str]:
    found = shutil.which("uv")
    return [found] if found else [sys.executable, "-m", "uv"]


def published_state(warehouse: Path) -> list[list[str]]:
    """What the file says to the project itself."""
    with connect(warehouse, read_only=True) as connection:
        return state(connection)


@dataclass
class Reader:
    """A reader at work in another process, and the reads it has done so far."""

    client: Client
    process: subprocess.Popen[str]
    reads: list[dict[str, Any]] = field(default_factory=list)
    complaint: str = ""
    _thread: threading.Thread = field(init=False, repr=False)

    @classmethod
    def start(cls, client: Client, what: str, file: Path, *rest: Path) -> "Reader":
        """A reader that has read once and goes on until the last of `rest` is there."""
        reader = cls(client, client.start(what, file, *rest))
        reader._thread = threading.Thread(target=reader._listen, daemon=True)
        reader._thread.start()
        until = time.monotonic() + _PATIENCE_SECONDS
        while not reader.reads and reader._thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        assert reader.reads, reader.complaint
        return reader

    def _listen(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        for number, line in enumerate(self.process.stdout):
            if number:
                self.reads.append(json.loads(line))
            else:
                self.client.check(json.loads(line))
        self.complaint = self.process.stderr.read()

    def wait_for_more(self) -> None:
        """Until it has read twice more: once begun before now, once after."""
        seen, until = len(self.reads), time.monotonic() + _PATIENCE_SECONDS
        while len(self.reads) < seen + 2 and self.process.poll() is None:
            assert time.monotonic() < until, "the reader does not read any more"
            time.sleep(0.02)

    def finish(self) -> list[dict[str, Any]]:
        """All its reads, once `stop` is there; fails where it did."""
        with self.process:
            self._thread.join(_PATIENCE_SECONDS)
            if self.process.poll() is None and self._thread.is_alive():
                self.process.kill()
        assert self.process.returncode == 0, f"{self.client.version}: {self.complaint}"
        return self.reads
