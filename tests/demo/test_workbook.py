import datetime as dt
import io
import unicodedata
import zipfile
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from flows.demo.layout import Layout, habitual_layout, month_texts, plain_layout
from flows.demo.returns import FigureSheet
from flows.demo.workbook import Book, cell_of, sheet_names, write_workbook
from flows.demo.world import World
from schemas.declaring.periods import parse_month
from tests.demo.reading import read_rows

KEY = ("500114112", parse_month("2023-03"))
DAY = dt.date(2023, 4, 3)


def _plain(world: World, **changed: Any) -> Book:
    layout = plain_layout("濯水镇", KEY[1], DAY)
    return Book(world.returns[KEY], replace(layout, **changed))


def test_the_form_as_handed_out(short: World) -> None:
    rows = read_rows(write_workbook(_plain(short)), "政策宣传月报表")
    line = short.returns[KEY].figure_sheet("policy_outreach")
    assert line is not None
    handbooks = line.line("handbooks_distributed")
    assert [[cell for cell in row if cell != ""] for row in rows[:6]] == [
        ["政策宣传月报表"],
        ["表号：QJMZ08", "制定机关：黔江区民政局", "有效期至：2033年12月"],
        ["填报单位：濯水镇", "报告期：2023年3月"],
        [],
        ["序号", "指标名称", "计量单位", "代码", "本月数", "本年累计", "说明"],
        [1, "发放民政政策宣传手册数", "份", "0801", handbooks.value, handbooks.year_to_date],
    ]
    assert rows[9][0].startswith("单位负责人：张某        填表人：李某")


def test_every_workbook_says_that_it_is_made(short: World) -> None:
    content = write_workbook(_plain(short, foot=("填表人",)))
    for name in sheet_names(_plain(short)).values():
        assert "演示数据" in read_rows(content, name)[-1][0]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "演示数据" in archive.read("docProps/core.xml").decode()


def test_the_same_content_gives_the_same_bytes(short: World) -> None:
    assert write_workbook(_plain(short)) == write_workbook(_plain(short))


@pytest.mark.parametrize("number", range(40))
def test_every_amount_stands_where_cell_of_says(short: World, number: int) -> None:
    random = Random(number)
    names = short.unit_names[KEY[0]]
    layout = habitual_layout(random, f"try {number}", names, KEY[1], DAY)
    book = Book(short.returns[KEY], layout)
    content = write_workbook(book)
    for sheet in book.content.sheets:
        if isinstance(sheet, FigureSheet):
            rows = read_rows(content, sheet_names(book)[sheet.form])
            for line in sheet.lines:
                _, cell = cell_of(book, sheet.form, line.figure, "本月数")
                row, column = coordinate_to_tuple(cell)
                written = unicodedata.normalize("NFKC", str(rows[row - 1][column - 1]))
                assert Decimal(written.replace(",", "").strip()) == line.value


def test_layouts_differ(short: World) -> None:
    content = write_workbook(
        _plain(
            short, rows_before=2, columns_before=1, middle_column=True, codes="number", gap_after=3
        )
    )
    rows = read_rows(content, "社会救助月报表")
    assert rows[2][1] == "社会救助月报表"
    assert rows[7][1] == 1
    assert rows[7][4:6] == ["", 101]
    assert set(rows[10]) == {""}
    assert read_rows(write_workbook(_plain(short, codes="absent")), "社会救助月报表")[4] == [
        *("序号", "指标名称", "计量单位", "本月数", "本年累计", "说明")
    ]


@pytest.mark.parametrize(
    ("names", "written"), [("numbered", "3.已修订并公示"), ("spaced", "已修 订并公示")]
)
def test_names_as_people_write_them(short: World, names: str, written: str) -> None:
    rows = read_rows(write_workbook(_plain(short, names=names)), "基层治理月报表")
    assert any(str(row[1]).startswith(written) for row in rows)


def test_sheets_may_be_renamed_shuffled_and_joined_by_others(short: World) -> None:
    book = _plain(short, sheet_names="Sheet", shuffled=True, extra="hidden")
    read = CalamineWorkbook.from_filelike(io.BytesIO(write_workbook(book)))
    assert sorted(read.sheet_names[:-1]) == sorted(f"Sheet{number}" for number in range(1, 11))
    assert read.sheet_names[:-1] != sorted(read.sheet_names[:-1])
    assert read.sheets_metadata[-1].visible == SheetVisibleEnum.Hidden


def test_months_in_every_way_people_write_them() -> None:
    assert month_texts(parse_month("2023-03")) == (
        *("2023年3月", "2023年03月", "2023-03", "2023.3", "二〇二三年三月"),
    )
    assert [month_texts(parse_month(f"2022-{month}"))[-1] for month in (10, 11, 12)] == [
        *("二〇二二年十月", "二〇二二年十一月", "二〇二二年十二月"),
    ]


def test_habits_are_the_same_for_the_same_seed(short: World) -> None:
    names = short.unit_names[KEY[0]]

    def layout(seed: int) -> Layout:
        return habitual_layout(Random(seed), "x", names, KEY[1], DAY)

    assert layout(1) == layout(1)
    assert len({layout(seed) for seed in range(50)}) > 25
