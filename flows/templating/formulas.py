"""Declared conditions and sentences as formulas that Excel, WPS and LibreOffice alike work out.

Amounts are worked out in the unit in which their figure is kept, as by the checks; a cell in
元 is divided. Binary floats are rounded before they are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from string import Formatter

import pandas as pd
from openpyxl.utils import get_column_letter

from flows.templating.typed import literal
from schemas.declaring.conditions import (
    Added,
    Amount,
    AtMost,
    Before,
    Both,
    Condition,
    Either,
    Less,
    Most,
    Not,
    Size,
    Slack,
    Surely,
    Term,
    Tolerance,
    leaves,
)
from schemas.declaring.model import Figure
from schemas.declaring.rules import amount, inner_quotes
from schemas.declaring.versions import DIVISOR, YUAN

HOLDS = "√"
PREFIXES = {"error": "需改正", "query": "请核实"}
"""What a check begins with that does not hold, by its level."""
_LITERAL = 200
"""No text in a formula may have more than 255 characters."""
EXACT = 6
"""Decimals of millionths."""


class Cells:
    """Where the amounts of a form's lines stand on its sheet."""

    def __init__(
        self,
        figures: Sequence[Figure],
        first_row: int,
        columns: tuple[int, int, int],
        frame: pd.DataFrame,
    ) -> None:
        """`columns` are those of 本月数, 本年累计 and 上月数; `frame` as of `month_frame`."""
        self.figures = {each.name: each for each in figures}
        self.rows = {each.name: first_row + at for at, each in enumerate(figures)}
        self._letters = tuple(map(get_column_letter, columns))
        self.frame = frame
        self.wrong: dict[str, list[str]] = {}
        """By cell, the cells of the checks that have an error on it: later ones are silent."""
        self._known: dict[tuple[object, ...], str] = {}

    def place(self, leaf: Amount | Before) -> str:
        """The address of its cell."""
        month, cumulative, before = self._letters
        letter = before if isinstance(leaf, Before) else cumulative if leaf.cumulative else month
        return f"{letter}{self.rows[leaf.figure]}"

    def unusable(self, needed: Iterable[Amount | Before]) -> str:
        """The condition that one of the amounts is missing or wrong in itself."""
        places = list(map(self.place, needed))
        told = [
            f"LEFT({each},{len(PREFIXES['error'])})={literal(PREFIXES['error'])}"
            for place in dict.fromkeys(places)
            for each in self.wrong.get(place, ())
        ]
        return f"OR({','.join([missing(places), *told])})" if told else missing(places)

    def kept(self, figure: str, place: str) -> str:
        """The cell of a figure's line, in the unit in which the figure is kept."""
        line = self.figures[figure]
        return place if line.asked_in == line.unit else f"{place}/{DIVISOR}"

    def amount(self, term: Term) -> str:
        """The formula of an amount."""
        match term:
            case Amount() | Before():
                return self.kept(term.figure, self.place(term))
            case Added(terms):
                return f"({'+'.join(map(self.amount, self._there(terms)))})"
            case Less(whole, taken):
                return f"({self.amount(whole)}-{self.amount(taken)})"
            case Most(terms):
                return f"MAX({','.join(map(self.amount, self._there(terms)))})"
            case Size(inner):
                return f"ABS({self.amount(inner)})"
            case Slack() | Tolerance():
                return self._allowed(term)

    def _allowed(self, term: Slack | Tolerance) -> str:
        """What rounding allows in that month."""
        key = type(term), term.total, term.parts, term.cumulative
        if key not in self._known:
            found = term.over(self.frame)
            self._known[key] = amount(int(found.iloc[0] if isinstance(found, pd.Series) else found))
        return self._known[key]

    def _there(self, terms: Iterable[Term]) -> list[Term]:
        """Without the parts that are not asked: they add nothing."""
        return [each for each in terms if all(leaf.figure in self.rows for leaf in leaves(each))]

    def holds(self, condition: Condition) -> str:
        """The formula of a condition."""
        match condition:
            case AtMost(less, bound):
                apart = self.amount(less) + ("" if bound is None else f"-{self.amount(bound)}")
                return f"ROUND({apart},{EXACT})<=0"
            case Not(inner):
                return f"NOT({self.holds(inner)})"
            case Either(conditions):
                return f"OR({','.join(map(self.holds, conditions))})"
            case Both(conditions):
                return f"AND({','.join(map(self.holds, conditions))})"
            case Surely(inner):
                there = [each for each in leaves(inner) if each.figure in self.rows]
                return f"IF({missing(map(self.place, there))},FALSE,{self.holds(inner)})"

    def says(
        self, figure: str, message: str, amounts: Mapping[str, str], inputs: Collection[str]
    ) -> str:
        """The sentence with amounts in words, as findings on the figure's cell say them."""
        own = self.figures[figure]
        if own.asked_in != own.unit:
            scale, unit = f"*{DIVISOR}", f'&"{YUAN}"'
        else:
            lines = (self.figures[each] for each in inputs if each in self.figures)
            mixed = any(each.asked_in != each.unit for each in lines)
            scale, unit = "", f'&"{own.unit}"' if mixed else ""
        words = {
            name: f"ROUND({formula}{scale},{EXACT}){unit}" for name, formula in amounts.items()
        }
        return sentence(message, words)


def missing(places: Iterable[str]) -> str:
    """The condition that not all of the cells hold a number."""
    distinct = list(dict.fromkeys(places))
    return f"COUNT({','.join(distinct)})<{len(distinct)}"


def tell(message: str, words: Mapping[str, str]) -> str:
    """A sentence some of whose blanks are filled with words; the others stay open."""
    for name, word in words.items():
        message = message.replace(f"{{{name}}}", word.replace("{", "{{").replace("}", "}}"))
    return message


def sentence(message: str, words: Mapping[str, str]) -> str:
    """A sentence with named blanks as a formula; `words` are formulas."""
    parts: list[str] = []
    for text, blank, _, _ in Formatter().parse(inner_quotes(message)):
        parts += (literal(text[at : at + _LITERAL]) for at in range(0, len(text), _LITERAL))
        if blank is not None:
            parts.append(words[blank])
    return "&".join(parts)


def check(unknown: str, holds: str, level: str, said: str) -> str:
    """A live check: nothing while it cannot be known, √, or the sentence with its prefix."""
    wrong = f"{literal(PREFIXES[level] + '：')}&{said}"
    return f'IF({unknown},"",IF({holds},{literal(HOLDS)},{wrong}))'


def begins(places: str, level: str) -> str:
    """How many of the cells have a check of that level which does not hold."""
    prefix = PREFIXES[level]
    return f"SUMPRODUCT(--(LEFT({places},{len(prefix)})={literal(prefix)}))"


def on_sheet(sheet: str, places: str) -> str:
    """Cells of another sheet."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{places}"
