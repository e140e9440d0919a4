"""templates: the workbooks of a month, to be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from flows.commands.finding import find_unit
from flows.commands.showing import show_json
from flows.errors import NotThere
from flows.home import open_home
from flows.settings import load_settings


def templates(month: int, units: Sequence[str], out: Path, as_json: bool) -> None:
    """Write the workbooks of a month and print where they are."""
    from flows.templating.files import write_templates
    from flows.templating.previous import forms_of
    from flows.warehouse.store import reading
    from schemas.declaring.periods import month_label

    home = open_home(load_settings())
    declaration = home.declaration
    chosen = [find_unit(declaration, each, month) for each in units]
    idle = [each.name for each in chosen if not forms_of(declaration, each.code, month)]
    if idle:
        raise NotThere(
            f"No form is asked of {', '.join(idle)} for {month_label(month)}; "
            "name another month, or leave the unit out."
        )
    with ExitStack() as stack:
        connection = None
        if home.settings.warehouse.exists():
            connection = stack.enter_context(reading(home.settings.warehouse))
        else:
            click.echo("There is no warehouse yet: earlier months are left blank.", err=True)
        made = write_templates(
            connection, declaration, chosen or declaration.reporting_units(month), month, out
        )
    if as_json:
        show_json(
            [
                {
                    "unit_code": each.unit.code,
                    "unit_name": each.unit.name,
                    "month": month_label(month),
                    "file": str(each.file),
                    "forms": list(each.forms),
                }
                for each in made
            ]
        )
        return
    for each in made:
        click.echo(str(each.file))
