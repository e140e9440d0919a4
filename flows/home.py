"""One home's parts together, and the lock that keeps two runs apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from flows.collecting.archive import Archive
from flows.collecting.journal import Journal
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
    journal = Journal(settings.journal)
    return Home(
        settings,
        declaration,
        journal,
        Archive(settings.archive, declaration.time_zone, journal.named),
    )


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """The lock of everything that writes; Locked where another run has it."""
    path = home.settings.warehouse.parent / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise Locked(
            "Another run is at work in this home; try again when it has finished."
        ) from error
