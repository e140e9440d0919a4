"""What a sheet says in two ways is never chosen from: it is said, on its cell, and holds the form."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.reading.cells import Grid
from flows.reading.results import Workbook
from flows.reading.workbook import interpret, read_workbook
from schemas.declaration import DECLARATION
from tests.homes import TOWN
from tests.writing.formats import Sheet, write
from tests.writing.sheets import Cell

JULY = 2022 * 12 + 6
HEADINGS = ["序号", "指标名称", "计量单位", "代码", "本月数", "本年累计", "说明"]
Rows = list[list[Cell]]


def head(form: str, **said: str) -> Rows:
    """Title, number, unit and month above a table."""
    declared = DECLARATION.by_name[form]
    unit, month = said.get("unit", "濯水镇"), said.get("month", "2022年7月")
    return [
        [declared.title_zh],
        [f"表号：{declared.form_no}"],
        [f"填报单位：{unit}", None, f"报告期：{month}"],
    ]


def lines(form: str) -> Rows:
    declared = DECLARATION.by_name[form]
    return [
        [
            number,
            figure.name_zh,
            figure.unit,
            figure.code,
            number,
            number if figure.kind == "flow" else None,
        ]
        for number, figure in enumerate(DECLARATION.lines(declared, "township", JULY).figures, 1)  # type: ignore[arg-type]
    ]


def without_unit(rows: Rows) -> Rows:
    return [[*row[:2], *row[3:]] for row in rows]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Workbook]:
    def read(**sheets: Rows) -> Workbook:
        path = tmp_path / "月报.xlsx"
        path.write_bytes(write([Sheet(name, rows) for name, rows in sheets.items()], "xlsx"))
        return read_workbook(path, path.name, DECLARATION)

    return read


def errors(book: Workbook) -> set[str]:
    return {each.rule for each in book.findings if each.level == "error"}


MONEY, COUNTS = "social_assistance", "marriage_customs"
NO_UNIT = [each for each in HEADINGS if each != "计量单位"]


@pytest.mark.parametrize(
    "table",
    [
        [["单位：元"], NO_UNIT, *without_unit(lines(MONEY))],
        [["（单位：人民币元）"], NO_UNIT, *without_unit(lines(MONEY))],
        [["单位：元、万元"], NO_UNIT, *without_unit(lines(MONEY))],
        [["单位：元"], HEADINGS, *lines(MONEY)],  # the lines say 万元
        [[*HEADINGS[:4], "本月数（元）", *HEADINGS[5:]], *lines(MONEY)],
        [[*NO_UNIT[:3], "金额（元）", None, "说明"], [None] * 3 + ["本月数", "本年累计"],
         *without_unit(lines(MONEY))],
        [NO_UNIT, [None] * 3 + ["（元）", "（元）"], *without_unit(lines(MONEY))],
        [["序号", "指标名称", "计量单位（元）", *HEADINGS[3:]],
         *([*row[:2], None, *row[3:]] for row in lines(MONEY))],
        [[*HEADINGS[:4], "本月数（万元）", *HEADINGS[5:]],
         *([*row[:2], str(row[2]).replace("万", ""), *row[3:]] for row in lines(MONEY))],
        [["单位：户、人、万元"], NO_UNIT, *without_unit(lines(MONEY)[:16]), ["社会救助月报表（续表）"],
         ["单位：元"], NO_UNIT, *without_unit(lines(MONEY)[16:])],
        [["指标名称", *(row[1] for row in lines(MONEY))],
         ["本月数（元）", *(row[4] for row in lines(MONEY))],
         ["本年累计（元）", *(row[5] for row in lines(MONEY))]],
    ],
)  # fmt: skip
def test_yuan_is_never_taken_for_ten_thousands(read: Callable[..., Workbook], table: Rows) -> None:
    book = read(表=[*head(MONEY), *table])
    said = [each for each in book.findings if each.level == "error"]
    assert {each.rule for each in said} == {"S19"}
    money = [each.figure for each in said]
    declared = DECLARATION.figures
    assert {declared[str(name)].unit for name in money} == {"万元"}


def test_yuan_behind_a_lines_name(read: Callable[..., Workbook]) -> None:
    rows = [
        [row[0], f"{row[1]}（元）" if row[2] == "万元" else row[1], *row[3:]]
        for row in lines(MONEY)
    ]
    assert errors(read(表=[*head(MONEY), NO_UNIT, *rows])) == {"S04"}


@pytest.mark.parametrize(
    "headings",
    [
        [*HEADINGS[:4], "本季数", "本月数", "本年累计"],
        [*HEADINGS[:4], "本月数", "累计", "本年累计"],
        [*HEADINGS[:4], "本月数", "本月数", "本年累计"],
    ],
)
def test_two_columns_of_a_kind(read: Callable[..., Workbook], headings: Rows) -> None:
    rows = [[*row[:5], 999, row[5]] for row in lines(COUNTS)]
    book = read(表=[*head(COUNTS), headings, *rows])
    assert errors(book) == {"S14"}
    assert all(sheet.broken for sheet in book.sheets)


def test_a_heading_of_another_period_is_none(read: Callable[..., Workbook]) -> None:
    headings = [*HEADINGS[:4], "本月数（上年同期）", *HEADINGS[4:]]
    rows = [[*row[:4], 999, *row[4:]] for row in lines(COUNTS)]
    book = read(表=[*head(COUNTS), headings, *rows])
    assert errors(book) == set()
    assert [line.value for line in book.sheets[0].lines] == [1_000_000, 2_000_000, 3_000_000]


def test_without_a_column_of_year_to_date_it_is_said_once(read: Callable[..., Workbook]) -> None:
    book = read(表=[*head(COUNTS), HEADINGS[:5], *(row[:5] for row in lines(COUNTS))])
    assert [(each.rule, each.cell) for each in book.findings] == [("S16", "B4")]


def test_a_table_below_of_another_unit(read: Callable[..., Workbook]) -> None:
    rows = lines(COUNTS)
    other = head(COUNTS, unit="石会镇", month="2022年6月")
    book = read(表=[*head(COUNTS), HEADINGS, *rows[:2], *other, HEADINGS, *rows[2:]])
    assert [each.cell for each in book.findings if each.rule == "S17"] == ["A9", "A9"]


def test_a_continued_sheet_goes_with_the_sheet_before_it(read: Callable[..., Workbook]) -> None:
    rows = lines(COUNTS)
    book = read(
        七月=[*head(COUNTS), HEADINGS, *rows],
        六月=[*head(COUNTS, month="2022年6月"), HEADINGS, *rows[:2]],
        续=[["婚俗改革月报表（续表）"], HEADINGS, *rows[2:]],
        养老=[*head("elderly_care"), HEADINGS, *lines("elderly_care")],
        宣传=[*head("policy_outreach"), HEADINGS, *lines("policy_outreach")],
    )
    assert (book.unit, book.month) == (TOWN, JULY)
    assert [(each.rule, each.sheet) for each in book.findings] == [("U01", "六月"), ("U01", "续")]
    assert {sheet.form for sheet in book.sheets} == {
        "marriage_customs",
        "elderly_care",
        "policy_outreach",
    }


def test_a_continued_sheet_without_a_header(read: Callable[..., Workbook]) -> None:
    rows = lines(COUNTS)
    book = read(表=[*head(COUNTS), HEADINGS, *rows[:2]], 续=[["婚俗改革月报表（续表）"], *rows[2:]])
    assert [(each.rule, each.sheet) for each in book.findings] == [("S15", "续")]
    assert book.sheets[0].broken


def side(*amounts: list[Cell]) -> Rows:
    return [["乡镇", *(row[1] for row in lines(COUNTS))], *amounts]


@pytest.mark.parametrize(
    "table",
    [
        side(["石会镇", 11, 12, 13]),
        side(["2022年6月", 11, 12, 13]),
        side(["城东街道"], ["濯水镇"], ["石会镇", 11, 12, 13]),
        [["乡镇", "项目", *(row[1] for row in lines(COUNTS))], ["石会镇", "本月数", 11, 12, 13],
         [None, "本年累计", 11, 12], ["濯水镇", "本月数", 1, 2, 3], [None, "本年累计", 1, 2]],
    ],
)  # fmt: skip
def test_another_units_row_of_a_table_on_its_side(
    read: Callable[..., Workbook], table: Rows
) -> None:
    book = read(表=[*head(COUNTS), *table])
    assert errors(book) == {"S09"}


def test_a_remark_below_a_table_on_its_side_is_no_reason(read: Callable[..., Workbook]) -> None:
    rows = lines(COUNTS)
    table = [
        ["指标名称", *(row[1] for row in rows)],
        ["本月数", 1, 2, 3],
        ["本年累计", 1, 2],
        [],
        ["备注", "按台账统计上报后新增两处"],
    ]
    book = read(表=[*head(COUNTS), *table])
    assert errors(book) == set()
    assert set(book.sheets[0].reasons) == {""}


def test_a_table_on_its_side_in_two_bands(read: Callable[..., Workbook]) -> None:
    rows = lines("elderly_care")
    table: Rows = []
    for part in (rows[:6], rows[6:]):
        table += [
            ["指标名称", *(row[1] for row in part)],
            ["本月数", *(row[4] for row in part)],
            ["本年累计", *(row[5] for row in part)],
            [],
        ]
    book = read(表=[*head("elderly_care"), *table])
    assert errors(book) == set()
    assert len(book.sheets[0].lines) == len(rows)


def test_a_line_that_stands_twice_and_is_blank_is_not_lost(read: Callable[..., Workbook]) -> None:
    rows = [[row[0], row[1], *row[4:]] for row in lines(COUNTS)]
    twice = [*rows[:2], [3, rows[2][1]], [4, rows[2][1]]]
    book = read(表=[*head(COUNTS), ["序号", "指标名称", "本月数", "本年累计"], *twice])
    assert errors(book) == {"S02"}


def test_an_unknown_line_below_a_remark_with_numbers_as_texts(
    read: Callable[..., Workbook],
) -> None:
    rows = [
        *lines(COUNTS)[:2],
        ["说明：以下为补充"],
        [None, "离婚调解数", "件", None, "３", "３０"],
    ]
    book = read(表=[*head(COUNTS), HEADINGS, *rows, *lines(COUNTS)[2:]])
    assert errors(book) == {"S01"}


def test_a_cover_with_a_telephone_number_is_none(read: Callable[..., Workbook]) -> None:
    cover = [["婚俗改革月报表"], *head(COUNTS)[2:], ["联系电话", 79220000]]
    book = read(封面=cover, 表=[*head(COUNTS), HEADINGS, *lines(COUNTS)])
    assert errors(book) == set()


@pytest.mark.parametrize(
    "numbering",
    [[1, 2, 3, 4, 5, 6, 7], ["—", "甲", "乙", "丙", 1, 2], ["甲", "乙", "丙", "丁", 1, 2, "戊"]],
)
def test_a_row_that_numbers_the_columns(
    read: Callable[..., Workbook], numbering: list[Cell]
) -> None:
    assert errors(read(表=[*head(COUNTS), HEADINGS, numbering, *lines(COUNTS)])) == set()


LEDGER = "facilities"
COLUMNS = [
    "序号",
    "设施名称",
    "设施类别",
    "所在村（社区）",
    "状态",
    "计划下达日期",
    "投用日期",
    "容量",
    "在用",
    "备注",
]
ITEMS: Rows = [
    [at, f"食堂{at}", "爱心食堂", f"{at}村", "运行", "2021-01-01", "2021-06-01", 30, 20, None]
    for at in range(1, 4)
]


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ([*COLUMNS[:6], "投用时间", *COLUMNS[7:]], "L11"),
        ([*COLUMNS, *COLUMNS[1:]], "L10"),
        ([*COLUMNS[:9], "状态"], "L10"),
    ],
)
def test_a_ledgers_columns_are_never_chosen_from(
    read: Callable[..., Workbook], columns: list[Cell], rule: str
) -> None:
    book = read(表=[*head(LEDGER), columns, *ITEMS])
    assert errors(book) == {rule}
    assert book.sheets[0].broken


def test_a_column_of_last_months_is_not_taken(read: Callable[..., Workbook]) -> None:
    columns = [*COLUMNS[:8], "在用（上月）", *COLUMNS[8:]]
    book = read(表=[*head(LEDGER), columns, *([*row[:8], 7, *row[8:]] for row in ITEMS)])
    assert errors(book) == set()
    kept = [each.name for each in DECLARATION.by_name[LEDGER].kept]  # type: ignore[union-attr]
    assert set(book.sheets[0].cells[kept.index("in_use")]) == {20}


@pytest.mark.parametrize("remark", ["照片见续表", "合计", "说明：同上"])
def test_an_item_whose_remark_is_a_word_of_totals(
    read: Callable[..., Workbook], remark: str
) -> None:
    rows = [list(row) for row in ITEMS]
    rows[1][3], rows[1][9] = None, remark
    book = read(表=[*head(LEDGER), COLUMNS, *rows])
    assert [(each.rule, len(book.sheets[0].rows)) for each in book.findings] == []
    assert len(book.sheets[0].rows) == 3


def test_rows_that_are_no_items(read: Callable[..., Workbook]) -> None:
    rows = [*ITEMS, ["合计（3处）："], ["本页小计", None, None, None, None, None, None, 90, 60]]
    feet = [["分管领导签字：", None, "经办人签字："], ["单位（盖章）："]]
    book = read(表=[*head(LEDGER), COLUMNS, *rows, *feet])
    assert errors(book) == set()
    assert len(book.sheets[0].rows) == 3


def test_a_ledger_goes_on_on_a_sheet_that_only_says_so(read: Callable[..., Workbook]) -> None:
    book = read(表=[*head(LEDGER), COLUMNS, *ITEMS[:2]], 续=[["续表"], COLUMNS, *ITEMS[2:]])
    assert errors(book) == set()
    assert len(book.sheets[0].rows) == 3


@pytest.mark.parametrize(
    ("more", "count"),
    [
        (ITEMS[2:], 1),
        ([*ITEMS, ["合计", None, None, None, None, None, None, 90, 60]], 3),
        ([["续"], *ITEMS[1:]], 2),
    ],
)
def test_a_ledger_that_goes_on_without_saying_so_is_said(
    read: Callable[..., Workbook], more: Rows, count: int
) -> None:
    book = read(表=[*head(LEDGER), COLUMNS, *ITEMS[:2]], 空=[], 续=more, 再续=ITEMS)
    found = [each for each in book.findings if each.level == "error"]
    assert [(each.rule, each.form, each.sheet) for each in found] == [
        ("S20", LEDGER, "续"),
        ("S20", LEDGER, "再续"),
    ]
    assert f"有{count}行" in found[0].message


def test_a_ledger_that_goes_on_without_its_header_is_said(read: Callable[..., Workbook]) -> None:
    book = read(表=[*head(LEDGER), COLUMNS, *ITEMS[:2]], 续=[["续表"], *ITEMS[2:]])
    assert errors(book) == {"S15"}


@pytest.mark.parametrize("day", [float("inf"), float("nan"), 1e300])
def test_a_number_that_is_no_day(day: float) -> None:
    rows = [["" if cell is None else cell for cell in row] for row in ITEMS]
    rows[0][6] = day
    above = [[*row, *[""] * (len(COLUMNS) - len(row))] for row in head(LEDGER)]
    table = [*([cell or "" for cell in row] for row in above), [*COLUMNS], *rows]
    book = interpret([Grid("表", 0, 0, table), Grid("其他", 0, 0, rows)], "x.xlsx", DECLARATION)
    assert [(each.rule, each.cell) for each in book.findings] == [("L03", "G5")]


@pytest.mark.parametrize(
    "other",
    [
        [["设施类别", "代码"], ["爱心食堂", 1], ["养老机构", 2]],
        [["联系人", "电话"], ["张三", 79220000], ["李四", 79220001]],
        [[None, "食堂1", "爱心食堂", "1村", "在哪", "2021-01-01"], ["填报注意事项", "应逐处填写"]],
        [COLUMNS],
        [COLUMNS, *ITEMS[:1]],
        [["名称", "类别", "村", "状态", "日期", "投用", "容量"], *(row[1:8] for row in ITEMS)],
    ],
)
def test_another_sheet_behind_a_ledger_is_no_part_of_it(
    read: Callable[..., Workbook], other: Rows
) -> None:
    assert errors(read(表=[*head(LEDGER), COLUMNS, *ITEMS], 其他=other)) == set()
    figures = [*head(COUNTS), HEADINGS, *lines(COUNTS)]
    book = read(表=[*head(LEDGER), COLUMNS, *ITEMS], 指标=figures, 其他=ITEMS)
    assert errors(book) == set()


def test_a_name_that_stands_twice_across_leaves_the_amounts_their_cells(
    read: Callable[..., Workbook],
) -> None:
    names = [row[1] for row in lines(COUNTS)]
    table = [
        ["指标名称", names[0], None, names[1], names[0], names[2]],
        [None, "本月数", "本年累计", "本月数", "本年累计", "本月数"],
        ["本月数", 1, 2, 3, None, 5],
    ]
    book = read(表=[*head(COUNTS), *table])
    assert book.sheets[0].lines[0].place.cell == "B6"


@pytest.mark.parametrize(
    ("amounts", "rules"),
    [
        ([501, 2, 3], set()),  # an amount that happens to be its line's code
        ([501, 502, 503], {"S13"}),
        (["0501", 2, 3], {"S13"}),
    ],
)
def test_codes_where_amounts_should_be(
    read: Callable[..., Workbook], amounts: list[Cell], rules: set[str]
) -> None:
    rows = lines(COUNTS)
    for row, amount in zip(rows, amounts, strict=True):
        row[3], row[4] = None, amount
    assert errors(read(表=[*head(COUNTS), HEADINGS, *rows])) == rules
