"""Frozen rows that are altered, gone or unknown are named by file."""

import shutil

import pytest

from tests.homes import Place
from tests.verifying.damage import execute, flipped, problems, verified, write_over


@pytest.mark.parametrize("name", ["release.json", "released_indicator.csv", "released_figure.csv"])
def test_a_byte_of_a_frozen_file(home: Place, name: str) -> None:
    write_over(home.folder / "data/raw/releases/2022Q4" / name, flipped(100))
    assert problems(home, quick=False) == [("release_altered", f"2022Q4/{name}")]


def test_a_frozen_file_that_is_gone(home: Place) -> None:
    (home.folder / "data/raw/releases/2022Q4/released_growth.csv").unlink()
    (problem,) = verified(home).problems
    assert problem.what == "release_altered"
    assert "released_growth.csv is gone" in problem.said


def test_a_release_that_is_gone(home: Place) -> None:
    shutil.rmtree(home.folder / "data/raw/releases/2022Q4")
    assert problems(home) == [("release_missing", "2022Q4")]


def test_a_release_that_the_journal_does_not_know(home: Place) -> None:
    releases = home.folder / "data/raw/releases"
    shutil.copytree(releases / "2022Q4", releases / "2022Q3")
    assert problems(home) == [("release_unnamed", "2022Q3")]


def test_what_else_lies_in_a_release(home: Place) -> None:
    path = home.folder / "data/raw/releases/2022Q4/note.txt"
    path.write_text("x", encoding="utf-8")
    assert problems(home) == [("stray", "2022Q4/note.txt")]


def test_a_released_row_that_was_altered_in_the_warehouse(home: Place) -> None:
    execute(
        home,
        "UPDATE main.released_indicator SET value = value + 1 "
        "WHERE indicator = 'orphans' AND unit_code = '500114'",
    )
    found = verified(home, quick=False)
    assert [(each.what, each.where) for each in found.problems] == [
        ("release_differs", "release 2022Q4"),
        ("table_altered", "released_indicator"),
        ("table_differs", "released_indicator"),
    ]
    assert "(released_indicator.csv is the first)" in found.problems[0].said
