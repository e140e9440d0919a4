"""Where a ledger's rows stand on its sheet, and what is worked out beside them."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from flows.templating.figure_checks import Tally
from flows.templating.formulas import on_sheet
from flows.templating.sheets import FIRST_ROW, HEADER_ROW
from schemas.declaring.model import Ledger

SPARE_ROWS = 60
"""At least so many blank rows come below those that were filled in."""
SPARE_WITHOUT_ROWS = 300
"""So many come where nothing was."""
NOTICE_ROW = HEADER_ROW - 1
"""What concerns the whole ledger is said there, above the checks of its rows."""


class Items:
    """A ledger's rows, its columns from the second on.

    Ranges reach one row further, to the note below the table: a row that is inserted above
    the note is within them.
    """

    def __init__(self, ledger: Ledger, sheet: str, filled: int) -> None:
        """The ledger has so many rows filled in."""
        spare = max(SPARE_ROWS, filled) if filled else SPARE_WITHOUT_ROWS
        self.ledger, self.sheet = ledger, sheet
        self.first, self.last = FIRST_ROW, FIRST_ROW + filled + spare - 1
        self.width = len(ledger.columns) + 1
        """The last column of the ledger itself."""
        self.check, self.blanks, self.wrong, self.doubtful = range(self.width + 1, self.width + 5)
        self._columns = {each.name: at for at, each in enumerate(ledger.columns, 2)}
        worked_out = [each.name for each in ledger.kept if each.unique or each.type == "date"]
        self.helpers = {name: at for at, name in enumerate(worked_out, self.doubtful + 1)}
        """The columns with what cells mean: a unique text without blanks around it, a day."""
        self.end = self.doubtful + len(worked_out)
        """The last of the columns that only work things out."""

    @property
    def note(self) -> int:
        """The row of the note below the table."""
        return self.last + 1

    def cell(self, column: str, row: int) -> str:
        """A column's cell in a row."""
        return f"{get_column_letter(self._columns[column])}{row}"

    def meant(self, column: str, row: int) -> str:
        """The cell with what a column's cell in a row means."""
        return f"{get_column_letter(self.helpers[column])}{row}"

    def row(self, row: int) -> str:
        """All of a row's cells."""
        return f"B{row}:{get_column_letter(self.width)}{row}"

    def down(self, at: int, first: int = FIRST_ROW) -> str:
        """All cells of a column of the sheet."""
        letter = get_column_letter(at)
        return f"${letter}${first}:${letter}${self.note}"

    def places(self, column: str) -> str:
        """All of a column's cells."""
        return self.down(self._columns[column])

    def meant_places(self, column: str) -> str:
        """All cells with what a column's cells mean."""
        return self.down(self.helpers[column])

    def elsewhere(self, places: str) -> str:
        """Cells of the ledger as other sheets name them."""
        return on_sheet(self.sheet, places)

    @property
    def tally(self) -> Tally:
        """What the front sheet counts."""
        return Tally(self.down(self.blanks), self.down(self.check, NOTICE_ROW))
