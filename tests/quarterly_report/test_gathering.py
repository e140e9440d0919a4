"""What a report is made from: of one state, after suppression, the same for ever of a release."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows import pipeline
from flows.errors import Misuse, NotThere
from flows.quarterly_report.filling import state_said
from flows.quarterly_report.gathering import gathered
from flows.quarterly_report.items import report_of
from flows.quarterly_report.page import page
from flows.quarterly_report.tables import tables
from flows.quarterly_report.word.document import word
from flows.quarterly_report.word.template import template_of
from flows.warehouse.store import connect
from schemas.declaring.periods import parse_quarter
from schemas.report import REPORT
from tests.few_units.declaration import DECLARATION
from tests.few_units.home import CORRECTED, LAST, MISSING, QUERIED, RELEASED, REVISED, WRONG
from tests.homes import Place
from tests.quarterly_report.conftest import Gathered
from tests.quarterly_report.statuses import STATUSES, facts
from tests.sharing.worlds import Warehouses

DISTRICT, Q1 = "500114", parse_quarter("2023Q1")


def warehouse_of(place: Place) -> Path:
    return place.folder / "data/warehouse/minzheng.duckdb"


def test_what_is_missing_is_named_with_its_month_and_form(provisional: Gathered) -> None:
    contents, _ = provisional
    assert contents.maturity == "provisional"
    gaps = {(gap.unit_code, gap.form, gap.state) for gap in contents.gaps}
    assert {gap.month for gap in contents.gaps} == {LAST}
    assert {(QUERIED, "social_assistance", "held"), (WRONG, "social_assistance", "held")} <= gaps
    missing = {form for unit, form, state in gaps if (unit, state) == (MISSING, "missing")}
    assert missing == {form.name for form in DECLARATION.due(MISSING, LAST)}
    assert len(gaps) == 2 + len(missing)
    assert contents.lacking("assisted_people") == (WRONG, QUERIED, MISSING)


def test_nothing_that_is_suppressed_has_a_number(provisional: Gathered) -> None:
    contents, _ = provisional
    hidden = [each for each in contents.levels.values() if each.suppressed]
    assert hidden
    assert all(each.value is None or each.year_to_date is None for each in hidden)
    months = [each for each in contents.months.values() if each.mark == "suppressed"]
    assert months
    assert {(each.value, each.year_to_date) for each in months} == {(None, None)}
    compared = [each for each in contents.growth.values() if each.status == "suppressed"]
    assert {(each.value, each.base, each.change, each.rate, each.pull) for each in compared} == {
        (None,) * 5
    }


def test_what_has_changed_since_the_last_release_is_there(provisional: Gathered) -> None:
    since = provisional[0].since
    assert since is not None
    assert (since.release, since.hidden) == ("2022Q4", 0)
    (revision,) = since.revisions
    assert (revision.unit_code, revision.month, revision.figure) == (CORRECTED, RELEASED, REVISED)
    assert revision.new_value is not None
    assert revision.old_value is not None
    assert revision.new_value - revision.old_value == 2
    assert revision.file_name == "再次更正.xlsx"
    moved = {each.measure for each in since.effects if each.indicator == REVISED}
    assert {"value", "year_to_date"} <= moved


def test_a_release_is_reported_the_same_after_a_correction(
    few_units: Place, released: Gathered, tmp_path: Path
) -> None:
    contents, _ = released
    # The correction came after the release: the report has the value from before it.
    ((frozen,),) = few_units.query(
        "SELECT value FROM released_indicator WHERE unit_code = ? AND indicator = ?",
        CORRECTED, REVISED,
    )  # fmt: skip
    ((live,),) = few_units.query(
        "SELECT value FROM quarterly_indicator WHERE quarter = '2022Q4' AND unit_code = ? "
        "AND indicator = ?", CORRECTED, REVISED,
    )  # fmt: skip
    level = contents.level(REVISED, CORRECTED)
    assert level is not None
    assert (level.value, live - frozen) == (frozen, 2)
    place = few_units.copied(tmp_path / "home")
    ((name,),) = place.query(
        "SELECT submission FROM submission WHERE file_name = '再次更正.xlsx'"
    )  # fmt: skip
    event = {"event": "withdraw", "submission": name, "form": "mental_rehabilitation"}
    pipeline.decide(place.home("2023-04-09T09:00"), event | {"reason": "误报", "by": "analyst"})
    ((again,),) = place.query(
        "SELECT value FROM quarterly_indicator WHERE quarter = '2022Q4' AND unit_code = ? "
        "AND indicator = ?", CORRECTED, REVISED,
    )  # fmt: skip
    assert again == frozen
    quarter = parse_quarter("2022Q4")
    with gathered(warehouse_of(place), DECLARATION, quarter, "2022Q4", threshold=5) as (later, _):
        assert later.levels == contents.levels
        assert later.growth == contents.growth
        assert later.months == contents.months
        assert later.coverage == contents.coverage
        assert later.ledgers == contents.ledgers
        assert (later.targets, later.findings, later.since) == (
            contents.targets, contents.findings, contents.since,
        )  # fmt: skip
        first, second = (word(each, template_of(REPORT)) for each in (contents, later))
        assert first.blocks == second.blocks
        assert first.notes == second.notes
        assert page(later) == page(contents)
        assert tables(later) == tables(contents)


def test_wrong_quarters_and_releases_are_told_in_a_sentence(
    few_units: Place, tmp_path: Path
) -> None:
    warehouse = warehouse_of(few_units)
    for path, quarter, release, error, said in (
        (tmp_path / "none.duckdb", Q1, None, NotThere, "no warehouse"),
        (warehouse, parse_quarter("2019Q1"), None, NotThere, "nothing of 2019Q1"),
        (warehouse, Q1, "2022Q4", Misuse, "ask for --quarter 2022Q4"),
        (warehouse, Q1, "first", NotThere, "no release 'first'; there are: 2022Q4"),
    ):
        with (
            pytest.raises(error, match=said),
            gathered(path, DECLARATION, quarter, release, threshold=5),
        ):
            pass


def test_a_district_without_a_report_gets_a_section_a_form(tmp_path: Path) -> None:
    declaration = replace(STATUSES, report=None)
    report = report_of(declaration)
    assert [(each.title_zh, each.forms) for each in report.programmes] == [("月报", ("all",))]
    path = Warehouses(tmp_path).of(declaration, facts())
    with connect(path) as connection:
        connection.execute(
            "INSERT INTO main.run (run, kind, started_at, finished_at) "
            "VALUES ('r', 'nightly', '2022-04-05', '2022-04-05')"
        )
    with gathered(path, declaration, parse_quarter("2022Q1"), None, threshold=5) as (contents, _):
        made = word(contents, template_of(report))
        text = "".join(piece.text for block in made.blocks for piece in block.pieces)
        assert "某区2022年一季度统计情况报告" in text
        assert "上升数250人" in text


def test_a_form_that_is_not_past_due_is_no_gap(tmp_path: Path) -> None:
    path = Warehouses(tmp_path).of(STATUSES, facts())
    with connect(path) as connection:
        connection.execute(
            "INSERT INTO main.run (run, kind, started_at, finished_at) "
            "VALUES ('r', 'nightly', '2022-02-05', '2022-02-05')"
        )
        connection.execute(
            "UPDATE internal.due_form SET state = CASE WHEN month_start < '2022-02-01' "
            "THEN 'on_time' END"
        )
    with gathered(path, STATUSES, parse_quarter("2022Q1"), None, threshold=5) as (contents, _):
        assert contents.gaps == ()
        assert "尚有4份报表未到报送期" in state_said(contents)
