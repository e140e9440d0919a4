"""A backup restores: at rest to the same tables, and from the middle of a night to a whole home."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flows import pipeline
from flows.collecting import archive, inbox
from flows.collecting.journal import Journal
from flows.demo.world import World
from tests.homes import OTHER_TOWN, TOWN, Place, content_of, only
from tests.pages import ROOT, blocks
from tests.verifying.damage import verified

JANUARY = 2022 * 12
FILES = {"一.xlsx": TOWN, "二.xlsx": OTHER_TOWN, "三.xlsx": "500114110"}
LATER = "2022-02-07T23:00"


def restored(backup: Path, folder: Path, schemas: str = "schemas") -> Place:
    shutil.copytree(backup / "data/raw", folder / "data/raw")
    return Place(folder, schemas)


def back_up(place: Place, backup: Path) -> subprocess.CompletedProcess[str]:
    """What the page says, run in the home's folder."""
    (script,) = blocks(ROOT / "docs/backup.md", "bash")
    return subprocess.run(
        ["bash", "-c", script.text, "backup", str(backup)],
        cwd=place.folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PAUSE": "0.2"},
    )


def test_a_backup_rebuilds_to_the_same_tables(few_units: Place, tmp_path: Path) -> None:
    told = back_up(few_units, tmp_path / "backup")
    assert (told.returncode, told.stderr) == (0, "")
    place = restored(tmp_path / "backup", tmp_path / "home", few_units.schemas)
    found = verified(place)
    assert [each.what for each in found.problems] == ["warehouse_missing"]
    pipeline.rebuild(place.home("2023-05-01T09:00"))
    assert place.tables() == few_units.tables()
    found = verified(place, quick=False)
    assert (found.problems, found.notices) == ([], [])


def test_a_backup_that_never_comes_to_rest_says_so(place: Place, tmp_path: Path) -> None:
    told = back_up(place, tmp_path / "backup")  # there is no journal
    assert told.returncode == 1
    assert "no backup: " in told.stderr


@pytest.fixture
def waiting(place: Place, district: World) -> Place:
    """A home after a night, with two more files in its inbox."""
    for number, (name, unit) in enumerate(FILES.items()):
        given = only(district.returns[unit, JANUARY], "marriage_customs")
        place.drop(name, content_of(given), f"2022-02-01T1{number}:00")
        if not number:
            place.night("2022-02-05T23:00")
    return place


def moments(place: Place, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """`data/raw` as it stands after each step of a night."""
    found: list[Path] = []

    def watched(owner: object, name: str) -> None:
        function = getattr(owner, name)

        def called(*words: Any, **named: Any) -> Any:
            result = function(*words, **named)
            found.append(folder / str(len(found)))
            shutil.copytree(place.folder / "data/raw", found[-1])
            return result

        monkeypatch.setattr(owner, name, called)

    with monkeypatch.context() as patch:
        monkeypatch = patch
        watched(Journal, "append")
        watched(archive, "_write")
        watched(archive.Archive, "sync")
        watched(inbox.Inbox, "settle")
        watched(pipeline, "publish")
        place.night("2022-02-06T23:00")
    return found


def journal(raw: Path) -> bytes:
    return (raw / "decisions.jsonl").read_bytes()


def test_a_copy_from_the_middle_of_a_night_restores_to_a_whole_home(
    waiting: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = moments(waiting, tmp_path / "moments", monkeypatch)
    # Begun; a file, its receipt, twice; synced; announced; cleared; finished; published.
    assert len(states) == 10
    pairs = [
        (first, last)
        for first, one in enumerate(states)
        for last, other in enumerate(states[first:], first)
        if journal(one) == journal(other)
    ]
    assert len(pairs) == 21 + 3 + 3  # before it is announced, before it is finished, after
    chosen = [*pairs[:3], (0, 5), (1, 2), (1, 4), (2, 3), (3, 3), (4, 5), *pairs[21:24], pairs[24]]
    for number, (first, last) in enumerate(chosen):
        backup = tmp_path / f"backup{number}"
        shutil.copytree(states[first] / "inbox", backup / "data/raw/inbox")
        shutil.copytree(states[last] / "archive", backup / "data/raw/archive")
        shutil.copyfile(states[last] / "decisions.jsonl", backup / "data/raw/decisions.jsonl")
        place = restored(backup, tmp_path / f"home{number}")
        if number % 2:
            pipeline.rebuild(place.home(LATER))
        place.night(LATER)
        found = verified(place)
        assert found.problems == [], (first, last)
        assert {each.what for each in found.notices} <= {"left_over"}
        rows = place.query("SELECT file_name, state FROM submission ORDER BY file_name")
        assert rows == [(name, "accepted") for name in sorted(FILES)], (first, last)


def test_what_the_page_says_while_a_night_is_at_work(waiting: Place, tmp_path: Path) -> None:
    night = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "nightly"],
        env={name: value for name, value in os.environ.items() if name[:8] != "PREFECT_"}
        | {
            "MINZHENG_HOME": str(waiting.folder),
            "MINZHENG_NOW": "2022-02-06T23:00",
            "MINZHENG_SETTLE_SECONDS": "0",
        },
        stdout=subprocess.DEVNULL,
    )
    backups = []
    while night.poll() is None and len(backups) < 50:
        backups.append(tmp_path / f"backup{len(backups)}")
        assert back_up(waiting, backups[-1]).returncode == 0
    assert night.wait() == 0
    lines = [journal(each / "data/raw").count(b"\n") for each in backups]
    different = [backups[lines.index(number)] for number in sorted(set(lines))]
    for number, backup in enumerate([*different, backups[-1]]):
        place = restored(backup, tmp_path / f"home{number}")
        pipeline.rebuild(place.home(LATER))
        place.night(LATER)
        assert verified(place).problems == []
        assert place.query("SELECT file_name FROM submission ORDER BY file_name") == [
            (name,) for name in sorted(FILES)
        ]
