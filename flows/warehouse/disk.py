"""What the disk refuses, to DuckDB or to the program, said in one line."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import duckdb

from flows.errors import NotThere
from flows.reading.pool import no_workers

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSING = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO),
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR),
)
_SAFE = "What is published stays as it was, and the next run makes up for what this one had begun."
_REFUSED = ("ould not write", "ould not sync", "ould not create", "has been invalidated")
"""DuckDB gives what the disk refuses at a commit, or has refused before, as errors of other kinds."""


@contextmanager
def disk_trouble() -> Iterator[None]:
    """NotThere, with what to do, for a disk that is full or a file that may not be written."""
    try:
        yield
    except BrokenProcessPool as error:  # for its workers too there is no room, or no right
        raise no_workers() from error
    except OSError as error:
        if error.errno not in (*_FULL, *_REFUSING):  # a network's, not the disk's
            raise
        where = f"{error.filename}: " if error.filename else ""
        raise _told(f"{where}{error.strerror}", full=error.errno in _FULL) from error
    except duckdb.Error as error:
        io = isinstance(error, duckdb.IOException)
        if not io and not any(each in str(error) for each in _REFUSED):
            raise
        raise _told(str(error).splitlines()[0], full="o space" in str(error)) from error


def _told(what: str, *, full: bool) -> NotThere:
    do = "make room" if full else "see that it is there and may be written, and that there is room"
    return NotThere(f"The disk refused, {what}; {do}. {_SAFE}")
