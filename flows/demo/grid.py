"""A filled-in form as a grid of cells, with the place of every value in it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from flows.demo.layout import Layout
from flows.demo.returns import FigureSheet, LedgerSheet, LedgerValue, Line, Sheet, Value

Cell = str | int | float | dt.date | None
MADE = "演示数据，非真实数据（synthetic, made for demonstration）"
SUM_ABOVE = "sum of the lines above"
"""A text that stands for a formula over the seven cells above, never calculated."""
FIGURE_HEADER = ("序号", "指标名称", "计量单位", "代码", "本月数", "本年累计", "说明")
MONTH, YEAR_TO_DATE = "本月数", "本年累计"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
BRACKETS = str.maketrans("（）“”", "()「」")


@dataclass(slots=True)
class Grid:
    """Rows of cells; `places` maps (figure or row index, column) to 1-based (row, column)."""

    rows: list[list[Cell]] = field(default_factory=list)
    title_row: int = 0
    header_row: int = 0
    width: int = 0
    header: list[Cell] = field(default_factory=list)
    places: dict[tuple[str | int, str], tuple[int, int]] = field(default_factory=dict)


def grid_of(sheet: Sheet, layout: Layout) -> Grid:
    """The form's cells as the layout has them."""
    random = Random(f"{layout.seed}/{sheet.form}")
    if isinstance(sheet, FigureSheet):
        skipped = FIGURE_HEADER.index("代码") if layout.codes == "absent" else None
        columns = [name for at, name in enumerate(FIGURE_HEADER) if at != skipped]
        table = _figure_table(sheet, layout, random)
        keys: list[str | int] = [line.figure for line in sheet.lines]
    else:
        columns = ["序号", *(name_zh for _, name_zh in sheet.columns)]
        table = _ledger_table(sheet, layout, random)
        keys = list(range(len(sheet.rows)))
    if isinstance(sheet, FigureSheet) and skipped is not None:
        table = [row[:skipped] + row[skipped + 1 :] for row in table]
    return _put_together(sheet, layout, columns, table, keys)


def _put_together(
    sheet: Sheet, layout: Layout, columns: list[str], table: list[list[Cell]], keys: list[str | int]
) -> Grid:
    widened = 3 if layout.middle_column else None

    def placed(cells: list[Cell]) -> list[Cell]:
        if widened is not None:
            cells = [*cells[:widened], None, *cells[widened:]]
        return [*[None] * layout.columns_before, *cells]

    grid = Grid(width=len(columns) + layout.columns_before + (widened is not None))
    grid.rows += [[] for _ in range(layout.rows_before)]
    grid.rows.append([*[None] * layout.columns_before, sheet.title_zh])
    grid.title_row = len(grid.rows)
    head: list[Cell] = [f"表号：{sheet.form_no}"]
    for text in layout.head:
        head += [None, text]
    grid.rows.append([*[None] * layout.columns_before, *head])
    said: list[Cell] = [f"填报单位：{layout.unit_text}", None, None, f"报告期：{layout.month_text}"]
    grid.rows += [[*[None] * layout.columns_before, *said], []]
    header = placed(list(columns))
    grid.rows.append(header)
    grid.header_row = len(grid.rows)
    grid.header = header
    for number, (key, cells) in enumerate(zip(keys, table, strict=True), 1):
        row = placed(cells)
        grid.rows.append(row)
        for at, column in enumerate(header):
            if isinstance(column, str):
                grid.places[key, column] = (len(grid.rows), at + 1)
        for at, cell in enumerate(row):
            if cell == SUM_ABOVE:
                row[at] = _sum_above(len(grid.rows), at)
        if number == layout.gap_after and number < len(table):
            grid.rows.append([])
    grid.rows += [[], [*[None] * layout.columns_before, _foot(layout)]]
    return grid


def _figure_table(sheet: FigureSheet, layout: Layout, random: Random) -> list[list[Cell]]:
    return [
        [
            number,
            _name(line, number, layout),
            line.unit,
            int(line.code) if layout.codes == "number" else line.code,
            _amount(line.value, layout, random),
            _amount(line.year_to_date, layout, random),
            line.note or None,
        ]
        for number, line in enumerate(sheet.lines, 1)
    ]


def _ledger_table(sheet: LedgerSheet, layout: Layout, random: Random) -> list[list[Cell]]:
    return [
        [number, *(_ledger_cell(row[name], layout, random) for name, _ in sheet.columns)]
        for number, row in enumerate(sheet.rows, 1)
    ]


def _name(line: Line, number: int, layout: Layout) -> str:
    name = line.name_zh
    if layout.names == "numbered":
        return f"{number}.{name}"
    if layout.names == "spaced":
        return f"{name[:2]} {name[2:]} "
    return name.translate(BRACKETS) if layout.names == "brackets" else name


def _amount(value: Value, layout: Layout, random: Random) -> Cell:
    if not isinstance(value, Decimal):
        return value
    number = int(value) if value == value.to_integral_value() else float(value)
    if layout.numbers == "number" or random.random() > 1 / 6:
        return number
    if layout.numbers == "padded":
        return f" {value} "
    if layout.numbers == "separators":
        return f"{value:,}"
    return str(value).translate(FULL_WIDTH) if layout.numbers == "full_width" else str(value)


def _ledger_cell(value: LedgerValue, layout: Layout, random: Random) -> Cell:
    if isinstance(value, dt.date) and layout.date_format and random.random() < 0.5:
        return value.strftime(layout.date_format)
    return float(value) if isinstance(value, Decimal) else value


def _sum_above(row: int, at: int) -> str:
    letter = chr(ord("A") + at)
    return f"=SUM({letter}{row - 7}:{letter}{row - 1})"


def _foot(layout: Layout) -> str:
    filled = {
        "单位负责人": "张某",
        "填表人": "李某",
        "联系电话": "023-00000000",
        "报出日期": layout.signed_on.isoformat(),
    }
    signed = "        ".join(f"{name}：{filled[name]}" for name in layout.foot)
    return f"{signed}        【{MADE}】"
