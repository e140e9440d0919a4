"""Workbooks of other formats as plain ones: the same values at the same cells."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.demo.world import World
from flows.reading.opening import open_sheets
from flows.reading.refusals import RefusedError
from flows.returning.clean_copy import clean_copy
from tests.homes import TOWN, content_of
from tests.returning.marked import (
    check_package,
    list_of,
    opened,
    parts_of,
    read,
    remark,
    returned,
    same_report,
)
from tests.writing.formats import EXTENSIONS, ONE_SHEET, Sheet, write
from tests.writing.zips import zipped


def values(content: bytes, name: str = "表.xlsx") -> list[dict[tuple[int, int], object]]:
    """The cells of each sheet that hold something, as the reader has them."""
    grids = open_sheets(content, name).grids
    for grid in grids:
        grid.fill_unresolved()
    return [
        {
            (grid.top + at, grid.left + column): cell
            for at, row in enumerate(grid.rows)
            for column, cell in enumerate(row)
            if cell != ""
        }
        for grid in grids
    ]


ROWS: list[list[Any]] = [
    [None, "标题 & “引号” <b>"],
    [],
    ["0101", "=1+1", "+86", "-3", "@甲", "'a", " 空 格 ", "多\n行", "_x0041_"],
    [12, 12.5, 0.1, -3, 1e15, 12.700000000000001],
    [dt.date(2022, 7, 31), dt.date(1900, 1, 1), dt.date(1900, 3, 1), "2022-07-31"],
]


@pytest.mark.parametrize("format", sorted(set(EXTENSIONS) - {"xlsx", "xlsm"}))
def test_values_stay_what_and_where_they_are(format: str) -> None:
    sheets = [Sheet("表", ROWS)]
    if format not in ONE_SHEET:
        sheets += [Sheet("空", []), Sheet("第二", [["x"]])]
    content = write(sheets, format)
    copy = clean_copy(content, "表.xls")
    check_package(copy.content)
    assert values(copy.content) == values(content)


def test_texts_are_no_formulas() -> None:
    copy = clean_copy(write([Sheet("表", ROWS)], "csv"), "表.csv")
    sheet = opened(copy.content)["表"]
    assert [sheet[each].value for each in ("A3", "B3", "C3", "D3")] == ["0101", "=1+1", "+86", "-3"]
    assert {sheet[each].data_type for each in ("A3", "B3", "C3", "D3")} == {"s"}
    assert {sheet[each].quotePrefix for each in ("A3", "B3", "C3")} == {True}


def test_dates_are_dates() -> None:
    sheet = opened(clean_copy(write([Sheet("表", ROWS)], "xls"), "表.xls").content)["表"]
    assert sheet["A5"].value == dt.datetime(2022, 7, 31)  # noqa: DTZ001
    assert sheet["A5"].number_format == "yyyy\\-mm\\-dd"


def test_days_counted_from_1904_still_are() -> None:
    # 43000 days from 1904 are the day that 44462 from 1900 are.
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    from tests.returning.test_marking import saved

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([dt.date(2021, 9, 23), 43000])
    content = saved(book)
    copy = clean_copy(content, "一.xlsx").content
    assert values(copy) == values(content)
    assert open_sheets(copy, "").grids[0].from_1904()


def test_names_that_no_sheet_may_have() -> None:
    content = write([Sheet("表", [["a"]])], "csv")
    names = {
        "濯水镇[2022]年*1月?.csv": "濯水镇（2022）年＊1月？",
        f"{'长' * 40}.csv": "长" * 31,
        "'a'.csv": "a",
    }
    for name, wanted in names.items():
        own = open_sheets(content, name).grids[0].name
        marked = returned(content, remark(own, "A1"), name=name)
        assert opened(marked.content).sheetnames == ["问题清单", wanted]
        assert opened(marked.content)[wanted]["A1"].comment is not None
        assert [row["单元格"] for row in list_of(marked.content)] == [f"{wanted}!A1"]


@pytest.mark.parametrize("suffix", ["xls", "ods", "xlsb"])
def test_a_returns_copy_reports_the_same(district: World, suffix: str) -> None:
    content = content_of(district.returns[TOWN, 2022 * 12 + 1])
    sheets = []
    for grid in open_sheets(content, "").grids:
        rows = [
            [None] * grid.left + [None if cell == "" else cell for cell in row] for row in grid.rows
        ]
        sheets.append(Sheet(grid.name, [*([] for _ in range(grid.top)), *rows]))  # type: ignore[arg-type]
    other = write(sheets, suffix)
    marked = returned(other, remark(sheets[0].name, "E7"), name=f"一.{suffix}")
    assert marked.is_copy
    assert read(other).state == "read"
    assert same_report(read(marked.content), read(other))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
cells = st.one_of(
    st.none(),
    texts,
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(cells, max_size=4), max_size=4))
def test_whatever_a_document_holds(rows: list[list[Any]]) -> None:
    # What XML cannot hold no document holds either.
    rows = [["".join(c for c in each if c >= " ") if isinstance(each, str) else each for each in row]
            for row in rows]  # fmt: skip
    rows = [[None if each == "" else each for each in row] for row in rows]
    try:
        content = write([Sheet("表", rows)], "ods")
        before = values(content)
    except Exception:
        return  # not readable to begin with
    after = values(clean_copy(content, "表.ods").content)
    assert after == before


def test_a_file_without_a_sheet_to_read_is_refused() -> None:
    for content in (write([], "xlsx"), broken_sheet()):
        with pytest.raises(RefusedError):
            clean_copy(content, "一.xlsx")


def broken_sheet() -> bytes:
    parts = parts_of(write([Sheet("表", [["a"]])], "xlsx"))
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
    return zipped(parts)


def test_a_sheet_that_cannot_be_read_leaves_the_others() -> None:
    parts = parts_of(write([Sheet("表", [["a"]]), Sheet("第二", [["b"]])], "xlsx"))
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
    marked = returned(zipped(parts), remark("表", "A1"), remark("第二", "A1"))
    assert marked.is_copy
    assert opened(marked.content).sheetnames == ["问题清单", "第二"]
    assert len(list_of(marked.content)) == 2
