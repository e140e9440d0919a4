"""What a worker process does: read files within its limits, and hand over what they hold."""

from __future__ import annotations

import gc
import os
import pickle
import time
from pathlib import Path
from typing import NamedTuple

from flows.errors import NotThere
from flows.reading import refusals
from flows.reading.cells import Row
from flows.reading.identity import keep_apart
from flows.reading.opening import open_sheets
from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from flows.settings import Settings
from schemas.declaring.district import Declaration


class Job(NamedTuple):
    """A file to read; `assigned` is (unit code, month) where the analyst has said so.

    `member` is its place in the zip at `path` that it came in; `units` are the codes of those
    that its channel may speak for, None for any.
    """

    path: Path
    name: str
    assigned: tuple[str, int] | None = None
    member: str = ""
    units: tuple[str, ...] | None = None


_declaration: Declaration | None = None


def prepare(settings: Settings) -> None:
    """Begin as a worker: the declaration at hand, and no more memory than is allowed."""
    global _declaration
    _declaration = settings.declaration()
    gc.disable()  # nothing that is read has cycles
    # A parser that panics prints pages of its own; what matters comes back as a sentence.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:  # Windows: no limit on memory there, only on time
        return
    limit = settings.worker_megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def read_chunk(jobs: list[Job], result: Path) -> None:
    """Read the files into `result`: all workers share one pipe, which must stay free."""
    assert _declaration is not None
    books = [_read(job, _declaration) for job in jobs]
    if any(book.exhausted for book in books):
        os._exit(1)  # what it keeps in mind may be what fills it: the files are read anew, alone
    try:
        result.write_bytes(pickled(books))
    except OSError as error:  # which is no file's fault, and must not be said of one
        raise NotThere(
            f"What was read could not be kept in {result.parent} ({error.strerror}); make room "
            "there, or set TMPDIR to another folder."
        ) from error


def pickled(books: list[Workbook]) -> bytes:
    """The books as bytes; one that cannot be put so is refused, the others stay as they are."""
    try:
        return pickle.dumps(books, pickle.HIGHEST_PROTOCOL)
    except Exception:  # the memory for it is lacking
        for at, book in enumerate(books):
            try:
                pickle.dumps(book, pickle.HIGHEST_PROTOCOL)
            except Exception:  # this one is what it is lacking for
                books[at] = refused()
    return pickle.dumps(books, pickle.HIGHEST_PROTOCOL)


def collected(result: Path) -> list[Workbook]:
    """What `read_chunk` has left at `result`, which is removed."""
    books: list[Workbook] = pickle.loads(result.read_bytes())
    result.unlink()
    return books


def _read(job: Job, declaration: Declaration) -> Workbook:
    begun = time.perf_counter()
    try:
        book = read_workbook(job.path, job.name, declaration, job.assigned, job.member)
        book = keep_apart(book, job.units if job.assigned is None else None, declaration)
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        book = refused()
        book.exhausted = True
    except BaseException:  # a panic of the parser is no Exception
        # Whatever one file does to the reader costs that file only: it would otherwise stop
        # every night to come.
        book = refused()
    book.seconds = time.perf_counter() - begun
    return book


def refused(seconds: float = 0.0) -> Workbook:
    """What a file holds that cannot be read without harm, and how long that took to see."""
    return Workbook("unreadable", refusals.ABNORMAL.say(), seconds=seconds)


def first_sheet(path: Path) -> tuple[str, list[Row]] | None:
    """The first sheet's name and rows; None for what is no workbook."""
    try:
        grid = open_sheets(path.read_bytes(), path.name).grids[0]
        blank: Row = [""] * grid.left
        return grid.name, [*([] for _ in range(grid.top)), *(blank + row for row in grid.rows)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the parser is no Exception
        return None
