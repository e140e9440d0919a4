"""Some hundred mutated files, and every file that ever went wrong."""

from pathlib import Path

from flows.reading.pool import Reader
from tests.fuzzing.finds import kept, problems
from tests.fuzzing.running import read, run, settings


def test_mutated_files_are_refused_or_read_as_they_are(tmp_path: Path) -> None:
    figures = run(files=600, seed=2022, folder=tmp_path, processes=1)
    assert figures.files == 600
    wrong = [
        (number, file.given.format, file.name, judged.problems)
        for number, file, judged in figures.problems
    ]
    assert wrong == []


def test_files_that_went_wrong_once(tmp_path: Path) -> None:
    finds = kept()
    with Reader(settings(tmp_path, processes=1, seconds=3)) as reader:
        books = list(read(reader, tmp_path, [(each.name, each.read_bytes()) for each in finds]))
    wrong = {find.name: problems(find, book) for find, book in zip(finds, books, strict=True)}
    assert {name: each for name, each in wrong.items() if each} == {}
