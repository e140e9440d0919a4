"""The clock goes back between nights, and within one: the order stays that of the journal."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import pipeline
from flows.demo.world import World, make_world
from flows.settings import Settings
from schemas.declaring.periods import parse_month
from tests.crashing.declaration import DECLARATION, EAST, OFFICE, ZHUOSHUI
from tests.crashing.home import SCHEMAS
from tests.homes import Place, off_by

JANUARY = parse_month("2022-01")
FIGURE = "severely_disabled_in_care"
BACK = ("2022-03-05T01:00", "2022-02-03T23:00", "2022-01-15T23:00")


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(DECLARATION, JANUARY, JANUARY + 1, seed=3)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory, world: World) -> Place:
    """Two months of all units but one, the last night's clock at 5 March, 23:00."""
    place = Place(tmp_path_factory.mktemp("behind") / "home", SCHEMAS)
    for month, night in ((JANUARY, "2022-02-05T23:00"), (JANUARY + 1, "2022-03-05T23:00")):
        for unit in (OFFICE, EAST):
            place.send(world.returns[unit, month], at="2022-02-01T10:00")
        place.night(night)
    return place


@pytest.fixture
def place(behind: Place, tmp_path: Path) -> Place:
    return behind.copied(tmp_path / "home")


def value(place: Place) -> object:
    ((found,),) = place.query(
        "SELECT value FROM monthly_figure WHERE figure = ? AND unit_code = ? AND month = ?",
        FIGURE,
        EAST,
        dt.date(2022, 1, 1),
    )
    return found


@pytest.mark.parametrize("now", BACK[:2])
def test_what_came_last_is_in_force_whatever_the_clock_says(
    place: Place, world: World, now: str
) -> None:
    before = value(place)
    place.send(off_by(world.returns[EAST, JANUARY], FIGURE, "1"), "更正.xlsx")
    place.night(now)
    assert value(place) == before + 1  # type: ignore[operator]
    place.send(off_by(world.returns[EAST, JANUARY], FIGURE, "2"), "再更正.xlsx")
    place.night("2022-03-06T23:00")
    assert value(place) == before + 2  # type: ignore[operator]
    see_sound(place)


@pytest.mark.parametrize("now", BACK)
def test_nothing_crashes_and_a_rebuild_comes_to_the_same(
    place: Place, world: World, now: str
) -> None:
    place.send(world.returns[ZHUOSHUI, JANUARY], "迟到.xlsx")
    place.night(now)
    place.night("2022-03-07T23:00")
    see_sound(place)
    before = place.tables()
    pipeline.rebuild(place.home("2022-03-08T23:00"))
    assert place.tables() == before


@pytest.mark.parametrize("now", BACK)
def test_a_form_that_was_missing_stays_so(place: Place, world: World, now: str) -> None:
    """January was due on 5 February, before the clock that had been: it is not undue again."""
    missing = (
        "SELECT count(*) FROM coverage WHERE unit_code = ? AND state = 'missing' AND month = ?"
    )
    january = dt.date(2022, 1, 1)
    before = place.query(missing, ZHUOSHUI, january)
    assert before > [(0,)]
    place.send(off_by(world.returns[EAST, JANUARY], FIGURE, "1"), "更正.xlsx")
    place.night(now)
    assert place.query(missing, ZHUOSHUI, january) == before
    place.night("2022-03-07T23:00")
    assert place.query(missing, ZHUOSHUI, january) == before


def test_what_a_killed_run_took_in_is_not_received_after_the_clock_of_the_next(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.send(world.returns[ZHUOSHUI, JANUARY], "迟到.xlsx")

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.collecting.archive.Archive.sync", dies)
        with pytest.raises(KeyboardInterrupt):
            place.night("2022-03-06T23:00")
    place.night("2022-03-06T12:00")
    see_sound(place)
    received = "SELECT received_at FROM submission WHERE file_name = '迟到.xlsx'"
    assert place.query(received) == [(dt.datetime(2022, 3, 6, 4),)]  # noqa: DTZ001 # as DuckDB gives it


def test_the_clock_goes_back_within_a_run(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.send(world.returns[ZHUOSHUI, JANUARY], "迟到.xlsx")
    moments = _falling(dt.datetime(2022, 3, 6, 15))  # noqa: DTZ001 # UTC
    monkeypatch.setattr(Settings, "clock", lambda *_: next(moments))
    place.night("")
    monkeypatch.undo()
    see_sound(place)
    assert place.query("SELECT count(*) FROM run WHERE finished_at = started_at") >= [(1,)]


def _falling(moment: dt.datetime) -> Iterator[dt.datetime]:
    while True:
        yield moment
        moment -= dt.timedelta(hours=1)


def see_sound(place: Place) -> None:
    """No two versions at once, at any instant, and nothing received after its run's clock."""
    twice = place.query(
        "SELECT a.reading, b.reading FROM internal.tenure a JOIN internal.tenure b "
        "ON (a.unit_code, a.form, a.month) = (b.unit_code, b.form, b.month) "
        "AND a.reading < b.reading AND a.since < coalesce(b.until, TIMESTAMP '2999-01-01') "
        "AND b.since < coalesce(a.until, TIMESTAMP '2999-01-01') "
        "AND a.since < coalesce(a.until, TIMESTAMP '2999-01-01') "
        "AND b.since < coalesce(b.until, TIMESTAMP '2999-01-01')"
    )
    assert twice == []
    late = "SELECT count(*) FROM submission JOIN run USING (run) WHERE received_at > started_at"
    assert place.query(late) == [(0,)]
    assert place.query("SELECT count(*) FROM run WHERE finished_at < started_at") == [(0,)]
    runs = place.query("SELECT count(DISTINCT run) = count(*) FROM run")
    assert runs == [(True,)]
