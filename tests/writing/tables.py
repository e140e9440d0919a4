"""A form's figures as a table, and the ways in which people lay one out."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tests.writing.sheets import Cell, Merge, Sheet, address

HEADINGS = {
    "number": "序号",
    "name": "指标名称",
    "unit": "计量单位",
    "code": "代码",
    "month": "本月数",
    "cumulative": "本年累计",
    "note": "说明",
}
COLUMNS = tuple(HEADINGS)


class Line(NamedTuple):
    """A line of a form, with its amounts in the form's own unit of measure."""

    number: int
    name_zh: str
    unit: str
    code: str
    value: Decimal
    year_to_date: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Table:
    """What one form of one unit and month says."""

    title: str
    form_no: str
    unit_name: str
    period_text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Layout:
    """What people do to a form. What a sheet on its side has no place for is left out there."""

    side: str = ""
    """"" (lines below each other), transposed, or one_row of figures."""
    row_label: str = "month"
    """What one row of figures is called: month (本月数) or unit (the unit's name)."""
    order: tuple[str, ...] = COLUMNS
    header: str = "one"
    """one row; two (数量 over both amounts), split (指标 over 名称), three (both)."""
    blocks: int = 1
    gap: bool = False
    """An empty column between blocks."""
    continued: str = ""
    """"" (not), below (on the same sheet), or sheet (on another)."""
    again: str = "{title}（续表）"
    """The title of what is continued."""
    head_again: bool = True
    """On another sheet the head lines again, else the title and 表号 only."""
    shifted: bool = False
    """What is continued stands a column further right."""
    sections: str = ""
    """"" (none), 一、 or （一）."""
    unit_once: str = ""
    """"" (a column), or the label of the one place above the table: 单位 or 计量单位."""
    yuan: bool = False
    codes: str = "text"
    """text, number or absent."""
    numbers: str = "number"
    """number, text, separators or full_width."""
    rows_before: int = 0
    columns_before: int = 0
    foot: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's columns, in order."""
        without = {"code"} if self.codes == "absent" else set()
        without |= {"unit"} if self.unit_once else set()
        return tuple(each for each in self.order if each not in without)


Place = tuple[str, str, str | None]
"""A line's sheet, the cell of its amount, and that of its 本年累计 where it has one."""


class LaidOut(NamedTuple):
    """Sheets, and where each line's amounts stand on them, by its code."""

    sheets: list[Sheet]
    places: dict[str, Place]


class Page:
    """A sheet that is being laid out; cells count from 0."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[Merge] = []

    @property
    def height(self) -> int:
        """How many rows there are so far."""
        return max((row for row, _ in self.cells), default=-1) + 1

    def put(self, row: int, column: int, cell: Cell, rows: int = 1, columns: int = 1) -> None:
        """Write a cell, over several rows and columns where it is merged."""
        self.cells[row, column] = cell
        if rows * columns > 1:
            self.merges.append(Merge(row, column, rows, columns))

    def sheet(self) -> Sheet:
        """The page as rows."""
        rows: list[list[Cell]] = []
        for row in range(self.height):
            width = max((column for at, column in self.cells if at == row), default=-1) + 1
            rows.append([self.cells.get((row, column)) for column in range(width)])
        return Sheet(self.name, rows, tuple(self.merges))

    def place(self, line: Line, value: tuple[int, int], cumulative: tuple[int, int]) -> Place:
        """Where a line's amounts stand, for `LaidOut`."""
        total = None if line.year_to_date is None else address(*cumulative)
        return self.name, address(*value), total


_FULL = str.maketrans({chr(each): chr(each + 0xFEE0) for each in range(0x21, 0x7F)})


def cell_of(line: Line, kind: str, layout: Layout) -> Cell:
    """What stands in a line's column of that kind."""
    yuan = layout.yuan and line.unit == "万元" and "unit" in layout.columns
    match kind:
        case "number":
            return line.number
        case "name":
            return line.name_zh
        case "unit":
            return "元" if yuan else line.unit
        case "code":
            return int(line.code) if layout.codes == "number" else line.code
        case "month":
            return _written(line.value, yuan, layout.numbers)
        case "cumulative":
            if line.year_to_date is None:
                return None
            return _written(line.year_to_date, yuan, layout.numbers)
    return line.note or None


def _written(amount: Decimal, yuan: bool, numbers: str) -> Cell:
    amount = amount * 10_000 if yuan else amount
    whole = amount == amount.to_integral_value()
    number = Decimal(int(amount)) if whole else amount.normalize()
    match numbers:
        case "text":
            return f"{number:f}"
        case "separators":
            return f"{number:,f}"
        case "full_width":
            return f"{number:f}".translate(_FULL)
    return int(number) if whole else number
