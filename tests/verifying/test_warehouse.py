"""A warehouse that is not what archive and journal give is told by table, number and key."""

from pathlib import Path

import pytest

from flows.warehouse.publishing import write_parquet
from tests.homes import Place
from tests.verifying.damage import archived, execute, flipped, problems, verified, write_over


def test_a_value_that_was_altered(home: Place) -> None:
    execute(
        home,
        "UPDATE internal.figure_value SET value = value + 1 WHERE figure = 'orphans' "
        "AND reading IN (SELECT reading FROM internal.tenure WHERE until IS NULL "
        "AND unit_code = '500114001' AND month = 2022 * 12 + 1)",
    )
    found = verified(home, quick=False)
    assert [(each.what, each.where) for each in found.problems] == [
        ("table_altered", "monthly_figure"),
        ("table_altered", "social_assistance"),
        ("table_differs", "monthly_figure"),
        ("table_differs", "social_assistance"),
    ]
    assert found.problems[2].said == (
        "The table monthly_figure is not what archive and journal give (1 row only in the "
        "warehouse and 1 row only in what archive and journal give, the first at month 2022-02-01, "
        "unit_code 500114001, figure orphans); run `minzheng rebuild`, or a backfill of those "
        "months if forms or rules were changed since."
    )
    assert [each.where for each in found.notices] == ["figures_as_of"]


def test_a_value_and_its_copy_that_were_altered_alike_are_found_by_the_replay(
    home: Place,
) -> None:
    execute(home, "UPDATE internal.due_form SET state = 'late' WHERE state = 'on_time'")
    settings = home.home("2023-05-01").settings
    write_parquet(settings.warehouse, settings.parquet, home.home("2023-05-01").declaration)
    assert problems(home) == []
    assert problems(home, quick=False) == [("table_differs", "coverage")]


@pytest.mark.parametrize(
    ("statement", "whats"),
    [
        ("sha256 = 'x'", {"submission_differs"}),
        ("size = size + 1", {"submission_differs"}),
        ("received_at = received_at + INTERVAL 1 DAY", {"submission_differs"}),
        ("channel = 'mail'", {"submission_differs"}),
        ("sender = 'somebody'", {"submission_differs"}),
        ("file_name = 'a.xlsx'", {"submission_differs"}),
        ("archived_as = 'a.xlsx'", {"submission_unnamed", "submission_missing"}),
    ],
)
def test_a_submission_that_says_otherwise_than_its_receipt(
    home: Place, statement: str, whats: set[str]
) -> None:
    ((submission,),) = home.query("SELECT min(submission) FROM submission")
    execute(home, f"UPDATE main.submission SET {statement} WHERE submission = '{submission}'")
    found = problems(home)
    assert {what for what, _ in found} == {*whats, "table_altered"}
    assert {where for what, where in found if what == "table_altered"} == {"submission"}


def test_a_submission_that_is_gone(home: Place) -> None:
    path = archived(home)
    name = path.relative_to(home.folder / "data/raw/archive").as_posix()
    execute(home, f"DELETE FROM main.submission WHERE archived_as = '{name}'")
    assert problems(home) == [
        ("submission_missing", name),
        ("value_without_source", "monthly_figure"),
        ("table_altered", "submission"),
    ]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE main.contract SET version = '0'", ("contract", "contract")),
        ("DELETE FROM main.decision", None),
        ("UPDATE main.decision SET reason = 'x'", None),
        ("UPDATE main.run SET finished_at = finished_at + INTERVAL 1 HOUR", None),
        ("DELETE FROM main.release", ("release_differs", "release 2022Q4")),
    ],
)
def test_a_table_that_was_altered(
    home: Place, statement: str, problem: tuple[str, str] | None
) -> None:
    execute(home, statement)
    table = statement.split("main.")[1].split()[0]
    found = problems(home)
    assert ("table_altered", table) in found
    others = {each for each in found if each[0] != "table_altered"}
    if problem is not None:
        assert others == {problem}
    else:
        assert {what for what, _ in others} == {f"{table}_differs"}


def test_fewer_lines_than_the_warehouse_holds(home: Place) -> None:
    execute(home, "UPDATE internal.applied SET lines = lines + 1")
    assert [what for what, _ in problems(home, quick=False)] == [
        "journal_shortened",
    ]


def test_a_warehouse_that_is_gone_or_none(home: Place) -> None:
    path = home.folder / "data/warehouse/minzheng.duckdb"
    path.write_bytes(b"no database")
    (problem,) = verified(home, quick=False).problems
    assert (problem.what, problem.where) == ("warehouse_unreadable", str(path))
    assert problem.said.endswith("run `minzheng rebuild`.")
    assert str(path) in problem.said
    path.unlink()
    assert problems(home, quick=False) == [("warehouse_missing", "minzheng.duckdb")]


@pytest.mark.parametrize("part", [1, 3, 5, 7])
def test_a_block_of_the_warehouse_that_is_damaged(home: Place, part: int) -> None:
    path = home.folder / "data/warehouse/minzheng.duckdb"
    size = path.stat().st_size
    write_over(path, flipped(size * part // 8))
    found = verified(home, quick=False)
    # A block that no table uses any more is none's.
    assert {each.what for each in found.problems} <= {"warehouse_unreadable"}


def test_a_returned_workbook_that_was_taken_away_is_a_notice(home: Place) -> None:
    path = min((home.folder / "data/raw/returned").rglob("*.xlsx"))
    path.unlink()
    found = verified(home)
    assert found.ok
    assert [(each.what, Path(each.where)) for each in found.notices] == [("returned_missing", path)]


def test_no_sentence_has_more_of_a_row_than_its_key(home: Place) -> None:
    execute(
        home,
        "UPDATE internal.facility SET name = '某人家'",
        "UPDATE main.finding SET message = '某人家', explanation = '某人家'",
        "UPDATE main.decision SET decided_by = '某人家'",
    )
    found = verified(home, quick=False)
    assert {each.where for each in found.problems if each.what == "table_differs"} >= {
        "facility",
        "finding",
        "decision",
    }
    assert not [each for each in (*found.problems, *found.notices) if "某人家" in each.said]
