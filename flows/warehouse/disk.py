"""What the disk refuses, to DuckDB or to the program, said in one line."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from flows.errors import NotThere
from flows.warehouse.store import first_line

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SAFE = "What was published stays as it was, and the next run makes up for what this one had begun."


@contextmanager
def disk_trouble() -> Iterator[None]:
    """NotThere, with what to do, for a disk that is full or a file that may not be written."""
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        raise NotThere(_sentence(what, error.filename, full=error.errno in _FULL)) from error
    except duckdb.Error as error:
        if not isinstance(error, duckdb.IOException) and not any(
            each in str(error) for each in _REFUSED
        ):
            raise
        said = first_line(error)
        raise NotThere(_sentence(said, None, full="o space" in said)) from error


_REFUSED = ("ould not write", "ould not sync", "has been invalidated", "ould not create")
"""DuckDB gives what the disk refuses at a commit, or has refused before it, as other errors."""


def _sentence(what: str, path: object, *, full: bool) -> str:
    do = "make room" if full else "see that it is there and may be written, and that there is room"
    where = f"{path!s}: " if path else ""
    return f"The disk refused, {where}{what}; {do}. {_SAFE}"
