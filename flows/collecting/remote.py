"""The remote folder channel: whatever fsspec reaches, as SFTP, S3, WebDAV and SMB."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from flows.channel_settings import RemoteSettings
from flows.collecting.bounded import Bounded
from flows.collecting.file_systems import STALLING, TIMES_ARE_SENDERS, Opened, open_file_system
from flows.collecting.inbox import ignored, written
from flows.collecting.offered import LARGEST, ChannelDown, Offered, Said
from flows.collecting.redacting import plainly
from flows.collecting.speaking import Speakers

SECONDS = 180.0
"""A server may take so long for one listing or one file."""
YOUNG_SECONDS = 60.0
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
    """A file that was listed: its full path, its path below the folder, size and time.

    `place` tells the channel's folder from those of other servers, whatever it is called.
    """

    place: str
    path: str
    below: str
    size: int
    modified: dt.datetime | None
    tag: str
    """What a server without times tells versions apart by."""

    @property
    def key(self) -> str:
        """What tells it from another version of it."""
        at = self.tag if self.modified is None else self.modified.isoformat()
        return f"{self.place}|{at}|{self.size}|{written(self.below)}"

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
        url = channel.settings.url
        self._place = hashlib.sha256(url.encode()).hexdigest()[:8]
        self._scheme = url.partition(":")[0]

    def _ask(self, work: Callable[[], _Found]) -> _Found:
        return _asked(self._bounded, self._channel.name, work)

    def _ask_of_file(self, work: Callable[[], _Found]) -> _Found:
        """What the server says of one file; _Refused where it refuses that, and still answers.

        Each library has its own errors for a file that is locked, forbidden or gone.
        """
        try:
            return self._ask(work)
        except _Refused:
            raise
        except ChannelDown as down:
            self._ask(self._look)
            raise _Refused(str(down).replace("it could not be reached", "it is refused")) from down

    def _look(self) -> object:
        self._system.invalidate_cache()
        if self._opened.bucket:  # there are no folders, only names that begin alike
            if not self._system.exists(self._opened.bucket):
                raise FileNotFoundError(f"there is no bucket {self._opened.bucket}")
            return None
        return self._system.ls(self._root, detail=False)

    def offered(self, known: Collection[str], said: Said) -> Iterator[Offered]:
        """The files that have kept their size and time while they were looked at."""
        before = {each.key for each in self._ask(partial(self._list, Said()))}
        if before and self._channel.settle_seconds:
            time.sleep(self._channel.settle_seconds)
        for each in self._ask(partial(self._list, said)):
            if each.key not in before or (self._channel.keeps and each.key in known):
                continue
            if self._scheme in STALLING and self._is_young(each):
                said.noted.append(
                    f"channel {self._channel.name}, {written(each.below)}: it may still be on its "
                    "way, and is left for the next night"
                )
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
        if self._since is not None and self._scheme in TIMES_ARE_SENDERS:
            return max(arrived, self._since)
        return arrived

    @staticmethod
    def _is_young(each: _There) -> bool:
        """Whether a file was written to just now: an upload may stall, and go on."""
        age = None if each.modified is None else (_now() - each.modified).total_seconds()
        return age is not None and 0 <= age < YOUNG_SECONDS

    def _content(self, each: _There, said: Said) -> bytes | None:
        def read() -> bytes:
            content = self._system.cat_file(each.path)
            if not isinstance(content, bytes):
                raise OSError("it is no file")
            return content

        try:
            content = self._ask_of_file(read)
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
                now = self._of(self._system.info(each.path))
            except FileNotFoundError:
                return False
            return (now.size, now.second) == (each.size, each.second)

        return self._ask_of_file(look)

    def _list(self, said: Said) -> list[_There]:
        self._look()
        found, folders = list[_There](), [self._root]
        while folders:
            folder = folders.pop()
            for info in self._in_folder(folder, said):
                path = info["name"].rstrip("/")
                name = path.rpartition("/")[2]
                if path == folder or not name:
                    continue
                if info["type"] == "directory":
                    folders.append(path)
                # No link: it may lead into another unit's folder.
                elif info["type"] == "file" and not ignored(name):
                    found.append(self._of(info))
            if len(found) > MOST_FILES:
                raise OSError(f"there are more than {MOST_FILES} files")
        return found

    def _in_folder(self, folder: str, said: Said) -> list[dict[str, Any]]:
        try:
            listed: list[dict[str, Any]] = self._system.ls(folder, detail=True)
            return listed
        except FileNotFoundError:  # it was taken away, or no name begins so
            return []
        except Exception as error:  # each library has its own
            if folder == self._root:
                raise
            self._look()  # a server that is gone says so here
            below = written(folder[len(self._root) :].strip("/"))
            reason = plainly(error, self._channel.name)
            said.passed_over.append(
                f"channel {self._channel.name}, {below}: it is refused ({reason})"
            )
            return []

    def _of(self, info: dict[str, Any]) -> _There:
        path = info["name"].rstrip("/")
        at = next((info[each] for each in _MODIFIED if info.get(each) is not None), None)
        if isinstance(at, int | float):
            at = dt.datetime.fromtimestamp(at, dt.UTC)
        elif isinstance(at, dt.datetime) and at.tzinfo is None:
            at = at.replace(tzinfo=dt.UTC)
        return _There(
            self._place,
            path,
            path[len(self._root) :].strip("/") if path.startswith(self._root) else path,
            int(info.get("size") or 0),
            at.astimezone(dt.UTC) if isinstance(at, dt.datetime) else None,
            str(info.get("ETag") or info.get("etag") or ""),
        )

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
                    self._ask_of_file(partial(self._system.rm_file, each.path))
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


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
