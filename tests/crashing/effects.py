"""The effects of a process on files, counted; at one of them it is killed or refused.

An effect is a file that is opened to be written, each piece written to it, a sync, a rename, a
removal, a folder made, an SQL statement, a stage's beginning and end. All processes of a run
count together, through a file that each appends a byte to. Where they are met is in `wrapping`.
"""

import errno
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

VARIABLE = "MINZHENG_CRASH_PLAN"
_CODES = {"full": errno.ENOSPC, "refused": errno.EACCES}
_ALLOCATING = ("open", "write", "mkdir", "sendfile", "sql", "fsync")
_open, _write, _lseek = os.open, os.write, os.lseek


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


class Hurting:
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
        # What Python does for the one that is counted; and a device, which has no room to lack.
        if self.within or str(path).startswith("/dev/null"):
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
        if self.plan.how == "full" and operation not in _ALLOCATING:
            return  # what needs no room: a run that makes up for another has other steps there
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


def effects(log: Path) -> list[tuple[int, int, str, str, str]]:
    """The effects of a run: number, process, operation, path, what is said of it."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [tuple(line) for line in lines if line[0] != "hurt" and line[2] != "broken"]


def was_hurt(log: Path) -> bool:
    """Whether the run came to the effect at which it was to be hurt."""
    said = log.read_text() if log.exists() else ""
    return '["hurt"' in said or '"broken"' in said
