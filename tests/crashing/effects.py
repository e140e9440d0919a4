"""The effects of a process on files, counted; at one of them it is killed or refused.

An effect is a file that is opened to be written, each piece written to it, a sync, a rename, a
removal, a folder made, an SQL statement, a stage's beginning and end. All processes of a run
count together, through a file that each appends a byte to. It works within the process that is
hurt, by wrapping what Python has for them; an audit hook sees to it that none is missed.
"""

import builtins
import errno
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

VARIABLE = "MINZHENG_CRASH_PLAN"
_CODES = {"full": errno.ENOSPC, "refused": errno.EACCES}
_ALLOCATING = ("open", "write", "mkdir", "sendfile", "sql", "fsync")
_open, _write, _lseek, _io_open = os.open, os.write, os.lseek, io.open


@dataclass(frozen=True)
class Plan:
    """What happens at the effect number `at`; 0 for nothing."""

    log: str
    at: int = 0
    how: str = "kill"
    """kill, full (ENOSPC) or refused (EACCES)."""
    when: str = "before"
    """before the effect, after it, or when half of a piece is written."""
    lasting: bool = False
    """A disk stays full from then on."""
    group: bool = False
    """All processes of the run are killed, and not the one alone."""

    def text(self) -> str:
        return json.dumps(asdict(self))


class _Hurting:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY
        self._log = _open(plan.log, flags)
        self._count = _open(plan.log + ".count", flags)
        self._local = threading.local()

    @property
    def within(self) -> bool:
        return getattr(self._local, "within", False)

    @contextmanager
    def effect(self, operation: str, path: object, said: str = "") -> Iterator[int]:
        if self.within:  # what Python does for the one that is counted
            yield 0
            return
        number = self.number(operation, path, said)
        if number == self.plan.at and self.plan.when == "before":
            self.hurt(operation, path)
        if self.plan.lasting and number > self.plan.at and operation in _ALLOCATING:
            self.refuse(operation, path)
        self._local.within = True
        try:
            yield number
        finally:
            self._local.within = False
        if number == self.plan.at and self.plan.when == "after":
            self.hurt(operation, path)

    def number(self, operation: str, path: object, said: str = "") -> int:
        _write(self._count, b".")
        number = _lseek(self._count, 0, os.SEEK_CUR)
        where = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)
        line = json.dumps([number, os.getpid(), operation, where, said])
        _write(self._log, line.encode() + b"\n")
        return number

    def hurt(self, operation: str, path: object) -> None:
        _write(self._log, json.dumps(["hurt", self.plan.at]).encode() + b"\n")
        if self.plan.how == "kill":
            if self.plan.group:
                os.killpg(0, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        self.refuse(operation, path)

    def refuse(self, operation: str, path: object) -> None:
        code = _CODES[self.plan.how]
        if operation == "sql":
            import duckdb

            raise duckdb.IOException(f"IO Error: Could not write file: {os.strerror(code)}")
        raise OSError(code, os.strerror(code), str(path))


def install(plan: Plan) -> None:
    """Count and hurt from now on, in this process and in those that it forks."""
    hurting = _Hurting(plan)

    class Raw(io.FileIO):
        """A file whose every piece is an effect, of which half may be written."""

        where: object = ""
        broken = False

        def write(self, content: Any) -> int:
            piece = bytes(content)
            if self.broken:
                self.broken = plan.lasting
                hurting.refuse("write", self.where)
            with hurting.effect("write", self.where, _event(piece)) as number:
                if number == plan.at and number and plan.when == "half":
                    written = super().write(piece[: max(1, len(piece) // 2)])
                    if plan.how == "kill":
                        hurting.hurt("write", self.where)
                    hurting.number("broken", self.where)
                    self.broken = True
                    return written
                return super().write(piece)

    def opened(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if not set(mode) & set("wax+") or hurting.within:
            return _io_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        of_raw = mode.replace("b", "").replace("t", "")
        if isinstance(file, int):
            raw = Raw(file, of_raw, closefd)
            raw.where = _behind(file)
        else:
            with hurting.effect("open", file):
                raw = Raw(file, of_raw, closefd, opener)
            raw.where = file
        if buffering == 0:
            return raw
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffer
        return io.TextIOWrapper(buffer, encoding, errors, newline)

    io.open = builtins.open = opened  # type: ignore[assignment]
    _wrap_os(hurting)
    _wrap_duckdb(hurting)
    _wrap_stages(hurting)
    sys.addaudithook(_auditor(hurting))


def _event(piece: bytes) -> str:
    """The kind of a journal's line, where the piece is one."""
    if not piece.startswith(b'{"event"'):
        return ""
    try:
        return str(json.loads(piece)["event"])
    except ValueError:
        return ""


def _behind(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


def _wrap_os(hurting: _Hurting) -> None:
    def wrap(name: str, place: int = 0) -> None:
        real: Callable[..., Any] = getattr(os, name)

        def wrapped(*given: Any, **named: Any) -> Any:
            path = given[place] if len(given) > place else ""
            with hurting.effect(name, _behind(path) if isinstance(path, int) else path):
                return real(*given, **named)

        setattr(os, name, wrapped)

    for name in ("remove", "unlink", "mkdir", "rmdir", "truncate", "chmod", "fsync", "sync"):
        wrap(name)
    for name in ("rename", "replace"):
        wrap(name, 1)
    wrap("sendfile")

    def os_open(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return _open(path, flags, *rest, **named)
        with hurting.effect("open", path):
            return _open(path, flags, *rest, **named)

    os.open = os_open


def _wrap_duckdb(hurting: _Hurting) -> None:
    try:
        import duckdb
    except ImportError:
        return
    connection: Any = duckdb.DuckDBPyConnection
    execute, connect = connection.execute, duckdb.connect

    def executed(self: Any, query: Any, *rest: Any, **named: Any) -> Any:
        with hurting.effect("sql", " ".join(str(query).split())[:60]):
            return execute(self, query, *rest, **named)

    def connected(*given: Any, **named: Any) -> Any:
        with hurting.effect("sql", f"CONNECT {given[0]}"):
            return connect(*given, **named)

    connection.execute, duckdb.connect = executed, connected


def _wrap_stages(hurting: _Hurting) -> None:
    if "flows.commands.running" not in sys.modules:  # a worker has no stages
        return
    from flows.commands import running

    real = running.progress

    def stage(name: str, work: Callable[[], object]) -> object:
        with hurting.effect("stage begins", name):
            pass
        result = real(name, work)
        with hurting.effect("stage ends", name):
            pass
        return result

    running.progress = stage


def _auditor(hurting: _Hurting) -> Callable[[str, tuple[Any, ...]], None]:
    """Sees what no wrapper has seen, and counts it as it stands."""
    changing = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"}
    changing |= {"os.link", "os.symlink", "shutil.move"}

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if event not in changing and event != "open":
            return
        if getattr(hurting, "within", True):
            return
        if event == "open":
            flags = given[2] or 0
            if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or isinstance(given[0], int):
                return
        with hurting.effect(f"unwrapped {event}", given[0]):
            pass

    return heard


def effects(log: Path) -> list[tuple[int, int, str, str, str]]:
    """The effects of a run: number, process, operation, path, what is said of it."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [tuple(line) for line in lines if line[0] != "hurt" and line[2] != "broken"]


def was_hurt(log: Path) -> bool:
    """Whether the run came to the effect at which it was to be hurt."""
    said = log.read_text() if log.exists() else ""
    return '["hurt"' in said or '"broken"' in said
