"""`python -m flows.documenting`: write the generated docs, or see that they are current."""

from __future__ import annotations

from pathlib import Path

import click

from flows.documenting.pages import pages, stale, write
from flows.errors import FOUND
from flows.settings import Settings


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where a file is stale.")
@click.option("--into", default=Path("docs"), show_default=True, type=Path, help="The folder.")
@click.option("--schemas", default="schemas", show_default=True, help="The schema package.")
def main(check: bool, into: Path, schemas: str) -> None:
    """Write the docs that follow from declarations, tables, commands and settings."""
    wanted = pages(Settings(home=Path(), schemas=schemas).declaration())
    if not check:
        for path in write(into, wanted):
            click.echo(f"wrote {path}")
        return
    found = stale(into, wanted)
    for path in found:
        click.echo(f"{path} is stale; run `uv run python -m flows.documenting`")
    if found:
        raise SystemExit(FOUND)


main()
