"""verify: what is wrong in a home, in sentences, and what to do."""

from __future__ import annotations

from collections import Counter

import click

from flows.commands.showing import progress, show_json
from flows.home import open_home
from flows.settings import load_settings

_SHOWN = 20
"""So many sentences of a kind are printed; JSON has them all."""


def verify(quick: bool, as_json: bool) -> bool:
    """Verify the home and print what was found; whether nothing is wrong."""
    from flows.verifying.verify import verify as look

    home = open_home(load_settings())
    found = look(home, quick=quick, stage=progress)
    if as_json:
        show_json(found.as_dict())
        return found.ok
    for kind, said in (("problem", found.problems), ("notice", found.notices)):
        numbers: Counter[str] = Counter()
        for each in said:
            numbers[each.what] += 1
            if numbers[each.what] <= _SHOWN:
                click.echo(f"{kind}: {each.said}")
        for what, number in numbers.items():
            if number > _SHOWN:
                click.echo(f"{kind}: {number - _SHOWN} more of {what}; --json names them.")
    counted = ", ".join(f"{number} {name}" for name, number in found.checked.items())
    click.echo(f"looked at {counted}".replace("_", " "))
    number = len(found.problems)
    click.echo("nothing is wrong" if found.ok else f"{number} problem{'s' * (number > 1)}")
    return found.ok
