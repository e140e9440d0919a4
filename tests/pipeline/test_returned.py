"""The workbooks that a night sends back, and what comes of them when they return."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows import pipeline
from flows.demo.returns import Return
from flows.demo.world import World
from flows.home import open_home
from flows.offline import check_files
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


def test_a_backfill_takes_back_what_no_longer_has_to_return(place: Place, district: World) -> None:
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
    place.send(first, "三.xlsx", "2022-03-06T10:00")
    place.night("2022-03-07T23:00")
    pipeline.backfill(place.home("2022-03-08T09:00"), JANUARY, JANUARY + 1)
    assert (returned(place), place.query("SELECT * FROM returned")) == ([], [])
    before = place.tables()
    pipeline.rebuild(place.home("2024-01-01T00:00"))
    assert place.tables() == before


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
