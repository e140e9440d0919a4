"""A home as it stands at one instant, copied aside: a night may publish while it is verified."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.collecting.journal import Journal
from flows.errors import NotThere
from flows.home import Home, locked
from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The journal, the releases, the warehouse and its copies as they stood, in a folder.

    Archived files never change, so they are only listed. They are read where they lie.
    """

    home: Home
    copy: Home
    """The copies laid out like a home, with the archive of the real one."""
    archived: dict[str, int]
    """The files below the archive with their modes; 0 for what is no file."""
    returned: frozenset[str]

    @property
    def settings(self) -> Settings:
        """Where the copies lie."""
        return self.copy.settings

    @property
    def folder(self) -> Path:
        """The folder of the copies."""
        return self.copy.settings.home


@contextmanager
def snapshot(home: Home) -> Iterator[Snapshot]:
    """The home as it stands; the lock is held only while it is copied."""
    archived = _files(home.settings.archive)
    if not archived and not any(
        each.exists()
        for each in (home.settings.journal, home.settings.warehouse, home.settings.releases)
    ):
        raise NotThere(
            f"There is nothing to verify in {home.settings.home}; run `minzheng nightly` first, "
            "or name the home with MINZHENG_HOME."
        )
    with TemporaryDirectory(prefix="minzheng-") as name:
        settings = replace(home.settings, home=Path(name))
        with locked(home):
            _copy(home.settings, settings)
            archived = _files(home.settings.archive)
            returned = frozenset(_files(home.settings.returned))
        copy = replace(home, settings=settings, journal=Journal(settings.journal))
        yield Snapshot(home, copy, archived, returned)


def _copy(real: Settings, copy: Settings) -> None:
    for file in (real.journal, real.warehouse):
        if file.exists():
            target = copy.home / file.relative_to(real.home)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    for folder in (real.releases, real.parquet):
        if folder.exists():
            shutil.copytree(folder, copy.home / folder.relative_to(real.home), symlinks=True)


def _files(folder: Path) -> dict[str, int]:
    """The modes of all that lies below a folder, by path below it; 0 for what is no file."""
    found: dict[str, int] = {}
    for place, folders, names in os.walk(folder):
        below = Path(place).relative_to(folder)
        links = [each for each in folders if (Path(place) / each).is_symlink()]
        for each in (*names, *links):
            mode = os.lstat(Path(place) / each).st_mode
            found[(below / each).as_posix()] = mode if stat.S_ISREG(mode) else 0
    return dict(sorted(found.items()))
