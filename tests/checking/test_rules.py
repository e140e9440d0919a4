"""Every rule at its level on the right cell, and nothing else."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from flows.checking.batch import Finding, Layout, Return, build
from flows.checking.history import InForce
from flows.checking.judge import judge
from flows.checking.single import is_reason
from flows.demo import choosing
from flows.demo.returns import Return as Sent
from flows.demo.workbook import Book, cell_of
from flows.demo.world import World
from flows.reading.bounding import FORM_FINDINGS, bound_findings
from flows.reading.cells import Grid
from flows.reading.results import Workbook
from flows.reading.workbook import interpret
from schemas.declaration import DECLARATION
from schemas.declaring.periods import parse_month
from tests.homes import TOWN, changed, content_of, layout_of

FIRST, NOW = parse_month("2022-01"), parse_month("2023-03")
CLOCK = dt.datetime.fromisoformat("2023-04-10T00:00")
D = Decimal


def grids(content: bytes) -> list[Grid]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return [
        Grid(
            sheet.title,
            0,
            0,
            [["" if cell is None else cell for cell in row] for row in sheet.values],
        )
        for sheet in book.worksheets
    ]


def read(given: Sent, edit: Callable[[list[Grid]], None] | None = None) -> Workbook:
    sheets = grids(content_of(given))
    if edit:
        edit(sheets)
    return interpret(sheets, "x.xlsx", DECLARATION)


@pytest.fixture(scope="session")
def books(district: World) -> dict[int, Workbook]:
    return {month: read(district.returns[TOWN, month]) for month in range(FIRST, NOW + 1)}


def judged(books: dict[int, Workbook], *last: Workbook, clock: dt.datetime = CLOCK) -> Any:
    """The batch of the books and then `last`, judged in that order."""
    returns = []
    for number, book in enumerate([*books.values(), *last]):
        assert book.unit is not None
        assert book.month is not None
        returns.append(Return.of(str(number), number, book))
    batch = build(returns, DECLARATION)
    months = [each.month for each in returns]
    judge(batch, InForce(Layout(DECLARATION), [TOWN], FIRST - 12, max(months)), clock)
    return batch


def found(books: dict[int, Workbook], book: Workbook) -> list[Finding]:
    """What is found in `book`, sent as the last month with the months before it in force."""
    before = {month: each for month, each in books.items() if month < NOW}
    batch = judged(before, book)
    return [each for each in batch.findings if each.at == len(before)]


def brief(findings: list[Finding]) -> list[tuple[str, str, str | None]]:
    return sorted((each.rule, each.level, each.cell) for each in findings)


def test_right_returns_have_no_finding(books: dict[int, Workbook]) -> None:
    batch = judged(books)
    assert batch.findings == []
    assert batch.accepted[:, :].sum() == 10 * len(books)


@pytest.mark.parametrize("mistake", choosing.MISTAKES, ids=lambda each: each.__name__)
def test_each_planted_mistake_is_found_on_its_cell(
    district: World, books: dict[int, Workbook], mistake: Any
) -> None:
    before = district.returns[TOWN, NOW - 1]
    spoiled = mistake(district.returns[TOWN, NOW], before)
    assert spoiled is not None
    given, planted = spoiled
    findings = [each for each in found(books, read(given)) if each.form == planted.form]
    if planted.level == "none":
        assert findings == []
        return
    _, cell = cell_of(Book(given, layout_of(given)), planted.form, planted.key, planted.column)
    matching = [
        each
        for each in findings
        if (each.rule, each.level) == (planted.rule, planted.level)
        and (planted.anywhere or each.cell == cell)
    ]
    assert matching
    # A month's total that is off by 0.1 no longer adds up to its 本年累计 either.
    follows = {"T02"} if planted.mistake == "rounding" else set()
    assert {each.rule for each in findings} == {planted.rule} | follows


CASES: list[tuple[str, dict[str, dict[str, Any]], list[tuple[str, str, str | None]]]] = [
    (
        "a text that says not applicable",
        {"salon_sessions": {"value": "—", "year_to_date": "—"}},
        [],
    ),
    (
        "households above recipients",
        {"rural_dibao_households": {"value": D(9999)}},
        [("B0102", "error", "E8")],
    ),
    (
        "assisted below the largest scheme",
        {"assisted_people": {"value": D(1)}},
        [("B0103", "error", "E16")],
    ),
    (
        "assisted above the sum",
        {"assisted_people": {"value": D(99999)}},
        [("B0103", "error", "E16")],
    ),
    ("charters above due", {"charters_revised": {"value": D(50)}}, [("B0701", "error", "E8")]),
    ("none is zero", {"protection_demo_sites": {"value": "无"}}, [("N01", "notice", "E9")]),
    (
        "a blank 本年累计",
        {"bathing_service_visits": {"year_to_date": ""}},
        [("V01", "error", "F9")],
    ),
    (
        "two decimals in 万元",
        {"child_support_funds": {"value": D("1.25")}},
        [("V04", "error", "E26")],
    ),
]


@pytest.mark.parametrize(("_name", "changes", "expected"), CASES, ids=[case[0] for case in CASES])
def test_values_and_balances(
    district: World,
    books: dict[int, Workbook],
    _name: str,
    changes: dict[str, dict[str, Any]],
    expected: list[tuple[str, str, str | None]],
) -> None:
    given = district.returns[TOWN, NOW]
    for figure, change in changes.items():
        given = changed(given, figure, **change)
    level = {rule for rule, _, _ in expected}
    findings = found(books, read(given))
    assert [each for each in brief(findings) if each[0] in level or not level] == expected


def test_a_doubtful_cell_silences_the_rules_that_need_it(
    district: World, books: dict[int, Workbook]
) -> None:
    given = changed(district.returns[TOWN, NOW], "urban_dibao_recipients", value="不详")
    assert brief(found(books, read(given))) == [("V02", "error", "E7")]


def relief(district: World, off: str) -> Sent:
    """relief_funds off by so much in both columns; the parts add up to the true total."""
    value, cumulative = district.amounts(TOWN, NOW)["relief_funds"]
    assert cumulative is not None
    return changed(
        district.returns[TOWN, NOW],
        "relief_funds",
        value=value + D(off),
        year_to_date=cumulative + D(off),
    )


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ("0.3", [("B0105R", "query", "E29")]),
        ("-0.3", [("B0105R", "query", "E29")]),
        ("0.4", [("B0105", "error", "E29")]),
    ],
)
def test_a_sum_off_by_rounding_is_a_query_beyond_it_an_error(
    district: World, books: dict[int, Workbook], off: str, expected: list[tuple[str, str, str]]
) -> None:
    # seven parts, 0.05 each: 0.35
    assert brief(found(books, read(relief(district, off)))) == expected


@pytest.mark.parametrize(
    ("off", "rule"), [("0.1", "T02"), ("-0.1", "T02"), ("0.2", "T01"), ("100", "T01")]
)
def test_year_to_date_in_wan_is_a_query_up_to_a_tenth(
    district: World, books: dict[int, Workbook], off: str, rule: str
) -> None:
    _, cumulative = district.amounts(TOWN, NOW)["other_relief_funds"]
    assert cumulative is not None
    given = changed(
        district.returns[TOWN, NOW], "other_relief_funds", year_to_date=cumulative + D(off)
    )
    findings = [each for each in found(books, read(given)) if each.rule[0] == "T"]
    assert [(each.rule, each.cell) for each in findings] == [(rule, "F28")]


def test_in_january_year_to_date_is_the_month(district: World, books: dict[int, Workbook]) -> None:
    given = changed(district.returns[TOWN, FIRST + 12], "salon_sessions", year_to_date=D(99))
    before = {month: each for month, each in books.items() if month < FIRST + 12}
    findings = judged(before, read(given)).findings
    assert [(each.rule, each.cell) for each in findings] == [("T01", "F7")]
    assert "上月累计0" in findings[0].message


def test_after_a_gap_year_to_date_cannot_be_verified(
    district: World, books: dict[int, Workbook]
) -> None:
    before = {month: each for month, each in books.items() if month not in (NOW - 1, NOW)}
    given = changed(district.returns[TOWN, NOW], "salon_sessions", year_to_date=D(999))
    batch = judged(before, read(given))
    assert batch.findings == []
    column = batch.layout.form_column["marriage_customs"]
    assert batch.unverifiable[len(before), column] >= 2


def test_stocks_carry_forward(district: World, books: dict[int, Workbook]) -> None:
    value, _ = district.amounts(TOWN, NOW)["rural_dibao_recipients"]
    given = changed(district.returns[TOWN, NOW], "rural_dibao_recipients", value=value + 1)
    findings = [each for each in found(books, read(given)) if each.rule == "T0101"]
    assert [(each.level, each.cell) for each in findings] == [("query", "E7")]


def test_an_explanation_settles_a_query_a_stock_phrase_does_not(
    district: World, books: dict[int, Workbook]
) -> None:
    for note, explained in (("经核实无误", False), ("四舍五入尾差所致", True)):
        given = changed(relief(district, "0.3"), "relief_funds", note=note)
        (finding,) = found(books, read(given))
        assert (finding.explanation == note) is explained
        assert finding.holds is not explained


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无误",
        "核实无误。",
        "属实",
        "经核实，情况属实！",
        "无",
        "  ",
        "确认无误",
        "核查无误",
        "数据已核实",
        "已核，无误",
        "真实有效",
        "数据真实准确",
        "同意",
        "无异议",
        "本月核实无误",
        "没有错误",
        "经核对无误，特此说明",
        "核实无误，请审核通过",
        "由经办人员核实",
        "没有任何问题",
        "OK",
        "收到",
    ],
)
def test_what_is_no_reason(text: str) -> None:
    assert not is_reason(text)


@pytest.mark.parametrize("text", ["新增两户", "本月集中发放春节补助，属实", "核减", "核增3人"])
def test_what_is_a_reason(text: str) -> None:
    assert is_reason(text)


def test_a_month_that_has_not_ended(district: World, books: dict[int, Workbook]) -> None:
    early = dt.datetime.fromisoformat("2022-01-31T10:00")
    batch = judged({}, books[FIRST], clock=early)
    assert {each.rule for each in batch.findings} == {"S07"}
    assert not batch.accepted.any()


def edit_cell(form: str, at: tuple[int, int], value: object) -> Callable[[list[Grid]], None]:
    def edit(sheets: list[Grid]) -> None:
        title = DECLARATION.by_name[form].title_zh
        grid = next(each for each in sheets if each.rows[0][0] == title)
        grid.rows[at[0]][at[1]] = value

    return edit


@pytest.mark.parametrize(
    ("at", "value", "expected"),
    [
        ((6, 3), "0599", [("S01", "error", "D7"), ("S03", "error", "B5")]),
        ((6, 3), "0501", [("S04", "error", "D7")]),
        ((6, 2), "个", [("S05", "error", "C7")]),
        ((6, 1), "沙龙", []),
    ],
    ids=["unknown code", "code of another line", "wrong unit", "code decides over a loose name"],
)
def test_shape(
    district: World,
    books: dict[int, Workbook],
    at: tuple[int, int],
    value: str,
    expected: list[tuple[str, str, str]],
) -> None:
    book = read(district.returns[TOWN, NOW], edit_cell("marriage_customs", at, value))
    assert brief(found(books, book)) == expected


def test_a_line_twice(district: World, books: dict[int, Workbook]) -> None:
    def edit(sheets: list[Grid]) -> None:
        grid = next(each for each in sheets if each.rows[0][0] == "婚俗改革月报表")
        grid.rows.insert(8, list(grid.rows[6]))

    findings = found(books, read(district.returns[TOWN, NOW], edit))
    assert brief(findings) == [("S02", "error", "D7"), ("S02", "error", "D9")]


def test_the_same_form_twice_in_a_file(district: World, books: dict[int, Workbook]) -> None:
    def edit(sheets: list[Grid]) -> None:
        twin = next(each for each in sheets if each.rows[0][0] == "婚俗改革月报表")
        sheets.append(replace(twin, name="副本"))

    findings = found(books, read(district.returns[TOWN, NOW], edit))
    assert [(each.rule, each.form) for each in findings] == [("S06", "marriage_customs")] * 2


def test_yuan_is_converted_exactly_with_a_notice(
    district: World, books: dict[int, Workbook]
) -> None:
    given = district.returns[TOWN, NOW]
    value, cumulative = district.amounts(TOWN, NOW)["temporary_aid_funds"]
    assert cumulative is not None
    given = changed(
        given,
        "temporary_aid_funds",
        unit="元",
        value=value * 10_000,
        year_to_date=cumulative * 10_000,
    )
    book = read(given)
    assert brief(found(books, book)) == [("N02", "notice", "E25"), ("N02", "notice", "F25")]
    (line,) = [
        each
        for sheet in book.sheets
        for each in sheet.lines
        if each.figure == "temporary_aid_funds"
    ]
    assert line.value == int(value * 1_000_000)


def test_the_later_part_is_held_when_figure_and_ledger_disagree(
    district: World, books: dict[int, Workbook]
) -> None:
    truth = district.returns[TOWN, NOW]
    care = truth.only({"elderly_care"})
    value, _ = district.amounts(TOWN, NOW)["social_work_stations"]
    wrong = changed(care, "social_work_stations", value=value + 1)
    ledger = truth.only({"facilities"})
    before = {month: each for month, each in books.items() if month < NOW}
    number = len(before)
    for first, second, form in (
        (ledger, wrong, "elderly_care"),
        (wrong, ledger, "facilities"),
    ):
        batch = judged(before, read(first), read(second))
        (finding,) = [each for each in batch.findings if each.at >= number]
        assert (finding.rule, finding.form, finding.at) == ("X01", form, number + 1)
        column = batch.layout.form_column
        assert batch.accepted[number].sum() == 1
        assert not batch.accepted[number + 1, column[form]]


def with_facilities(district: World, heading: str, value: str) -> Workbook:
    """The last return with 300 facilities that all have this value below the heading."""

    def edit(sheets: list[Grid]) -> None:
        grid = next(each for each in sheets if each.rows[0][0] == "民政设施台账")
        header = next(at for at, row in enumerate(grid.rows) if "状态" in row)
        row = [*grid.rows[header + 1]]
        row[grid.rows[header].index(heading)] = value
        grid.rows[header + 1 :] = [[*row] for _ in range(300)]

    return read(district.returns[TOWN, NOW], edit)


def test_a_ledger_full_of_mistakes_is_told_of_some(
    books: dict[int, Workbook], district: World
) -> None:
    book = with_facilities(district, "状态", "关门")
    *told, last = [each for each in found(books, book) if each.form == "facilities"]
    assert [each.level for each in told] == ["error"] * FORM_FINDINGS
    assert (last.rule, last.level) == ("S18", "error")
    assert "共300处，只列出前200处" in last.message


def test_what_the_reader_has_counted_is_not_counted_again(
    books: dict[int, Workbook], district: World
) -> None:
    book = with_facilities(district, "投用日期", "哪天")
    bound_findings(book, DECLARATION)
    told = [each for each in found(books, book) if each.form == "facilities"]
    (one,) = [each for each in told if each.rule == "S18"]
    assert "共300处，只列出前200处" in one.message
    assert len(told) == FORM_FINDINGS + 1


def test_a_ledger_with_an_error_leaves_the_figures_unverifiable(
    district: World, books: dict[int, Workbook]
) -> None:
    given = district.returns[TOWN, NOW]
    facilities = given.ledger("facilities")
    assert facilities is not None
    spoiled = given.with_sheet(facilities.changed(0, "status", "关门"))
    findings = found(books, read(spoiled))
    assert [each.rule for each in findings] == ["L02"]


def test_a_sum_over_a_blank_cell_is_not_compared(
    district: World, books: dict[int, Workbook]
) -> None:
    def edit(sheets: list[Grid]) -> None:
        (sheet,) = (each for each in sheets if each.name == "民政设施台账")
        (head,) = (row for row in sheet.rows if "设施名称" in row)
        kind, state, in_use = (head.index(each) for each in ("设施类别", "状态", "在用"))
        point = next(
            row
            for row in sheet.rows
            if row[kind] == "互助养老点" and row[state] in ("运行", "试运行")
        )
        point[in_use] = ""

    batch = judged(books, read(district.returns[TOWN, NOW], edit))
    last = len(batch.returns) - 1
    assert [each.rule for each in batch.findings if each.at == last] == []
    (count,) = (
        number
        for number, (_, each) in enumerate(batch.layout.counts)
        if each.figure == "mutual_aid_residents"
    )
    assert not batch.counted.known[last, count]


def test_one_slip_in_a_status_is_said_once(district: World, books: dict[int, Workbook]) -> None:
    given = district.returns[TOWN, NOW]
    tombs = given.ledger("living_tombs")
    assert tombs is not None
    removed = next(at for at, row in enumerate(tombs.rows) if row["status"] == "已拆除")
    spoiled = given.with_sheet(tombs.changed(removed, "status", "拆了"))
    assert [each.rule for each in found(books, read(spoiled))] == ["L02"]


def test_personal_data_leaves_the_file_nowhere(books: dict[int, Workbook]) -> None:
    columns = [column.name for column in DECLARATION.ledgers[1].columns]
    assert "household_head" in columns
    for sheet in books[FIRST].sheets:
        if sheet.form == "living_tombs":
            assert len(sheet.cells) == len(columns) - 1
            assert sheet.rows
