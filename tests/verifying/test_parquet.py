"""A Parquet copy that is not the table, not there, or of no table is named."""

import subprocess
from pathlib import Path

import pytest

from flows.warehouse.store import connect
from tests.homes import Place
from tests.verifying.damage import LATER, flipped, problems, verified, write_over


def copy_of(place: Place, table: str) -> Path:
    return place.folder / "data/warehouse/parquet" / table / "data.parquet"


def rewrite(path: Path, query: str) -> None:
    with connect(Path(":memory:")) as connection:
        connection.execute(f"COPY ({query.format(path)}) TO '{path}.new' (FORMAT parquet)")
    Path(f"{path}.new").replace(path)


def test_a_row_that_is_gone(home: Place) -> None:
    path = copy_of(home, "monthly_figure")
    rewrite(path, "SELECT * FROM '{}' WHERE NOT (figure = 'orphans' AND month = '2022-02-01')")
    (problem,) = verified(home).problems
    assert (problem.what, problem.where) == ("parquet_altered", str(path))
    assert problem.said.endswith(
        "is not what was written; delete it, and the next night writes it again."
    )
    home.night(LATER)
    assert problems(home) == [("parquet_altered", "parquet/monthly_figure/data.parquet")]
    path.unlink()
    assert problems(home) == [("parquet_missing", "parquet/monthly_figure/data.parquet")]
    home.night(LATER)
    assert problems(home) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * EXCLUDE (cell) FROM '{}'", "one has other columns"),
        ("SELECT * REPLACE (CAST(value AS DOUBLE) AS value) FROM '{}'", "one has other columns"),
        ("SELECT * FROM '{0}' UNION ALL (SELECT * FROM '{0}' LIMIT 1)", "1 row only in its copy"),
        (
            "SELECT * FROM '{}' WHERE NOT (figure = 'orphans' AND month = '2022-02-01')",
            "4 rows only in the table, the first at month 2022-02-01, ",
        ),
    ],
)
def test_other_rows_columns_or_types_where_no_hash_was_kept(
    home: Place, query: str, said: str
) -> None:
    (home.folder / "data/warehouse/parquet/.sha256").unlink()
    path = copy_of(home, "monthly_figure")
    rewrite(path, query)
    (problem,) = verified(home).problems
    assert (problem.what, problem.where) == ("parquet_altered", str(path))
    assert f"({said}" in problem.said


def test_folders_and_files_of_no_table(home: Place) -> None:
    folder = home.folder / "data/warehouse/parquet"
    (folder / "old_form").mkdir()
    (folder / "old_form/data.parquet").write_bytes(b"x")
    (folder / "run/more.parquet").write_bytes(b"x")
    (folder / "note.txt").write_bytes(b"x")
    assert sorted(problems(home)) == [
        ("stray", "parquet/note.txt"),
        ("stray", "parquet/old_form"),
        ("stray", "parquet/run/more.parquet"),
    ]


def test_copies_of_an_earlier_night_are_a_notice(home: Place) -> None:
    (home.folder / "data/warehouse/parquet/.lines").write_text("20", encoding="utf-8")
    found = verified(home)
    assert found.ok
    assert [each.what for each in found.notices] == ["parquet_behind"]


@pytest.mark.parametrize("said", ["22", "x"])
def test_a_mark_that_no_night_wrote(home: Place, said: str) -> None:
    (home.folder / "data/warehouse/parquet/.lines").write_text(said, encoding="utf-8")
    assert problems(home) == [("parquet_mark", "parquet/.lines")]


def test_copies_from_before_their_hashes_were_kept(home: Place) -> None:
    sums = home.folder / "data/warehouse/parquet/.sha256"
    sums.unlink()
    found = verified(home)
    assert found.ok
    assert [each.what for each in found.notices] == ["parquet_unsummed"]
    rewrite(copy_of(home, "run"), "SELECT * FROM '{}' LIMIT 1")
    assert problems(home) == [("parquet_altered", "parquet/run/data.parquet")]
    home.night(LATER)
    assert problems(home) == []
    assert verified(home).notices == []


def test_the_hashes_are_those_that_sha256sum_reads(home: Place) -> None:
    told = subprocess.run(
        ["sha256sum", "--check", "--quiet", ".sha256"],
        cwd=home.folder / "data/warehouse/parquet",
        check=False,
    )
    assert told.returncode == 0


def test_a_flipped_byte_of_a_hash(home: Place) -> None:
    write_over(home.folder / "data/warehouse/parquet/.sha256", flipped(3))
    assert [what for what, _ in problems(home)] == ["parquet_altered"]
