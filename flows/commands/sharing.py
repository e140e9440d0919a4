"""share: the public tables for others than the bureau."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.showing import show_json
from flows.home import open_home
from flows.settings import load_settings


def share(quarter: int, out: Path | None, provisional: bool, as_json: bool) -> None:
    """Write a quarter's share and print what it withholds, in numbers of units only."""
    from flows.sharing.files import write_share
    from flows.sharing.settled import see_settled
    from flows.sharing.shareable import shareable
    from schemas.declaring.periods import quarter_label

    label = quarter_label(quarter)
    home = open_home(load_settings())
    threshold = home.settings.suppress_below
    see_settled(
        home.settings.warehouse,
        home.declaration,
        quarter,
        home.settings.clock(home.declaration),
        provisional=provisional,
    )
    folder = out or home.settings.reports / label / "share"
    with shareable(home.settings.warehouse, home.declaration, quarter, threshold) as shared:
        rows = write_share(shared, folder)
        result = {
            "quarter": label,
            "folder": str(folder),
            "suppress_below": threshold,
            "tables": rows,
            "withheld": [
                {
                    "indicator": each.indicator,
                    "units": each.groups,
                    "district": each.district.name.lower(),
                }
                for each in shared.withheld
            ],
        }
    if as_json:
        show_json(result)
        return
    click.echo(f"{folder}: {len(rows)} tables, {sum(rows.values())} rows")
    for each in shared.withheld:
        said = {0: "", 1: ", the district's year to date", 2: ", the district"}[each.district]
        click.echo(f"  withheld of {each.indicator}: {each.groups} units{said}")
