"""Zips around workbooks, and returns of several files: each file a submission of its own."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest

from flows import pipeline
from flows.demo.world import World
from tests.cli.test_cli import run
from tests.homes import OTHER_TOWN, TOWN, Place, changed, content_of, only
from tests.writing.formats import Sheet, write, zipped

JANUARY = 2022 * 12
NIGHT = "2022-02-05T23:00"


def sheets_of(content: bytes) -> list[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        Sheet(sheet.title, [[_day(cell) for cell in row] for row in sheet.values]) for sheet in book
    ]


def _day(cell: object) -> object:
    return cell.date() if isinstance(cell, dt.datetime) else cell


def csvs(content: bytes, encoding: str) -> dict[str, bytes]:
    """A csv a sheet, as a clerk saves them."""
    return {
        f"{sheet.name}.csv": write([sheet], "csv", encoding=encoding)
        for sheet in sheets_of(content)
    }


def in_force(place: Place) -> list[tuple[object, ...]]:
    return place.query(
        "SELECT unit_code, figure, value, year_to_date, mark FROM monthly_figure ORDER BY ALL"
    )


def states(place: Place) -> dict[str, str]:
    return dict(place.query("SELECT file_name, state FROM submission"))


@pytest.fixture
def alone(tmp_path: Path, district: World) -> list[tuple[object, ...]]:
    """What is in force where the two towns send a workbook each."""
    place = Place(tmp_path / "alone")
    for unit in (TOWN, OTHER_TOWN):
        place.send(district.returns[unit, JANUARY])
    place.night(NIGHT)
    return in_force(place)


def test_a_zip_of_two_units_and_what_else_lay_in_the_folder(
    place: Place, district: World, alone: list[tuple[object, ...]]
) -> None:
    own, other = (content_of(district.returns[unit, JANUARY]) for unit in (TOWN, OTHER_TOWN))
    inner = zipped({"城东街道/1月报表.xlsx": other}, names_in="gbk")
    files = {
        "濯水镇/1月报表.xlsx": own,
        "城东街道.zip": inner,
        "通知.pdf": b"%PDF-1.7",
        "__MACOSX/._1月报表.xlsx": b"x",
        "~$1月报表.xlsx": b"x",
    }
    place.drop("一月.zip", zipped(files, names_in="gbk"))
    outcome = place.night(NIGHT)
    assert in_force(place) == alone
    assert states(place) == {
        "一月.zip/濯水镇/1月报表.xlsx": "accepted",
        "一月.zip/城东街道.zip/城东街道/1月报表.xlsx": "accepted",
        "一月.zip/通知.pdf": "unreadable",
    }
    assert outcome.received == 3
    archived = [each for each in (place.folder / "data/raw/archive").rglob("*") if each.is_file()]
    assert len(archived) == 2  # the zip as it came, and its receipt
    before = place.tables()
    pipeline.rebuild(place.home("2022-02-06T09:00"))
    assert place.tables() == before


def test_a_workbook_in_a_zip_and_alone_is_the_same_file(place: Place, district: World) -> None:
    content = content_of(district.returns[TOWN, JANUARY])
    place.drop("濯水镇.xlsx", content)
    place.drop("濯水镇.zip", zipped({"报表.xlsx": content}, names_in="utf-8"), "2022-02-02T10:00")
    place.night(NIGHT)
    assert states(place) == {"濯水镇.xlsx": "accepted", "濯水镇.zip/报表.xlsx": "duplicate"}


def test_a_file_in_a_zip_that_does_not_say_whose_it_is(
    place: Place, district: World, alone: list[tuple[object, ...]]
) -> None:
    own, other = (district.returns[unit, JANUARY] for unit in (TOWN, OTHER_TOWN))
    lost = content_of(own, unit_text="本镇")
    files = {"甲.xlsx": content_of(other), "乙.xlsx": lost}
    place.drop("月报.zip", zipped(files, names_in="gbk"))
    place.night(NIGHT)
    ((submission,),) = place.query("SELECT submission FROM submission WHERE state = 'unidentified'")
    words = ("--unit", "濯水镇", "--month", "2022-01", "--reason", "电话问过")
    result = run(place, "assign", submission, *words, now="2022-02-06T09:00")
    assert result.returncode == 0, result.stderr
    assert in_force(place) == alone
    before = place.tables()
    pipeline.rebuild(place.home("2022-02-07T09:00"))
    assert place.tables() == before
    outcome = pipeline.backfill(place.home("2022-02-08T09:00"), JANUARY, JANUARY)
    assert (outcome.held, outcome.revised) == (0, 0)
    assert in_force(place) == alone


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped({}, names_in="gbk"), "压缩包里没有文件"),
        (zipped({"~$报表.xlsx": b"x", "空夹/": b""}, names_in="gbk"), "压缩包里没有文件"),
        (b"PK\x05\x06" + bytes(17), "已损坏"),
    ],
)
def test_a_zip_without_files_is_said_to_be_one(place: Place, content: bytes, said: str) -> None:
    place.drop("空.zip", content)
    place.night(NIGHT)
    ((state, reason),) = place.query("SELECT state, reason FROM submission")
    assert state == "unreadable"
    assert said in reason


def test_when_a_zip_takes_too_long_the_rest_of_it_is_refused(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.reading.pool.FILES_A_ZIP", 0)  # no more than what is read at once
    monkeypatch.setattr("flows.reading.pool.CHUNK", 1)
    own, other = (content_of(district.returns[unit, JANUARY]) for unit in (TOWN, OTHER_TOWN))
    place.drop("一月.zip", zipped({"甲.xlsx": own, "乙.xlsx": other}, names_in="gbk"))
    place.night(NIGHT)
    assert states(place) == {"一月.zip/甲.xlsx": "accepted", "一月.zip/乙.xlsx": "unreadable"}
    ((reason,),) = place.query("SELECT reason FROM submission WHERE file_name LIKE '%乙%'")
    assert "0秒内读不完" in reason
    assert "请单独报送" in reason


def test_check_looks_into_a_zip(place: Place, district: World, tmp_path: Path) -> None:
    good = content_of(only(district.returns[TOWN, JANUARY], "marriage_customs"))
    path = tmp_path / "两份.zip"
    path.write_bytes(zipped({"好.xlsx": good, "坏.xlsx": good[:900]}, names_in="gbk"))
    result = run(place, "check", str(path))
    assert result.returncode == 1
    assert f"{path}/好.xlsx: read: 濯水镇 2022-01" in result.stdout
    assert f"{path}/坏.xlsx: unreadable: 文件已损坏" in result.stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_several_csv_of_a_month_are_one_return(
    place: Place, district: World, alone: list[tuple[object, ...]], encoding: str
) -> None:
    for unit in (TOWN, OTHER_TOWN):
        content = content_of(district.returns[unit, JANUARY])
        for name, each in csvs(content, encoding).items():
            place.drop(f"{unit}/{name}", each)
    place.night(NIGHT)
    assert set(states(place).values()) == {"accepted"}
    assert in_force(place) == alone
    assert place.query("SELECT DISTINCT state FROM coverage") == [("on_time",)]


def test_of_several_csv_only_the_later_part_can_be_held(place: Place, district: World) -> None:
    given = changed(district.returns[TOWN, JANUARY], "living_tombs_registered", value=99999)
    files = csvs(content_of(only(given, "living_tombs", "funeral_reform")), "utf-8")
    for number, name in enumerate(sorted(files, key=lambda name: "台账" in name)):
        place.drop(name, files[name], f"2022-02-0{number + 1}T10:00")
    place.night(NIGHT)
    held = place.query("SELECT form FROM submission_form WHERE state = 'held'")
    assert held == [("living_tombs",)]
    assert place.query("SELECT rule, form FROM finding WHERE rule = 'X01'") == [
        ("X01", "living_tombs")
    ]


def test_a_zip_that_can_be_opened_by_now_is_taken_in_by_a_backfill(
    place: Place, district: World, alone: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = (content_of(district.returns[unit, JANUARY]) for unit in (TOWN, OTHER_TOWN))
    place.drop("一月.zip", zipped({"甲.xlsx": own, "乙.xlsx": other, "通知.pdf": b"%PDF"}))
    place.drop("后.xlsx", content_of(only(district.returns[TOWN, JANUARY], "marriage_customs")))
    with monkeypatch.context() as patch:
        patch.setattr("flows.reading.pool.read_chunk", None)  # every file is told abnormal
        place.night(NIGHT)
    assert set(states(place).values()) == {"unreadable"}
    dry = pipeline.dry_run(place.home("2022-02-06T09:00"), JANUARY, JANUARY)
    assert set(states(place).values()) == {"unreadable"}
    assert dry
    pipeline.backfill(place.home("2022-02-06T09:00"), JANUARY, JANUARY)
    assert states(place) == {
        "一月.zip/甲.xlsx": "accepted",
        "一月.zip/乙.xlsx": "accepted",
        "一月.zip/通知.pdf": "unreadable",
        "后.xlsx": "accepted",
    }
    assert in_force(place) == alone
    order = "SELECT submission, sequence FROM internal.arrival ORDER BY sequence"
    before, arrived = place.tables(), place.query(order)
    pipeline.backfill(place.home("2022-02-07T09:00"), JANUARY, JANUARY)
    assert place.tables() == before
    pipeline.rebuild(place.home("2022-02-08T09:00"))
    assert place.query(order) == arrived
    assert set(states(place).values()) == {"accepted", "unreadable"}
    assert in_force(place) == alone
