"""The record of a mistake: what stands where, and what should be found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "query", "notice", "none"]
Outcome = Literal["corrected", "explained", "never"]


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake in a file: what, where, and what becomes of it.

    `level` and `rule` are those of the finding to expect; 'none' and '' where no rule
    can see it. `column` is the header of the cell's column. In a ledger `figure` is the
    column's name and `row` the row's index from 0. With `anywhere` any cell of the form
    may carry the finding. Other findings on the same form may follow from a mistake.
    """

    mistake: str
    form: str
    figure: str
    column: str
    level: Level = "none"
    rule: str = ""
    row: int | None = None
    anywhere: bool = False
    outcome: Outcome = "never"
    """Sent again without it days later, given a reason in 说明, or left as it is."""

    @property
    def holds(self) -> bool:
        """Whether the form is held until it is sent again."""
        return self.level in ("error", "query") and self.outcome != "explained"

    @property
    def key(self) -> str | int:
        """The line or row as `workbook.cell_of` names it."""
        return self.figure if self.row is None else self.row
