"""Worker processes that read files: one that dies, panics or hangs costs its file only."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from types import ModuleType
from typing import Any, NamedTuple, Self, TypeVar

from pebble import ProcessPool

from flows.errors import NotThere, Trouble
from flows.reading import refusals
from flows.reading.cells import Row
from flows.reading.packed import Member
from flows.reading.refusals import Refusal
from flows.reading.results import Workbook
from flows.reading.worker import Job, collected, first_sheet, prepare, read_chunk, refused
from flows.settings import Settings

T = TypeVar("T")
R = TypeVar("R")
CHUNK = 24
"""Files a task: enough that handing over costs little, few enough to spread well."""
FILES_A_ZIP = 10
"""When the files of a zip have taken as long as so many of them may, the rest is not read."""
LOOK_SECONDS = 2.0
"""How often it is seen to, while a task is waited for, that its pool is still there."""
FILES_A_WORKER = 4
"""A second worker is worth its start only from so many files on."""


def _too_slow(seconds: float, refusal: Refusal = refusals.TOO_SLOW) -> Workbook:
    return Workbook("unreadable", refusal.say(seconds=f"{seconds:.0f}"), seconds=seconds)


def _context() -> BaseContext:
    method = "forkserver" if sys.platform != "win32" else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["flows.reading.worker", "pebble"])
    return context


@contextmanager
def _no_main() -> Iterator[None]:
    """Workers that start here do not import the caller's script again.

    They need nothing of it, and it may cost seconds or have no main guard.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class _Task(NamedTuple):
    """Work that was handed to a pool."""

    pool: ProcessPool
    future: Future[Any]

    def wait(self) -> None:
        """Until it is done; raises what it raised, BrokenProcessPool where it never will be."""
        while True:
            try:
                self.future.result(timeout=LOOK_SECONDS)
                return
            except FutureTimeoutError:
                if self.future.done():  # it timed out itself, or ended in between
                    self.future.result()
                    return
                # A pool that breaks leaves tasks behind that nobody ends.
                if not self.pool.active:
                    raise BrokenProcessPool from None


@dataclass(slots=True)
class _Chunk:
    """Files that go to a worker together, and what they hold once that is here."""

    result: Path
    jobs: list[Job] = field(default_factory=list)
    task: _Task | None = None
    books: list[Workbook | None] | None = None
    """In the order of `jobs`; None for what was given out already, which takes memory."""


_Place = tuple[_Chunk, int]
"""Where a file's job is, and what is read of it will be."""


class Reader:
    """Reads files in worker processes, which start with the first chunk of them.

    Files can be given ahead, while others are still coming in.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._exit = ExitStack()
        self._pool: ProcessPool | None = None
        self._workers = 1
        self._folder = Path()
        self._chunks = 0
        self._open: _Chunk | None = None
        self._ahead: dict[Job, _Place] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is not None and kind is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._exit.close()

    def give(self, job: Job) -> None:
        """Have the file read ahead; `read` does not read it again."""
        self._ahead[job] = self._place(job)

    def read(self, jobs: Sequence[Job]) -> Iterator[Workbook]:
        """What each file holds, in the order of `jobs`."""
        places = [self._ahead.pop(job) if job in self._ahead else self._place(job) for job in jobs]
        self._send()
        for chunk, at in places:
            if chunk.books is None:
                chunk.books = [*self._books(chunk)]
            book, chunk.books[at] = chunk.books[at], None
            assert book is not None
            yield book

    def unpack(self, job: Job, book: Workbook) -> Iterator[tuple[Member, Workbook]]:
        """What the files in a zip hold, in their order there; `book` is what the zip read as."""
        limit, taken = self.settings.file_seconds * FILES_A_ZIP, 0.0
        at_once = CHUNK * self.settings.processes
        for start in range(0, len(book.members), at_once):
            members = book.members[start : start + at_once]
            if taken > limit:
                yield from ((each, _too_slow(limit, refusals.PACKED_TOO_SLOW)) for each in members)
                continue
            jobs = [
                Job(job.path, f"{job.name}/{each.name}", job.assigned, each.place, job.units)
                for each in members
            ]
            for each, held in zip(members, self.read(jobs), strict=True):
                taken += held.seconds
                yield each, held

    def _place(self, job: Job) -> _Place:
        if self._open is None:
            self._open = _Chunk(Path(str(self._chunks)))
            self._chunks += 1
        chunk = self._open
        chunk.jobs.append(job)
        place = chunk, len(chunk.jobs) - 1
        if len(chunk.jobs) == CHUNK:
            self._send()
        return place

    def _send(self) -> None:
        """Hand the open chunk to the workers."""
        chunk, self._open = self._open, None
        if chunk is None:
            return
        if self._pool is None:
            self._folder = Path(self._exit.enter_context(TemporaryDirectory(prefix="minzheng-")))
            self._workers = min(self.settings.processes, max(1, len(chunk.jobs) // FILES_A_WORKER))
            self._pool = self._start()
        chunk.result = self._folder / chunk.result
        chunk.task = self._schedule(chunk.jobs, chunk.result, self.settings.file_seconds * 2)

    def _start(self) -> ProcessPool:
        return self._exit.enter_context(
            ProcessPool(
                max_workers=self._workers,
                initializer=prepare,
                initargs=(self.settings,),
                context=_context(),
            )
        )

    def _schedule(self, jobs: list[Job], result: Path, seconds: float) -> _Task:
        assert self._pool is not None
        with _no_main():
            try:
                future = self._pool.schedule(read_chunk, args=(jobs, result), timeout=seconds)
            except RuntimeError:  # the pool broke, which is no file's fault: another goes on
                self._pool = self._start()
                try:
                    future = self._pool.schedule(read_chunk, args=(jobs, result), timeout=seconds)
                except RuntimeError as error:
                    raise no_workers() from error
        return _Task(self._pool, future)

    def _books(self, chunk: _Chunk) -> list[Workbook]:
        assert chunk.task is not None
        try:
            chunk.task.wait()
            return collected(chunk.result)
        except Trouble:
            raise
        except Exception:  # too slow, too large to hand over, a worker or the pool gone
            return self._one_by_one(chunk)

    def _one_by_one(self, chunk: _Chunk) -> list[Workbook]:
        alone = [
            (job, chunk.result.with_name(f"{chunk.result.name}-{at}"))
            for at, job in enumerate(chunk.jobs)
        ]
        # All are handed over before the first is waited for: every worker has some to read.
        tasks = [self._alone(job, result) for job, result in alone]
        books = []
        for (job, result), task in zip(alone, tasks, strict=True):
            try:
                try:
                    task.wait()
                except BrokenProcessPool:
                    self._once_more(job, result)
                books.append(collected(result)[0])
            except Trouble:
                raise
            except FutureTimeoutError:
                books.append(_too_slow(self.settings.file_seconds))
            except Exception:  # it took its worker with it, or cannot be handed over
                books.append(refused(self.settings.file_seconds))
        return books

    def _once_more(self, job: Job, result: Path) -> None:
        """In another pool; where that breaks too, it is no file's fault."""
        try:
            self._alone(job, result).wait()
        except BrokenProcessPool as error:
            raise no_workers() from error

    def _alone(self, job: Job, result: Path) -> _Task:
        return self._schedule([job], result, self.settings.file_seconds)


def no_workers() -> NotThere:
    """What to say where a pool of workers breaks at once, which is no file's fault."""
    return NotThere(
        "The processes that read files cannot be started; see that there are room and rights in "
        f"{gettempdir()}, or set TMPDIR to another folder."
    )


def read_first_sheet(path: Path, settings: Settings) -> tuple[str, list[Row]] | None:
    """The first sheet's name and rows, from a worker; None for what is no workbook."""
    with ProcessPool(
        max_workers=1, initializer=prepare, initargs=(settings,), context=_context()
    ) as pool:
        try:
            with _no_main():
                future = pool.schedule(first_sheet, args=(path,), timeout=settings.file_seconds)
            _Task(pool, future).wait()
            read: tuple[str, list[Row]] | None = future.result()
        except RuntimeError as error:  # a broken pool's errors are of that kind
            raise no_workers() from error
        except Exception:  # too slow, too large to hand over, a worker gone
            return None
        return read


def work_on(
    function: Callable[[T], R], tasks: Sequence[T], settings: Settings
) -> Iterator[R | None]:
    """What the function makes of each task, from workers; None for what cost its worker.

    Its arguments and results are handed over through a pipe: they should be small.
    """
    if not tasks:
        return
    results: dict[int, R] = {}
    # A pool that breaks takes tasks with it that have done nothing: they are tried once more.
    for workers in (min(settings.processes, max(1, len(tasks) // FILES_A_WORKER)), 1):
        left = [at for at in range(len(tasks)) if at not in results]
        if left:
            results |= _worked_on(function, {at: tasks[at] for at in left}, settings, workers)
    yield from map(results.get, range(len(tasks)))


def _worked_on(
    function: Callable[[T], R], tasks: dict[int, T], settings: Settings, workers: int
) -> dict[int, R]:
    done: dict[int, R] = {}
    with ProcessPool(
        max_workers=workers, initializer=prepare, initargs=(settings,), context=_context()
    ) as pool:
        with _no_main():
            futures = {
                at: pool.schedule(function, args=(each,), timeout=settings.file_seconds)
                for at, each in tasks.items()
            }
        for at, future in futures.items():
            try:
                done[at] = future.result()
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:  # too slow, a worker gone, a panic, which is no Exception
                continue
    return done


def read_files(jobs: Sequence[Job], settings: Settings) -> Iterator[Workbook]:
    """What each file holds, in the order of `jobs`."""
    with Reader(settings) as reader:
        yield from reader.read(jobs)
