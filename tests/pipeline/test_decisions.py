"""Backfills and the analyst's decisions: recorded, reversible, replayed."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows import pipeline
from flows.collecting.journal import Journal
from flows.dated_totals import Total, read_totals
from flows.demo.world import World
from flows.errors import NotThere
from flows.settings import Settings
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from schemas.declaring.periods import parse_month
from tests.homes import OTHER_TOWN, TOWN, Place, changed, content_of, fill, only

JANUARY = 2022 * 12
FIGURE = "severely_disabled_in_care"
D = Decimal


def rebuilt_alike(place: Place) -> bool:
    before = place.tables()
    pipeline.rebuild(place.home("2024-01-01T00:00"))
    return place.tables() == before


def test_a_later_file_changes_no_earlier_verdict_a_backfill_does(
    place: Place, district: World
) -> None:
    first, second = (district.returns[TOWN, month] for month in (JANUARY, JANUARY + 1))
    cumulative = district.amounts(TOWN, JANUARY)["salon_sessions"][1]
    assert cumulative is not None
    wrong = changed(first, "salon_sessions", value=cumulative + 1, year_to_date=cumulative + 1)
    place.send(wrong, "一.xlsx", "2022-02-02T10:00")
    place.night("2022-02-05T23:00")
    place.send(second, "二.xlsx", "2022-03-02T10:00")
    place.night("2022-03-05T23:00")
    held = "SELECT form FROM submission_form WHERE state = 'held'"
    assert place.query(held) == [("marriage_customs",)]
    place.send(first, "三.xlsx", "2022-03-06T10:00")
    place.night("2022-03-07T23:00")
    assert place.query(held) == [("marriage_customs",)]
    home = place.home("2022-03-08T09:00")
    changes = pipeline.dry_run(home, JANUARY, JANUARY + 1)
    assert {row["figure"] for row in changes["cells"]} == {
        "home_harmony_sessions",
        "salon_sessions",
        "custom_reform_bases",
    }
    lines = len(Journal(home.settings.journal).events())
    assert place.query(held) == [("marriage_customs",)]
    outcome = pipeline.backfill(home, JANUARY, JANUARY + 1, note="again")
    assert place.query(held) == []
    assert (outcome.kind, outcome.held) == ("backfill", 0)
    assert len(Journal(home.settings.journal).events()) == lines + 2
    assert place.query(
        "SELECT state FROM coverage WHERE form = 'marriage_customs' AND month = '2022-02-01' "
        "AND unit_code = ?",
        TOWN,
    ) == [("on_time",)]
    assert rebuilt_alike(place)


def test_a_backfill_of_what_is_right_changes_nothing(place: Place, district: World) -> None:
    fill(place, district, "2022-01", "2022-03", (TOWN, OTHER_TOWN))
    before = place.tables()
    outcome = pipeline.backfill(place.home("2022-04-05T23:30"), JANUARY, JANUARY + 2)
    assert outcome.revised == 0
    assert place.tables() == before
    limited = pipeline.backfill(
        place.home("2022-04-05T23:45"), JANUARY, JANUARY, [TOWN], ["elderly_care"]
    )
    assert limited.accepted == 1
    assert place.tables() == before


def test_withdrawing_puts_the_version_before_in_force_again(place: Place, district: World) -> None:
    first = only(district.returns[TOWN, JANUARY], "mental_rehabilitation")
    true = district.amounts(TOWN, JANUARY)[FIGURE][0]
    place.send(first, "一.xlsx", "2022-02-02T10:00")
    place.night("2022-02-03T23:00")
    place.send(changed(first, FIGURE, value=D(77)), "二.xlsx", "2022-02-04T10:00")
    place.night("2022-02-05T23:00")
    value = f"SELECT value FROM monthly_figure WHERE figure = '{FIGURE}'"
    assert place.query(value) == [(D(77),)]
    ((submission,),) = place.query("SELECT submission FROM submission WHERE file_name = '二.xlsx'")
    event = {
        "event": "withdraw",
        "submission": submission,
        "form": "mental_rehabilitation",
        "reason": "填错",
        "by": "analyst",
    }
    pipeline.decide(place.home("2022-02-06T09:00"), event)
    assert place.query(value) == [(true,)]
    states = "SELECT s.file_name, f.state FROM submission_form f JOIN submission s USING (submission) ORDER BY 1"
    assert place.query(states) == [("一.xlsx", "accepted"), ("二.xlsx", "withdrawn")]
    assert place.query("SELECT old_value, new_value FROM revision ORDER BY revised_at") == [
        (true, D(77)),
        (D(77), true),
    ]
    pipeline.backfill(place.home("2022-02-07T09:00"), JANUARY, JANUARY)
    assert place.query(value) == [(true,)]
    assert rebuilt_alike(place)


def test_an_unidentified_file_is_assigned_and_checked_like_any_other(
    place: Place, district: World
) -> None:
    given = district.returns[TOWN, JANUARY]
    place.drop("无名.xlsx", content_of(given, unit_text="某镇"))
    place.night("2022-02-05T23:00")
    ((submission, state),) = place.query("SELECT submission, state FROM submission")
    assert state == "unidentified"
    event = {
        "event": "assign",
        "submission": submission,
        "unit": TOWN,
        "month": "2022-01",
        "reason": "来电确认",
        "by": "analyst",
    }
    pipeline.decide(place.home("2022-02-06T09:00"), event)
    assert place.query("SELECT state, unit_code FROM submission") == [("accepted", TOWN)]
    assert place.query("SELECT DISTINCT state FROM coverage WHERE unit_code = ?", TOWN) == [
        ("on_time",)
    ]
    pipeline.backfill(place.home("2022-02-07T09:00"), JANUARY, JANUARY)
    assert len(place.query("SELECT * FROM monthly_figure")) == len(district.amounts(TOWN, JANUARY))
    assert rebuilt_alike(place)


def history_file(folder: Path, *rows: tuple[object, ...]) -> Path:
    path = folder / "历史.csv"
    lines = ["quarter,unit,figure,value,source", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def totals_of(
    folder: Path,
    *rows: tuple[object, ...],
    declaration: Declaration = DECLARATION,
    taken: bool = False,
) -> list[Total]:
    """What is read from a history file of these rows."""
    path = history_file(folder, *rows)
    return read_totals(path, path.name, declaration, Settings(home=folder), taken=taken)


def test_history_is_the_base_of_what_came_after(
    place: Place, district: World, tmp_path: Path
) -> None:
    units = [unit.code for unit in DECLARATION.reporting_units(JANUARY) if unit.kind != "机关"]
    fill(place, district, "2022-01", "2022-03", tuple(units))
    path = history_file(
        tmp_path,
        ("2021Q1", "500114", "salon_sessions", 200, "2021年统计公报"),
        ("2021Q1", "濯水镇", "salon_sessions", 5, "2021年统计公报"),
    )
    totals = read_totals(path, path.name, DECLARATION, Settings(home=tmp_path))
    assert [(each.month, each.unit, each.value) for each in totals] == [
        (parse_month("2021-03"), "500114", D(200)),
        (parse_month("2021-03"), TOWN, D(5)),
    ]
    home = place.home("2022-04-08T09:00")
    receipt = home.archive.store(
        path.read_bytes(),
        received_at=home.settings.clock(DECLARATION),
        run="",
        channel="history",
        sender="",
        name=path.name,
        source=str(path),
        modified=0.0,
    )
    pipeline.decide(home, {"event": "history", "file": receipt.archived_as, "by": "analyst"})
    total = sum(
        district.amounts(unit, month)["salon_sessions"][0]
        for unit in units
        for month in range(JANUARY, JANUARY + 3)
    )
    ((value, base, rate),) = place.query(
        "SELECT value, base, rate FROM growth WHERE unit_code = ? AND indicator = 'salon_sessions' "
        "AND quarter = '2022Q1' AND comparison = 'yoy'",
        TOWN,
    )
    assert base == 5
    assert rate == (100 * (value - base) / base).quantize(D("1.0000000000"))
    assert place.query(
        "SELECT mark, value FROM monthly_figure WHERE mark = 'history' ORDER BY value"
    ) == [("history", D(5)), ("history", D(200))]
    assert place.query(
        "SELECT value FROM quarterly_indicator WHERE unit_code = '500114' "
        "AND indicator = 'salon_sessions' AND quarter = '2022Q1'"
    ) == [(total,)]
    assert rebuilt_alike(place)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("2021Q5", "濯水镇", "salon_sessions", 5, "报"), "no month or quarter"),
        (("2021Q1", "龙浔镇", "salon_sessions", 5, "报"), "not in the register"),
        (("2021Q1", "濯水镇", "salons", 5, "报"), "not declared"),
        (("2021Q1", "濯水镇", "salon_sessions", "五", "报"), "not a number"),
        (("2022-02", "濯水镇", "salon_sessions", 5, "报"), "lies after the form"),
    ],
)
def test_a_history_file_with_a_fault_is_refused_with_its_line(
    tmp_path: Path, row: tuple[object, ...], said: str
) -> None:
    with pytest.raises(NotThere, match=said) as raised:
        totals_of(tmp_path, row)
    assert "line 2" in str(raised.value)


def test_a_total_from_before_a_unit_was_renamed_is_of_the_unit_it_was(tmp_path: Path) -> None:
    totals = totals_of(
        tmp_path,
        ("2020Q4", "太极镇", "salon_sessions", 5, "报"),  # 太极乡 until 2020-12-31
        ("2021Q1", "太极镇", "salon_sessions", 6, "报"),
        ("2021Q1", "五里乡", "salon_sessions", 7, "报"),  # 五里镇 since
    )
    assert [(each.unit, each.value) for each in totals] == [
        ("500114250", D(5)),
        ("500114123", D(6)),
        ("500114254", D(7)),
    ]


@pytest.mark.parametrize(
    ("units", "said"),
    [
        # Merged from two: neither's share is known.
        (
            {
                "500114253": {"valid_to": date(2020, 12, 31), "successor": "500114123"},
            },
            r"太极镇 in line 2 of 历史\.csv began on 2021-01-01, after 2020-12; "
            "write a line each for 太极乡, .+乡",
        ),
        (
            {"500114250": {"successor": None}},
            "began on 2021-01-01, after 2020-12; correct the line",
        ),
        (
            {"500114123": {"valid_from": None, "valid_to": date(2019, 6, 30)}},
            "太极镇 in line 2 of .* ended on 2019-06-30, before 2020-12, and no unit has taken",
        ),
    ],
)
def test_a_total_of_a_unit_that_was_not_there_is_refused(
    tmp_path: Path, units: dict[str, dict[str, Any]], said: str
) -> None:
    register = tuple(replace(each, **units.get(each.code, {})) for each in DECLARATION.units)
    declaration = replace(DECLARATION, units=register)
    row = "2020Q4", "太极镇", "salon_sessions", 5, "报"
    with pytest.raises(NotThere, match=said):
        totals_of(tmp_path, row, declaration=declaration)
    # The register may have changed since: what was taken in stays as it was written.
    (total,) = totals_of(tmp_path, row, declaration=declaration, taken=True)
    assert total.unit == "500114123"


@pytest.mark.parametrize(
    "lines",
    [
        (("2021-02", "濯水镇"), ("2021Q1", "濯水镇")),
        (("2020Q4", "太极镇"), ("2020Q4", "太极乡")),  # the same, renamed after it
    ],
)
def test_a_history_file_says_each_period_once(
    tmp_path: Path, lines: tuple[tuple[str, str], ...]
) -> None:
    rows = [(*each, "salon_sessions", 5, "报") for each in lines]
    with pytest.raises(NotThere, match=r"Line 3 of 历史\.csv repeats a period"):
        totals_of(tmp_path, *rows)


def test_a_history_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("月份", "单位", "指标", "数值", "来源"),
        ("2021-12", "濯水镇", "孤儿人数", 3, "台账"),
    ):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    path = tmp_path / "h.xlsx"
    path.write_bytes(content.getvalue())
    (total,) = read_totals(path, path.name, DECLARATION, Settings(home=tmp_path))
    assert (total.figure, total.months, total.cell) == ("orphans", 1, "D2")
