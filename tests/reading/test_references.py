"""Amounts of other periods beside those to fill in are for comparison, and hide nothing."""

import pytest

from flows.reading.cells import Grid
from flows.reading.results import Workbook
from flows.reading.workbook import interpret
from schemas.declaration import DECLARATION
from schemas.declaring.rules import MICRO
from schemas.forms import policy_outreach

FORM = policy_outreach.FORM
LINES = [each for each in FORM.figures if each.reporter == "township"]
WORDS = ["指标名称", "计量单位", "代码"]
BLANK = [""] * len(WORDS)
OTHERS = ["上月数", "上年同月", "上月累计"]


def read(header: list[list[str]], amounts: list[float]) -> Workbook:
    """The form below that header, each line with those amounts behind its code."""
    rows: list[list[object]] = [
        [FORM.title_zh],
        ["填报单位：濯水镇　报告期：2023年3月"],
        *(list[object](each) for each in header),
        *([line.name_zh, line.unit, line.code, *amounts] for line in LINES),
    ]
    width = max(map(len, rows))
    whole = [row + [""] * (width - len(row)) for row in rows]
    return interpret([Grid("表", 0, 0, whole)], "x.xlsx", DECLARATION)


@pytest.mark.parametrize(
    ("header", "amounts"),
    [
        ([[*WORDS, "本月数", "本年累计", *OTHERS]], [5, 7, 901, 902, 903]),
        ([[*WORDS, *OTHERS, "本月数", "本年累计"]], [901, 902, 903, 5, 7]),
        ([[*WORDS, "本月数", "上月累计", "本年累计"]], [5, 901, 7]),
        # Grouped: the two of the month before stand under headings like the form's own.
        (
            [[*WORDS, "上月", "", "本期", ""], [*BLANK, "本月数", "累计", "本月数", "本年累计"]],
            [901, 902, 5, 7],
        ),
        (
            [[*WORDS, "本期", "", "上年同期", ""], [*BLANK, "本月数", "累计", "本月数", "累计"]],
            [5, 7, 901, 902],
        ),
        # Broken over two rows.
        ([[*WORDS, "本月数", "本年", "上月"], [*BLANK, "", "累计", "累计"]], [5, 7, 901]),
        ([[*WORDS, "本月数", "上月", "本年"], [*BLANK, "", "累计", "累计"]], [5, 901, 7]),
        # Of another period alone, over both rows, and headings in the lower row only.
        (
            [[*WORDS, "上年同期", "", ""], [*BLANK, "", "本月数", "本年累计"]],
            [901, 5, 7],
        ),
    ],
)
def test_what_is_for_comparison_is_passed_over(
    header: list[list[str]], amounts: list[float]
) -> None:
    book = read(header, amounts)
    assert book.findings == []
    (sheet,) = book.sheets
    assert set(sheet.values) == {5 * MICRO}
    assert set(sheet.years_to_date) == {7 * MICRO}


def test_a_table_of_other_months_alone_has_no_amounts() -> None:
    book = read([[*WORDS, "上月数", "上月累计", "说明"]], [901, 902])
    assert [each.rule for each in book.findings] == ["S09"]
