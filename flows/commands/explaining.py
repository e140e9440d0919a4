"""explain and feeds: from a published number to its cells, and from a cell to its numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import click

from flows.commands.finding import find_unit
from flows.commands.showing import show_json
from flows.commands.trees import tree_lines, verdict
from flows.errors import Misuse
from flows.explaining.explanations import Explanations
from flows.explaining.feeding import Fed, FedGrowth, FedLevel, numbers_of
from flows.explaining.locating import Located
from flows.explaining.states import NOW, State, as_of, released
from flows.explaining.tree import Node, disagreements, number
from flows.home import Home, open_home
from flows.releasing.finding import find_release
from flows.settings import load_settings
from flows.warehouse.store import reading
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.names import normal


@contextmanager
def _explanations(
    home: Home, release: str | None = None, at: dt.datetime | None = None
) -> Iterator[Explanations]:
    with reading(home.settings.warehouse) as connection:
        state = NOW
        if release is not None:
            state = released(connection, find_release(connection, release))
        elif at is not None:
            state = as_of(at)
        yield Explanations(connection, home.declaration, state)


def explain(
    indicator: str,
    quarter: int,
    unit: str | None,
    comparison: str | None,
    year_to_date: bool,
    release: str | None,
    at: dt.datetime | None,
    depth: int | None,
    as_json: bool,
) -> bool:
    """Print where a number comes from; whether all of it adds up."""
    if comparison is not None and year_to_date:
        raise Misuse("A comparison says itself what it compares; leave --year-to-date out, or use --comparison ytd_yoy.")  # fmt: skip
    if release is not None and at is not None:
        raise Misuse("A release says itself what instant it shows; leave --as-of or --release out.")
    home = open_home(load_settings())
    code = _unit_code(home.declaration, unit)
    with _explanations(home, release, at) as explanations:
        state = explanations.state
        root = explanations.explain(
            explanations.indicator(indicator), quarter, code, comparison, cumulative=year_to_date
        )
    wrong = disagreements(root)
    if as_json:
        shown = {} if state.at is None else {"release": state.release, "as_of": state.at}
        show_json(root.as_json() | shown | {"all_add_up": not wrong})
    else:
        if state.at is not None:
            click.echo(_shown(state))
        for line in tree_lines(root, depth):
            click.echo(line)
        click.echo(verdict(root))
        if wrong and state.at is not None:
            click.echo("The formulas, lines and units are today's; they may have been others then.")
    return not wrong


def _shown(state: State) -> str:
    """Which state is explained."""
    what = f"released as {state.release}, " if state.release else ""
    return f"{what}as of {state.at:%Y-%m-%d %H:%M} UTC, by today's formulas, lines and units"


def _unit_code(declaration: Declaration, said: str | None) -> str:
    """The unit's code; the district's where none is named, or the district itself."""
    if said is None or normal(said) in (declaration.district, normal(declaration.name_zh)):
        return declaration.district
    return find_unit(declaration, said).code


def feeds(submission: str, cell: str, sheet: str | None, depth: int | None, as_json: bool) -> None:
    """Print every published number that a cell feeds."""
    home = open_home(load_settings())
    with _explanations(home) as explanations:
        located = explanations.locate(submission, cell, sheet)
        fed = explanations.feeding.fed(located.inputs)
        file = explanations.filed.files((submission,))[submission]
        names = {code: unit.name for code, unit in explanations.rules.register.units.items()}
    about = {
        **file._asdict(),
        "sheet": located.sheet or None,
        "cell": located.place,
        "unit_code": located.unit_code,
        "month": periods.month_label(located.month),
        "form": located.form,
        "figure": located.figure,
        "column": located.column,
        "value": located.value,
        "row": located.row,
        "state": located.state,
        "superseded_by": located.superseded_by,
    }
    if as_json:
        show_json(about | {"levels": list(map(_level, fed.levels)), "growth": list(map(_growth, fed.growth))})  # fmt: skip
        return
    root = _tree(located, fed, names, home.declaration)
    for line in tree_lines(root, depth):
        click.echo(line)
    click.echo(f"feeds {len(fed.levels)} levels and {len(fed.growth)} comparisons")


def _level(fed: FedLevel) -> dict[str, Any]:
    return {
        "quarter": periods.quarter_label(fed.quarter),
        "unit_code": fed.unit_code,
        "indicator": fed.indicator,
        **dict(numbers_of(fed)),
    }


def _growth(fed: FedGrowth) -> dict[str, Any]:
    return {
        "quarter": periods.quarter_label(fed.quarter),
        "unit_code": fed.unit_code,
        "indicator": fed.indicator,
        "comparison": fed.comparison,
        "as": list(fed.roles),
        **fed.row._asdict(),
    }


def _tree(located: Located, fed: Fed, names: dict[str, str], declaration: Declaration) -> Node:
    """A cell above the indicators it feeds, with their levels and comparisons."""
    root = Node("fed", _what(located, names, declaration))
    names_zh = {each.name: each.name_zh for each in declaration.indicators}
    names_zh |= {name: each.name_zh for name, each in declaration.figures.items()}
    fed_names = [level.indicator for level in fed.levels]
    fed_names += [each.indicator for each in fed.growth]
    for indicator in dict.fromkeys(fed_names):
        node = Node("fed", f"{names_zh.get(indicator) or indicator} ({indicator})")
        for level in fed.levels:
            if level.indicator == indicator:
                node.children.append(Node("fed", _level_line(level, names)))
        own = [each for each in fed.growth if each.indicator == indicator]
        node.children += [
            Node("fed", _growth_line(each, names)) for each in own if each.roles != ("share",)
        ]
        shares = sorted((each.quarter, each.comparison) for each in own if each.roles == ("share",))
        for (quarter, comparison), rows in groupby(shares):
            node.children.append(
                Node(
                    "fed",
                    f"{periods.quarter_label(quarter)} {comparison}: contribution and pull of "
                    f"{len(list(rows))} other units",
                )
            )
        root.children.append(node)
    return root


def _what(located: Located, names: dict[str, str], declaration: Declaration) -> str:
    where = f"{located.sheet}!{located.place}" if located.sheet else located.place
    text = f"{where}  {names.get(located.unit_code, located.unit_code)} {periods.month_label(located.month)} "  # fmt: skip
    if located.row is not None:
        form = declaration.by_name[located.form].title_zh
        shown = ", ".join(str(each) for each in located.row.values() if each is not None)
        text += f"row {located.place} of {form} ({shown})"
    else:
        figure = declaration.figures.get(located.figure or "")
        name = located.figure if figure is None else f"{figure.name_zh} ({figure.name})"
        unit = "" if figure is None else f" {figure.unit}"
        cumulative = " 本年累计" if located.column == "year_to_date" else ""
        text += f"{name}{cumulative} = {number(located.value)}{unit}"
    if located.state == "accepted":
        return text + "  (in force)"
    by = f" by {located.superseded_by}" if located.superseded_by else ""
    return f"{text}  ({located.state}{by}: not in force)"


def _level_line(fed: FedLevel, names: dict[str, str]) -> str:
    numbers = ", ".join(f"{name.replace('_', ' ')} {number(value)}" for name, value in numbers_of(fed))  # fmt: skip
    return f"{periods.quarter_label(fed.quarter)} {names[fed.unit_code]}: {numbers}"


def _growth_line(fed: FedGrowth, names: dict[str, str]) -> str:
    row = fed.row
    rate = f", {number(row.rate)} %" if row.rate is not None else ""
    return (
        f"{periods.quarter_label(fed.quarter)} {names[fed.unit_code]} {fed.comparison} "
        f"({', '.join(fed.roles)}): {number(row.value)} against {number(row.base)}{rate} "
        f"[{row.status}]"
    )
