"""One home's parts together, and the lock that keeps two runs apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from flows.collecting.archive import Archive
from flows.collecting.journal import Journal
from flows.collecting.speaking import see_bound_units
from flows.errors import Locked
from flows.settings import Settings
from schemas.declaring.district import Declaration

SYNTHETIC = "SYNTHETIC.txt"
"""The file that marks a home whose figures are made up."""


@dataclass(frozen=True, slots=True)
class Home:
    """Settings, declaration, journal and archive of one home."""

    settings: Settings
    declaration: Declaration
    journal: Journal
    archive: Archive

    @property
    def synthetic(self) -> bool:
        """Whether all in it is made up, as `minzheng demo` marks its home."""
        return (self.settings.home / SYNTHETIC).exists()


def open_home(settings: Settings) -> Home:
    """The parts of the home that the settings name."""
    declaration = settings.declaration()
    see_bound_units(settings, declaration)
    journal = Journal(settings.journal)
    return Home(
        settings,
        declaration,
        journal,
        Archive(settings.archive, declaration.time_zone, journal.named),
    )


@contextmanager
def locked(home: Home, seconds: float = 0) -> Iterator[None]:
    """The lock of everything that writes, waited for that long; Locked where another run has it."""
    path = home.settings.warehouse.parent / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with held(path, _refusal(seconds), seconds):
        yield


@contextmanager
def held(path: Path, refusal: str, seconds: float = 0) -> Iterator[None]:
    """The lock that a file stands for, which ends with the process; Locked, with that line, else."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=seconds, poll_interval=0.5)  # one may wait for hours here
    except Timeout as error:
        raise Locked(refusal) from error
    try:
        yield
    finally:
        lock.release()


def _refusal(seconds: float) -> str:
    if not seconds:
        return "Another run is at work in this home; try again when it has finished."
    waited = f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"
    return (
        f"Another run was at work in this home for all of the {waited} that this one waited; "
        "start it again when that has finished."
    )
