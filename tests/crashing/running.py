"""A command of the program in a process of its own, hurt or whole."""

import atexit
import importlib
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.crashing import effects, rights, wrapping
from tests.crashing.effects import Plan
from tests.crashing.home import SCHEMAS

ROOT = Path(__file__).parents[2]
INJECTED = Path(__file__).parent / "injected"
LONGEST = 120
"""Seconds after which a run is taken for one that hangs."""


class Ended(NamedTuple):
    """How a run ended; `code` is negative for a signal."""

    code: int
    out: str
    err: str
    seconds: float


@dataclass
class Hurt:
    """What is done to a run."""

    plan: Plan | None = None
    kill_after: float | None = None
    """Seconds until all its processes are killed."""
    anew: bool = False
    """By a fresh interpreter, as from the command line; else from one that has imported all."""
    largest: int | None = None
    """No file may grow beyond that (RLIMIT_FSIZE)."""
    bound: bool = False
    """What a folder's mode forbids it forbids the run too, were it root's."""


_started: list[int] = []


def run(
    home: Path, now: str, arguments: list[str], hurt: Hurt | None = None, said: Path | None = None
) -> Ended:
    """Run `minzheng` with these arguments in the home; its own processes may outlive it.

    What it says is kept in the folder `said`, or beside the home.
    """
    hurt = hurt or Hurt()
    scratch = home.with_name("scratch")
    scratch.mkdir(exist_ok=True)
    out, err = ((said or home.parent) / name for name in ("out", "err"))
    environment = _environment(home, scratch, now, hurt)
    began = time.monotonic()
    start = _exec if hurt.anew else _fork
    pid = start(arguments, environment, out, err, hurt)
    _started.append(pid)
    code = _wait(pid, hurt.kill_after)
    return Ended(code, _text(out), _text(err), time.monotonic() - began)


def end_all() -> None:
    """End what is left of the processes that `run` started."""
    while _started:
        try:
            os.killpg(_started.pop(), signal.SIGKILL)
        except ProcessLookupError:
            continue


def _environment(home: Path, scratch: Path, now: str, hurt: Hurt) -> dict[str, str]:
    return {
        **{name: each for name, each in os.environ.items() if not name.startswith("MINZHENG_")},
        "MINZHENG_HOME": str(home),
        "MINZHENG_SCHEMAS": SCHEMAS,
        "MINZHENG_NOW": now,
        "MINZHENG_PROCESSES": "1",
        "MINZHENG_SETTLE_SECONDS": "0",
        "TMPDIR": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join([str(INJECTED), str(ROOT)]),
        **({effects.VARIABLE: hurt.plan.text()} if hurt.plan else {}),
    }


def _exec(
    arguments: list[str], environment: dict[str, str], out: Path, err: Path, hurt: Hurt
) -> int:
    with out.open("wb") as to_out, err.open("wb") as to_err:
        return subprocess.Popen(  # waited for by its number
            [sys.executable, "-m", "flows.cli", *arguments],
            env=environment,
            cwd=ROOT,
            stdout=to_out,
            stderr=to_err,
            start_new_session=True,
        ).pid


def _fork(
    arguments: list[str], environment: dict[str, str], out: Path, err: Path, hurt: Hurt
) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        code = _as_child(arguments, environment, out, err, hurt)
    finally:
        os._exit(code)


def _as_child(
    arguments: list[str], environment: dict[str, str], out: Path, err: Path, hurt: Hurt
) -> int:
    os.setsid()
    for path, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    import tempfile

    tempfile.tempdir = None
    from flows import cli

    if hurt.bound:
        rights.give_up()
    if hurt.largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hurt.largest, hurt.largest))
    if hurt.plan is not None:
        wrapping.install(hurt.plan)
    sys.argv = ["minzheng", *arguments]
    code = 0
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _wait(pid: int, kill_after: float | None) -> int:
    until = time.monotonic() + (LONGEST if kill_after is None else kill_after)
    while True:  # no timer: what is forked must not have threads
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        time.sleep(0.002)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def load() -> None:
    """Import what a run imports, and open no database: what is forked must not have threads."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"
    import duckdb  # noqa: F401
    import openpyxl  # noqa: F401
    import pandas  # noqa: F401

    for module in (
        "flows.commands.deciding",
        "flows.commands.releasing",
        "flows.commands.running",
        "flows.pipeline",
        "flows.reporting.night",
        "tests.crashing.declaration",
    ):
        importlib.import_module(module)
