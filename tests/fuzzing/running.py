"""Mutated files through the worker pool, and figures of what came of them."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.reading.pool import Reader
from flows.reading.results import Workbook
from flows.reading.worker import Job
from flows.settings import Settings
from tests.fuzzing.mutations import Mutated, mutated
from tests.fuzzing.oracle import Judged, judge

SECONDS = 10.0
"""What a small file may take, on a machine that has other things to do."""
BATCH = 96


@dataclass
class Figures:
    """How many files, and what came of them."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Files by kind of mutation and by outcome."""
    files: int = 0
    crashes: int = 0
    hangs: int = 0
    wrong: int = 0
    last_resort: Counter[str] = field(default_factory=Counter)
    """Files given up without a known reason, by format and mutation."""
    seconds: float = 0.0
    slowest: float = 0.0
    problems: list[tuple[int, Mutated, Judged]] = field(default_factory=list)

    def count(self, number: int, file: Mutated, judged: Judged) -> None:
        self.files += 1
        self.outcomes[file.kind, judged.outcome] += 1
        self.crashes += bool(judged.crashes)
        self.hangs += bool(judged.hangs)
        self.wrong += bool(judged.wrong)
        self.last_resort[f"{file.given.format} {file.name}"] += judged.last_resort
        if judged.problems:
            self.problems.append((number, file, judged))


def run(
    files: int,
    seed: int,
    folder: Path,
    processes: int = 2,
    each_batch: Callable[[], object] = lambda: None,
) -> Figures:
    """Make so many files, read them, judge them."""
    figures, started = Figures(), time.monotonic()
    with Reader(settings(folder, processes)) as reader:
        for first in range(0, files, BATCH):
            each_batch()
            batch = [(at, mutated(seed, at)) for at in range(first, min(first + BATCH, files))]
            began = time.monotonic()
            books = list(
                read(reader, folder, [(file.given.name, file.content) for _, file in batch])
            )
            figures.slowest = max(figures.slowest, time.monotonic() - began)
            for (number, file), book in zip(batch, books, strict=True):
                figures.count(number, file, judge(file.given, file.content, book))
    figures.seconds = time.monotonic() - started
    return figures


def settings(folder: Path, processes: int, seconds: float = SECONDS) -> Settings:
    """Those of a home in that folder."""
    return Settings(home=folder, processes=processes, file_seconds=seconds)


def read(reader: Reader, folder: Path, files: list[tuple[str, bytes]]) -> Iterator[Workbook]:
    """What each file holds; the files are gone afterwards."""
    jobs = []
    for number, (name, content) in enumerate(files):
        path = folder / f"{number}{Path(name).suffix}"
        path.write_bytes(content)
        jobs.append(Job(path, name))
    try:
        yield from reader.read(jobs)
    finally:
        for job in jobs:
            job.path.unlink()
