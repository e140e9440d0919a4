"""The folder channel: files dropped below the inbox, in order of modification time."""

from __future__ import annotations

import datetime as dt
import os
import stat
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows.channel_settings import FOLDER
from flows.collecting.offered import Offered, Said
from flows.collecting.speaking import Speakers

_IGNORED = (".part", ".tmp", ".crdownload", ".filepart")


def ignored(name: str) -> bool:
    """Whether a file's name says that it is not whole yet, or no one's file."""
    return name.startswith((".", "~$")) or name.lower().endswith(_IGNORED)


@dataclass(frozen=True, slots=True)
class Inbox:
    """The inbox of a home, as a channel that is always open."""

    folder: Path
    settle_seconds: float
    speakers: Speakers
    name: str = FOLDER
    keeps: bool = False

    def open(self, since: dt.datetime | None) -> Inbox:
        """The inbox itself."""
        return self

    def close(self) -> None:
        """Nothing to leave."""

    def offered(self, known: Collection[str], said: Said) -> Iterator[Offered]:
        """The files that have kept their size and time while they were looked at.

        What cannot be looked at is said, and stops nothing else.
        """
        before = _listing(self.folder, [])
        if before and self.settle_seconds:
            time.sleep(self.settle_seconds)
        for path, status in _listing(self.folder, said.passed_over).items():
            first = before.get(path)
            if first is None or _mark(first) != _mark(status):
                continue
            if status.st_size > LARGEST_HERE:
                said.passed_over.append(f"{path}: it is far larger than a return; remove it")
                continue
            below = path.relative_to(self.folder).as_posix()
            place = portable(below)
            yield Offered(
                key=_key(place, status),
                name=written(path.name),
                source=place,
                sender="",
                units=self.speakers.of_path(written(below)),
                arrived=dt.datetime.fromtimestamp(status.st_ctime, dt.UTC).replace(tzinfo=None),
                modified=status.st_mtime_ns / 1e9,
                content=partial(self._content, path, _mark(status), said),
            )

    def _content(self, path: Path, mark: tuple[int, int], said: Said) -> bytes | None:
        try:
            content = path.read_bytes()
            return content if _mark(path.stat()) == mark else None
        except FileNotFoundError:  # taken away
            return None
        except OSError as error:  # it stays for the next run
            said.passed_over.append(f"{path}: {error.strerror}")
            return None

    def settle(self, keys: Collection[str], said: Said) -> Sequence[str]:
        """Remove what was taken in; folders stay for what comes next."""
        left = []
        for key in keys:
            place = key.split(":", 2)[2]
            path = self.folder / native(place)
            try:
                # What was written over meanwhile is a new file.
                if _key(place, path.lstat()) == key:
                    path.unlink()
            except FileNotFoundError:
                continue
            except OSError:  # no right to, or (Windows) another program has it open
                said.passed_over.append(f"{path}: taken in, but could not be removed")
                left.append(key)
        return left


def written(place: str) -> str:
    """A name or path as its sender wrote it: one that is no UTF-8 is read as GB 18030."""
    try:
        place.encode()
    except UnicodeEncodeError:
        return os.fsencode(place).decode("gb18030", "replace")
    return place


LARGEST_HERE = 1024 * 1024 * 1024
"""Bytes: what is larger is not even read, and stays where it is."""
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


def _key(place: str, status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}:{status.st_size}:{place}"


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
            if ignored(name):
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
