"""From a number to a cell of an archived file, and from that cell back to the number."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.computing.compute import compute
from flows.errors import Misuse, NotThere
from flows.explaining.explanations import Explanations
from flows.explaining.tree import Node
from flows.warehouse.store import connect
from schemas.declaring import periods
from tests.explaining.conftest import explanations_of
from tests.explaining.test_against_worlds import moved, rows
from tests.homes import OTHER_TOWN, TOWN, Place

Q1_2022, Q1_2023 = 8088, 8092


def cells(tree: Node) -> Iterator[Node]:
    return (each for each in tree.walk() if each.kind == "cell")


@pytest.mark.parametrize(
    ("name", "quarter", "unit", "comparison"),
    [
        ("assisted_people", Q1_2023, "500114", None),
        ("relief_per_assisted_person", Q1_2023, OTHER_TOWN, "yoy"),
        ("living_tomb_removal_rate", Q1_2022, OTHER_TOWN, None),
    ],
)
def test_the_very_number_stands_in_the_archived_file_and_names_what_it_feeds(
    few_units: Place, name: str, quarter: int, unit: str, comparison: str | None
) -> None:
    with explanations_of(few_units) as opened:
        tree = opened.explain(opened.indicator(name), quarter, unit, comparison)
        found = list(cells(tree))
        assert found
        for cell in (found[0], found[-1]):
            about = cell.about
            path = few_units.folder / "data/raw/archive" / about["archived_as"]
            sheet = openpyxl.load_workbook(path, data_only=True)[about["sheet"]]
            assert Decimal(str(sheet[about["cell"]].value)) == Decimal(str(float(cell.value or 0)))
            place = f"{about['sheet']}!{about['cell']}"
            located = opened.locate(about["submission"], place)
            assert (located.state, located.value) == ("accepted", cell.value)
            fed = opened.feeding.fed(located.inputs)
            if comparison is None:
                keys = {(each.quarter, each.unit_code, each.indicator) for each in fed.levels}
                assert (quarter, unit, name) in keys
            else:
                role = "base" if cell is found[-1] else "value"
                (row,) = (
                    each
                    for each in fed.growth
                    if (each.quarter, each.unit_code, each.indicator, each.comparison)
                    == (quarter, unit, name, comparison)
                )
                assert role in row.roles


@pytest.mark.parametrize(
    ("place_of", "figure", "month", "unit", "cumulative", "feeds"),
    [
        ("few_units", "living_tombs_removed", "2023-01", OTHER_TOWN, False, True),
        ("villages", "people", "2022-03", "702", False, True),
        ("villages", "spent", "2022-02", "703", True, False),
        ("villages", "spent", "2022-03", "703", True, True),
        ("villages", "funds", "2023-02", "704", True, False),
        ("villages", "funds", "2023-02", "705", False, True),
        ("villages", "funds", "2023-01", "706", False, True),
    ],
)
def test_exactly_what_a_cell_feeds_moves_when_it_is_changed(
    request: pytest.FixtureRequest, tmp_path: Path,
    place_of: str, figure: str, month: str, unit: str, cumulative: bool, feeds: bool,
) -> None:  # fmt: skip
    place: Place = request.getfixturevalue(place_of)
    number = periods.parse_month(month)
    column, cell = ("year_to_date", "cumulative_cell") if cumulative else ("value", "cell")
    ((submission, reading, sheet, at),) = place.query(
        f"SELECT t.submission, t.reading, v.sheet, v.{cell} FROM internal.tenure t "
        "JOIN internal.figure_value v USING (reading) "
        "WHERE t.until IS NULL AND t.unit_code = ? AND t.month = ? AND v.figure = ?",
        unit, number, figure,
    )  # fmt: skip
    with explanations_of(place) as opened:
        fed = opened.feeding.fed(opened.locate(submission, at, sheet).inputs)
        ratios = {name for name, each in opened.rules.indicators.items() if each.ratio}
    label = periods.quarter_label
    levels = {(label(each.quarter), each.unit_code, each.indicator) for each in fed.levels}
    growth = {
        (label(each.quarter), each.unit_code, each.indicator, each.comparison)
        for each in fed.growth
    }
    copy = tmp_path / "copy.duckdb"
    shutil.copyfile(place.home("2023-04-11T00:00").settings.warehouse, copy)
    with connect(copy) as connection:
        before = tables(connection)
        connection.execute(
            f"UPDATE internal.figure_value SET {column} = {column} * 3 + 11 "
            "WHERE reading = ? AND figure = ?",
            [reading, figure],
        )
        compute(connection, place.home("2023-04-11T00:00").declaration)
        after = tables(connection)
    assert moved(before[1], after[1]) <= growth
    assert moved(before[0], after[0]) <= levels
    assert levels - moved(before[0], after[0]) <= {key for key in levels if key[2] in ratios}
    assert (bool(levels), bool(growth)) == (feeds, feeds)


def tables(connection: duckdb.DuckDBPyConnection) -> tuple[dict[tuple, tuple], dict[tuple, tuple]]:
    return rows(connection, "quarterly_indicator", 3), rows(connection, "growth", 4)


def test_a_year_to_date_between_two_months_of_a_quarter_moves_no_quarter_but_its_months(
    villages: Place,
) -> None:
    """February's 本年累计 is added for February and taken away for March."""
    ((submission,),) = villages.query(
        "SELECT submission FROM monthly_figure WHERE unit_code = '703' AND figure = 'spent' "
        "AND month = DATE '2022-02-01'"
    )
    with explanations_of(villages) as opened:
        located = opened.locate(submission, "F8")
        assert (located.column, located.value) == ("year_to_date", 16)
        assert opened.feeding.fed(located.inputs) == ((), ())


def test_the_cell_of_a_merged_unit_feeds_the_base_of_the_new_one(villages: Place) -> None:
    ((submission,),) = villages.query(
        "SELECT submission FROM monthly_figure WHERE unit_code = '702' AND figure = 'people' "
        "AND month = DATE '2022-03-01'"
    )
    with explanations_of(villages) as opened:
        fed = opened.feeding.fed(opened.locate(submission, "村月报表!$E$6").inputs)
    # 100 people in both villages in March 2022, of whom 40 in the western one; 90 in 2023
    (row,) = (
        each.row
        for each in fed.growth
        if (each.quarter, each.unit_code, each.indicator, each.comparison, each.roles)
        == (Q1_2023, "704", "people", "yoy", ("base", "share"))
    )
    assert (row.value, row.base, row.restated) == (90, 100, True)


def test_a_dated_total_feeds_what_it_stands_under(villages: Place, few_units: Place) -> None:
    for place, cell, unit, indicator, quarter in (
        (villages, "D2", "702", "people", 2021 * 4),
        (few_units, "D2", "500114", "urban_dibao_recipients", 2021 * 4 + 3),
    ):
        ((submission,),) = place.query("SELECT DISTINCT submission FROM internal.history")
        with explanations_of(place) as opened:
            located = opened.locate(submission, cell)
            fed = opened.feeding.fed(located.inputs)
        assert located.state == "accepted"
        assert (quarter, unit, indicator) in {each[:3] for each in fed.levels}


def test_a_ledgers_row_feeds_what_its_counts_feed(few_units: Place) -> None:
    with explanations_of(few_units) as opened:
        tree = opened.explain(opened.indicator("rectification_closure_rate"), Q1_2023, "500114")
        rows_of = next(each for each in tree.walk() if each.kind == "rows")
        submission = rows_of.about["submission"]
        place = rows_of.about["rows"][0]
        located = opened.locate(submission, f"{place['sheet']}!C{place['row']}")
        fed = {each.indicator for each in opened.feeding.fed(located.inputs).levels}
    assert located.row is not None
    assert located.row["status"] == "已销号"
    assert fed == {"rectification_closure_rate", "rectification_overdue_items"}


def test_no_household_head_is_repeated(few_units: Place) -> None:
    ((submission, sheet, row),) = few_units.query(
        "SELECT submission, sheet, row FROM living_tomb ORDER BY ALL LIMIT 1"
    )
    ((name, member),) = few_units.query(
        "SELECT archived_as, member FROM submission WHERE submission = ?", submission
    )
    assert member is None
    held = openpyxl.load_workbook(few_units.folder / "data/raw/archive" / name)[sheet]
    written = [str(each.value) for each in held[row] if each.value]
    with explanations_of(few_units) as opened:
        located = opened.locate(submission, f"{sheet}!B{row}")
        assert opened.feeding.fed(located.inputs) == ((), ())  # compared with a figure, fed nowhere
    assert located.row is not None
    assert located.row["tomb_no"] in written
    assert "household_head" not in located.row
    head = written[list(_headings(held, row)).index("户主")]
    assert head not in map(str, located.row.values())


def _headings(sheet: object, row: int) -> list[str]:
    """The headings above the row that have something in it."""
    rows_above = [[each.value for each in cells] for cells in sheet.iter_rows(max_row=row)]  # type: ignore[attr-defined]
    (header,) = (cells for cells in rows_above if "户主" in cells)
    return [name for name, cell in zip(header, rows_above[-1], strict=True) if cell]


def test_what_is_not_in_force_feeds_nothing_and_says_why(few_units: Place) -> None:
    old, held = (
        few_units.query(
            "SELECT f.submission, f.superseded_by FROM submission_form f "
            "JOIN submission s USING (submission) WHERE f.state = ? "
            "AND f.form = 'social_assistance' ORDER BY 1 LIMIT 1",
            state,
        )[0]
        for state in ("superseded", "held")
    )
    with explanations_of(few_units) as opened:
        located = opened.locate(old[0], "社会救助月报表!E6")
        assert (located.state, located.superseded_by) == ("superseded", old[1])
        assert located.inputs == []
        located = opened.locate(held[0], "社会救助月报表!E6")
        assert (located.state, located.inputs) == ("held", [])


def test_what_cannot_be_meant_is_said(opened: Explanations, few_units: Place) -> None:
    ((submission,),) = few_units.query(
        "SELECT submission FROM monthly_figure WHERE unit_code = ? AND figure = 'orphans' "
        "AND month = DATE '2022-06-01'",
        TOWN,
    )
    with pytest.raises(Misuse, match=r"E9 stands on several sheets .*say which, as .*!E9"):
        opened.locate(submission, "E9")
    with pytest.raises(NotThere, match=r"社会救助月报表!A1 of .* holds nothing .*stands in E6"):
        opened.locate(submission, "社会救助月报表!A1")
    with pytest.raises(NotThere, match=r"its sheets with figures: 养老服务月报表, "):
        opened.locate(submission, "E6", "年报")
    with pytest.raises(Misuse, match="two sheets"):
        opened.locate(submission, "社会救助月报表!E6", "养老服务月报表")
    with pytest.raises(Misuse, match="is not a cell"):
        opened.locate(submission, "E0")
    with pytest.raises(NotThere, match="no submission '20220101-0'"):
        opened.locate("20220101-0", "E6")
    with pytest.raises(NotThere, match=r"near it: orphans \(孤儿"):
        opened.indicator("orphan")
    with pytest.raises(NotThere, match="2019Q1 has not been computed; 2021Q4 to 2023Q1 are there"):
        opened.explain(opened.indicator("orphans"), 2019 * 4, TOWN)
    with pytest.raises(NotThere, match="区民政局机关 has no row of orphans in 2023Q1"):
        opened.explain(opened.indicator("orphans"), Q1_2023, "500114000")
    with pytest.raises(Misuse, match="--comparison yoy"):
        opened.explain(opened.indicator("living_tomb_removal_rate"), Q1_2023, TOWN, "qoq")
