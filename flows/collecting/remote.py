"""The remote folder channel: whatever fsspec reaches, as SFTP, S3, WebDAV and SMB."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from flows.channel_settings import RemoteSettings
from flows.collecting.bounded import Bounded
from flows.collecting.file_systems import TIMES_ARE_SENDERS, Opened, open_file_system
from flows.collecting.inbox import ignored, written
from flows.collecting.offered import LARGEST, ChannelDown, Offered, Said
from flows.collecting.redacting import plainly
from flows.collecting.speaking import Speakers

SECONDS = 180.0
"""A server may take so long for one listing or one file."""
MOST_FILES = 20_000
"""A folder with more is not what was meant."""
_MODIFIED = ("LastModified", "modified", "mtime", "last_modified")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote folder that the settings name."""

    settings: RemoteSettings
    home: Path
    settle_seconds: float
    speakers: Speakers

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self.settings.name

    @property
    def keeps(self) -> bool:
        """Whether taken files stay there."""
        return self.settings.taken == "keep"

    def open(self, since: dt.datetime | None) -> _Session:
        """Reach the folder; ChannelDown where that cannot be."""
        bounded = Bounded(SECONDS)
        opened = _asked(bounded, self.name, partial(open_file_system, self.settings, self.home))
        return _Session(self, opened, bounded, since)


@dataclass(frozen=True, slots=True)
class _There:
    """A file that was listed: its full path, its path below the folder, size and time."""

    path: str
    below: str
    size: int
    modified: dt.datetime | None

    @property
    def key(self) -> str:
        """What tells it from another version of it."""
        at = "" if self.modified is None else self.modified.isoformat()
        return f"{at}|{self.size}|{written(self.below)}"

    @property
    def second(self) -> int:
        """The second of its time: asked alone, some servers give no parts of it."""
        return 0 if self.modified is None else int(self.modified.timestamp())


class _Session:
    """A remote folder that is open."""

    def __init__(
        self,
        channel: Remote,
        opened: Opened,
        bounded: Bounded,
        since: dt.datetime | None,
    ) -> None:
        self._channel = channel
        self._opened = opened
        self._system = opened.system
        self._root = opened.root
        self._bounded = bounded
        self._since = since
        self._there: dict[str, _There] = {}

    def _ask(self, work: Callable[[], _Found]) -> _Found:
        return _asked(self._bounded, self._channel.name, work)

    def offered(self, known: Collection[str], said: Said) -> Iterator[Offered]:
        """The files that have kept their size and time while they were looked at."""
        before = {each.key for each in self._ask(partial(self._list, Said()))}
        if before and self._channel.settle_seconds:
            time.sleep(self._channel.settle_seconds)
        for each in self._ask(partial(self._list, said)) if before else []:
            if each.key not in before or (self._channel.keeps and each.key in known):
                continue
            if each.size > LARGEST:
                said.passed_over.append(
                    f"channel {self._channel.name}, {written(each.below)}: it is larger than a "
                    "return can be; see to it by hand"
                )
                continue
            self._there[each.key] = each
            yield self._offer(each, said)

    def _offer(self, each: _There, said: Said) -> Offered:
        below = written(each.below)
        return Offered(
            key=each.key,
            name=below.rpartition("/")[2],
            source=below,
            sender="",
            units=self._channel.speakers.of_path(below),
            arrived=self._arrived(each),
            modified=(each.modified or _now()).timestamp(),
            content=partial(self._content, each, said),
        )

    def _arrived(self, each: _There) -> dt.datetime:
        """When the folder got the file, UTC.

        Where its time is what the sender's program wrote, it can be older than that: then
        the file came no earlier than the folder was last looked into without it.
        """
        arrived = (each.modified or _now()).replace(tzinfo=None)
        scheme = self._channel.settings.url.partition(":")[0]
        if self._since is not None and scheme in TIMES_ARE_SENDERS:
            return max(arrived, self._since)
        return arrived

    def _content(self, each: _There, said: Said) -> bytes | None:
        def read() -> bytes:
            content = self._system.cat_file(each.path)
            if not isinstance(content, bytes):
                raise OSError("it is no file")
            return content

        try:
            content = self._ask(read)
            return content if len(content) == each.size and self._unchanged(each) else None
        except _Refused as refused:
            said.passed_over.append(
                f"channel {self._channel.name}, {written(each.below)}: {refused}"
            )
            return None

    def _unchanged(self, each: _There) -> bool:
        """Whether the file is still the one that was listed."""

        def look() -> bool:
            self._system.invalidate_cache()
            try:
                now = _there(self._system.info(each.path), "")
            except FileNotFoundError:
                return False
            return (now.size, now.second) == (each.size, each.second)

        return self._ask(look)

    def _list(self, said: Said) -> list[_There]:
        self._system.invalidate_cache()
        if self._opened.bucket:  # names that begin as the folder does there may be none
            if not self._system.exists(self._opened.bucket):
                raise FileNotFoundError(f"there is no bucket {self._opened.bucket}")
        else:
            self._system.ls(self._root, detail=False)  # `walk` passes over what cannot be listed

        def refused(error: BaseException) -> None:
            said.passed_over.append(f"channel {self._channel.name}: {plainly(error)}")

        found = []
        for _, _, files in self._system.walk(self._root, detail=True, on_error=refused):
            for name, info in files.items():
                # No link: it may lead into another unit's folder.
                if info["type"] == "file" and name and not ignored(name):
                    found.append(_there(info, self._root))
            if len(found) > MOST_FILES:
                raise OSError(f"there are more than {MOST_FILES} files")
        return found

    def settle(self, keys: Collection[str], said: Said) -> Sequence[str]:
        """Remove what was taken in, unless it is kept there; the keys of what stays."""
        if self._channel.keeps:
            return []
        left = []
        for key in keys:
            each = self._there.get(key)
            if each is None:
                continue
            try:
                if self._unchanged(each):  # what was written over meanwhile is a new file
                    self._ask(partial(self._system.rm_file, each.path))
            except _Refused as refused:
                said.passed_over.append(
                    f"channel {self._channel.name}, {written(each.below)}: taken in, but could "
                    f"not be removed ({refused})"
                )
                left.append(key)
        return left

    def close(self) -> None:
        """Leave the connection; some libraries do that by themselves."""
        with contextlib.suppress(Exception):  # it is left in any case
            self._bounded.call(self._opened.close, 5.0)
        self._bounded.close()


class _Refused(ChannelDown):
    """The server answers, but refuses this."""


def _asked(bounded: Bounded, channel: str, work: Callable[[], _Found]) -> _Found:
    """What the file system answers; ChannelDown where it does not."""
    try:
        return bounded.call(work)
    except ChannelDown:
        raise
    except (PermissionError, FileNotFoundError, IsADirectoryError) as error:
        raise _Refused(f"it refuses this ({plainly(error, channel)})", again=False) from error
    except Exception as error:  # each library has its own
        again = type(error).__name__ not in ("HostKeyNotVerifiable", "PermissionDenied")
        raise ChannelDown(
            f"it could not be reached ({plainly(error, channel)})", again=again
        ) from error


def _there(info: dict[str, Any], root: str) -> _There:
    path = info["name"].rstrip("/")
    said = next((info[each] for each in _MODIFIED if info.get(each) is not None), None)
    if isinstance(said, int | float):
        said = dt.datetime.fromtimestamp(said, dt.UTC)
    elif isinstance(said, dt.datetime) and said.tzinfo is None:
        said = said.replace(tzinfo=dt.UTC)
    return _There(
        path,
        path[len(root) :].strip("/"),
        int(info.get("size") or 0),
        said.astimezone(dt.UTC) if isinstance(said, dt.datetime) else None,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
