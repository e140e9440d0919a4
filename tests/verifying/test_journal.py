"""A journal that was edited, cut or has lost a line is told by the line."""

import json
from collections.abc import Callable

import pytest

from tests.homes import Place
from tests.verifying.damage import edit_lines, journal_of, problems, short, verified

JOURNAL = "decisions.jsonl"


def kinds(place: Place) -> list[str]:
    return [json.loads(each)["event"] for each in journal_of(place).read_bytes().splitlines()]


def where(number: int) -> str:
    return f"line {number} of {JOURNAL}"


def changing(number: int, **changes: object) -> Callable[[list[bytes]], list[bytes]]:
    """One line with other fields; None takes a field away."""

    def edit(lines: list[bytes]) -> list[bytes]:
        event = json.loads(lines[number - 1]) | changes
        kept = {name: each for name, each in event.items() if each is not None}
        lines[number - 1] = json.dumps(kept, ensure_ascii=False).encode()
        return lines

    return edit


def test_the_lines_are_in_the_order_that_the_tests_below_rely_on(few_units: Place) -> None:
    night = ["run", "received", "finished"]
    assert kinds(few_units) == [
        "history", *night, *night, *night, "accept", *night, "release", *night, *night
    ]  # fmt: skip


def test_a_line_that_cannot_be_read(home: Place) -> None:
    edit_lines(home, lambda lines: [*lines[:4], lines[4][:-5], *lines[5:]])
    found = verified(home, quick=False)
    first, *rest = found.problems
    assert (first.what, short(home, first.where)) == ("journal_line", where(5))
    assert first.said.endswith("cannot be read; restore the journal from the backup.")
    assert [each.what for each in found.notices] == ["not_replayed"]
    # It began a run, which the two lines after it name.
    assert [(each.what, short(home, each.where)) for each in rest] == [
        ("journal_order", where(6)),
        ("journal_order", where(7)),
        ("journal_order", where(8)),
    ]


@pytest.mark.parametrize(
    ("number", "changes", "said"),
    [
        (2, {"kind": "weekly"}, "has no 'kind'"),
        (2, {"started_at": "yesterday"}, "has no 'started_at'"),
        (3, {"files": "all"}, "has no 'files'"),
        (4, {"finished_at": None}, "has no 'finished_at'"),
        (11, {"form": 3}, "has no 'form'"),
        (15, {"quarter": "2022Q5"}, "has no 'quarter'"),
        (15, {"event": "publish"}, "no event that this program knows"),
    ],
)
def test_a_line_that_says_what_cannot_be_meant(
    home: Place, number: int, changes: dict[str, object], said: str
) -> None:
    edit_lines(home, changing(number, **changes))
    (problem, *_) = [each for each in verified(home).problems if each.what == "journal_line"]
    assert short(home, problem.where) == where(number)
    assert said in problem.said


@pytest.mark.parametrize("number", [1, 2, 3, 4, 8, 11, 15, 20, 21])
def test_a_line_that_is_gone(home: Place, number: int) -> None:
    kind = kinds(home)[number - 1]
    edit_lines(home, lambda lines: lines[: number - 1] + lines[number:])
    found = {each.what for each in verified(home, quick=False).problems}
    assert "journal_shortened" in found
    assert (
        found - {"journal_shortened"}
        <= {
            "run": {"journal_order"},
            "received": {"journal_order", "unnamed"},
            "finished": set(),
            "history": {"journal_order"},
            "accept": set(),
            "release": {"release_unnamed"},
        }[kind]
    )


@pytest.mark.parametrize("number", [1, 5, 6, 7, 11, 15, 21])
def test_a_line_that_is_there_twice(home: Place, number: int) -> None:
    edit_lines(home, lambda lines: [*lines[:number], lines[number - 1], *lines[number:]])
    assert problems(home, quick=False) == [("journal_repeated", where(number + 1))]


@pytest.mark.parametrize("number", [2, 3, 8, 9])
def test_lines_that_have_changed_places(home: Place, number: int) -> None:
    def swap(lines: list[bytes]) -> list[bytes]:
        lines[number - 1], lines[number] = lines[number], lines[number - 1]
        return lines

    edit_lines(home, swap)
    assert {what for what, _ in problems(home)} == {"journal_order"}


def test_a_line_of_a_run_that_never_began(home: Place) -> None:
    edit_lines(home, changing(4, run="20220205T150000-9"))
    whats = dict.fromkeys(what for what, _ in problems(home))
    assert list(whats) == ["journal_order", "run_differs"]


def test_a_file_that_two_lines_name(home: Place) -> None:
    files = json.loads(journal_of(home).read_bytes().splitlines()[2])["files"]
    more = json.loads(journal_of(home).read_bytes().splitlines()[5])["files"]
    edit_lines(home, changing(6, files=[*more, files[0]]))
    assert problems(home) == [("file_repeated", where(6))]


def test_a_file_that_another_run_received(home: Place) -> None:
    lines = journal_of(home).read_bytes().splitlines()
    first, second = (json.loads(lines[at])["files"] for at in (2, 5))
    edit_lines(home, changing(3, files=first[1:]))
    edit_lines(home, changing(6, files=[*second, first[0]]))
    assert problems(home) == [("file_of_another_run", first[0])]


def test_a_decision_about_a_file_that_never_came(home: Place) -> None:
    edit_lines(home, changing(11, submission="20220701-000000000000"))
    assert [what for what, _ in problems(home)] == [
        "decision_of_nothing",
        "decision_differs",
    ]


def test_a_decision_that_was_altered(home: Place) -> None:
    edit_lines(home, changing(11, reason="未核实"))
    found = verified(home, quick=False)
    assert [(each.what, each.where) for each in found.problems] == [
        ("decision_differs", found.problems[0].where),
        ("table_differs", "finding"),
        ("table_differs", "decision"),
        ("table_differs", "form_step"),
    ]
    assert found.problems[0].where.startswith("decision accept social_assistance of ")


def test_half_a_line_at_the_end_is_what_a_run_leaves_that_broke_off(home: Place) -> None:
    path = journal_of(home)
    path.write_bytes(path.read_bytes() + b'{"event": "run", "ru')
    found = verified(home, quick=False)
    assert found.ok
    assert [each.what for each in found.notices] == ["journal_half_line"]


def test_a_journal_that_is_gone(home: Place) -> None:
    journal_of(home).unlink()
    found = {each.what for each in verified(home, quick=False).problems}
    assert found == {"journal_missing", "unnamed", "release_unnamed", "journal_shortened"}
