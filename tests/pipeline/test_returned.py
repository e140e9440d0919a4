"""The workbooks that a night sends back, and what comes of them when they return."""

import io
import os
import signal
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows import pipeline
from flows.checking import over_time
from flows.demo.returns import Return
from flows.demo.world import World
from flows.errors import Misuse, Unreachable
from flows.home import open_home
from flows.naming import free_stem, stem_of
from flows.offline import check_files
from flows.reading.pool import work_on
from flows.reading.worker import Job
from flows.returning.remarks import Heading, Remark
from flows.returning.sending_back import Errand, send_back
from flows.settings import Settings
from tests.homes import TOWN, Place, changed, content_of, fill, only
from tests.pipeline.test_loop import FORM, REASON, asking, send, states
from tests.writing.zips import zipped

JANUARY = 2022 * 12
D = Decimal


def returned(place: Place) -> list[str]:
    folder = place.folder / "data/raw/returned"
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


def opened(place: Place, name: str) -> Any:
    return openpyxl.load_workbook(place.folder / "data/raw/returned" / name)


def saved(book: Any) -> bytes:
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def reasons(book: Any, *texts: str) -> bytes:
    """The book with those reasons in the rows of its list of problems."""
    rows = list(book.worksheets[0].iter_rows())
    head = next(row for row in rows if row[0].value == "序号")
    (column,) = (cell.column for cell in head if cell.value == "说明")
    for row, text in zip(rows[head[0].row :], texts, strict=False):
        row[column - 1].value = text
    return saved(book)


@pytest.fixture
def given(district: World) -> Return:
    return asking(only(district.returns[TOWN, JANUARY], FORM, "facilities"), D(41))


def test_what_is_held_comes_back_marked_on_its_cell(place: Place, given: Return) -> None:
    send(place, changed(given, "severely_disabled_in_care", value=D(-3)), 2, "濯水镇1月.xlsx")
    assert returned(place) == ["2022-01/濯水镇/濯水镇1月.xlsx"]
    book = opened(place, "2022-01/濯水镇/濯水镇1月.xlsx")
    assert book.sheetnames[0] == "问题清单"
    marked = {
        cell.coordinate: cell.comment.text
        for row in book["精神障碍社区康复月报表"].iter_rows()
        for cell in row
        if cell.comment
    }
    findings = dict(place.query("SELECT cell, message FROM finding WHERE level <> 'notice'"))
    assert marked.keys() == findings.keys()
    assert all(findings[cell] in text for cell, text in marked.items())
    assert place.query("SELECT errors, queries, file FROM returned") == [
        (1, 1, "2022-01/濯水镇/濯水镇1月.xlsx")
    ]


def test_what_is_right_does_not_come_back(place: Place, district: World) -> None:
    fill(place, district, "2022-01", "2022-01", (TOWN,))
    assert returned(place) == []


def test_reasons_in_the_list_settle_their_queries(place: Place, given: Return) -> None:
    send(place, given, 2, "一.xlsx")
    answered = reasons(opened(place, "2022-01/濯水镇/一.xlsx"), REASON)
    place.drop("一.xlsx", answered, "2022-02-03T10:00")
    place.night("2022-02-03T23:00")
    assert states(place) == ["held", "accepted"]
    explanation = "SELECT explanation FROM finding WHERE rule = 'X01' ORDER BY explanation"
    assert place.query(explanation) == [(REASON,), (None,)]
    before = place.tables()
    pipeline.rebuild(place.home("2024-01-01T00:00"))
    assert place.tables() == before


@pytest.mark.parametrize("text", ["核实无误", "", "属实，已核对。"])
def test_a_reason_in_the_list_has_to_say_why(place: Place, given: Return, text: str) -> None:
    send(place, given, 2, "一.xlsx")
    place.drop("一.xlsx", reasons(opened(place, "2022-01/濯水镇/一.xlsx"), text))
    place.night("2022-02-03T23:00")
    assert states(place) == ["held", "held"]
    assert returned(place) == ["2022-01/濯水镇/一.xlsx", "2022-01/濯水镇/一（2）.xlsx"]


def test_a_reason_in_the_list_is_for_the_value_it_stands_beside(
    place: Place, given: Return
) -> None:
    send(place, given, 2, "一.xlsx")
    book = opened(place, "2022-01/濯水镇/一.xlsx")
    ((sheet, cell),) = place.query("SELECT sheet, cell FROM finding WHERE rule = 'X01'")
    book[sheet][cell].value = 46
    place.drop("二.xlsx", reasons(book, REASON), "2022-02-03T10:00")
    place.night("2022-02-03T23:00")
    assert states(place) == ["held", "held"]


def test_a_query_on_a_ledger_is_settled_in_the_list(place: Place, district: World) -> None:
    right = district.returns[TOWN, JANUARY]
    send(place, only(right, FORM), 2, "表.xlsx")
    ledger = right.ledger("facilities")
    assert ledger is not None
    at = next(
        at
        for at, row in enumerate(ledger.rows)
        if row["kind"] == "精神障碍康复站" and row["status"] in ("试运行", "运行")
    )
    other = only(right.with_sheet(ledger.changed(at, "status", "停用")), "facilities")
    send(place, other, 3, "台账.xlsx")
    assert states(place, "facilities") == ["held"]
    place.drop("台账.xlsx", reasons(opened(place, "2022-01/濯水镇/台账.xlsx"), REASON))
    place.night("2022-02-04T23:00")
    assert states(place, "facilities") == ["held", "accepted"]


def test_every_format_comes_back(place: Place, given: Return) -> None:
    zip_content = zipped({"镇/一月.xlsx": content_of(given)})
    place.drop("全部.zip", zip_content, "2022-02-02T10:00")
    place.night("2022-02-02T23:00")
    assert returned(place) == ["2022-01/濯水镇/一月.xlsx"]


def test_a_backfill_sends_back_only_what_still_holds_a_form_up_and_is_new(
    place: Place, district: World
) -> None:
    first, second = (
        only(district.returns[TOWN, month], "marriage_customs") for month in (JANUARY, JANUARY + 1)
    )
    true = district.amounts(TOWN, JANUARY)["salon_sessions"][0]
    assert true is not None
    wrong = changed(first, "salon_sessions", value=true + 1, year_to_date=true + 1)
    place.send(wrong, "一.xlsx", "2022-02-02T10:00")
    place.night("2022-02-05T23:00")
    place.send(second, "二.xlsx", "2022-03-02T10:00")
    place.night("2022-03-05T23:00")
    assert returned(place) == ["2022-02/濯水镇/二.xlsx"]
    same = pipeline.backfill(place.home("2022-03-06T09:00"), JANUARY + 1, JANUARY + 1)
    assert same.returned == 0, "of the same remarks"
    other = changed(first, "salon_sessions", value=true + 2, year_to_date=true + 2)
    place.send(other, "三.xlsx", "2022-03-06T10:00")
    place.night("2022-03-07T23:00")
    again = pipeline.backfill(place.home("2022-03-08T09:00"), JANUARY, JANUARY + 1)
    assert again.returned == 1, "of other numbers"
    place.send(first, "四.xlsx", "2022-03-09T10:00")
    place.night("2022-03-09T23:00")
    assert pipeline.backfill(place.home("2022-03-10T09:00"), JANUARY, JANUARY + 1).returned == 0
    assert returned(place) == ["2022-02/濯水镇/二.xlsx"]
    assert [
        step
        for (step,) in place.query(
            "SELECT step FROM form_step WHERE month = '2022-02-01' ORDER BY step_at, step"
        )
    ] == ["held", "returned", "returned", "accepted"]
    before = place.tables()
    pipeline.rebuild(place.home("2024-01-01T00:00"))
    assert place.tables() == before


def test_a_backfill_of_one_form_sends_back_by_what_is_recorded(
    place: Place, district: World
) -> None:
    wrong, second = (
        only(district.returns[TOWN, month], "marriage_customs", "facilities")
        for month in (JANUARY, JANUARY + 1)
    )
    place.send(changed(wrong, "salon_sessions", value=3, year_to_date=3), "一.xlsx")
    place.night("2022-02-05T23:00")
    place.send(second, "二.xlsx", "2022-03-02T10:00")
    place.night("2022-03-05T23:00")
    before = place.tables()
    pipeline.backfill(place.home("2022-03-05T23:30"), JANUARY, JANUARY + 1, forms=["facilities"])
    assert place.tables() == before


def test_returned_files_never_take_the_place_of_one_another(place: Place, given: Return) -> None:
    send(place, given, 2, "一.xlsx")
    send(place, changed(given, "severely_disabled_in_care", value=D(-1)), 3, "一.xlsx")
    again = place.folder / "data/raw/returned/2022-01/濯水镇/一（2）.xlsx"
    place.drop("一（2）.xlsx", again.read_bytes(), "2022-02-04T10:00")
    place.night("2022-02-04T23:00")
    assert returned(place) == [
        "2022-01/濯水镇/一.xlsx",
        "2022-01/濯水镇/一（2）.xlsx",
        "2022-01/濯水镇/一（2）（2）.xlsx",
    ]
    before = place.tables()
    pipeline.rebuild(place.home("2024-01-01T00:00"))
    assert place.tables() == before


def test_a_file_that_cannot_go_back_is_named_and_stops_nothing(place: Place, given: Return) -> None:
    folder = place.folder / "data/raw/returned/2022-01/濯水镇"
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    place.send(given, "一.xlsx")
    outcome = place.night("2022-02-02T23:00")
    (said,) = outcome.passed_over
    assert "could not be written" in said
    assert (states(place), place.query("SELECT * FROM returned")) == (["held"], [])
    folder.unlink()
    pipeline.backfill(place.home("2022-02-03T09:00"), JANUARY, JANUARY)
    assert returned(place) == ["2022-01/濯水镇/一.xlsx"]


def test_what_costs_its_worker_goes_back_as_the_list_alone(tmp_path: Path) -> None:
    path = tmp_path / "一.xlsx"
    path.write_bytes(b"nothing that can be marked")
    remark = Remark("表", "E6", "社会救助月报表", "", "", "", "", "error", "V01", "空的。")
    errand = Errand(Job(path, path.name), Heading("濯水镇", "", ""), (remark,), tmp_path / "二")
    (sent,) = send_back([errand], Settings(home=tmp_path, processes=1))
    sheet = openpyxl.load_workbook(sent).worksheets[0]
    assert any(cell.value == "空的。" for row in sheet.iter_rows() for cell in row)


def _dies(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_work_that_kills_its_worker_costs_itself_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, processes=2)
    assert list(work_on(_dies, range(4), settings)) == [0, None, 2, 3]


def test_a_file_at_the_desk_is_marked_as_the_night_marks_it(
    place: Place, given: Return, tmp_path: Path
) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    content = content_of(given)
    for name in ("一.xlsx", "二.xlsx"):
        (desk / name).write_bytes(content)
    home = open_home(Settings(home=place.folder, now="2022-02-02T12:00", processes=1))
    one, two = check_files(home, [desk], None, tmp_path / "back")
    assert [Path(each["returned"]).name for each in (one, two)] == ["一.xlsx", "二.xlsx"]
    send(place, given, 2, "一.xlsx")
    night = place.folder / "data/raw/returned/2022-01/濯水镇/一.xlsx"
    assert Path(one["returned"]).read_bytes() == night.read_bytes()
    found = place.query("SELECT rule, level, sheet, cell, value, message FROM finding")
    keys = ("rule", "level", "sheet", "cell", "value", "message")
    assert [tuple(each[key] for key in keys) for each in one["findings"]] == found


def test_a_file_that_is_nobodys_comes_back_with_its_reason(place: Place, given: Return) -> None:
    path = place.folder / "谁的.xlsx"
    path.write_bytes(content_of(given, unit_text="某镇"))
    home = open_home(Settings(home=place.folder, now="2022-02-02T12:00", processes=1))
    (entry,) = check_files(home, [path], None, place.folder / "back")
    sheet = openpyxl.load_workbook(entry["returned"]).worksheets[0]
    assert any(entry["reason"] == cell.value for row in sheet.iter_rows() for cell in row)


def test_nothing_is_written_over_at_the_desk(place: Place, given: Return) -> None:
    desk, back = place.folder / "desk", place.folder / "desk" / "退回"
    desk.mkdir()
    (desk / "一.xlsx").write_bytes(content_of(given))
    home = open_home(Settings(home=place.folder, now="2022-02-02T12:00", processes=1))
    check_files(home, [desk], None, back)
    (back / "一.xlsx").write_bytes(b"filled in")
    (entry,) = check_files(home, [desk], None, back)
    assert (Path(entry["returned"]).name, (back / "一.xlsx").read_bytes()) == (
        "一（2）.xlsx",
        b"filled in",
    )
    with pytest.raises(Misuse, match="is itself checked"):
        check_files(home, [desk], None, desk)


def test_a_rebuild_takes_away_what_its_warehouse_does_not_know(
    place: Place, given: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(place, given, 2, "一.xlsx")
    monkeypatch.setattr(over_time, "_across", lambda *_: None)
    pipeline.rebuild(place.home("2022-02-03T09:00"))
    assert (returned(place), place.query("SELECT * FROM returned")) == ([], [])


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a/b/濯水镇.2023.xlsx", "濯水镇.2023"),
        ("..\\..\\一.xls", "一"),
        ("nul.csv", "_nul"),
        ("con.a.xlsx", "_con.a"),
        ("问:题?.xlsx", "问_题_"),
        ("\udce6.xlsx", "_"),
        (" .xlsx", "报表"),
        ("长" * 300 + ".xlsx", "长" * 50),
    ],
)
def test_names_are_such_as_every_file_system_takes(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_names_are_told_apart_in_capitals_too() -> None:
    assert free_stem("a", {"A", "a（2）"}) == "a（3）"


def test_a_decision_is_published_whatever_cannot_go_back(place: Place, given: Return) -> None:
    (place.folder / "data/raw").mkdir(parents=True)
    (place.folder / "data/raw/returned").write_text("in the way")
    place.drop("谁的.xlsx", content_of(given, unit_text="某镇"))
    place.night("2022-02-02T23:00")
    ((submission,),) = place.query("SELECT submission FROM submission")
    event = {"event": "assign", "submission": submission, "unit": TOWN, "month": "2022-01"}
    with pytest.raises(Unreachable, match="recorded, but not all went back"):
        pipeline.decide(place.home("2022-02-03T09:00"), event | {"reason": "来电", "by": "王五"})
    assert states(place) == ["held"]
    assert place.query("SELECT step FROM form_step WHERE form = ? ORDER BY step", FORM) == [
        ("assigned",),
        ("held",),
    ]
