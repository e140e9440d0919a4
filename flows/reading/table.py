"""A figure table's place on its sheet, and the findings on its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.reading.cells import Gathered, Grid
from flows.reading.headings import NAME
from flows.reading.measures import Statement
from flows.reading.results import Found
from schemas.declaring.model import Figure, FigureForm, Lines
from schemas.declaring.rules import Rule


@dataclass(slots=True)
class Table:
    """A form's table: its cells, the columns of each kind, and what was found on them."""

    grid: Grid
    columns: dict[str, int]
    form: FigureForm
    lines: Lines
    head_cell: str
    stated: Sequence[Statement] = ()
    """The units of measure that are stated once for the table."""
    findings: list[Found] = field(default_factory=list)

    @property
    def states(self) -> bool:
        """Whether any unit of measure is stated for more than one line."""
        return any(self.grid.stated) if isinstance(self.grid, Gathered) else bool(self.stated)

    def stated_for(self, at: int) -> Sequence[Statement]:
        """What is stated for a row's part of the table."""
        return self.grid.stated[at] if isinstance(self.grid, Gathered) else self.stated

    def cell(self, at: int, kind: str) -> tuple[str, str]:
        """The sheet and the address of a row's cell, of its name where it has no such cell."""
        column = self.columns.get(kind, self.columns[NAME])
        return self.grid.sheet_of(at), self.grid.address(at, column)

    def find(
        self,
        rule: Rule,
        figure: Figure | None,
        where: tuple[str, str],
        value: str | None,
        /,
        **blanks: object,
    ) -> None:
        """Add a finding on a sheet's cell; `value` is what stands there."""
        self.findings.append(
            Found(
                self.form.name,
                rule.code,
                rule.level,
                figure.name if figure else None,
                *where,
                value,
                rule.say(**blanks),
            )
        )


def seen(cell: object) -> object:
    """The cell, or '' where it holds nothing but spaces."""
    return "" if type(cell) is str and not cell.strip() else cell
