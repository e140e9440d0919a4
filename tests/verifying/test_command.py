"""The command: sentences, exit codes, JSON, the lock."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.home import locked
from tests.cli.test_cli import run
from tests.homes import Place
from tests.verifying.damage import archived, flipped, write_over


@pytest.fixture(autouse=True)
def few_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINZHENG_SCHEMAS", "tests.few_units")


def test_a_home_in_which_nothing_is_wrong(few_units: Place) -> None:
    told = run(few_units, "verify")
    assert (told.returncode, told.stderr) == (0, "")
    *_, counted, last = told.stdout.splitlines()
    assert last == "nothing is wrong"
    assert counted.startswith("looked at 21 journal lines, 6 runs, 78 archived files, ")


def test_what_is_wrong_is_said_and_is_exit_code_1(home: Place) -> None:
    path = archived(home)
    write_over(path, flipped(9))
    told = run(home, "verify", "--quick")
    assert (told.returncode, told.stderr) == (1, "")
    said = f"{path} is not what was received (its SHA-256 is another); restore it from the backup."
    first, *_, last = told.stdout.splitlines()
    assert (first, last) == (f"problem: {said}", "1 problem")
    told = run(home, "verify", "--quick", "--json")
    result: dict[str, Any] = json.loads(told.stdout)
    assert told.returncode == 1
    assert result["ok"] is False
    assert result["problems"] == [{"what": "file_altered", "where": str(path), "said": said}]
    assert result["notices"] == []
    assert result["checked"]["archived_files"] == 78
    assert "replayed_tables" not in result["checked"]


def test_many_of_a_kind_are_not_all_printed(home: Place) -> None:
    paths = sorted((home.folder / "data/raw/archive").rglob("*.xlsx"))[:25]
    for each in paths:
        write_over(each, flipped(9))
    told = run(home, "verify", "--quick")
    lines = [each for each in told.stdout.splitlines() if each.startswith("problem: ")]
    assert len(lines) == 21
    assert lines[-1] == "problem: 5 more of file_altered; --json names them."
    assert len(json.loads(run(home, "verify", "--quick", "--json").stdout)["problems"]) == 25


def test_another_run_at_work(home: Place) -> None:
    with locked(home.home("2023-05-01")):
        told = run(home, "verify")
    assert told.returncode == 3
    assert told.stderr.startswith("minzheng: Another run")


def test_nothing_to_verify(tmp_path: Path) -> None:
    told = run(Place(tmp_path), "verify")
    assert told.returncode == 5
    assert told.stderr.startswith("minzheng: There is nothing to verify in ")
    assert list(tmp_path.iterdir()) == []
