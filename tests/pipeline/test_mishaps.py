"""What goes wrong around a night costs only what it touches."""

import io
import os
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from flows import pipeline
from flows.collecting.archive import Archive
from flows.demo.world import World
from flows.errors import NotThere
from flows.reporting.summary import write_summary
from flows.warehouse.store import connect, reading
from tests.homes import OTHER_TOWN, TOWN, Place, changed, content_of, fill, only

JANUARY = 2022 * 12
FIGURE = "severely_disabled_in_care"


def edited(content: bytes, edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    changed_content = io.BytesIO()
    book.save(changed_content)
    return changed_content.getvalue()


def test_a_file_written_over_while_it_is_collected_comes_the_next_night(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = district.returns[TOWN, JANUARY]
    path = place.drop("濯水镇.xlsx", content_of(given))
    better = content_of(changed(given, FIGURE, value=Decimal(77)))
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "sync", lambda _: path.write_bytes(better))
        place.night("2022-02-04T23:00")
    assert path.exists()
    place.night("2022-02-05T23:00")
    value = f"SELECT value FROM monthly_figure WHERE figure = '{FIGURE}'"
    assert place.query(value) == [(Decimal(77),)]


@pytest.mark.parametrize("period", ["0000年3月", "9999年12月", "2022年13月"])
def test_an_impossible_period_stops_no_other_file(
    place: Place, district: World, period: str
) -> None:
    place.drop("一.xlsx", content_of(district.returns[TOWN, JANUARY], month_text=period))
    place.send(district.returns[OTHER_TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    states = dict(place.query("SELECT file_name, state FROM submission"))
    assert states.pop("一.xlsx") == "unidentified"
    assert set(states.values()) == {"accepted"}


def test_a_number_of_five_thousand_digits_is_a_finding(place: Place, district: World) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["婚俗改革月报表"]["E6"] = "9" * 5000

    place.drop("一.xlsx", edited(content_of(district.returns[TOWN, JANUARY]), edit))
    assert place.night("2022-02-05T23:00").accepted == 9
    assert place.query("SELECT rule, cell FROM finding") == [("V02", "E6")]


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always Unicode")
def test_a_file_name_in_gbk(place: Place, district: World) -> None:
    inbox = place.folder / "data/raw/inbox"
    inbox.mkdir(parents=True)
    path = inbox / os.fsdecode("濯水镇1月.xlsx".encode("gb18030"))
    path.write_bytes(content_of(district.returns[TOWN, JANUARY]))
    place.night("2022-02-05T23:00")
    assert place.query("SELECT file_name, state FROM submission") == [
        ("濯水镇1月.xlsx", "accepted")
    ]
    assert not path.exists()


def test_a_broken_sheet_stops_only_itself(place: Place, district: World) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content_of(district.returns[TOWN, JANUARY]))) as source,
        zipfile.ZipFile(content, "w") as target,
    ):
        for item in source.namelist():
            data = source.read(item)
            target.writestr(item, data[:300] if item.endswith("sheet3.xml") else data)
    place.drop("一.xlsx", content.getvalue())
    assert place.night("2022-02-05T23:00").accepted == 9
    assert place.query("SELECT state FROM submission") == [("partly_held",)]
    assert place.query("SELECT rule, sheet FROM finding") == [("S11", "未成年人保护月报表")]


def test_a_stray_sheet_of_another_month_is_left_out_alone(place: Place, district: World) -> None:
    fill(place, district, "2022-01", "2022-01", (TOWN,))
    stray = openpyxl.load_workbook(io.BytesIO(content_of(district.returns[TOWN, JANUARY])))

    def edit(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("上月留底")
        for row in stray["养老服务月报表"].iter_rows(values_only=True):
            sheet.append(row)

    place.drop("二月.xlsx", edited(content_of(district.returns[TOWN, JANUARY + 1]), edit))
    outcome = place.night("2022-03-05T23:00")
    assert (outcome.accepted, outcome.held) == (10, 0)
    assert place.query("SELECT rule, sheet FROM finding") == [("U01", "上月留底")]


def test_words_in_the_table_are_no_head_lines(place: Place, district: World) -> None:
    given = changed(
        district.returns[TOWN, JANUARY], "salon_sessions", note="上一报告期漏报，填报单位已核对"
    )
    facilities = given.ledger("facilities")
    assert facilities is not None
    given = given.with_sheet(facilities.changed(0, "note", "整改清单"))
    place.send(given)
    assert place.night("2022-02-05T23:00").accepted == 10


def test_a_foot_in_cells_of_its_own(place: Place, district: World) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets:
            row = sheet.max_row
            for column, text in zip(
                "ACEG", ("单位负责人：张", "填表人：李", "电话：1", "　"), strict=True
            ):
                sheet[f"{column}{row}"] = text

    place.drop("一.xlsx", edited(content_of(district.returns[TOWN, JANUARY]), edit))
    assert place.night("2022-02-05T23:00").accepted == 10


def test_an_explanation_later_keeps_in_time_what_came_in_time(
    place: Place, district: World
) -> None:
    given = only(district.returns[TOWN, JANUARY], "social_assistance")
    value = district.amounts(TOWN, JANUARY)["relief_funds"][0]
    off = changed(
        given, "relief_funds", value=value + Decimal("0.3"), year_to_date=value + Decimal("0.3")
    )
    place.send(off, "一.xlsx")
    place.night("2022-02-04T23:00")
    state = "SELECT state FROM coverage WHERE form = 'social_assistance' AND unit_code = ?"
    assert place.query(state, TOWN) == [("held",)]
    place.send(changed(off, "relief_funds", note="各项四舍五入的尾差"), "二.xlsx")
    place.night("2022-02-08T23:00")
    assert place.query(state, TOWN) == [("on_time",)]
    assert place.query("SELECT DISTINCT explanation FROM finding WHERE explanation <> ''") == [
        ("各项四舍五入的尾差",)
    ]


def test_a_decision_between_due_day_and_night_hides_nothing_missing(
    place: Place, district: World
) -> None:
    from flows import pipeline

    fill(place, district, "2022-01", "2022-02", (TOWN,))
    pipeline.backfill(place.home("2022-03-06T10:00"), JANUARY, JANUARY)
    place.night("2022-03-06T23:00")
    missing = "SELECT count(*) FROM coverage WHERE state = 'missing' AND month = ?"
    # 29 townships of ten forms and the bureau's four
    assert place.query(missing, "2022-02-01") == place.query(missing, "2022-01-01") == [(294,)]


def test_a_month_to_come_makes_no_quarter(place: Place, district: World) -> None:
    place.drop("一.xlsx", content_of(district.returns[TOWN, JANUARY], month_text="2032年1月"))
    place.night("2022-02-05T23:00")
    assert place.query("SELECT rule FROM finding GROUP BY 1") == [("S07",)]
    assert place.query("SELECT DISTINCT quarter FROM quarterly_indicator") == []


def test_an_assignment_takes_no_other_towns_sheets(place: Place, district: World) -> None:
    ours, theirs = district.returns[TOWN, JANUARY], district.returns[OTHER_TOWN, JANUARY]
    other = openpyxl.load_workbook(io.BytesIO(content_of(theirs)))

    def edit(book: openpyxl.Workbook) -> None:
        for name in book.sheetnames[:5]:
            del book[name]
            sheet = book.create_sheet(name)
            for row in other[name].iter_rows(values_only=True):
                sheet.append(row)

    from flows import pipeline

    place.drop("混.xlsx", edited(content_of(ours), edit))
    place.night("2022-02-04T23:00")
    ((submission, state),) = place.query("SELECT submission, state FROM submission")
    assert state == "unidentified"
    event = {"event": "assign", "submission": submission, "unit": TOWN, "month": "2022-01"}
    pipeline.decide(place.home("2022-02-05T09:00"), event | {"reason": "来电", "by": "x"})
    own = district.amounts(TOWN, JANUARY)
    values = dict(place.query("SELECT figure, value FROM monthly_figure"))
    assert values
    assert all(own[figure][0] == value for figure, value in values.items())
    assert place.query("SELECT state FROM submission") == [("partly_held",)]


def test_a_target_list_for_another_month_than_january(place: Place, district: World) -> None:
    targets = district.targets[2022]
    place.drop("目标.xlsx", content_of(targets, month_text="2022年6月"))
    place.night("2022-07-05T23:00")
    assert place.query("SELECT rule FROM finding") == [("S10",)]
    assert place.query("SELECT count(*) FROM target") == [(0,)]


def test_the_archive_notices_half_a_file(place: Place) -> None:
    archive = Archive(place.folder / "archive", "Asia/Shanghai")
    home = place.home("2022-02-05T23:00")
    receipt = archive.store(
        b"whole",
        received_at=home.settings.clock(home.declaration),
        run="r",
        channel="folder",
        sender="",
        name="x.xlsx",
        source="x.xlsx",
        modified=0.0,
    )
    assert archive.whole(receipt)
    path = Path(archive.path(receipt))
    path.chmod(0o600)
    path.write_bytes(b"who")
    assert not archive.whole(receipt)


def test_a_journal_that_lost_lines_stops_the_night_before_it_takes_anything(
    place: Place, district: World
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    journal = place.folder / "data/raw/decisions.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(b"")
    place.send(district.returns[OTHER_TOWN, JANUARY])
    with pytest.raises(NotThere, match="restore the journal"):
        place.night("2022-02-06T23:00")
    assert list((place.folder / "data/raw/inbox").rglob("*.xlsx"))
    journal.unlink()
    with pytest.raises(NotThere, match="does not name 1 of the archived files"):
        pipeline.rebuild(place.home("2022-02-06T23:00"))
    journal.write_bytes(whole)
    assert place.night("2022-02-07T23:00").received == 1


@pytest.mark.parametrize("altered", [None, b"another"])
def test_a_rebuild_does_not_go_round_a_file_that_the_archive_lost(
    place: Place, district: World, altered: bytes | None
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    before = place.tables()
    (file,) = (place.folder / "data/raw/archive").rglob("*.xlsx")
    file.unlink()
    if altered is not None:
        file.write_bytes(altered)
    with pytest.raises(NotThere, match=file.name):
        pipeline.rebuild(place.home("2022-02-06T23:00"))
    assert place.tables() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among its files")
def test_a_pipe_in_the_inbox_is_no_file_to_wait_for(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    os.mkfifo(place.folder / "data/raw/inbox/pipe.xlsx")
    assert place.night("2022-02-05T23:00").received == 1


def test_an_inbox_that_is_no_folder_is_said(place: Place) -> None:
    place.drop("x", b"").parent.rename(place.folder / "elsewhere")
    (place.folder / "data/raw/inbox").write_bytes(b"")
    (said,) = place.night("2022-02-05T23:00").passed_over
    assert str(place.folder / "data/raw/inbox") in said


def test_a_file_that_cannot_be_removed_is_taken_once(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = district.returns[TOWN, JANUARY]
    place.drop("a.xlsx", content_of(given), at="2022-02-01T10:00")
    place.drop("b.xlsx", content_of(changed(given, FIGURE, value=Decimal(77))), "2022-02-01T11:00")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if "inbox" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    first = place.night("2022-02-06T23:00")
    assert (first.received, len(first.passed_over)) == (2, 2)
    before = place.tables()
    again = place.night("2022-02-07T23:00")
    assert (again.received, len(again.passed_over)) == (0, 2)
    assert place.tables() == before


def test_the_folders_of_the_inbox_stay(place: Place, district: World) -> None:
    path = place.drop("濯水镇/一.xlsx", content_of(district.returns[TOWN, JANUARY]))
    place.night("2022-02-05T23:00")
    assert path.parent.is_dir()
    assert not path.exists()


@pytest.mark.parametrize("month", ["0000-01", "1021-01"])
def test_a_history_of_an_impossible_year_is_refused_and_harms_nothing(
    place: Place, district: World, month: str
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    file = place.folder / "history.csv"
    file.write_text(f"month,unit,figure,value,source\n{month},500114112,orphans,5,年报\n")
    with pytest.raises(NotThere, match="no month or quarter"):
        pipeline.take_history(place.home("2022-02-06T10:00"), file, "analyst")
    place.night("2022-02-06T23:00")
    pipeline.rebuild(place.home("2022-02-07T23:00"))


def test_a_decision_that_fails_is_not_recorded(
    place: Place, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    ((submission,),) = place.query("SELECT submission FROM submission")
    journal = place.folder / "data/raw/decisions.jsonl"
    before = journal.read_bytes()
    event = {"event": "withdraw", "submission": submission, "form": "elderly_care", "reason": "x"}
    with monkeypatch.context() as patch:
        patch.setattr("flows.deciding.withdraw", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            pipeline.decide(place.home("2022-02-06T10:00"), event)
    assert journal.read_bytes() == before


def test_a_form_whose_only_version_was_withdrawn_is_missing(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-06T23:00")
    ((submission,),) = place.query("SELECT submission FROM submission")
    event = {"event": "withdraw", "submission": submission, "form": "elderly_care", "reason": "x"}
    pipeline.decide(place.home("2022-02-07T10:00"), event)
    state = "SELECT state, received_at FROM coverage WHERE unit_code = ? AND form = 'elderly_care'"
    assert place.query(state, TOWN) == [("missing", None)]


def test_the_summary_of_a_month_that_is_not_yet_due_says_who_has_not_come(
    place: Place, district: World
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-02T23:00")
    home = place.home("2022-02-02T23:00")
    with reading(home.settings.warehouse) as connection:
        told = write_summary(connection, home.declaration, JANUARY, place.folder / "汇总.xlsx")
    gaps = {each["unit_code"] for each in told["gaps"]}
    assert TOWN not in gaps
    assert len(gaps) == 30
    book = openpyxl.load_workbook(told["file"])
    notes = [cell.value for row in book["社会救助月报表"] for cell in row]
    assert "注：29个单位未报或审核未通过，合计不含其数。" in notes  # 30 townships, one has sent it


def test_a_time_with_a_zone_is_its_utc(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")  # 15:00 UTC
    count = "SELECT count(*) > 0 FROM figures_as_of({})"
    with connect(place.folder / "data/warehouse/minzheng.duckdb", read_only=True) as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        for moment, there in (
            ("TIMESTAMPTZ '2022-02-05 22:59+08'", False),
            ("TIMESTAMPTZ '2022-02-05 23:01+08'", True),
            ("TIMESTAMP '2022-02-05 14:59'", False),
            ("TIMESTAMP '2022-02-05 15:01'", True),
            ("DATE '2022-02-06'", True),
        ):
            assert connection.execute(count.format(moment)).fetchall() == [(there,)]
