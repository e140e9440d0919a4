"""The hidden sheet of what was handed out cross-checks the head lines, and is never trusted alone."""

import pytest

from flows.reading import refusals, stamp
from flows.reading.cells import Grid
from flows.reading.results import Workbook
from flows.reading.stamp import Stamp, stamp_rows
from flows.reading.workbook import interpret
from schemas.declaration import DECLARATION
from schemas.declaring.model import Ledger
from schemas.declaring.periods import parse_month
from schemas.forms import policy_outreach
from tests.homes import OTHER_TOWN, TOWN

FORM = policy_outreach.FORM
MARCH = parse_month("2023-03")
TODAY = {FORM.name: DECLARATION.form_version(FORM, TOWN, MARCH)}


def form(unit: str = "濯水镇", month: str = "2023年3月") -> Grid:
    rows: list[list[object]] = [
        [FORM.title_zh, "", "", "", ""],
        [f"填报单位：{unit}" if unit else "", f"报告期：{month}" if month else "", "", "", ""],
        ["指标名称", "计量单位", "代码", "本月数", "本年累计"],
    ]
    for line in DECLARATION.lines(FORM, "township", MARCH).figures:
        rows.append([line.name_zh, line.unit, line.code, 5.0, 7.0])
    return Grid(FORM.title_zh, 0, 0, rows)


def hidden(said: Stamp, **changed: str) -> Grid:
    rows: list[list[object]] = [list(each) for each in stamp_rows(said)]
    for row in rows:
        row += [""] * (3 - len(row))
        row[1] = changed.get(str(row[0]), row[1])
    return Grid(stamp.SHEET, 0, 0, rows)


def read(*grids: Grid, assigned: tuple[str, int] | None = None) -> Workbook:
    return interpret(list(grids), "x.xlsx", DECLARATION, assigned)


def test_what_agrees_is_read_and_nothing_is_said_of_the_sheet() -> None:
    book = read(form(), hidden(Stamp(TOWN, MARCH, TODAY)))
    assert (book.state, book.unit, book.month, book.findings) == ("read", TOWN, MARCH, [])
    assert [each.form for each in book.sheets] == [FORM.name]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (Stamp(OTHER_TOWN, MARCH, {}), "城东街道2023年3月"),
        (Stamp(TOWN, MARCH - 1, {}), "濯水镇2023年2月"),
        (Stamp(None, MARCH - 1, {}), "2023年2月"),
    ],
)
def test_another_unit_or_month_makes_it_unidentified(said: Stamp, names: str) -> None:
    book = read(form(), hidden(said))
    assert book.state == "unidentified"
    assert book.reason == refusals.HANDED_OUT_FOR_OTHER.say(
        unit="濯水镇", month="2023年3月", names=names
    )


def test_the_analyst_has_the_last_word() -> None:
    book = read(form(), hidden(Stamp(OTHER_TOWN, MARCH, TODAY)), assigned=(TOWN, MARCH))
    assert (book.state, book.findings) == ("read", [])


@pytest.mark.parametrize(("unit", "month"), [("", "2023年3月"), ("濯水镇", "")])
def test_it_does_not_stand_in_for_head_lines(unit: str, month: str) -> None:
    assert read(form(unit, month), hidden(Stamp(TOWN, MARCH, TODAY))).state == "unidentified"


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": "濯水"}, {"unit": "500114"}, {"month": "三月"}, {"month": "2023-13"},
        {"unit": "", "month": ""},
    ],
)  # fmt: skip
def test_what_is_broken_in_it_says_nothing(changed: dict[str, str]) -> None:
    book = read(form(), hidden(Stamp(TOWN, MARCH, TODAY), **changed))
    assert (book.state, book.findings) == ("read", [])


@pytest.mark.parametrize(
    "rows", [[], [["x"]], [["minzheng template"]], [[3.0, True], ["form", ""]]]
)
def test_a_sheet_of_that_name_with_anything_else_in_it(rows: list[list[object]]) -> None:
    book = read(form(), Grid(stamp.SHEET, 0, 0, rows))
    assert (book.state, book.findings) == ("read", [])


def test_a_form_of_another_version_is_noticed() -> None:
    book = read(form(), hidden(Stamp(TOWN, MARCH, {FORM.name: "0123456789ab", "gone": "x"})))
    (found,) = book.findings
    assert (found.rule, found.level, found.form, found.sheet) == (
        "N05", "notice", FORM.name, FORM.title_zh,
    )  # fmt: skip


def test_the_version_is_of_the_lines_asked_and_stays_what_it_is() -> None:
    version = DECLARATION.form_version
    assert version(FORM, TOWN, MARCH) == version(FORM, OTHER_TOWN, MARCH + 1) == "27547ba94b5b"
    assert version(FORM, "500114000", MARCH) != version(FORM, TOWN, MARCH)
    ledgers = {version(each, TOWN, MARCH) for each in DECLARATION.ledgers}
    assert len(ledgers) == len(DECLARATION.ledgers)


def test_a_years_table_is_of_its_first_month_whenever_the_workbook_was_handed_out() -> None:
    targets = DECLARATION.by_name["targets"]
    assert isinstance(targets, Ledger)
    rows: list[list[object]] = [
        [targets.title_zh],
        ["填报单位：区民政局机关　报告期：2023年1月"],
        [column.name_zh for column in targets.columns],
        ["困难群众保障人数", 2023.0, 1.0, 2.0, 3.0, 4.0, ""],
    ]
    width = len(targets.columns)
    grid = Grid("目标", 0, 0, [row + [""] * (width - len(row)) for row in rows])
    book = read(grid, hidden(Stamp("500114000", MARCH, {})))
    assert (book.state, book.month) == ("read", MARCH - 2)
    other = read(grid, hidden(Stamp(TOWN, MARCH, {})))
    assert other.state == "unidentified"
