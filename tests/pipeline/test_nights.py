"""Nights: what is repeated, shuffled, split, killed or rebuilt comes to the same tables."""

import datetime as dt
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flows import pipeline
from flows.collecting import collect as collecting
from flows.collecting import inbox
from flows.collecting.journal import Journal
from flows.demo.world import World
from flows.errors import Locked, NotThere
from flows.home import locked
from flows.warehouse import store
from tests.homes import OTHER_TOWN, TOWN, Place, changed, content_of, fill, only

JANUARY = 2022 * 12


def test_a_night_publishes_the_values_with_their_cells(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    outcome = place.night("2022-02-05T23:00")
    assert (outcome.received, outcome.accepted, outcome.held) == (1, 10, 0)
    amounts = district.amounts(TOWN, JANUARY)
    rows = place.query("SELECT figure, value, year_to_date FROM monthly_figure")
    assert {figure: (value, cumulative) for figure, value, cumulative in rows} == amounts
    assert place.query("SELECT cell FROM monthly_figure WHERE figure = 'orphans'") == [("E12",)]
    assert place.query("SELECT DISTINCT state FROM submission") == [("accepted",)]
    assert not list((place.folder / "data/raw/inbox").iterdir())


def test_a_run_repeated_changes_nothing(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-04T23:00")
    before = place.tables()
    place.night("2022-02-04T23:30")
    assert place.tables() == before
    assert place.query("SELECT count(*) FROM run") == [(2,)]


def test_order_names_and_folders_of_a_collection_change_no_value(
    tmp_path: Path, district: World
) -> None:
    one, other = Place(tmp_path / "one"), Place(tmp_path / "other")
    for number, month in enumerate((JANUARY, JANUARY + 1, JANUARY + 2)):
        for unit in (TOWN, OTHER_TOWN):
            at = f"2022-0{number + 2}-02T10:0{number}"
            content = content_of(district.returns[unit, month])
            one.drop(f"{number}-{unit}.xlsx", content, at)
            other.drop(f"{9 - number}/x{unit[-3:]}-{number}.xlsx", content, at)
    one.night("2022-04-05T23:00")
    other.night("2022-04-05T23:00")
    tables, others = one.tables(), other.tables()
    for name in ("monthly_figure", "coverage", "quarterly_indicator", "growth", "facility"):
        assert tables[name] == others[name]


def test_months_in_one_collection_or_in_several_come_to_the_same(
    tmp_path: Path, district: World
) -> None:
    several, one = Place(tmp_path / "several"), Place(tmp_path / "one")
    fill(several, district, "2022-01", "2022-04", (TOWN, OTHER_TOWN))
    for month in range(JANUARY, JANUARY + 4):
        for unit in (TOWN, OTHER_TOWN):
            one.send(district.returns[unit, month], at=f"2022-{month % 12 + 2:02d}-02T10:00")
    one.night("2022-05-05T23:00")
    values = "SELECT * EXCLUDE (submission) FROM monthly_figure ORDER BY ALL"
    assert several.query(values) == one.query(values)
    # All but the share of forms in time: what came on a later night came later.
    quarters = (
        "SELECT * FROM quarterly_indicator WHERE indicator <> 'on_time_reporting_rate' ORDER BY ALL"
    )
    assert several.query(quarters) == one.query(quarters)
    assert several.query("SELECT * FROM revision") == one.query("SELECT * FROM revision") == []


def test_one_month_split_over_two_files_is_one_return(place: Place, district: World) -> None:
    whole = district.returns[TOWN, JANUARY]
    place.send(only(whole, "social_assistance", "elderly_care"), "1.xlsx", "2022-02-01T10:00")
    rest = {sheet.form for sheet in whole.sheets} - {"social_assistance", "elderly_care"}
    place.send(whole.only(rest), "2.xlsx", "2022-02-01T11:00")
    assert place.night("2022-02-05T23:00").held == 0
    assert len(place.query("SELECT * FROM monthly_figure")) == len(district.amounts(TOWN, JANUARY))


def test_rebuilt_from_archive_and_journal_alone(place: Place, district: World) -> None:
    fill(place, district, "2022-01", "2022-03", (TOWN, OTHER_TOWN))
    corrected = changed(district.returns[TOWN, JANUARY], "salon_sessions", note="改")
    place.send(
        changed(corrected, "severely_disabled_in_care", value=Decimal(77)), at="2022-04-08T10:00"
    )
    place.drop("坏.xlsx", b"%PDF-1.4")
    place.night("2022-04-10T23:00")
    before = place.tables()
    assert before["revision"]
    shutil.rmtree(place.folder / "data/warehouse")
    pipeline.rebuild(place.home("2022-04-11T09:00"))
    assert place.tables() == before


def test_the_very_bytes_last_received_are_a_duplicate_older_bytes_are_not(
    place: Place, district: World
) -> None:
    first = district.returns[TOWN, JANUARY]
    second = changed(first, "severely_disabled_in_care", value=Decimal(77))
    for name, given, at in (
        ("一.xlsx", first, "2022-02-01T10:00"),
        ("二.xlsx", first, "2022-02-01T11:00"),
        ("三.xlsx", second, "2022-02-01T12:00"),
        ("四.xlsx", first, "2022-02-01T13:00"),
    ):
        place.send(given, name, at)
    place.night("2022-02-05T23:00")
    states = dict(place.query("SELECT file_name, state FROM submission"))
    assert states == {
        "一.xlsx": "accepted",
        "二.xlsx": "duplicate",
        "三.xlsx": "accepted",
        "四.xlsx": "accepted",
    }
    figure = "severely_disabled_in_care"
    true = district.amounts(TOWN, JANUARY)[figure][0]
    assert place.query("SELECT value FROM monthly_figure WHERE figure = ?", figure) == [(true,)]
    assert place.query("SELECT old_value, new_value FROM revision ORDER BY new_value DESC") == [
        (true, Decimal(77)),
        (Decimal(77), true),
    ]


@pytest.mark.parametrize("step", ["store", "sync", "_announce", "settle"])
def test_a_run_killed_while_collecting_is_made_up_for(
    tmp_path: Path, district: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    whole, broken = Place(tmp_path / "whole"), Place(tmp_path / "broken")
    for each in (whole, broken):
        for unit in (TOWN, OTHER_TOWN):
            each.send(district.returns[unit, JANUARY])

    class Killed(BaseException):
        pass

    calls = []

    def dies(*_args: object, **_kwargs: object) -> None:
        calls.append(step)
        raise Killed

    with monkeypatch.context() as patch:
        if step in ("store", "sync"):
            patch.setattr(f"flows.collecting.archive.Archive.{step}", dies)
        elif step == "settle":
            patch.setattr(inbox.Inbox, step, dies)
        else:
            patch.setattr(collecting, step, dies)
        with pytest.raises(Killed):
            broken.night("2022-02-05T23:00")
    assert calls
    whole.night("2022-02-05T23:00")
    broken.night("2022-02-05T23:00")
    assert not list((broken.folder / "data/raw/inbox").rglob("*.xlsx"))
    left, right = whole.tables(), broken.tables()
    for name in ("monthly_figure", "coverage", "quarterly_indicator", "facility", "finding"):
        assert left[name] == right[name]
    assert len(left["submission"]) == len(right["submission"])


@pytest.mark.parametrize("step", ["publish", "write_parquet"])
def test_a_run_killed_while_publishing_leaves_the_last_file(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-04T23:00")
    before = place.tables()
    place.send(district.returns[OTHER_TOWN, JANUARY])
    with monkeypatch.context() as patch:

        def dies(*_args: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(pipeline, step, dies)
        with pytest.raises(KeyboardInterrupt):
            place.night("2022-02-05T22:00")
    after = place.tables()
    if step == "publish":
        assert after == before
    place.night("2022-02-05T23:00")
    units = place.query("SELECT DISTINCT unit_code FROM monthly_figure ORDER BY 1")
    assert units == [(OTHER_TOWN,), (TOWN,)]
    assert place.query("SELECT count(*) FROM run") == [(3,)]
    copies = place.folder / "data/warehouse/parquet/monthly_figure/*.parquet"
    in_copies = place.query(f"SELECT DISTINCT unit_code FROM read_parquet('{copies}') ORDER BY 1")
    assert in_copies == units


def test_half_a_line_in_the_journal_never_was(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-04T23:00")
    journal = place.folder / "data/raw/decisions.jsonl"
    lines = len(Journal(journal).events())
    with journal.open("ab") as file:
        file.write(b'{"event": "ru')
    assert len(Journal(journal).events()) == lines
    place.night("2022-02-05T23:00")
    assert all("event" in event for event in Journal(journal).events())
    assert place.query("SELECT count(*) FROM run") == [(2,)]


def test_a_journal_shorter_than_the_warehouse_is_refused(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-04T23:00")
    journal = place.folder / "data/raw/decisions.jsonl"
    journal.write_text("", encoding="utf-8")
    with pytest.raises(NotThere, match="fewer than"):
        place.night("2022-02-05T23:00")


def test_two_runs_exclude_each_other(place: Place) -> None:
    home = place.home("2022-02-05T23:00")
    with locked(home), pytest.raises(Locked):
        pipeline.nightly(home)


def test_a_file_still_being_written_is_left_for_the_next_run(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = content_of(district.returns[TOWN, JANUARY])
    path = place.drop("慢.xlsx", content[:1000])
    monkeypatch.setattr(inbox.time, "sleep", lambda _: path.write_bytes(content))
    home = place.home("2022-02-05T23:00")
    slow = replace(home, settings=replace(home.settings, settle_seconds=1.0))
    assert pipeline.nightly(slow).received == 0
    monkeypatch.undo()
    assert place.night("2022-02-05T23:30").accepted == 10


def test_received_at_is_never_after_the_clock(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    assert place.query("SELECT received_at FROM submission") == [
        (dt.datetime.fromisoformat("2022-02-05T15:00"),)
    ]


def test_the_archive_keeps_the_bytes_read_only_with_a_receipt(
    place: Place, district: World
) -> None:
    content = content_of(district.returns[TOWN, JANUARY])
    place.drop("夹/濯水镇.xlsx", content)
    place.night("2022-02-05T23:00")
    (path,) = (place.folder / "data/raw/archive/2022/02/05").glob("*.xlsx")
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o222 == 0
    assert path.name.endswith("-濯水镇.xlsx")
    assert path.with_name(path.name + ".receipt.json").exists()


def test_figures_as_of_shows_what_stood_then(place: Place, district: World) -> None:
    first = district.returns[TOWN, JANUARY]
    place.send(first)
    place.night("2022-02-05T10:00")
    place.send(changed(first, "severely_disabled_in_care", value=Decimal(77)), "改.xlsx")
    place.night("2022-02-08T10:00")
    true = district.amounts(TOWN, JANUARY)["severely_disabled_in_care"][0]
    query = (
        "SELECT value FROM figures_as_of(TIMESTAMP '{}') WHERE figure = 'severely_disabled_in_care'"
    )
    assert place.query(query.format("2022-02-05 01:59:00")) == []
    assert place.query(query.format("2022-02-05 02:00:00")) == [(true,)]
    assert place.query(query.format("2022-02-08 02:00:00")) == [(Decimal(77),)]


def test_parquet_copies_hold_the_public_tables(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    folder = place.folder / "data/warehouse/parquet"
    for name, rows in place.tables(without=()).items():
        assert (
            place.query(f"SELECT * FROM read_parquet('{folder}/{name}/*.parquet') ORDER BY ALL")
            == rows
        )


def test_old_storage_version(place: Place) -> None:
    place.night("2022-01-05T23:00")
    with store.connect(place.folder / "data/warehouse/minzheng.duckdb", read_only=True) as opened:
        tags = opened.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'minzheng'"
        ).fetchall()
    assert "v1.0.0" in str(tags)
