"""minzheng share: the folder it writes and what it says of it."""

import json
import shutil
from decimal import Decimal

import duckdb

from schemas.declaration import DECLARATION
from tests.cli.test_cli import run
from tests.homes import Place
from tests.sharing.worlds import Warehouses

FACTS = """
2022-01..2022-03 500114001 five_child_attendance 3
2022-01..2022-03 500114001 five_child_sessions 1
2022-01..2022-03 500114002 orphans 3
2022-01..2022-03 500114003 orphans 40
"""


def test_a_quarter_is_shared_and_only_numbers_of_units_are_said(
    place: Place, warehouses: Warehouses
) -> None:
    made = warehouses.of(DECLARATION, FACTS, ("服务未成年人次", "“五童行动”服务活动场次"))
    warehouse = place.home("2022-05-01").settings.warehouse
    warehouse.parent.mkdir(parents=True)
    shutil.copyfile(made, warehouse)
    words = "share", "--quarter", "2022Q1", "--json"
    refused = run(place, *words, now="2022-05-01T10:00")
    assert (refused.returncode, "2022Q1 is provisional" in refused.stderr) == (2, True)
    result = run(place, *words, "--provisional", now="2022-04-01T00:00")
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    # 9 children in all are one unit's alone: nobody can cover it, the district goes too.
    assert said["withheld"] == [
        {"indicator": "five_child_attendance", "units": 1, "district": "all"},
        {"indicator": "orphans", "units": 2, "district": "shown"},
        {"indicator": "child_support_funds", "units": 2, "district": "shown"},
        {"indicator": "relief_funds", "units": 2, "district": "shown"},
        {"indicator": "five_child_attendance_per_session", "units": 1, "district": "all"},
        {"indicator": "relief_per_assisted_person", "units": 2, "district": "shown"},
    ]
    folder = place.folder / "data/reports/2022Q1/share"
    assert said["folder"] == str(folder)
    assert {each.stem for each in folder.iterdir()} == set(said["tables"])
    progress = duckdb.sql(
        f"SELECT indicator, value::INTEGER, completion, suppressed FROM '{folder}/progress.parquet' "
        "ORDER BY indicator"
    ).fetchall()
    # 3 sessions of 18 are a sixth; 9 children of 18 would be a half.
    assert [(*row[:2], row[2] and round(row[2], 1), row[3]) for row in progress] == [
        ("five_child_attendance", None, None, True),
        ("five_child_sessions", 3, Decimal("16.7"), False),
    ]


def test_wrong_quarters_are_told_in_a_line(place: Place) -> None:
    wrong = run(place, "share", "--quarter", "2022-03")
    assert (wrong.returncode, "write it as 2023Q1" in wrong.stderr) == (2, True)
    absent = run(place, "share", "--quarter", "2021Q4")
    assert (absent.returncode, absent.stderr.count("\n")) == (5, 1)
