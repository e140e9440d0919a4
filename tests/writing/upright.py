"""Tables whose lines stand below each other: in blocks, continued, with sections."""

from itertools import zip_longest

from tests.writing.heads import put_foot, put_head, put_short_head
from tests.writing.tables import HEADINGS, LaidOut, Layout, Line, Page, Place, Table, cell_of

_HEADER_ROWS = {"one": 1, "two": 2, "split": 2, "three": 3}
_SPLIT = {
    "name": ("指标", "名称"),
    "unit": ("计量", "单位"),
    "month": ("本月", "数"),
    "cumulative": ("本年", "累计"),
}
_SECTIONS = ("城市低保", "农村低保", "其他救助")
_NUMERALS = "一二三"


def upright(table: Table, layout: Layout) -> LaidOut:
    """The table on one sheet or two."""
    page, pages = Page(table.title), []
    places: dict[str, Place] = {}
    parts = [table.lines]
    if layout.continued:
        half = (len(table.lines) + 1) // 2
        parts = [table.lines[:half], table.lines[half:]]
    row, left = put_head(page, table, layout, layout.rows_before), layout.columns_before
    for number, part in enumerate(parts):
        if number:
            left += layout.shifted
            title = layout.again.format(title=table.title)
            if layout.continued == "sheet":
                pages.append(page)
                page = Page(f"{table.title}（续）")
                put = put_head if layout.head_again else put_short_head
                row = put(page, table, layout, layout.rows_before, title)
            else:
                page.put(page.height + 1, left, title)
                row = page.height
        _put_table(page, part, layout, row, left, places)
    put_foot(page, layout)
    return LaidOut([each.sheet() for each in (*pages, page)], places)


def _put_table(
    page: Page,
    lines: tuple[Line, ...],
    layout: Layout,
    row: int,
    left: int,
    places: dict[str, Place],
) -> None:
    """Header and lines, in as many blocks side by side as asked."""
    height = -(-len(lines) // layout.blocks)
    blocks = [lines[at : at + height] for at in range(0, len(lines), height)]
    lefts = [left + at * (len(layout.columns) + layout.gap) for at in range(len(blocks))]
    for each in lefts:
        _put_header(page, layout, row, each)
    row += _HEADER_ROWS[layout.header]
    for number, beside in enumerate(zip_longest(*blocks)):
        if layout.sections and number % 2 == 0 and number // 2 < len(_SECTIONS):
            _put_section(page, layout, row, left, number // 2)
            row += 1
        for line, at in zip(beside, lefts, strict=True):
            if line is not None:
                places[line.code] = _put_line(page, line, layout, row, at)
        row += 1


def _put_header(page: Page, layout: Layout, row: int, left: int) -> None:
    columns, rows = layout.columns, _HEADER_ROWS[layout.header]
    amounts = [columns.index(each) for each in ("month", "cumulative")]
    covered = layout.header in ("two", "three")
    if covered:
        page.put(row, left + min(amounts), "数量", columns=2)
    for at, kind in enumerate(columns, left):
        below = row + (covered and kind in ("month", "cumulative"))
        parted = kind in _SPLIT and (layout.header == "split" or (below > row and rows == 3))
        if parted:
            page.put(below, at, _SPLIT[kind][0])
            page.put(below + 1, at, _SPLIT[kind][1])
        else:
            page.put(below, at, HEADINGS[kind], rows=row + rows - below)


def _put_section(page: Page, layout: Layout, row: int, left: int, number: int) -> None:
    numeral = layout.sections.replace("一", _NUMERALS[number])
    columns = layout.columns
    first = 0 if columns[0] in ("number", "name", "code") else columns.index("name")
    page.put(row, left + first, numeral + _SECTIONS[number], columns=len(columns) - first)


def _put_line(page: Page, line: Line, layout: Layout, row: int, left: int) -> Place:
    columns = layout.columns
    for at, kind in enumerate(columns, left):
        cell = cell_of(line, kind, layout)
        if cell is not None:
            page.put(row, at, cell)
    value, total = (left + columns.index(each) for each in ("month", "cumulative"))
    return page.place(line, (row, value), (row, total))
