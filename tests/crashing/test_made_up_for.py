"""What the harness found, each by itself: what a run left undone the next one makes up for."""

import errno
import os
import pickle
from collections.abc import Collection, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import duckdb
import pytest
from pebble import ProcessPool

from flows import pipeline
from flows.collecting import inbox
from flows.collecting.archive import RECEIPT, Archive
from flows.collecting.journal import Journal
from flows.collecting.offered import Said
from flows.demo.world import World, make_world
from flows.errors import NotThere
from flows.reading import worker
from flows.reading.pool import read_files
from flows.reading.worker import Job
from flows.warehouse.disk import disk_trouble
from flows.warehouse.store import reading
from schemas.declaring.periods import parse_month
from tests.crashing.declaration import DECLARATION, EAST, ZHUOSHUI
from tests.crashing.home import SCHEMAS
from tests.homes import Place, content_of, off_by

JANUARY = parse_month("2022-01")
NIGHT = "2022-03-05T23:00"


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(DECLARATION, JANUARY, JANUARY + 1, seed=3)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "home", SCHEMAS)


class Killed(BaseException):
    pass


def dies(*_: object, **__: object) -> None:
    raise Killed


def archived(place: Place) -> list[str]:
    folder = place.folder / "data/raw/archive"
    return sorted(each.name for each in folder.rglob("*") if each.is_file())


def test_all_of_a_killed_collection_is_judged_together(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The later month came first and was archived: it is judged after the earlier one still."""
    whole, broken = (Place(tmp_path / name, SCHEMAS) for name in ("whole", "broken"))
    for each in (whole, broken):
        each.send(world.returns[EAST, JANUARY + 1], at="2022-03-01T10:00")
        each.send(world.returns[EAST, JANUARY], at="2022-03-01T11:00")
    store = Archive.store
    stored = []

    def dies_at_the_second(archive: Archive, content: bytes, **said: object) -> object:
        if stored:
            raise Killed
        stored.append(content)
        return store(archive, content, **said)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "store", dies_at_the_second)
        with pytest.raises(Killed):
            broken.night(NIGHT)
    for each in (whole, broken):
        each.night(NIGHT)
    left, right = whole.tables(), broken.tables()
    for rows in (left, right):
        del rows["submission"]  # the run's number is in it
    assert left == right
    assert archived(whole) == archived(broken)
    assert broken.query("SELECT count(*) FROM submission JOIN run USING (run)") == [(2,)]


def test_half_a_receipt_makes_no_second_copy(place: Place, world: World) -> None:
    content = content_of(world.returns[EAST, JANUARY])
    place.drop("一.xlsx", content)
    other = Place(place.folder.with_name("other"), SCHEMAS)
    other.drop("一.xlsx", content)
    other.night(NIGHT)
    for name in archived(other):
        folder = place.folder / "data/raw/archive/2022/03/05"
        folder.mkdir(parents=True, exist_ok=True)
        half = b'{"submi' if name.endswith(RECEIPT) else content
        (folder / name).write_bytes(half)
    place.night(NIGHT)
    assert archived(place) == archived(other)


def test_a_history_that_is_given_again_after_a_kill_is_archived_once(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.send(world.returns[EAST, JANUARY])
    place.night(NIGHT)
    file = place.folder / "历史.csv"
    file.write_text(
        "月份,单位,指标,数值,来源\n2021-12,500114,urban_dibao_recipients,2000,年报\n", "utf-8"
    )
    before = archived(place)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_decide", dies)
        with pytest.raises(Killed):
            pipeline.take_history(place.home("2022-03-06T10:00"), file, "analyst")
    receipt = pipeline.take_history(place.home("2022-03-06T10:00"), file, "analyst")
    assert set(archived(place)) - set(before) == {
        Path(receipt.archived_as).name + ending for ending in ("", RECEIPT)
    }


def _left(_: inbox.Inbox, keys: Collection[str], said: Said) -> Sequence[str]:
    """Nothing can be removed."""
    said.passed_over += [f"{key}: taken in, but could not be removed" for key in keys]
    return [*keys]


def test_what_could_not_be_removed_goes_as_soon_as_it_can_be(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.drop("一.xlsx", content_of(world.returns[EAST, JANUARY]))
    with monkeypatch.context() as patch:
        patch.setattr(inbox.Inbox, "settle", _left)
        assert place.night(NIGHT).passed_over
        assert place.night(NIGHT).passed_over
    assert path.exists()
    assert place.night(NIGHT).passed_over == []
    assert not path.exists()
    assert place.query("SELECT count(*) FROM submission") == [(1,)]


def test_what_a_killed_run_could_not_remove_is_not_taken_in_again(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.drop("一.xlsx", content_of(world.returns[EAST, JANUARY]))
    with monkeypatch.context() as patch:
        patch.setattr(inbox.Inbox, "settle", dies)
        with pytest.raises(Killed):
            place.night(NIGHT)
        patch.setattr(inbox.Inbox, "settle", _left)
        assert place.night(NIGHT).passed_over
    assert place.query("SELECT count(*) FROM submission") == [(1,)]


def test_what_could_not_go_back_goes_with_the_next_night(place: Place, world: World) -> None:
    in_the_way = place.folder / "data/raw/returned/2022-01/濯水镇"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("in the way")
    place.send(off_by(world.returns[ZHUOSHUI, JANUARY], "relief_funds", "5"), "一.xlsx")
    place.night(NIGHT)
    assert place.night("2022-03-06T23:00").passed_over
    in_the_way.unlink()
    outcome = place.night("2022-03-07T23:00")
    assert (outcome.returned, outcome.passed_over) == (1, [])
    assert (in_the_way / "一.xlsx").exists()
    ((at, file),) = place.query("SELECT CAST(returned_at AS VARCHAR), file FROM returned")
    assert (at, file) == ("2022-03-05 15:00:00", "2022-01/濯水镇/一.xlsx")
    copy = place.folder / "data/warehouse/parquet/returned/data.parquet"
    assert place.query(f"SELECT count(*) FROM '{copy}'") == [(1,)]


def test_a_line_that_a_full_disk_refused_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "decisions.jsonl")
    journal.append({"event": "run"})
    before = journal.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        journal.append({"event": "accept"})
    assert journal.path.read_bytes() == before


def test_copies_that_were_cut_off_are_written_though_the_journal_says_nothing_new(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.send(world.returns[EAST, JANUARY])
    place.night(NIGHT)
    copy = place.folder / "data/warehouse/parquet/growth/data.parquet"
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "write_parquet", dies)
        with pytest.raises(Killed):
            pipeline.indicators(place.home("2022-03-05T23:30"))
    copy.write_bytes(b"of another state")
    place.night("2022-03-05T23:40")
    assert place.query(f"SELECT count(*) FROM '{copy}'") == place.query(
        "SELECT count(*) FROM growth"
    )


def test_what_a_killed_run_has_spilled_beside_its_working_copy_goes(
    place: Place, world: World
) -> None:
    place.send(world.returns[EAST, JANUARY])
    building = place.folder / "data/warehouse/building"
    (building / "minzheng.duckdb.tmp").mkdir(parents=True)
    (building / "minzheng.duckdb.tmp/rows").write_bytes(b"x")
    place.night(NIGHT)
    assert list(building.iterdir()) == []


def test_a_worker_without_room_is_trouble_and_no_verdict_on_a_file(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = place.home(NIGHT)
    path = place.drop("一.xlsx", content_of(world.returns[EAST, JANUARY]))
    monkeypatch.setattr(worker, "_declaration", home.declaration)
    with pytest.raises(NotThere, match="make room") as told:
        worker.read_chunk([Job(path, path.name)], place.folder / "nowhere" / "0")
    # It comes back from a worker as it is.
    assert isinstance(pickle.loads(pickle.dumps(told.value)), NotThere)


def test_workers_that_cannot_be_started_are_trouble_and_no_verdict_on_a_file(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.drop("一.xlsx", content_of(world.returns[EAST, JANUARY]))

    def breaks(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(ProcessPool, "schedule", breaks)
    with pytest.raises(NotThere, match="cannot be started"):
        list(read_files([Job(path, path.name)], place.home(NIGHT).settings))


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "a"),
        duckdb.IOException("IO Error: Could not write file: No space left on device"),
    ],
)
def test_a_full_disk_is_one_line_that_says_what_to_do(error: Exception) -> None:
    with pytest.raises(NotThere, match=r"No space left on device.*; make room\."), disk_trouble():
        raise error


def test_a_published_file_that_cannot_be_read_is_one_line(place: Place, world: World) -> None:
    place.send(world.returns[EAST, JANUARY])
    place.night(NIGHT)
    with (
        pytest.raises(NotThere, match="Input/output error"),
        reading(place.home(NIGHT).settings.warehouse),
    ):
        raise duckdb.IOException("IO Error: Could not read from file: Input/output error")


def test_another_fault_of_the_database_stays_one() -> None:
    with pytest.raises(duckdb.CatalogException), disk_trouble():
        raise duckdb.CatalogException("Catalog Error: no such table")
