"""The boxes of comments: one for each, large enough, hidden, where the cell is."""

import re

import openpyxl
from openpyxl.comments import Comment

from tests.returning.marked import edited, parts_of, remark
from tests.returning.test_marking import saved
from tests.writing.formats import Sheet, write

DRAWING = "xl/drawings/vmlDrawing1.vml"
CONTENT = write([Sheet("表", [["a"] * 9] * 9)], "xlsx")


def boxes(drawing: bytes) -> dict[tuple[int, int], list[int]]:
    """The corners of each box by its cell's row and column, from 0."""
    found = {}
    for shape in re.findall(r"<v:shape .*?</v:shape>", drawing.decode(), re.DOTALL):
        row, column = (re.search(rf"<x:{each}>(\d+)<", shape) for each in ("Row", "Column"))
        anchor = re.search(r"<x:Anchor>([^<]*)<", shape)
        assert row and column and anchor  # noqa: PT018
        found[int(row[1]), int(column[1])] = [int(each) for each in anchor[1].split(",")]
        assert "visibility:hidden" in shape
    return found


def test_a_box_is_beside_its_cell_and_as_high_as_its_text() -> None:
    long = "应不小于各项之和；" * 20
    back = edited(CONTENT, remark("表", "B3"), remark("表", "D8", message=long), remark("表", "A1"))
    found = boxes(parts_of(back)[DRAWING])
    assert set(found) == {(0, 0), (2, 1), (7, 3)}
    left, _, top, _, right, _, bottom, _ = found[2, 1]
    assert (left, top) == (2, 1)
    # 340 pixels are five columns of 72 at the most; four lines and two marks six rows of 19.
    assert right - left in (4, 5)
    assert bottom - top in (5, 6, 7)
    _, _, top, _, _, _, bottom, _ = found[7, 3]
    assert bottom - top > 8


def test_a_box_that_is_there_gets_room_for_what_is_added() -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["B2"].comment = Comment("a", "b", height=20, width=20)
    before = saved(book)
    name = next(each for each in parts_of(before) if each.endswith(".vml"))
    back = edited(before, remark("表", "B2"))
    drawing = parts_of(back)[name].decode()
    assert len(re.findall(r"<(?:\w+:)?shape\s", drawing)) == 1
    anchor = re.search(r"Anchor>([^<]*)<", drawing)
    assert anchor is not None  # openpyxl gives a size without an anchor
    left, _, _, _, right, *_ = map(int, anchor[1].split(","))
    assert right - left >= 4


def test_comments_without_a_drawing_get_boxes() -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["B2"].comment = Comment("a", "b")
    parts = parts_of(saved(book))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb"<legacyDrawing[^>]*>", b"", parts[sheet])
    from tests.writing.zips import zipped

    back = edited(zipped(parts), remark("表", "C3"))
    assert set(boxes(parts_of(back)[DRAWING])) == {(1, 1), (2, 2)}


def test_the_last_cell_of_a_sheet_has_room_for_its_box() -> None:
    back = edited(CONTENT, remark("表", "XFD1048576"))
    left, _, top, _, right, _, bottom, _ = boxes(parts_of(back)[DRAWING])[1048575, 16383]
    assert left < right < 16384
    assert top < bottom < 1048576


def test_boxes_of_each_sheet_are_drawn_apart() -> None:
    content = write([Sheet("表", [["a"]]), Sheet("第二", [["b"]])], "xlsx")
    parts = parts_of(edited(content, remark("表", "A1"), remark("第二", "A1")))
    assert {each for each in parts if each.endswith(".vml")} == {
        DRAWING,
        DRAWING.replace("1.vml", "2.vml"),
    }
