"""Targets from a file to progress: versions, names, and everything that has to move it."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import pipeline
from flows.cli import program
from flows.demo.returns import LedgerSheet, Return
from flows.demo.world import World
from tests.homes import OTHER_TOWN, TOWN, Place, fill

JANUARY = 2022 * 12
D = Decimal
VISITS = "bathing_service_visits"
RATE, RATE_ZH = "living_tomb_removal_rate", "“活人墓”拆除率"
OURS = f"FROM progress WHERE indicator = '{VISITS}' AND quarter = '2022Q1'"


def table(given: Return, change: Callable[[dict], None]) -> Return:
    """The table of targets with each row changed."""
    (sheet,) = given.sheets
    assert isinstance(sheet, LedgerSheet)
    rows = [dict(row) for row in sheet.rows]
    for row in rows:
        change(row)
    return given.with_sheet(replace(sheet, rows=tuple(rows)))


def twice(row: dict) -> None:
    for quarter in (1, 2, 3, 4):
        if row[f"target_q{quarter}"] is not None:
            row[f"target_q{quarter}"] *= 2


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, district: World) -> Place:
    """A home with the targets of 2022 and the first quarter of one township."""
    place = Place(tmp_path_factory.mktemp("targets"))
    place.send(district.targets[2022], "目标.xlsx", "2022-02-02T10:00")
    fill(place, district, "2022-01", "2022-03", (TOWN,))
    return place


@pytest.fixture
def home(filled: Place, tmp_path: Path) -> Place:
    return filled.copied(tmp_path / "home")


def visits(district: World, unit: str = TOWN) -> Decimal:
    """A unit's visits of the first quarter."""
    months = (district.amounts(unit, JANUARY + each)[VISITS][0] for each in range(3))
    return sum(months, D(0))


def rounded(value: Decimal) -> Decimal:
    return value.quantize(D("1E-10"), "ROUND_HALF_UP")


def test_completion_and_lead_are_exact_decimals(home: Place, district: World) -> None:
    types = home.query("SELECT column_name, column_type FROM (DESCRIBE progress)")
    assert dict(types)["completion"] == dict(types)["lead"] == "DECIMAL(38,10)"
    ((target, value, completion, time, lead, year, expected, reported),) = home.query(
        "SELECT target, value, completion, time_progress, lead, year_target, units_expected, "
        f"units_reported {OURS}"
    )
    assert (value, time, reported) == (visits(district), 25, 1)
    assert expected == 30
    assert year > target
    assert completion == rounded(100 * value / target)
    assert lead == completion - 100


def test_a_quarter_without_a_target_of_its_own_is_set_against_the_year(home: Place) -> None:
    ((target, value, completion, lead, year),) = home.query(
        "SELECT target, value, completion, lead, year_target FROM progress "
        "WHERE indicator = 'canteens_operating' AND quarter = '2022Q1'"
    )
    assert target is None
    assert completion == rounded(100 * value / year)
    assert lead == completion - 25


def test_a_rate_is_compared_in_points_and_has_no_completion(home: Place) -> None:
    ((value, completion, lead, year),) = home.query(
        "SELECT value, completion, lead, year_target FROM progress "
        f"WHERE indicator = '{RATE}' AND quarter = '2022Q1'"
    )
    assert completion is None
    assert lead == value - year


def test_every_quarter_of_the_year_has_a_row_and_those_to_come_have_no_value(home: Place) -> None:
    rows = home.query(
        f"SELECT quarter, value IS NULL, completion IS NULL, lead IS NULL FROM progress "
        f"WHERE indicator = '{VISITS}' ORDER BY 1"
    )
    assert [quarter for quarter, *_ in rows] == ["2022Q1", "2022Q2", "2022Q3", "2022Q4"]
    assert [tuple(nulls) for _, *nulls in rows] == [(False,) * 3, *[(True,) * 3] * 3]


def test_a_new_table_replaces_the_year_and_the_old_one_stays(home: Place, district: World) -> None:
    before = home.query("SELECT quarter, indicator, target FROM target ORDER BY ALL")
    (sheet,) = table(district.targets[2022], twice).sheets
    assert isinstance(sheet, LedgerSheet)
    assert sheet.rows[0]["indicator_name"] == "“六送六进”活动场次"
    less = district.targets[2022].with_sheet(replace(sheet, rows=sheet.rows[1:]))
    home.send(less, "目标2.xlsx", "2022-05-02T10:00")
    home.night("2022-05-03T23:00")
    now = home.query("SELECT quarter, indicator, target FROM target ORDER BY ALL")
    kept = [each for each in before if each[1] != "six_deliveries_sessions"]
    assert now == [(quarter, name, 2 * target) for quarter, name, target in kept]
    as_of = "SELECT quarter, indicator, target FROM target_as_of(TIMESTAMP '{}') ORDER BY ALL"
    assert home.query(as_of.format("2022-05-01")) == before
    assert home.query(as_of.format("2022-05-04")) == now
    assert home.query(as_of.format("2022-01-01")) == []
    # Nothing but the targets changed, and progress went with them.
    ((target, completion),) = home.query(f"SELECT target, completion {OURS}")
    assert ("2022Q1", VISITS, target / 2) in before
    assert completion == rounded(100 * visits(district) / target)
    gone = "SELECT count(*) FROM progress WHERE indicator = 'six_deliveries_sessions'"
    assert home.query(gone) == [(0,)]


def test_a_name_with_other_quotes_is_the_same_target(home: Place, district: World) -> None:
    def requote(row: dict) -> None:
        row["indicator_name"] = row["indicator_name"].replace("“", '"').replace("”", '" ')

    before = home.query("SELECT quarter, indicator, target FROM target ORDER BY ALL")
    home.send(table(district.targets[2022], requote), "目标2.xlsx", "2022-05-02T10:00")
    home.night("2022-05-03T23:00")
    assert home.query("SELECT quarter, indicator, target FROM target ORDER BY ALL") == before
    names = home.query(f"SELECT DISTINCT indicator_name FROM target WHERE indicator = '{RATE}'")
    assert names != [(RATE_ZH,)]


def test_progress_follows_values_alone(home: Place, district: World) -> None:
    for month in range(3):
        home.send(
            district.returns[OTHER_TOWN, JANUARY + month], f"{month}.xlsx", "2022-04-10T10:00"
        )
    home.night("2022-04-10T23:00")
    both = visits(district) + visits(district, OTHER_TOWN)
    assert home.query(f"SELECT value, units_reported {OURS}") == [(both, 2)]


def test_progress_follows_a_withdrawal_a_backfill_and_a_rebuild(
    home: Place, district: World
) -> None:
    def both() -> list[list[tuple]]:
        names = ("progress", "target")
        return [home.query(f"SELECT * FROM {name} ORDER BY ALL") for name in names]

    at_first = both()
    home.send(table(district.targets[2022], twice), "目标2.xlsx", "2022-05-02T10:00")
    home.night("2022-05-03T23:00")
    assert [one == other for one, other in zip(both(), at_first, strict=True)] == [False, False]
    ((submission,),) = home.query("SELECT max(submission) FROM target")
    said = {"submission": submission, "form": "targets", "reason": "撤销", "by": "x"}
    pipeline.decide(home.home("2022-05-05T09:00"), {"event": "withdraw"} | said)
    assert both() == at_first
    pipeline.backfill(home.home("2022-05-06T09:00"), JANUARY, JANUARY, forms=("targets",))
    assert both() == at_first
    pipeline.rebuild(home.home("2022-05-07T09:00"))
    assert both() == at_first


def test_the_command_prints_the_quarter_and_gives_it_as_json(
    filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINZHENG_HOME", str(filled.folder))
    runner = CliRunner()
    shown = runner.invoke(program, ["progress"])
    assert shown.exit_code == 0
    rows = filled.query("SELECT lead FROM progress WHERE quarter = '2022Q1' ORDER BY lead")
    behind = sum(lead < 0 for (lead,) in rows)
    first, headings, *lines = shown.output.splitlines()
    assert first == f"2022Q1: met {len(rows) - behind}, behind {behind}, unknown 0"
    assert headings.split()[:4] == ["indicator", "unit", "target", "year_target"]
    assert len(lines) == len(rows)
    ((completion, lead),) = filled.query(f"SELECT completion, lead {OURS}")
    (line,) = (each for each in lines if "助浴快车" in each)
    assert f"{completion.quantize(D('0.1'), 'ROUND_HALF_UP'):,}" in line.split()
    told = json.loads(runner.invoke(program, ["progress", "--quarter", "2022Q1", "--json"]).output)
    (ours,) = (each for each in told["targets"] if each["indicator"] == VISITS)
    assert (D(ours["completion"]), D(ours["lead"])) == (completion, lead)
    assert [D(each["lead"]) for each in told["targets"]] == [lead for (lead,) in rows]
    nothing = runner.invoke(program, ["progress", "--quarter", "2030Q1"])
    assert (nothing.exit_code, "no target for 2030Q1" in nothing.output) == (5, True)
    assert runner.invoke(program, ["progress", "--quarter", "2022"]).exit_code == 2


def test_targets_sent_before_january_is_over_are_there_at_once(
    place: Place, district: World
) -> None:
    place.send(district.targets[2022], "目标.xlsx", "2022-01-10T10:00")
    place.night("2022-01-10T23:00")
    ((rows, valued),) = place.query("SELECT count(*), count(value) FROM progress")
    assert (rows, valued) == (4 * 9, 0)
    (submission,) = {name for (name,) in place.query("SELECT submission FROM target")}
    said = {"submission": submission, "form": "targets", "reason": "撤销", "by": "x"}
    pipeline.decide(place.home("2022-01-11T09:00"), {"event": "withdraw"} | said)
    assert place.query("SELECT count(*) FROM progress") == [(0,)]
    assert place.query("SELECT count(*) FROM target_as_of(TIMESTAMP '2022-01-10 20:00')") != [(0,)]
