"""What was read of a file, figure by figure, with the cells that it was read from."""

from typing import NamedTuple

from flows.reading.results import Workbook


class Read(NamedTuple):
    """Amounts in millionths, and their sheet and cells; no cell for what has no amount."""

    value: int | None
    year_to_date: int | None
    sheet: str
    cell: str
    cumulative_cell: str | None


def read_lines(book: Workbook, sheets: bool = True) -> dict[str, Read]:
    """Every figure that was read; without `sheets` the sheets' names are left out."""
    found: dict[str, Read] = {}
    for sheet in book.sheets:
        for line in sheet.lines:
            assert line.figure not in found
            place = line.place
            total = None if line.year_to_date is None else place.cumulative_cell
            where = place.sheet if sheets else ""
            found[line.figure] = Read(line.value, line.year_to_date, where, place.cell, total)
    return found
