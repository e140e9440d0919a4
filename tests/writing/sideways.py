"""Tables on their side: figures across, their amounts below."""

from tests.writing.heads import put_foot, put_head
from tests.writing.tables import HEADINGS, LaidOut, Layout, Page, Place, Table, cell_of


def transposed(table: Table, layout: Layout) -> LaidOut:
    """Every column of the form as a row, headed in the first column."""
    page, left = Page(table.title), layout.columns_before
    top = put_head(page, table, layout, layout.rows_before)
    kinds = layout.columns
    for row, kind in enumerate(kinds, top):
        page.put(row, left, HEADINGS[kind])
        for column, line in enumerate(table.lines, left + 1):
            cell = cell_of(line, kind, layout)
            if cell is not None:
                page.put(row, column, cell)
    value, total = (top + kinds.index(each) for each in ("month", "cumulative"))
    places = {
        line.code: page.place(line, (value, column), (total, column))
        for column, line in enumerate(table.lines, left + 1)
    }
    put_foot(page, layout)
    return LaidOut([page.sheet()], places)


def one_row(table: Table, layout: Layout) -> LaidOut:
    """Names over 本月数 and 本年累计, and a single row of amounts below."""
    page, left = Page(table.title), layout.columns_before
    top = put_head(page, table, layout, layout.rows_before)
    by_unit = layout.row_label == "unit"
    page.put(top, left, "乡镇" if by_unit else "指标名称", rows=2)
    page.put(top + 2, left, table.unit_name if by_unit else "本月数")
    places: dict[str, Place] = {}
    for number, line in enumerate(table.lines):
        column = left + 1 + 2 * number
        page.put(top, column, line.name_zh, columns=2)
        for at, kind in enumerate(("month", "cumulative"), column):
            page.put(top + 1, at, HEADINGS[kind])
            cell = cell_of(line, kind, layout)
            if cell is not None:
                page.put(top + 2, at, cell)
        places[line.code] = page.place(line, (top + 2, column), (top + 2, column + 1))
    put_foot(page, layout)
    return LaidOut([page.sheet()], places)
