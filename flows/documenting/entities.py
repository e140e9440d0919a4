"""What a picture of the warehouse shows: an entity a table, its keys and references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flows.warehouse.tables import Reference, Table, public_tables
from schemas.declaring.district import Declaration


class Shown(NamedTuple):
    """A column that identifies a row or refers to another table's."""

    name: str
    type: str
    key: bool
    refers: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """A table or view, or several views of the same keys and references: a view a form."""

    title: str
    members: tuple[str, ...]
    view: bool
    shown: tuple[Shown, ...]
    more: int
    """How many columns more it has; of several views the fewest."""
    refers: tuple[Reference, ...]

    @property
    def several(self) -> bool:
        """Whether it stands for more than one view."""
        return len(self.members) > 1


def entities(declaration: Declaration) -> dict[str, Entity]:
    """Every public table and view by its title, the forms' views and the ledgers' as one each."""
    titles = {form.name: "a view a form" for form in declaration.forms}
    titles |= {ledger.table: "a view a ledger" for ledger in declaration.ledgers}
    groups: dict[str, list[Table]] = {}
    for each in public_tables(declaration):
        groups.setdefault(titles.get(each.name, each.name), []).append(each)
    return {made.title: made for made in _made(groups)}


def _made(groups: dict[str, list[Table]]) -> Iterator[Entity]:
    for title, tables in groups.items():
        first = tables[0]
        # Of the views of different forms only what is common to them can be shown.
        assert all((each.key, each.refers) == (first.key, first.refers) for each in tables)
        shown = tuple(_shown(first))
        yield Entity(
            title if len(tables) > 1 else first.name,
            tuple(each.name for each in tables),
            first.query is not None,
            shown,
            min(len(each.columns) for each in tables) - len(shown),
            first.refers,
        )


def _shown(table: Table) -> Iterator[Shown]:
    """The key in its order, then the other columns that refer."""
    types = {column.name: column.type for column in table.columns}
    referring = dict.fromkeys(name for each in table.refers for name in each.columns)
    for name in dict.fromkeys((*table.key, *referring)):
        yield Shown(name, types[name], name in table.key, name in referring)


def mermaid(declaration: Declaration) -> str:
    """The entities as a Mermaid `erDiagram`: keys, and the columns that refer."""
    lines = ["erDiagram"]
    wanted = entities(declaration)
    for each in wanted.values():
        lines.append(f'    {_identifier(each)}["{each.title}"] {{')
        for column in each.shown:
            marks = ", ".join(["PK"] * column.key + ["FK"] * column.refers)
            lines.append(f"        {column.type} {column.name} {marks}")
        lines.append("    }")
    for each in wanted.values():
        keys = {column.name for column in each.shown if column.key}
        for to in each.refers:
            end = "||" if keys.issuperset(to.columns) else "o|"
            label = ", ".join(to.columns)
            lines.append(f'    {_identifier(each)} }}o--{end} {to.table} : "{label}"')
    return "\n".join(lines)


def _identifier(entity: Entity) -> str:
    return entity.title.replace(" ", "_")
