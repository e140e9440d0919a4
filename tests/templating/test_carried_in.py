"""What earlier months leave on a template: a ledger's last rows, dated totals beside the lines."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flows import pipeline
from flows.demo.returns import LedgerSheet
from flows.demo.world import World
from flows.templating.files import write_templates
from flows.templating.last_rows import Sent
from flows.templating.ledger_places import SPARE_ROWS, SPARE_WITHOUT_ROWS, Items
from flows.templating.previous import Held, Previous, read_previous
from flows.templating.sheets import FIRST_ROW
from flows.warehouse.store import reading
from schemas.declaration import DECLARATION
from schemas.declaring.model import FigureForm, Ledger
from schemas.declaring.periods import parse_month
from tests.homes import TOWN, Place, fill
from tests.templating.test_workbooks import blank

D = Decimal
MARCH = parse_month("2023-03")
FACILITIES, TOMBS = (DECLARATION.by_name[each] for each in ("facilities", "living_tombs"))
assert isinstance(FACILITIES, Ledger)
assert isinstance(TOMBS, Ledger)


@pytest.fixture(scope="module")
def place(district: World, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """November and December in force; in January facilities came as a ledger without rows."""
    made = Place(tmp_path_factory.mktemp("home"))
    fill(made, district, "2022-11", "2022-12", (TOWN,))
    january = district.returns[TOWN, parse_month("2023-01")]
    (ledger,) = (each for each in january.sheets if each.form == "facilities")
    assert isinstance(ledger, LedgerSheet)
    made.send(replace(january, sheets=[replace(ledger, rows=[])]), at="2023-02-02T10:00")
    made.night("2023-02-05T23:00")
    return made


def previous(place: Place, month: str) -> Previous:
    with reading(place.folder / "data/warehouse/minzheng.duckdb") as connection:
        return read_previous(connection, DECLARATION, parse_month(month))[TOWN]


def test_rows_come_from_the_last_month_in_force_whichever_it_is(place: Place) -> None:
    december = previous(place, "2023-01")
    assert december.sent["living_tombs"].month == parse_month("2022-12")
    april = previous(place, "2023-04")
    assert april.items["living_tombs"] == december.items["living_tombs"]
    assert april.sent["living_tombs"] == (parse_month("2022-12"), len(april.items["living_tombs"]))
    # What a unit has said is empty is not filled in again; that it had rows is asked about.
    assert december.items["facilities"]
    assert april.items["facilities"] == ()
    assert april.sent["facilities"] == (parse_month("2022-12"), len(december.items["facilities"]))
    assert previous(place, "2022-11").items == {}


def test_the_sheet_names_the_month(place: Place) -> None:
    april = previous(place, "2023-04")
    book = blank(TOWN, parse_month("2023-04"), items=april.items, sent=april.sent)
    said = [str(book[each.title_zh]["A4"].value) for each in (TOMBS, FACILITIES)]
    assert said[0].startswith("已带入2022年12月的内容，")
    assert said[1].startswith("没有带入以往内容，请填全部；")
    assert "2022年12月报过" in book[FACILITIES.title_zh]["K4"].value
    assert "2022年12月报过" in book[TOMBS.title_zh]["L4"].value


@pytest.mark.parametrize(
    ("filled", "spare"), [(0, SPARE_WITHOUT_ROWS), (8, SPARE_ROWS), (200, 200)]
)
def test_there_are_rows_to_spare(filled: int, spare: int) -> None:
    items = Items(TOMBS, "x", filled)
    assert items.last - FIRST_ROW + 1 == filled + spare
    assert items.places("tomb_no") == f"$B$6:$B${items.last + 1}"


def test_rows_may_be_inserted_within_all_ranges() -> None:
    book = blank(TOWN, sent={"living_tombs": Sent(MARCH - 1, 1)})
    sheet, form = book[TOMBS.title_zh], book["殡葬改革月报表"]
    assert (sheet.protection.insertRows, sheet.protection.deleteRows) == (False, False)
    assert (form.protection.insertRows, form.protection.deleteRows) == (True, True)
    note = Items(TOMBS, "x", 0).note
    assert str(sheet[f"A{note}"].value).startswith("注：行数不够的，请在本行上方插入行")
    ranges = {str(each.sqref) for each in sheet.data_validations.dataValidation}
    assert f"H6:H{note}" in ranges
    assert f"$H$6:$H${note}" in "".join(str(cell.value) for row in form.iter_rows() for cell in row)


def test_dated_totals_stand_beside_the_lines_and_are_no_base(place: Place, tmp_path: Path) -> None:
    home = place.copied(tmp_path / "home").home("2023-02-06T09:00")
    path = tmp_path / "历史.csv"
    path.write_text(
        "month,unit,figure,value,source\n2021-12,濯水镇,relief_funds,70.5,年鉴\n", encoding="utf-8"
    )
    receipt = home.archive.store(
        path.read_bytes(), received_at=home.settings.clock(DECLARATION), run="", channel="history",
        sender="", name=path.name, source=str(path), modified=0.0,
    )  # fmt: skip
    pipeline.decide(home, {"event": "history", "file": receipt.archived_as, "by": "analyst"})
    quarter = path.with_name("季.csv")
    quarter.write_text(
        "quarter,unit,figure,value,source\n2021Q4,濯水镇,salon_sessions,5,年鉴\n", encoding="utf-8"
    )
    receipt = home.archive.store(
        quarter.read_bytes(), received_at=home.settings.clock(DECLARATION), run="",
        channel="history", sender="", name=quarter.name, source=str(quarter), modified=0.0,
    )  # fmt: skip
    pipeline.decide(home, {"event": "history", "file": receipt.archived_as, "by": "analyst"})
    with reading(home.settings.warehouse) as connection:
        for month in ("2022-12", "2022-01"):
            own = read_previous(connection, DECLARATION, parse_month(month))[TOWN]
            assert own.dated == {(parse_month("2021-12"), "relief_funds"): D("70.5")}
        unit = DECLARATION.unit_by_code[TOWN]
        made = write_templates(connection, DECLARATION, [unit], parse_month("2022-12"), tmp_path)
    assert len(made) == 1
    book = blank(TOWN, parse_month("2022-01"), dated=own.dated)
    sheet = book["社会救助月报表"]
    (row,) = (at for at in range(6, 40) if sheet.cell(at, 2).value == "民政保障资金支出合计")
    assert [sheet.cell(row, at).value for at in (8, 9, 10)] == [70.5, None, None]
    book = blank(TOWN, parse_month("2022-12"), dated=own.dated)
    assert book["社会救助月报表"].cell(row, 9).value == 70.5


def test_of_a_line_with_a_year_to_date_alone_last_years_is_shown() -> None:
    form = DECLARATION.by_name["policy_outreach"]
    assert isinstance(form, FigureForm)
    first, *others = form.figures
    form = replace(form, figures=(replace(first, cumulative_only=True), *others))
    declaration = replace(DECLARATION, forms=(form,), ledgers=(), indicators=())
    held = {
        (MARCH - 12, first.name): Held(None, D(40), True),
        (MARCH - 1, first.name): Held(None, D(7), True),
    }
    sheet = blank(TOWN, MARCH, declaration, values=held)[form.title_zh]
    assert [sheet.cell(6, at).value for at in (8, 9, 10)] == [None, 40, 7]
