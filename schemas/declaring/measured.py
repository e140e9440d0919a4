"""What an indicator's amounts are: what it is called, in which unit, how fine, of which sign.

Every figure is an indicator of its own name; the derived ones are added.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, Indicator
from schemas.declaring.names import normal_line

_WORD = re.compile(r"[A-Za-z_]\w*")


class Measured(NamedTuple):
    """An indicator. `kind` is stock, flow or ratio; `code` is how a form or the dictionary has it.

    `places` says how many decimals its amounts may have, None where it is divided;
    `may_be_negative` whether one may be below 0, which no figure is.
    """

    name: str
    code: str
    name_zh: str
    unit: str
    kind: str
    places: int | None
    may_be_negative: bool


def measured(declaration: Declaration) -> dict[str, Measured]:
    """Every indicator by its name, figures first."""
    found = {each.name: _of_figure(each) for each in declaration.figures.values()}
    derived = {each.name: each for each in declaration.indicators}
    for each in derived.values():
        figures = _made_of(each, derived, declaration)
        whole = each.kind != "ratio" and not set("./") & set(each.formula)
        places = max((each.kept_places for each in figures), default=0) if whole else None
        signed = _subtracts(each, derived)
        found[each.name] = Measured(
            each.name, each.name, each.name_zh, each.unit, each.kind, places, signed
        )
    return found


def called(declaration: Declaration) -> dict[str, tuple[str, ...]]:
    """The names of the indicators that each name or code means, by its normal form.

    What a line was called in any version of its form counts, as do its aliases.
    """
    found: dict[str, dict[str, None]] = {}
    for form in declaration.forms:
        for figure in form.figures:
            for name in (*sorted(figure.names), normal_line(figure.code)):
                found.setdefault(name, {})[figure.name] = None
    for each in declaration.indicators:
        for name in (normal_line(each.name_zh), normal_line(each.name)):
            found.setdefault(name, {})[each.name] = None
    return {name: tuple(meant) for name, meant in found.items()}


def _of_figure(figure: Figure) -> Measured:
    own = (figure.name, figure.code, figure.name_zh, figure.unit, figure.kind)
    return Measured(*own, figure.kept_places, False)


def _named(indicator: Indicator) -> set[str]:
    return set(_WORD.findall(indicator.formula)) - {"ytd"}


def _made_of(
    indicator: Indicator, derived: dict[str, Indicator], declaration: Declaration
) -> list[Figure]:
    """The figures in it, those of the indicators in it too."""
    found: list[Figure] = []
    for name in sorted(_named(indicator)):
        if name in derived:
            found += _made_of(derived[name], derived, declaration)
        elif name in declaration.figures:
            found.append(declaration.figures[name])
    return found


def _subtracts(indicator: Indicator, derived: dict[str, Indicator]) -> bool:
    """Whether anything is taken away in it: what figures add up to is never below 0."""
    return "-" in indicator.formula or any(
        _subtracts(derived[name], derived) for name in _named(indicator) if name in derived
    )
