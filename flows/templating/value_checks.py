"""Each amount by itself: live checks that a cell holds what the night takes for an amount.

What is right but stands there as a text is shown too: nothing on the sheet reckons with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.templating.checks import LiveCheck
from flows.templating.formulas import PREFIXES, Cells
from flows.templating.typed import is_away, is_blank, is_number, literal
from schemas.declaring.conditions import Amount
from schemas.declaring.general import LARGEST
from schemas.declaring.model import Figure

RULE = "V"
"""Stands for all rules on values: one formula looks at them."""
_SHOWN = 20
"""So much of a text is repeated in the sentence on it."""


def value_checks(cells: Cells, headings: tuple[str, str]) -> Iterator[LiveCheck]:
    """The checks of all cells to fill in; `headings` are those of 本月数 and 本年累计."""
    for figure in cells.figures.values():
        for cumulative in (False, True):
            if is_asked(figure, cumulative):
                formula = _value(cells, figure, cumulative, headings)
                yield LiveCheck(figure.name, cumulative, RULE, "error", formula)


def is_asked(figure: Figure, cumulative: bool) -> bool:
    """Whether the figure's 本年累计, or else its 本月数, is to be filled in."""
    return figure.kind == "flow" if cumulative else not figure.cumulative_only


def _value(cells: Cells, figure: Figure, cumulative: bool, headings: tuple[str, str]) -> str:
    """Nothing, or a sentence with its prefix; a blank is counted elsewhere."""
    place, heading = cells.place(Amount(figure.name, cumulative)), headings[cumulative]
    shown = f"{_says(f'{heading}为')}&{place}&"
    decimals = f"最多{figure.places}位小数" if figure.places else "应为整数"
    number = (
        f"IF({place}<0,{shown}{literal('，不应小于0。')},"
        f"IF({place}>={LARGEST},{shown}{literal('，超出可能的范围，请核对位数。')},"
        f'IF(ROUND({place},{figure.places})={place},"",'
        f"{shown}{literal(f'，以“{figure.asked_in}”为单位时{decimals}。')})))"
    )
    text = (
        f"{_says(f'{heading}填的是“')}&LEFT({place},{_SHOWN})&"
        f"{literal('”，请直接填数字；不适用填“—”。')}"
    )
    away = literal("")
    if cumulative and not figure.cumulative_only:
        month = cells.place(Amount(figure.name))
        away = (
            f'IF({is_away(month)},"",'
            f"{_says(f'{heading}填的是“—”，而{headings[0]}不是；应填数字。')})"
        )
    return (
        f"IF(ISERROR({place}),{_says(f'{heading}的公式没有结果，请直接填数字。')},"
        f'IF({is_blank(place)},"",IF({is_number(place)},{number},'
        f"IF({is_away(place)},{away},{text}))))"
    )


def _says(text: str) -> str:
    return literal(f"{PREFIXES['error']}：{text}")
