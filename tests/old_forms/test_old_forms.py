"""Returns on the forms of 2021 and of 2022 through nights, backfills and rebuilds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows import pipeline
from flows.errors import NotThere
from flows.reporting.summary import write_summary
from flows.warehouse.store import reading
from schemas.declaring.periods import first_day, month_label, parse_month
from tests import plain
from tests.comparing.test_sql_against_plain import computed, differences
from tests.computing.world import Fact, FormState
from tests.homes import OTHER_TOWN, TOWN, Place
from tests.old_forms import returns
from tests.old_forms.declaration import DECLARATION, LAST
from tests.old_forms.returns import D, Line, amounts, right, send, send_all

SCHEMAS, FIRST_TRY = "tests.old_forms", "tests.old_forms.first_try"
AID = "temporary_aid_funds"
NOVEMBER, JANUARY = parse_month("2021-11"), parse_month("2022-01")


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Fifteen months of two townships, only to be looked at."""
    place = Place(tmp_path_factory.mktemp("reported"), schemas=SCHEMAS)
    send_all(place)
    return place


@pytest.fixture
def place(reported: Place, tmp_path: Path) -> Place:
    """The same, to be changed."""
    folder = tmp_path / "home"
    shutil.copytree(reported.folder, folder)
    return Place(folder, schemas=SCHEMAS)


def test_every_value_of_either_form_is_in_force_in_the_unit_of_today(reported: Place) -> None:
    assert reported.query("SELECT rule, message FROM finding") == []
    found = {
        (unit, month, figure): (value, year_to_date)
        for unit, month, figure, value, year_to_date in reported.query(
            "SELECT unit_code, month, figure, value, year_to_date FROM monthly_figure"
        )
    }
    expected = {}
    for unit in returns.UNITS:
        for month in range(returns.START, returns.END + 1):
            for name, each in amounts(unit, month).items():
                flow = DECLARATION.figures[name].kind == "flow"
                cells = (each.value, each.year_to_date if flow else None)
                expected[unit, first_day(month), name] = cells
    assert found == expected
    assert found[OTHER_TOWN, first_day(NOVEMBER), AID][0] == D("1.023715")  # of 10,237.15 元


def test_rules_over_lines_that_an_old_form_did_not_have_are_not_asked_of_it(
    reported: Place,
) -> None:
    found = reported.query(
        "SELECT DISTINCT f.form, s.month >= '2022-01-01', f.unverifiable FROM submission_form f "
        "JOIN submission s USING (submission) WHERE s.month > '2021-01-01' ORDER BY ALL"
    )
    # No ledger came that these lines of the funeral form could be compared with: three, then four.
    assert found == [
        ("funeral_reform", False, 3),
        ("funeral_reform", True, 4),
        ("social_assistance", False, 0),
        ("social_assistance", True, 0),
    ]


def test_the_table_of_figures_has_a_row_a_version(reported: Place) -> None:
    assert reported.query(
        "SELECT code, unit, asked_in, strftime(valid_from, '%Y-%m'), strftime(valid_to, '%Y-%m') "
        "FROM figure WHERE figure = ? ORDER BY valid_from",
        AID,
    ) == [("0104", "万元", "元", "2021-01", "2021-12"), ("0120", "万元", "万元", "2022-01", None)]
    assert reported.query("SELECT unit FROM indicator WHERE indicator = ?", AID) == [("万元",)]
    assert reported.query(
        "SELECT strftime(valid_from, '%Y-%m') FROM figure WHERE figure = 'other_relief_funds'"
    ) == [("2022-01",)]


def test_a_forms_view_has_both_years_in_one_column(reported: Place) -> None:
    assert reported.query(
        f"SELECT {AID}, other_relief_funds FROM social_assistance WHERE unit_code = ? "
        "AND month IN ('2021-12-01', '2022-01-01') ORDER BY month",
        TOWN,
    ) == [(D("1.1507"), None), (D("1.2"), D("0.3"))]


def growth(place: Place, indicator: str, comparison: str, quarter: str = "2022Q1") -> Any:
    (row,) = place.query(
        "SELECT value, base, status, rate FROM growth WHERE quarter = ? AND unit_code = ? "
        "AND indicator = ? AND comparison = ?",
        quarter,
        TOWN,
        indicator,
        comparison,
    )
    return row


def test_growth_across_the_change_is_exact(reported: Place) -> None:
    # 1.2 + 1.3 + 1.4 = 3.9; 10,000 + 10,137 + 10,274 元, then 11,233 + 11,370 + 11,507 元
    rate = D("28.2430699418")  # 100 x 0.8589 / 3.0411
    assert growth(reported, AID, "yoy") == (D("3.9"), D("3.0411"), "ok", rate)
    assert growth(reported, AID, "ytd_yoy") == (D("3.9"), D("3.0411"), "ok", rate)
    rate = D("14.3359718558")  # 100 x 0.489 / 3.411
    assert growth(reported, AID, "qoq") == (D("3.9"), D("3.411"), "ok", rate)
    # Another code and no more.
    assert growth(reported, "assisted_people", "yoy")[2:] == ("ok", D(0))


def test_both_tables_are_what_the_plain_implementation_says(reported: Place) -> None:
    with reading(reported.folder / "data/warehouse/minzheng.duckdb") as connection:
        facts = connection.execute(
            "SELECT * EXCLUDE (submission) FROM internal.month_value"
        ).fetchall()
        states = connection.execute("SELECT * FROM internal.form_state").fetchall()
        quarterly = computed(connection, "quarterly_indicator")
        rates = computed(connection, "growth")
    told = DECLARATION, [Fact(*each) for each in facts], [FormState(*each) for each in states]
    assert differences(quarterly, plain.quarterly(*told)) == []
    assert differences(rates, plain.growth(*told)) == []


def test_a_line_that_was_not_there_has_no_base_and_nobody_lacks_it(reported: Place) -> None:
    for name in ("other_relief_funds", "living_tombs_self_removed"):
        for comparison in ("yoy", "qoq"):
            assert growth(reported, name, comparison)[1:3] == (None, "base_missing")
        rows = reported.query(
            "SELECT count(*) FROM quarterly_indicator WHERE quarter LIKE '2021%' AND indicator = ?",
            name,
        )
        assert rows == [(0,)]


def test_the_summary_of_an_old_month_has_the_old_lines(reported: Place, tmp_path: Path) -> None:
    path = tmp_path / "summary.xlsx"
    with reading(reported.folder / "data/warehouse/minzheng.duckdb") as connection:
        write_summary(connection, DECLARATION, LAST, path)
    sheet = openpyxl.load_workbook(path)["社会救助月报表"]
    heads = {sheet.cell(3, at).value: at for at in range(1, sheet.max_column + 1)}
    assert "困难群众救助总人数" in heads
    assert "其他民政保障资金支出" not in heads
    column = heads["临时救助资金支出"]
    assert sheet.cell(4, column).value == "万元"
    row = next(at for at in range(6, 40) if sheet.cell(at, 1).value == TOWN)
    assert D(str(sheet.cell(row, column).value)) == D("1.1507")


def findings(place: Place, month: int, forms: dict[str, dict[str, Line]]) -> list[Any]:
    """What is found in a later version of a return."""
    send(place, TOWN, month, forms, again=1)
    place.night("2022-04-06T23:00")
    return place.query(
        "SELECT f.rule, f.level, f.figure, f.cell, f.value, f.message FROM finding f "
        "JOIN submission s USING (submission) WHERE s.file_name LIKE '%-1.xlsx' ORDER BY ALL"
    )


def states(place: Place) -> list[Any]:
    return place.query(
        "SELECT DISTINCT f.state FROM submission_form f JOIN submission s USING (submission) "
        "WHERE s.file_name LIKE '%-1.xlsx'"
    )


@pytest.mark.parametrize(("month", "as_of"), [(JANUARY, LAST), (LAST, JANUARY)])
def test_a_form_sent_for_months_of_the_other_version_is_refused(
    place: Place, month: int, as_of: int
) -> None:
    found = findings(place, month, right(TOWN, month, as_of))
    assert states(place) == [("held",)]
    # Lines that the other form has not got, and codes that mean other lines in it.
    assert {rule for rule, *_ in found} == {"S01", "S04"} - ({"S01"} if month == JANUARY else set())
    assert all(level == "error" for _, level, *_ in found)
    before = amounts(TOWN, month)[AID].value
    assert place.query(
        "SELECT value FROM monthly_figure WHERE unit_code = ? AND month = ? AND figure = ?",
        TOWN,
        first_day(month),
        AID,
    ) == [(before,)]


def spoiled(month: int, *changes: tuple[str, int, Any]) -> dict[str, dict[str, Line]]:
    """Right forms with the cells (figure, place in the line) written otherwise."""
    forms = right(TOWN, month)
    for figure, at, text in changes:
        for filled in forms.values():
            if figure in filled:
                line = list(filled[figure])
                line[at] = text
                filled[figure] = tuple(line)  # type: ignore[assignment]  # as long as it was
    return forms


def test_万元_on_a_form_that_asks_元_is_the_wrong_unit(place: Place) -> None:
    forms = spoiled(LAST, (AID, 2, "万元"), (AID, 3, D("1.2")), (AID, 4, D("13.2")))
    ((rule, _, figure, cell, value, message),) = findings(place, LAST, forms)
    assert (rule, figure, cell, value) == ("S05", AID, "C7", "万元")
    assert "应为“元”" in message


def test_decimals_are_judged_in_the_unit_of_the_form(place: Place) -> None:
    ((rule, _, figure, cell, value, message),) = findings(
        place, LAST, spoiled(LAST, (AID, 3, D("11507.125")))
    )
    assert (rule, figure, cell, value) == ("V04", AID, "D7", "11507.125")
    assert "11507.125；以“元”为单位时最多2位小数" in message


def test_a_year_to_date_in_元_that_is_off_is_said_in_元(place: Place) -> None:
    # 900 元 is 0.09 万元, which would pass for rounding in 万元.
    wrong = D(129_042 + 900)
    ((rule, level, figure, cell, value, message),) = findings(
        place, LAST, spoiled(LAST, (AID, 4, wrong))
    )
    assert (rule, level, figure, cell, value) == ("T01", "error", AID, "E7", "129942")
    assert "上月累计117535元＋本月数11507元＝129042元" in message


def test_a_years_first_month_starts_anew(place: Place) -> None:
    # As if 本年累计 went on from December.
    year_to_date = amounts(TOWN, LAST)["dibao_exits"].year_to_date + 2
    ((rule, _, figure, *_),) = findings(
        place, JANUARY, spoiled(JANUARY, ("dibao_exits", 4, year_to_date))
    )
    assert (rule, figure) == ("T01", "dibao_exits")


def test_a_total_is_of_the_lines_that_there_were(place: Place) -> None:
    total = amounts(TOWN, LAST)["relief_funds"]
    wrong = spoiled(
        LAST,
        ("relief_funds", 3, total.value + 1),
        ("relief_funds", 4, total.year_to_date + 1),
    )
    found = findings(place, LAST, wrong)
    assert [(rule, level, figure) for rule, level, figure, *_ in found] == [
        ("B0195", "error", "relief_funds")
    ]
    (month,) = {message.split("；")[0] for *_, message in found}
    assert month == (
        "“民政保障资金支出合计”本月数为18.9万元，上列六项支出（0101至0106）之和为17.8507万元，"
        "相差1.0493万元"
    )


def alike(place: Place, before: dict[str, Any], *but: str) -> bool:
    now = place.tables()
    return {k: v for k, v in now.items() if k not in but} == {
        k: v for k, v in before.items() if k not in but
    }


def said(place: Place, *words: str, now: str = "2022-04-06T09:00") -> list[str]:
    """What the command line prints in that home."""
    environment = {name: value for name, value in os.environ.items() if name[:8] != "PREFECT_"}
    environment |= {
        "MINZHENG_HOME": str(place.folder),
        "MINZHENG_NOW": now,
        "MINZHENG_SCHEMAS": place.schemas,
        "MINZHENG_PROCESSES": "1",
    }
    command = [sys.executable, "-m", "flows.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.splitlines()


def test_a_backfill_across_the_change_changes_nothing(place: Place) -> None:
    before = place.tables()
    span = "--from", "2021-11", "--to", "2022-01"
    nothing = "0 cells and 0 rates would change"
    assert said(place, "backfill", *span, "--dry-run") == [nothing]
    said(place, "backfill", *span)
    assert place.query("SELECT kind, accepted, held, revised FROM run WHERE kind = 'backfill'") == [
        ("backfill", 12, 0, 0)
    ]
    assert alike(place, before)
    pipeline.rebuild(place.home("2022-04-06T10:00"))
    assert alike(place, before)


def test_a_backfill_puts_right_what_a_mistaken_version_took_in(
    reported: Place, tmp_path: Path
) -> None:
    place = Place(tmp_path, schemas=FIRST_TRY)
    send_all(place, unit_of_measure=False)
    value = f"SELECT month, value FROM monthly_figure WHERE figure = '{AID}' AND unit_code = ?"
    taken = dict(place.query(value, TOWN))
    # Whole 元 were taken for 万元, and fen refused; then 2022 lay far from what had been.
    assert taken[first_day(LAST)] == D(11_507)
    assert first_day(JANUARY) not in taken
    assert first_day(NOVEMBER) not in dict(place.query(value, OTHER_TOWN))
    assert place.query("SELECT count(*) FROM monthly_figure WHERE figure = 'orphans'") != [(30,)]
    assert place.query("SELECT DISTINCT state FROM coverage WHERE form = 'funeral_reform' "
                       "AND unit_code = ? AND month < '2022-01-01'", TOWN) == [("held",)]  # fmt: skip

    place.schemas = SCHEMAS
    span = returns.START, returns.END
    changes = pipeline.dry_run(place.home("2022-04-04T23:30"), *span)
    cells = {(row["month"], row["unit_code"], row["figure"]): row for row in changes["cells"]}
    row = cells[month_label(LAST), TOWN, AID]
    assert (row["old_value"], row["new_value"]) == (D(11_507), D("1.1507"))
    pipeline.backfill(place.home("2022-04-04T23:30"), *span, note="元, not 万元")
    # All but the submissions themselves, whose bytes differ by the units of measure.
    columns = "month, unit_code, figure, value, year_to_date, mark"
    everything = f"SELECT {columns} FROM monthly_figure ORDER BY ALL"
    assert place.query(everything) == reported.query(everything)
    before, wanted = place.tables(), reported.tables()
    for table in ("quarterly_indicator", "growth", "figure", "indicator", "coverage"):
        assert before[table] == wanted[table], table
    assert place.query(
        "SELECT old_value, new_value FROM revision WHERE figure = ? AND unit_code = ? "
        "AND month = '2021-12-01'",
        AID,
        TOWN,
    ) == [(D(11_507), D("1.1507"))]

    pipeline.rebuild(place.home("2022-04-04T23:45"))
    # A rebuild judges by the right version from the first night: nothing was ever revised.
    # What was revised, went back and was judged in between stays told.
    assert alike(place, before, "revision", "returned", "form_step")


def test_a_backfill_of_some_months_leaves_the_others(tmp_path: Path) -> None:
    place = Place(tmp_path, schemas=FIRST_TRY)
    send_all(place, unit_of_measure=False)
    place.schemas = SCHEMAS
    pipeline.backfill(place.home("2022-04-06T09:00"), NOVEMBER, JANUARY, [TOWN])
    found = dict(
        place.query(
            f"SELECT month, value FROM monthly_figure WHERE figure = '{AID}' AND unit_code = ? "
            "AND month BETWEEN '2021-10-01' AND '2022-01-01'",
            TOWN,
        )
    )
    # October's 本年累计 stands as it was taken in; the sum since is another, so November is held.
    assert found == {first_day(NOVEMBER - 1): D(11_233)}


def before_the_old_forms(place: Place) -> None:
    """The returns of 2022 and a dated total, taken in before the forms of 2021 are declared."""
    for month in range(JANUARY, returns.END + 1):
        for unit in returns.UNITS:
            send(place, unit, month, right(unit, month))
    place.night("2022-04-04T23:00")
    file = place.folder / "history.csv"
    lines = (
        "month,unit,figure,value,source",
        f"2021Q1,{TOWN},{AID},3.0,年鉴",
        f"2021-05,{TOWN},orphans,2,年鉴",
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    pipeline.take_history(place.home("2022-04-05T09:00"), file, "analyst")
    place.schemas = SCHEMAS


def test_old_forms_declared_later_come_to_the_same_in_a_night_as_in_a_rebuild(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    before_the_old_forms(place)
    for month in (returns.START, returns.START + 1):
        send(place, TOWN, month, right(TOWN, month))
    place.night("2022-04-06T23:00")
    # The total is in its months' reports now; of May there is none.
    assert place.query(
        "SELECT strftime(month, '%m'), figure, mark FROM monthly_figure "
        f"WHERE month < '2022-01-01' AND figure IN ('{AID}', 'orphans') ORDER BY ALL"
    ) == [
        ("01", "orphans", "reported"),
        ("01", AID, "reported"),
        ("02", "orphans", "reported"),
        ("02", AID, "reported"),
        ("05", "orphans", "history"),
    ]
    facts = place.query(
        f"SELECT sum(value), count(*) FROM internal.month_value WHERE figure = '{AID}' "
        "AND month < ?",
        JANUARY,
    )
    assert facts == [(D("2.0137"), 2)]
    in_force = "SELECT month, unit_code, figure, value, year_to_date, mark FROM "
    assert place.query(f"{in_force} monthly_figure ORDER BY ALL") == place.query(
        f"{in_force} figures_as_of(TIMESTAMP '2022-05-01') ORDER BY ALL"
    )
    assert place.query(
        f"SELECT count(*) FROM figures_as_of(TIMESTAMP '2022-04-05 12:00') WHERE figure = '{AID}' "
        "AND month < '2022-01-01'"
    ) == [(1,)]
    # Ten old months more of each of the two forms have fallen due.
    assert place.query(
        "SELECT count(DISTINCT month), min(month) FROM coverage WHERE month < '2022-01-01' "
        "AND unit_code = ?",
        OTHER_TOWN,
    ) == [(12, first_day(returns.START))]
    night = place.tables()
    pipeline.rebuild(place.home("2022-04-07T10:00"))
    assert alike(place, night)


def test_a_dated_total_of_a_month_that_the_form_is_asked_for_is_refused(tmp_path: Path) -> None:
    place = Place(tmp_path)
    before_the_old_forms(place)
    with pytest.raises(NotThere, match=r"2021-03 in line 2 of history\.csv lies after the form"):
        pipeline.take_history(
            place.home("2022-04-06T09:00"), place.folder / "history.csv", "analyst"
        )
