"""The command line: one clear line in expected trouble, exit codes, nothing heavy for help."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from click.testing import CliRunner

from flows.cli import program
from flows.demo.world import World
from flows.home import locked
from flows.warehouse.store import connect
from tests.few_units.home import REVISED
from tests.homes import OTHER_TOWN, TOWN, Place, changed, content_of, fill

JANUARY = 2022 * 12


class Said(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


def _environment(place: Place, now: str) -> dict[str, str]:
    return {"MINZHENG_HOME": str(place.folder), "MINZHENG_NOW": now, "MINZHENG_SETTLE_SECONDS": "0"}


def run(place: Place, *words: str, now: str = "2022-02-05T23:00") -> Said:
    """The command in this process, which has imported what it needs."""
    here = _environment(place, now) | {"MINZHENG_PROCESSES": "1"}
    without_prefect = {name: None for name in os.environ if name.startswith("PREFECT_")}
    told = CliRunner().invoke(
        program, words, prog_name="minzheng", env=here | without_prefect, catch_exceptions=False
    )
    return Said(told.exit_code, told.stdout, told.stderr)


def run_apart(place: Place, *words: str, now: str = "2022-02-05T23:00") -> Said:
    """The command as from a shell."""
    environment = {name: value for name, value in os.environ.items() if name[:8] != "PREFECT_"}
    told = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment | _environment(place, now),
    )
    return Said(told.returncode, told.stdout, told.stderr)


def loaded(code: str) -> set[str]:
    """The top-level modules that a piece of code leaves imported."""
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys; print(*{{m.split('.')[0] for m in sys.modules}})",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(result.stdout.splitlines()[-1].split())


HEAVY = {"pandas", "pandera", "duckdb", "prefect", "openpyxl", "numpy", "python_calamine"}


@pytest.mark.parametrize("words", [["--help"], ["nightly", "--nope"], ["backfill", "--help"]])
def test_help_and_wrong_usage_import_nothing_heavy(words: list[str]) -> None:
    code = f"import flows.cli\ntry:\n    flows.cli.program({words})\nexcept SystemExit:\n    pass"
    assert not loaded(code) & HEAVY


def test_check_and_dry_run_never_import_prefect() -> None:
    modules = "flows.offline, flows.pipeline, flows.commands.looking, flows.commands.running"
    assert "prefect" not in loaded(f"import {modules}")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MINZHENG_PROCESSES", "two", "processes is 'two'"),
        ("MINZHENG_NOW", "tomorrow", "MINZHENG_NOW is 'tomorrow'"),
        ("MINZHENG_SCHEMAS", "nowhere", "The schema package 'nowhere' has no module"),
        ("PREFECT_SERVER_API_PORT", "http", "PREFECT_SERVER_API_PORT is 'http'; give a port's"),
        ("PREFECT_SERVER_API_PORT", "70000", "PREFECT_SERVER_API_PORT is '70000'; give a port's"),
    ],
)
def test_serve_starts_nothing_with_a_wrong_setting(
    place: Place, name: str, value: str, said: str
) -> None:
    here: dict[str, str | None] = {"MINZHENG_HOME": str(place.folder), name: value}
    told = CliRunner().invoke(program, ["serve"], env=here)
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr
    assert told.stderr.count("\n") == 1
    assert list(place.folder.iterdir()) == []


def test_help_names_every_command(place: Place) -> None:
    text = run_apart(place, "--help").stdout
    for name in ("demo", "nightly", "backfill", "check", "status", "summary", "assign", "withdraw"):
        assert f"\n  {name} " in text
    later = ("explain", "feeds", "release", "revisions", "export", "share", "progress")
    for name in (*later, "accept", "history", "rebuild", "serve", "templates", "verify"):
        assert f"\n  {name} " in text


def test_a_night_and_what_it_prints(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.drop("说明.txt", "没有表".encode())
    result = run_apart(place, "nightly", "--json")
    assert result.returncode == 0, result.stderr
    said: dict[str, Any] = json.loads(result.stdout)
    assert (said["received"], said["accepted"], said["held"]) == (2, 10, 0)
    assert [each["state"] for each in said["files_with_trouble"]] == ["unreadable"]
    plain = run_apart(place, "nightly")
    assert plain.returncode == 0
    assert "received 0" in plain.stdout
    assert plain.stderr == ""


def test_another_run_holds_the_lock(place: Place) -> None:
    with locked(place.home("2022-02-05T23:00")):
        result = run_apart(place, "nightly")
    assert result.returncode == 3
    assert result.stderr.startswith("minzheng: Another run")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status"], 5),
        (["check", "nothing.xlsx"], 5),
        (["backfill", "--from", "2022-1", "--to", "2022-03"], 2),
        (["backfill", "--from", "2022-03", "--to", "2022-01"], 2),
        (["nope"], 2),
        (["summary", "--month", "2022-01"], 5),
        (["history", "nothing.csv"], 5),
        (["explain", "orphans", "--quarter", "2022Q1"], 5),
        (["explain", "orphans", "--quarter", "2022-1"], 2),
        (["explain", "orphans", "--quarter", "2022Q1", "--comparison", "mom"], 2),
        (["explain", "orphans", "--quarter", "2022Q1", "--comparison", "yoy", "--year-to-date"], 2),
        (["explain", "orphans", "--quarter", "2022Q1", "--as-of", "2022-13"], 2),
        (
            [
                "explain",
                "orphans",
                "--quarter",
                "2022Q1",
                "--as-of",
                "2022-05-01",
                "--release",
                "2022Q1",
            ],
            2,
        ),
        (["feeds", "20220205-0", "--cell", "E6"], 5),
    ],
)
def test_expected_trouble_is_one_line_and_its_code(
    place: Place, words: list[str], code: int
) -> None:
    result = run(place, *words)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


def test_wrong_settings_are_named(place: Place) -> None:
    (place.folder / "minzheng.toml").write_text("proceses = 2\n", encoding="utf-8")
    result = run_apart(place, "nightly")
    assert result.returncode == 2
    assert "proceses" in result.stderr
    (place.folder / "minzheng.toml").write_text("file_seconds = 'two'\n", encoding="utf-8")
    assert "file_seconds" in run(place, "nightly").stderr
    (place.folder / "minzheng.toml").write_text("schemas = 'nowhere'\n", encoding="utf-8")
    assert "nowhere" in run(place, "nightly").stderr


def test_check_finds_what_the_night_finds(place: Place, district: World, tmp_path: Path) -> None:
    fill(place, district, "2022-01", "2022-01", (TOWN,))
    given = changed(district.returns[TOWN, JANUARY + 1], "visited_older_people", value="若干")
    path = tmp_path / "二月.xlsx"
    path.write_bytes(content_of(given))
    warehouse = str(place.folder / "data/warehouse/minzheng.duckdb")
    result = run_apart(
        place, "check", str(path), "--previous-from", warehouse, "--json", now="2022-03-03T09:00"
    )
    assert result.returncode == 1
    (entry,) = json.loads(result.stdout)
    assert [(each["rule"], each["cell"]) for each in entry["findings"]] == [("V02", "E10")]
    place.send(given, at="2022-03-02T10:00")
    place.night("2022-03-05T23:00")
    assert place.query("SELECT rule, cell, message FROM finding") == [
        ("V02", "E10", entry["findings"][0]["message"])
    ]
    good = tmp_path / "一月.xlsx"
    good.write_bytes(content_of(district.returns[TOWN, JANUARY]))
    assert run(place, "check", str(good)).returncode == 0


def test_status_and_reminders(place: Place, district: World) -> None:
    given = district.returns[TOWN, JANUARY]
    rest = {sheet.form for sheet in given.sheets} - {"elderly_care"}
    place.send(given.only(rest))
    place.night("2022-02-08T23:00")
    said = json.loads(run(place, "status", "--json", now="2022-02-08T23:00").stdout)
    assert said["month"] == "2022-01"
    reminder = next(each for each in said["reminders"] if each["unit_code"] == TOWN)
    assert reminder["text"] == (
        "濯水镇：你单位2022年1月报表应于2月5日前报送，现已逾期3天。"
        "尚未报送《养老服务月报表》。请尽快报送。"
    )
    assert (reminder["missing"], reminder["days_late"]) == (["elderly_care"], 3)
    assert "濯水镇" in run(place, "status", "--month", "2022-01").stdout


def test_what_is_held_is_told_with_its_way_and_accepted(
    place: Place, district: World, tmp_path: Path
) -> None:
    given = changed(district.returns[TOWN, JANUARY], "rehab_stations_operating", value=41)
    place.send(given, "一月.xlsx", at="2022-02-02T10:00")
    place.night("2022-02-05T23:00")
    said = json.loads(run(place, "status", "--month", "2022-01", "--json").stdout)
    (held,) = said["held"]
    assert (held["rule"], held["returned"]) == ("X01", "2022-01/濯水镇/一月.xlsx")
    assert [each["step"] for each in said["steps"]] == ["held", "returned"]
    (reminder,) = (each for each in said["reminders"] if each["unit_code"] == TOWN)
    assert (
        "有核实性问题1处（已标在退回的“一月.xlsx”中），请改正或说明原因后重报" in reminder["text"]
    )
    words = ["--form", held["form"], "--reason", "新站已实地看过"]
    refused = run(place, "accept", held["submission"], *words[:3], " ")
    assert (refused.returncode, "needs its reason" in refused.stderr) == (2, True)
    unknown = run(place, "accept", held["submission"], "--form", "养老", *words[2:])
    assert (unknown.returncode, "There is no form '养老'" in unknown.stderr) == (5, True)
    words[1] = "精神障碍社区康复月报表"
    result = run(place, "accept", held["submission"], *words)
    assert "mental_rehabilitation accepted" in result.stdout, result.stderr
    again = run(place, "accept", held["submission"], *words)
    assert (again.returncode, "only a held form" in again.stderr) == (2, True)
    shown = run(place, "status", "--month", "2022-01").stdout
    assert "held 2022-02-05 → returned 2022-02-05" in shown
    assert "→ accepted_by_analyst 2022-02-05 (新站已实地看过, " in shown


def test_an_error_cannot_be_accepted(place: Place, district: World) -> None:
    place.send(changed(district.returns[TOWN, JANUARY], "orphans", value=-1), "一月.xlsx")
    place.night("2022-02-05T23:00")
    ((submission,),) = place.query("SELECT submission FROM submission")
    result = run(place, "accept", submission, "--form", "social_assistance", "--reason", "行")
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1), result.stderr


def test_check_writes_what_would_be_held(place: Place, district: World, tmp_path: Path) -> None:
    path = tmp_path / "一月.xlsx"
    path.write_bytes(content_of(changed(district.returns[TOWN, JANUARY], "orphans", value=-1)))
    result = run(place, "check", str(path), "--return-to", str(tmp_path / "退回"))
    assert result.returncode == 1, result.stderr
    back = tmp_path / "退回" / "一月.xlsx"
    assert f"marked in {back}" in result.stdout
    assert openpyxl.load_workbook(back).sheetnames[0] == "问题清单"
    refused = run(place, "check", str(path), "--return-to", str(path))
    assert (refused.returncode, "name a folder" in refused.stderr) == (5, True)


def test_the_months_summary_adds_up(place: Place, district: World, tmp_path: Path) -> None:
    fill(place, district, "2022-01", "2022-01", (TOWN, OTHER_TOWN))
    place.night("2022-02-06T23:00")
    path = tmp_path / "汇总.xlsx"
    result = run(place, "summary", "--month", "2022-01", "--out", str(path))
    assert result.returncode == 0, result.stderr
    sheet = openpyxl.load_workbook(path)["社会救助月报表"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=6)}
    total = sum(
        district.amounts(unit, JANUARY)["urban_dibao_households"][0] for unit in (TOWN, OTHER_TOWN)
    )
    assert rows["合计"][2].value == total
    assert rows["石会镇"][2].value == "未报"
    assert sheet.print_title_rows == "$1:$5"


def test_templates_are_handed_out_with_and_without_a_warehouse(
    place: Place, district: World, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    told = run(place, "templates", "--month", "2022-02", "--unit", "濯水镇", "--out", str(out))
    assert (told.returncode, told.stdout) == (0, f"{out}/濯水镇2022-02月报.xlsx\n")
    assert "There is no warehouse yet" in told.stderr
    fill(place, district, "2022-01", "2022-01", (TOWN,))
    again = run(place, "templates", "--month", "2022-02", "--out", str(out))
    assert (again.returncode, again.stdout) == (2, "")
    assert "濯水镇2022-02月报.xlsx" in again.stderr
    assert again.stderr.count("\n") == 1
    assert [each.name for each in out.iterdir()] == ["濯水镇2022-02月报.xlsx"]
    told = run(
        place, "templates", "--month", "2022-02", "--unit", "濯水镇", "--unit", TOWN,
        "--out", str(tmp_path / "new"), "--json",
    )  # fmt: skip
    (entry,) = json.loads(told.stdout)
    assert (entry["unit_code"], entry["unit_name"], entry["month"]) == (TOWN, "濯水镇", "2022-02")
    assert entry["forms"][0] == "social_assistance"
    sheet = openpyxl.load_workbook(entry["file"])["社会救助月报表"]
    value = district.amounts(TOWN, JANUARY)["urban_dibao_households"][0]
    assert sheet["H6"].value == value
    for unit, month in (("水濯镇", "2022-02"), ("白石乡", "2022-02"), ("濯水镇", "2019-01")):
        wrong = run(place, "templates", "--month", month, "--unit", unit, "--out", str(out))
        assert (wrong.returncode, wrong.stderr.count("\n")) == (5, 1), wrong.stderr


def test_assign_withdraw_and_history_from_the_command_line(
    place: Place, district: World, tmp_path: Path
) -> None:
    place.drop("无名.xlsx", content_of(district.returns[TOWN, JANUARY], unit_text="某镇"))
    place.night("2022-02-05T23:00")
    ((submission,),) = place.query("SELECT submission FROM submission")
    words = ["--unit", "濯水镇", "--month", "2022-01", "--reason", "来电确认"]
    result = run(place, "assign", submission, *words)
    assert "accepted" in result.stdout, result.stderr
    again = run(place, "assign", submission, *words)
    assert (again.returncode, "only an unidentified" in again.stderr) == (2, True)
    result = run(place, "withdraw", submission, "--form", "elderly_care", "--reason", "误收")
    assert "elderly_care withdrawn" in result.stdout, result.stderr
    assert place.query("SELECT count(*) FROM elderly_care") == [(0,)]
    path = tmp_path / "h.csv"
    path.write_text(
        "month,unit,figure,value,source\n2021-12,濯水镇,orphans,3,x\n", encoding="utf-8"
    )
    assert "1 dated totals" in run(place, "history", str(path)).stdout
    rebuilt = run(place, "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert place.query("SELECT value FROM monthly_figure WHERE mark = 'history'") == [(3,)]


def test_a_number_is_explained_and_its_cell_says_what_it_feeds(
    place: Place, district: World
) -> None:
    fill(place, district, "2022-01", "2022-03", (TOWN,))
    words = ["orphans", "--quarter", "2022Q1", "--unit", "濯水镇"]
    told = run(place, "explain", *words)
    value = district.amounts(TOWN, JANUARY + 2)["orphans"][0]
    assert told.returncode == 0, told.stderr
    first, cell, last = told.stdout.splitlines()
    assert first.startswith(f"孤儿人数 濯水镇 2022Q1 = {value} 人  (adds up; ")
    assert cell.startswith(f"└─ 2022-03 = {value}  社会救助月报表!E")
    assert last == "adds up: 1 of 1 numbers, worked out again"
    tree = json.loads(run(place, "explain", *words, "--json").stdout)
    assert (tree["value"], tree["adds_up"], tree["all_add_up"]) == (str(value), True, True)
    leaf = tree["children"][0]["children"][0]
    assert leaf["file_name"] == "濯水镇2022-03月报.xlsx"
    place_of = f"{leaf['sheet']}!{leaf['cell']}"
    fed = json.loads(run(place, "feeds", leaf["submission"], "--cell", place_of, "--json").stdout)
    assert (fed["value"], fed["state"], fed["figure"]) == (str(value), "accepted", "orphans")
    assert {
        "quarter": "2022Q1", "unit_code": TOWN, "indicator": "orphans",
        "value": str(value), "year_to_date": str(value),
    } in fed["levels"]  # fmt: skip
    told = run(place, "feeds", leaf["submission"], "--cell", place_of, "--depth", "1")
    assert "(in force)" in told.stdout.splitlines()[0], told.stderr
    assert told.stdout.splitlines()[-1] == (
        f"feeds {len(fed['levels'])} levels and {len(fed['growth'])} comparisons"
    )

    with connect(place.folder / "data/warehouse/minzheng.duckdb") as connection:
        connection.execute(
            "UPDATE internal.figure_value SET value = value + 1 WHERE figure = 'orphans'"
        )
    told = run(place, "explain", "孤儿人数", *words[1:])
    assert told.returncode == 1, told.stderr
    first, _, last = told.stdout.splitlines()
    assert first.endswith(f"DOES NOT ADD UP: published is {value}")
    assert last == "does not add up: 1 of 1 numbers, worked out again"


def test_a_number_is_explained_as_it_was_released_and_as_it_stood_then(
    few_units: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINZHENG_SCHEMAS", few_units.schemas)
    words = ["explain", REVISED, "--quarter", "2022Q4", "--unit", "城东街道"]
    now = json.loads(run(few_units, *words, "--json").stdout)
    told = run(few_units, *words, "--release", "2022Q4")
    assert told.returncode == 0, told.stderr
    state, first, cell, last = told.stdout.splitlines()
    assert state == (
        "released as 2022Q4, as of 2023-01-08 01:00 UTC, by today's formulas, lines and units"
    )
    # the correction after the release added 2
    value = f"{Decimal(now['value']) - 2:f}".rstrip("0").rstrip(".")
    assert first.endswith(f"2022Q4 = {value} 人  (adds up; released)")
    assert "城东街道2022-12月报.xlsx" in cell
    assert last == "adds up: 1 of 1 numbers, worked out again"
    # 09:00 in the district is 01:00 UTC
    then = run(few_units, *words, "--as-of", "2023-01-08T09:00+08:00", "--json")
    shown = json.loads(then.stdout)
    assert Decimal(shown["value"]) == Decimal(value)
    assert (shown["release"], shown["all_add_up"]) == (None, True)
    assert shown["as_of"].startswith("2023-01-08")
