"""Which rows of a figure table are lines of its form, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Self

from flows.reading.columns import are_distinct
from flows.reading.measures import stated_in
from flows.reading.values import read_code, read_text
from schemas.declaring.model import Figure, Lines
from schemas.declaring.names import normal_line

_LONGEST = 200
"""Of tables with more rows it is not kept in mind what their rows are."""


class FoundLines(NamedTuple):
    """The lines of a table, in the order of its rows; the tuples are of one length.

    `rows` are places in the table's grid, `units` the units of measure that are asked for,
    `stocks` says which lines have no 本年累计, `plain` that each line asks for its month;
    `distinct` are the `names` without repetition.
    """

    figures: tuple[Figure, ...]
    rows: tuple[int, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    stocks: tuple[bool, ...]
    plain: bool
    distinct: frozenset[str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Figure, int]]) -> Self:
        """Each line with its row."""
        listed = tuple(pairs)
        figures = tuple(figure for figure, _ in listed)
        return cls(
            figures,
            tuple(at for _, at in listed),
            tuple(each.name for each in figures),
            tuple(each.asked_in for each in figures),
            tuple(each.kind != "flow" for each in figures),
            not any(each.cumulative_only for each in figures),
            frozenset(each.name for each in figures),
        )

    @property
    def pairs(self) -> Iterable[tuple[Figure, int]]:
        """Each line with its row."""
        return zip(self.figures, self.rows, strict=True)


class Recognised(NamedTuple):
    """What the rows of a table are, by what stands below the headings of names and codes."""

    found: FoundLines
    others: tuple[int, ...]
    """The rows that are not plainly lines."""
    coded: bool
    """Every line has something for its code."""


def recognise(
    lines: Lines, first: int, names: tuple[object, ...], codes: tuple[object, ...]
) -> Recognised:
    """Which of the rows from `first` on are lines; their cells with names and with codes."""
    if len(names) <= _LONGEST and are_distinct(names) and are_distinct(codes):
        return _recognise_known(lines, first, names, codes)
    return _recognise(lines, first, names, codes)


def _recognise(
    lines: Lines, first: int, names: tuple[object, ...], codes: tuple[object, ...]
) -> Recognised:
    found: list[tuple[Figure, int]] = []
    others: list[int] = []
    coded = True
    for at, (name, code) in enumerate(zip(names, codes, strict=True), first):
        figure = _plain_line(lines, name, code)
        if figure is None:
            others.append(at)
        else:
            found.append((figure, at))
            coded = coded and code != ""
    return Recognised(FoundLines.of(found), tuple(others), coded)


# A form is the same from unit to unit and month to month, but for its amounts.
_recognise_known = lru_cache(maxsize=1024)(_recognise)


def _plain_line(lines: Lines, name: object, code: object) -> Figure | None:
    """The line that a row's name and code mean without a doubt, None where there is one."""
    number, named = read_code(code), normal_line(read_text(name))
    if not number:
        return lines.by_name.get(named)
    figure = lines.by_code.get(number)
    if (
        figure is not None
        and named.endswith(")")
        and named not in figure.names
        and any(figure.asked_in not in said for said in stated_in((named,)))
    ):
        return None  # （元）behind the name of a line in 万元
    if figure is None or named in figure.names or named not in lines.names_of_any:
        return figure
    # The line's own name of other months is no contradiction, unless another line has it now.
    own = named in lines.ever_named[figure.name] and named not in lines.by_name
    return figure if own else None
