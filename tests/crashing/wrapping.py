"""Effects are met by wrapping what Python has for them, within the process that is to be hurt.

An audit hook sees to it that none is missed that Python knows of.
"""

import builtins
import io
import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.crashing.effects import Hurting, Plan

_open, _io_open = os.open, io.open


def install(plan: Plan) -> None:
    """Count and hurt from now on, in this process and in those that it forks."""
    hurting = Hurting(plan)

    class Raw(io.FileIO):
        """A file whose every piece is an effect, of which half may be written."""

        where: object = ""
        broken = False

        def write(self, content: Any) -> int:
            piece = bytes(content)
            if not stat.S_ISREG(os.fstat(self.fileno()).st_mode):  # a pipe has no room to lack
                return super().write(piece)
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


def _wrap_os(hurting: Hurting) -> None:
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


def _wrap_duckdb(hurting: Hurting) -> None:
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


def _wrap_stages(hurting: Hurting) -> None:
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


def _auditor(hurting: Hurting) -> Callable[[str, tuple[Any, ...]], None]:
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
