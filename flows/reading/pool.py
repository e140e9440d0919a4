"""Worker processes that read files: one that dies, panics or hangs costs its file only."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import NamedTuple

from pebble import ProcessExpired, ProcessPool

from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from flows.settings import Settings
from schemas.declaring.model import Declaration

CHUNK = 24
"""Files a task: enough that handing over costs little, few enough to spread well."""
FILES_A_WORKER = 4
"""A second worker is worth its start only from so many files on."""


class Job(NamedTuple):
    """A file to read; `assigned` is (unit code, month) where the analyst has said so."""

    path: Path
    name: str
    assigned: tuple[str, int] | None = None


_declaration: Declaration | None = None


def _prepare(settings: Settings) -> None:
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


def _read_chunk(jobs: list[Job], result: Path) -> None:
    """Read the files into `result`: all workers share one pipe, which must stay free."""
    assert _declaration is not None
    books = [_read(job, _declaration) for job in jobs]
    result.write_bytes(pickle.dumps(books, pickle.HIGHEST_PROTOCOL))


def _collected(result: Path) -> list[Workbook]:
    books: list[Workbook] = pickle.loads(result.read_bytes())
    result.unlink()
    return books


def _read(job: Job, declaration: Declaration) -> Workbook:
    try:
        return read_workbook(job.path, job.name, declaration, job.assigned)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        # Whatever one file does to the reader, a panic of the parser among it (which is no
        # Exception), costs that file only: it would otherwise stop every night to come.
        return _refused()


def _refused() -> Workbook:
    return Workbook("unreadable", "文件内容异常，读取时出错；请用Excel或WPS打开后另存为.xlsx再报。")


def _too_slow(seconds: float) -> Workbook:
    return Workbook(
        "unreadable",
        f"文件过于庞大或异常，{seconds:.0f}秒内读不完；请只保留报表内容、另存为.xlsx后再报。",
    )


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


def read_files(jobs: Sequence[Job], settings: Settings) -> Iterator[Workbook]:
    """What each file holds, in the order of `jobs`."""
    if not jobs:
        return
    method = "forkserver" if sys.platform != "win32" else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["flows.reading.workbook", "pebble"])
    workers = min(settings.processes, max(1, len(jobs) // FILES_A_WORKER))
    pool = ProcessPool(
        max_workers=workers, initializer=_prepare, initargs=(settings,), context=context
    )
    with TemporaryDirectory(prefix="minzheng-") as folder, pool:
        chunks = [list(jobs[at : at + CHUNK]) for at in range(0, len(jobs), CHUNK)]
        results = [Path(folder) / str(number) for number in range(len(chunks))]
        with _no_main():
            futures = [
                pool.schedule(_read_chunk, args=each, timeout=settings.file_seconds * 2)
                for each in zip(chunks, results, strict=True)
            ]
        for chunk, result, future in zip(chunks, results, futures, strict=True):
            try:
                future.result()
            except (ProcessExpired, FutureTimeoutError):
                yield from _one_by_one(chunk, result, pool, settings)
            else:
                yield from _collected(result)


def _one_by_one(
    chunk: list[Job], result: Path, pool: ProcessPool, settings: Settings
) -> Iterator[Workbook]:
    for job in chunk:
        future = pool.schedule(_read_chunk, args=([job], result), timeout=settings.file_seconds)
        try:
            future.result()
            yield from _collected(result)
        except FutureTimeoutError:
            yield _too_slow(settings.file_seconds)
        except ProcessExpired:
            yield _refused()
