"""Workbooks as the command writes them from a warehouse: ledgers carried in, nothing written over."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows.demo.world import World
from flows.errors import Misuse, NotThere
from flows.templating.files import write_templates
from flows.templating.ledger_places import SPARE_ROWS
from flows.templating.sheets import FIRST_ROW
from flows.warehouse.store import reading
from schemas.declaration import DECLARATION
from schemas.declaring.periods import parse_month
from tests.homes import TOWN, Place, changed, fill

BUREAU = "500114000"
MARCH = parse_month("2023-03")
D = Decimal


@pytest.fixture(scope="module")
def filled(district: World, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("home"))
    fill(place, district, "2022-11", "2022-12", (TOWN, BUREAU))
    january = changed(district.returns[TOWN, parse_month("2023-01")], "villages", value=D(99))
    place.send(january, at="2023-02-02T10:00")
    place.night("2023-02-05T23:00")
    return place


def handed_out(place: Place, folder: Path, month: str, *units: str) -> list[openpyxl.Workbook]:
    with reading(place.folder / "data/warehouse/minzheng.duckdb") as connection:
        made = write_templates(
            connection,
            DECLARATION,
            [DECLARATION.unit_by_code[each] for each in units],
            parse_month(month),
            folder,
        )
    return [openpyxl.load_workbook(each.file) for each in made]


def column(sheet: Any, at: int) -> list[object]:
    values = [sheet.cell(row, at).value for row in range(FIRST_ROW, sheet.max_row)]
    return [each for each in values if each is not None]


def test_ledgers_come_with_their_last_rows(filled: Place, district: World, tmp_path: Path) -> None:
    january, april = parse_month("2023-01"), "2023-04"
    (december,) = handed_out(filled, tmp_path / "1", "2022-12", TOWN)
    (after,) = handed_out(filled, tmp_path / "2", "2023-01", TOWN)
    rows = {
        month: next(
            sheet.rows
            for sheet in district.returns[TOWN, parse_month(month)].sheets
            if sheet.form == "living_tombs"
        )
        for month in ("2022-11", "2022-12")
    }
    tombs = "“一墓一策”台账"
    numbers = [row["tomb_no"] for row in rows["2022-11"]]
    assert column(december[tombs], 2)[: len(numbers)] == numbers
    # What was removed in 2022 is on the ledger of December, and no more on January's.
    gone = [row["tomb_no"] for row in rows["2022-12"] if row["status"] == "已拆除"]
    left = [row["tomb_no"] for row in rows["2022-12"] if row["status"] == "在册"]
    assert gone
    assert column(after[tombs], 2)[: len(left)] == left
    assert not set(gone) & set(column(after[tombs], 2))
    # The head of a household is never in the warehouse: the column stays, blank.
    assert after[tombs]["D5"].value == "户主"
    assert [each for each in column(after[tombs], 4) if each != "填表人："] == []
    numbers = [each for each in column(after[tombs], 1) if isinstance(each, int)]
    assert numbers == list(range(1, len(left) + SPARE_ROWS + 1))
    # A ledger comes with what was sent last, whether it is owed or not, and says of when.
    (bureau,) = handed_out(filled, tmp_path / "3", april, BUREAU)
    sent = district.returns[BUREAU, january - 1]
    facilities = next(sheet for sheet in sent.sheets if sheet.form == "facilities")
    assert column(bureau["民政设施台账"], 2)[: len(facilities.rows)] == [
        row["name"] for row in facilities.rows
    ]
    items = next(sheet for sheet in sent.sheets if sheet.form == "rectification")
    assert column(bureau["整改清单"], 2)[: len(items.rows)] == [
        row["item_no"] for row in items.rows
    ]
    assert str(bureau["整改清单"]["A4"].value).startswith("已带入2022年12月的内容，")


def test_what_is_filled_in_already_is_not_written_over(filled: Place, tmp_path: Path) -> None:
    handed_out(filled, tmp_path, "2023-02", TOWN)
    handed_out(filled, tmp_path, "2023-02", TOWN)
    own = tmp_path / "濯水镇2023-02月报.xlsx"
    own.write_bytes(own.read_bytes() + b"x")
    with pytest.raises(Misuse, match=r"濯水镇2023-02月报\.xlsx in .* name another folder"):
        handed_out(filled, tmp_path, "2023-02", BUREAU, TOWN)
    assert [each.name for each in tmp_path.iterdir()] == [own.name]


def test_nothing_is_asked_before_the_forms_began(filled: Place, tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="No form is asked"):
        handed_out(filled, tmp_path, "2019-01", TOWN)
