"""What a declaration of splits has to keep to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.declaring.model import Split, Unit


def check(splits: Sequence[Split], units: Mapping[str, Unit], district: str) -> None:
    """ValueError that names all that does not go together; `units` are those on the register."""
    wrong = [
        f"split of {split.source} on {split.on}: {each}"
        for at, split in enumerate(splits)
        for each in (
            *_codes(split, units, district),
            *_days(split, units),
            *_twice(split, splits[:at]),
        )
    ]
    if wrong:
        raise ValueError(f"splits that cannot be: {'; '.join(wrong)}")


def _codes(split: Split, units: Mapping[str, Unit], district: str) -> Iterator[str]:
    if not split.into:
        yield "name the units that it was split into"
    for code in (split.source, *split.into):
        if code == district:
            yield f"{code} is the district as a whole, name one of its units"
        elif code not in units:
            yield f"{code} is not on the register of units"
    if split.source in split.into:
        yield "what is left with the source is not named again among its parts"
    twice = sorted({code for code in split.into if split.into.count(code) > 1})
    if twice:
        yield f"{', '.join(twice)} is named twice"


def _days(split: Split, units: Mapping[str, Unit]) -> Iterator[str]:
    source = units.get(split.source)
    before = split.on - dt.timedelta(days=1)
    if source is not None:
        if not source.exists_on(before):
            yield f"the source has to exist on {before}, the day before"
        elif source.valid_to == before and source.successor is not None:
            yield f"the source cannot end in the split and also go into {source.successor}"
    for code in split.into:
        if code in units and not units[code].exists_on(split.on):
            yield f"{code} has to exist on {split.on}"


def _twice(split: Split, earlier: Sequence[Split]) -> Iterator[str]:
    if any((each.on, each.source) == (split.on, split.source) for each in earlier):
        yield "it is declared twice; name all parts in one"
