"""A figure table's place on its sheet, and the findings on its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.reading.cells import Grid
from flows.reading.headings import NAME
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
    findings: list[Found] = field(default_factory=list)

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
