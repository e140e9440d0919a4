"""The folder channel: files dropped below the inbox, in order of modification time."""

from __future__ import annotations

import datetime as dt
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CHANNEL = "folder"
_IGNORED = (".part", ".tmp", ".crdownload")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in the inbox that has kept its size."""

    path: Path
    source: str
    modified_ns: int
    size: int
    arrived: dt.datetime
    """Inode change time (creation time on Windows), UTC: when the folder got it."""


def look(inbox: Path, settle_seconds: float, passed_over: list[str]) -> list[Dropped]:
    """The files to take, oldest modification first, then by name.

    A file whose size or time changes while it is looked at is left for the next run.
    What cannot be looked at is said in `passed_over`, and stops nothing else.
    """
    before = _listing(inbox, [])
    if before and settle_seconds:
        time.sleep(settle_seconds)
    found = []
    for path, status in _listing(inbox, passed_over).items():
        first = before.get(path)
        if first is None or _mark(first) != _mark(status):
            continue
        found.append(
            Dropped(
                path,
                portable(path.relative_to(inbox).as_posix()),
                status.st_mtime_ns,
                status.st_size,
                dt.datetime.fromtimestamp(status.st_ctime, dt.UTC).replace(tzinfo=None),
            )
        )
    return sorted(found, key=lambda each: (each.modified_ns, written_name(each.path), each.source))


def unchanged(dropped: Dropped) -> bool:
    """Whether the file is still the one that was looked at."""
    try:
        return _mark(dropped.path.stat()) == (dropped.size, dropped.modified_ns)
    except OSError:
        return False


def written_name(path: Path) -> str:
    """The file's name as its sender wrote it: one that is no UTF-8 is read as GB 18030."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path.name).decode("gb18030", "replace")
    return path.name


_HEX = "hex:"


def portable(place: str) -> str:
    """A path that can be written as UTF-8, whatever bytes are in it."""
    try:
        place.encode()
    except UnicodeEncodeError:
        return _HEX + os.fsencode(place).hex()
    return place


def native(place: str) -> str:
    """The path that `portable` was given."""
    if place.startswith(_HEX):
        return os.fsdecode(bytes.fromhex(place.removeprefix(_HEX)))
    return place


def _mark(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _listing(inbox: Path, passed_over: list[str]) -> dict[Path, os.stat_result]:
    found: dict[Path, os.stat_result] = {}

    def refused(error: OSError) -> None:
        passed_over.append(f"{error.filename}: {error.strerror}")

    try:
        inbox.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        passed_over.append(f"{inbox}: it is not a folder")
        return found
    except OSError as error:
        refused(error)
        return found
    for folder, _, names in os.walk(inbox, onerror=refused):
        place = Path(folder)
        for name in names:
            if name.startswith((".", "~$")) or name.endswith(_IGNORED):
                continue
            path = place / name
            try:
                status = os.lstat(f"{folder}/{name}")
            except FileNotFoundError:  # taken away while we look
                continue
            except OSError as error:
                refused(error)
                continue
            if stat.S_ISREG(status.st_mode):  # no link, and no pipe to wait for
                found[path] = status
    return found


def clear(paths: Iterable[Path]) -> list[Path]:
    """Remove taken files; those that could not be removed. Folders stay for what comes next."""
    left = []
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError:  # no right to, or (Windows) another program has it open
            left.append(path)
    return left
