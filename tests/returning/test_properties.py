"""Whatever is marked on whatever sheet: nothing but the marked cells' fill is another."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from flows.reading.opening import open_sheets
from flows.returning.cell_marks import Address, address
from tests.returning.marked import edited, parts_of, remark
from tests.writing.formats import Merge, Sheet, write

ONE, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"

cells = st.one_of(
    st.none(),
    st.text("ab&<0=甲 \n", max_size=5),
    st.integers(-9, 10**12),
    st.floats(-1e6, 1e6),
    st.dates(),
).map(lambda cell: None if cell == "" or getattr(cell, "year", 2000) < 1901 else cell)
rows = st.lists(st.lists(cells, max_size=5), max_size=6)
marks = st.lists(
    st.tuples(
        st.builds(Address, st.integers(1, 9), st.integers(1, 8)),
        st.sampled_from(["error", "query", "notice"]),
    ),
    max_size=6,
)
looks = st.fixed_dictionaries(
    {
        "references": st.booleans(),
        "dimension": st.booleans(),
        "shared": st.booleans(),
        "prefix": st.sampled_from(["", "x"]),
    }
)
areas = st.sampled_from([(), (Merge(0, 0, 1, 3),), (Merge(1, 1, 2, 2), Merge(0, 3, 1, 2))])


def cells_of(data: bytes) -> dict[Address, tuple[int, bytes]]:
    """Each cell's format, and all else it is."""
    found, row_number = {}, 0
    for row in etree.fromstring(data).find("{*}sheetData"):
        row_number = int(row.get("r") or row_number + 1)
        column = 0
        for cell in row:
            said = address(cell.get("r") or "")
            column = said.column if said else column + 1
            style = int(cell.attrib.pop("s", 0))
            cell.attrib.pop("r", None)
            cell.tail = None
            found[Address(row_number, column)] = style, etree.tostring(cell, method="c14n")
    return found


def beside(data: bytes) -> list[bytes]:
    """A sheet's markup without its cells and without what shows the comments."""
    root = etree.fromstring(data)
    return [
        etree.tostring(each, method="c14n")
        for each in root
        if etree.QName(each).localname not in ("sheetData", "legacyDrawing")
    ]


def format_of(styles: Any, number: int) -> dict[str, str]:
    """A cell's format but for its fill."""
    said = dict(styles.find("{*}cellXfs")[number].attrib)
    return {name: text for name, text in said.items() if name not in ("fillId", "applyFill")}


@settings(max_examples=120, deadline=None)
@given(rows, areas, marks, looks)
def test_nothing_but_the_marked_cells_fill(
    rows: list[list[Any]], merges: tuple[Merge, ...], marked: Any, look: dict[str, Any]
) -> None:
    for area in merges:  # of a merged area only the first cell holds anything
        for at, row in enumerate(rows):
            for column in range(len(row)):
                if area.covers(at, column) and (at, column) != area[:2]:
                    row[column] = None
    before = write([Sheet("表", rows, merges)], "xlsx", **look)
    after = edited(before, *(remark("表", str(at), level) for at, level in marked))
    old, new = parts_of(before), parts_of(after)
    touched = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", STYLES}
    assert all(new[name] == old[name] for name in old.keys() - touched - {ONE})
    places = {_whole(at, merges) for at, _ in marked}
    if not places:
        assert new[ONE] == old[ONE]
    cells, marked_cells = cells_of(old[ONE]), cells_of(new[ONE])
    assert marked_cells.keys() == cells.keys() | places
    styles = etree.fromstring(new[STYLES])
    was = etree.fromstring(old[STYLES])
    for at, (style, content) in marked_cells.items():
        known = cells.get(at)
        if known is None:
            assert len(etree.fromstring(content)) == 0
        else:
            assert known[1] == content
            assert at in places or known[0] == style
            assert format_of(styles, style) == format_of(was, known[0])
    assert beside(new[ONE]) == beside(old[ONE])
    values = [grid.rows for grid in open_sheets(before, "").grids]
    assert [grid.rows for grid in open_sheets(after, "").grids][1:] == values


def _whole(at: Address, merges: tuple[Merge, ...]) -> Address:
    for area in merges:
        if area.covers(at.row - 1, at.column - 1):
            return Address(area.row + 1, area.column + 1)
    return at
