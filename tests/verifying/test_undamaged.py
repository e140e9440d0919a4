"""Homes in which nothing is wrong, whatever has happened in them and wherever a run broke off."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows import pipeline
from flows.collecting import archive, inbox
from flows.collecting.journal import Journal
from flows.demo.world import World
from flows.returning.post import Post
from flows.verifying.verify import verify
from tests.few_units.home import signed
from tests.homes import OTHER_TOWN, TOWN, Place, changed, content_of
from tests.verifying.damage import LATER, journal_of, verified
from tests.writing.formats import zipped

JANUARY = 2022 * 12


def test_nights_history_an_acceptance_and_a_release(few_units: Place) -> None:
    found = verified(few_units, quick=False)
    assert (found.problems, found.notices) == ([], [])
    assert found.checked["replayed_tables"] == found.checked["parquet_tables"] > 30
    assert found.checked["submissions"] == found.checked["archived_files"] > 70


def test_zips_an_assignment_a_withdrawal_a_backfill_a_second_history_and_a_rebuild(
    place: Place, district: World
) -> None:
    own, other = (district.returns[unit, JANUARY] for unit in (TOWN, OTHER_TOWN))
    lost = content_of(own, unit_text="本镇")
    inner = zipped({"城东街道/1月.xlsx": content_of(other)}, names_in="gbk")
    place.drop("月报.zip", zipped({"乙.xlsx": lost, "内.zip": inner, "说明.pdf": b"%PDF"}))
    place.drop("濯水镇/又.xlsx", lost, at="2022-02-01T11:00")
    place.send(changed(other, "orphans", value=-1), "错.xlsx", at="2022-02-02T10:00")
    place.night("2022-02-05T23:00")
    submissions = dict(place.query("SELECT file_name, submission FROM submission"))
    decided = {"submission": submissions["月报.zip/乙.xlsx"], "reason": "来电", "by": "x"}
    assign = {"event": "assign", "unit": TOWN, "month": "2022-01", **decided}
    pipeline.decide(place.home("2022-02-06T09:00"), assign)
    withdraw = {"event": "withdraw", "form": "elderly_care", **decided}
    pipeline.decide(place.home("2022-02-06T10:00"), withdraw)
    for number, value in enumerate((3, 4)):
        path = place.folder / f"历史{number}.csv"
        row = f"2021-12,濯水镇,orphans,{value},年报\n"
        path.write_text(f"month,unit,figure,value,source\n{row}", encoding="utf-8")
        pipeline.take_history(place.home(f"2022-02-07T1{number}:00"), path, "x")
    pipeline.backfill(place.home("2022-02-08T09:00"), JANUARY, JANUARY, forms=["elderly_care"])
    place.night("2022-02-09T23:00")
    found = verified(place, quick=False)
    assert (found.problems, found.notices) == ([], [])
    pipeline.rebuild(place.home("2022-02-10T09:00"))
    place.send(district.returns[TOWN, JANUARY + 1], at="2022-03-02T10:00")
    place.night("2022-03-05T23:00")
    found = verified(place, quick=False)
    assert (found.problems, found.notices) == ([], [])


class Killed(BaseException):
    """As a process that is killed, which nothing catches."""


def killed_at(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but its call of that number, from 1 on, never comes."""
    calls = 0

    def called(*words: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            raise Killed
        return function(*words, **named)

    return called


WRITE = archive._write
PLACES: list[tuple[str, object, str, int]] = [
    ("before the run is begun", Journal, "append", 1),
    ("before the first file", archive, "_write", 1),
    ("between file and receipt", archive, "_write", 2),
    ("after a whole file", archive, "_write", 3),
    ("before all is on the disk", archive.Archive, "sync", 1),
    ("before it is announced", Journal, "append", 2),
    ("before the inbox is cleared", inbox.Inbox, "settle", 1),
    ("before anything is applied", pipeline, "apply_journal", 1),
    ("before it is finished", Journal, "append", 3),
    ("before a workbook goes back", Post, "deliver", 1),
    ("before it is published", pipeline, "publish", 1),
    ("before the copies are written", pipeline, "write_parquet", 1),
]


@pytest.mark.parametrize(
    ("place_of", "name", "number"), [each[1:] for each in PLACES], ids=[each[0] for each in PLACES]
)
def test_a_night_that_was_killed(
    place: Place,
    district: World,
    monkeypatch: pytest.MonkeyPatch,
    place_of: object,
    name: str,
    number: int,
) -> None:
    place.send(district.returns[TOWN, JANUARY], "一.xlsx")
    place.night("2022-02-05T23:00")
    place.send(changed(district.returns[OTHER_TOWN, JANUARY], "orphans", value=-1), "二.xlsx")
    place.drop("三.txt", b"x")
    with monkeypatch.context() as patch:
        patch.setattr(place_of, name, killed_at(number, getattr(place_of, name)))
        with pytest.raises(Killed):
            place.night("2022-02-06T23:00")
    found = verified(place, quick=False)
    assert found.problems == []
    begun = number > 1 or place_of is not Journal
    assert bool(found.notices) == begun
    place.night("2022-02-07T23:00")
    found = verified(place, quick=False)
    assert found.problems == []
    # The tests' clock archives the file under another day when it comes again.
    left = ["left_over"] if (name, number) == ("_write", 2) else []
    assert [each.what for each in found.notices] == left


def test_a_file_that_a_power_cut_has_halved(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = content_of(district.returns[TOWN, JANUARY])

    def half(path: str, content: bytes) -> None:
        WRITE(path, content if path.endswith(".json") else content[:1000])

    place.drop("一.xlsx", content)
    with monkeypatch.context() as patch:
        patch.setattr(archive, "_write", half)
        patch.setattr(archive.Archive, "sync", killed_at(1, archive.Archive.sync))
        with pytest.raises(Killed):
            place.night("2022-02-05T23:00")
    found = verified(place)
    assert found.problems == []
    assert {each.what for each in found.notices} == {
        "run_open",
        "unannounced",
        "warehouse_missing",
    }
    place.night("2022-02-06T23:00")
    # The half stays, named by nobody; the file came again from the inbox, under another day.
    found = verified(place, quick=False)
    assert found.problems == []
    assert [each.what for each in found.notices] == ["left_over"]
    assert place.query("SELECT state FROM submission") == [("accepted",)]


def test_a_release_that_was_killed(home: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name, notice in (
        (Journal, "append", "release_aside"),
        (pipeline.frozen, "settle", "release_aside"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, killed_at(1, getattr(where, name)))
            with pytest.raises(Killed):
                pipeline.release(home.home("2023-04-10T09:00"), signed("2022Q3"))
        found = verified(home)
        assert found.problems == []
        assert notice in {each.what for each in found.notices}
    home.night("2023-04-11T23:00")
    found = verified(home, quick=False)
    assert (found.problems, found.notices) == ([], [])


def test_a_history_file_that_was_archived_and_not_taken_in(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    path = place.folder / "历史.csv"
    path.write_text("month,unit,figure,value,source\n2021-12,濯水镇,orphans,3,年报\n")
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "try_decision", killed_at(1, pipeline.try_decision))
        with pytest.raises(Killed):
            pipeline.take_history(place.home("2022-02-06T09:00"), path, "x")
    found = verified(place, quick=False)
    assert found.problems == []
    assert [each.what for each in found.notices] == ["unannounced"]


def test_a_workbook_that_could_not_go_back_is_a_notice(place: Place, district: World) -> None:
    (place.folder / "data/raw").mkdir(parents=True)
    (place.folder / "data/raw/returned").write_bytes(b"in the way")
    place.send(changed(district.returns[TOWN, JANUARY], "orphans", value=-1))
    assert place.night("2022-02-05T23:00").passed_over
    found = verified(place, quick=False)
    assert found.problems == []
    assert [each.what for each in found.notices] == ["not_returned"]


def test_forms_that_have_changed_since_are_no_fault_of_the_warehouse(
    home: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_now = Place(home.folder, "tests.releasing.reworded")
    found = verify(changed_now.home(LATER))
    assert "redeclared" in {each.what for each in found.notices}
    assert {each.what for each in found.problems} <= {"table_differs"}


def test_a_night_while_it_is_verified(home: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = len(journal_of(home).read_bytes().splitlines())

    def stage(name: str, work: Callable[[], object]) -> object:
        if not published:
            published.append(home.night("2023-05-02T23:00"))
        return work()

    published: list[object] = []
    found = verify(home.home(LATER), stage=stage)
    assert published
    assert (found.problems, found.notices) == ([], [])
    assert found.checked["journal_lines"] == lines
    assert Path(home.folder / "data/warehouse/.lock").exists()
