"""The pool of readers: what goes wrong in it costs a file, never a night."""

import pickle
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from flows.demo.world import World
from flows.reading import pool, worker
from flows.reading.pool import Reader
from flows.reading.results import Workbook
from flows.reading.worker import Job
from flows.settings import Settings
from schemas.declaring.periods import parse_month
from tests.homes import TOWN, content_of
from tests.writing.formats import zipped

TOO_MUCH = "too much"


class InTheProcess:
    """A pool that runs what it is given at once, as a worker short of memory would."""

    active = True

    def __init__(self) -> None:
        self.handed: list[int] = []

    def schedule(self, work: Any, args: Sequence[Any], timeout: float) -> Future[None]:
        jobs, result = args
        self.handed.append(len(jobs))
        future: Future[None] = Future()
        if any(job.name == TOO_MUCH for job in jobs):
            future.set_exception(MemoryError())
        else:
            result.write_bytes(worker.pickled([Workbook("read", job.name) for job in jobs]))
            future.set_result(None)
        return future


def test_what_cannot_be_handed_over_costs_its_file_only(tmp_path: Path) -> None:
    names = ["a", TOO_MUCH, "b"]
    with Reader(Settings(tmp_path)) as reader:
        workers = InTheProcess()
        reader._pool, reader._folder = workers, tmp_path  # type: ignore[assignment]
        books = list(reader.read([Job(tmp_path, name) for name in names]))
    assert [book.state for book in books] == ["read", "unreadable", "read"]
    assert [book.reason for book in books][::2] == ["a", "b"]
    assert workers.handed == [3, 1, 1, 1]


def test_a_book_that_cannot_be_pickled_is_refused_alone() -> None:
    books = [Workbook("read", "a"), Workbook("read", unit=lambda: None)]  # type: ignore[arg-type]
    assert [each.state for each in pickle.loads(worker.pickled(books))] == [
        "read",
        "unreadable",
    ]


def test_a_pool_that_breaks_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LOOK_SECONDS", 0.1)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    with Reader(Settings(tmp_path, processes=1)) as reader:
        assert [book.state for book in reader.read([Job(path, "1")])] == ["unreadable"]
        jobs = [Job(path, str(at)) for at in range(pool.CHUNK + 1)]
        for job in jobs:
            reader.give(job)
        broken = reader._pool
        assert broken is not None
        broken._pool_manager.handle_broken_pool(BrokenProcessPool("the pipe is gone"))
        assert {book.reason[:6] for book in reader.read(jobs)} == {"这是PDF文"}
        assert reader._pool is not broken


LARGE = ("字," * 8_000_000).encode()
"""Its cells alone take 64 MB."""
NARROW = 160


def test_a_file_that_fills_a_workers_memory_costs_itself_only(
    district: World, tmp_path: Path
) -> None:
    large, good = tmp_path / "a.csv", tmp_path / "b.xlsx"
    large.write_bytes(LARGE)
    good.write_bytes(content_of(district.returns[TOWN, parse_month("2022-01")]))
    jobs = [Job(large, "a"), Job(good, "b"), Job(large, "c"), Job(good, "d")]
    with Reader(Settings(tmp_path, processes=1, worker_megabytes=NARROW)) as reader:
        books = list(reader.read(jobs))
    assert [book.state for book in books] == ["unreadable", "read"] * 2
    assert "文件内容异常" in books[0].reason


def test_files_of_a_zip_that_cost_their_worker_use_up_its_time(
    district: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FILES_A_ZIP", 0.5)
    monkeypatch.setattr(pool, "CHUNK", 1)
    good = content_of(district.returns[TOWN, parse_month("2022-01")])
    packed = Job(tmp_path / "一月.zip", "一月.zip")
    packed.path.write_bytes(zipped({"a.xlsx": good, "b.csv": LARGE, "c.xlsx": good}))
    with Reader(Settings(tmp_path, processes=1, worker_megabytes=NARROW)) as reader:
        (book,) = reader.read([packed])
        held = [each for _, each in reader.unpack(packed, book)]
    assert [each.state for each in held] == ["read", "unreadable", "unreadable"]
    assert "文件内容异常" in held[1].reason
    assert "所在的压缩包里有文件" in held[2].reason
