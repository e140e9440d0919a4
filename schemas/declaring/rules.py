"""A rule: its code, level, sentence and check in one object.

Amounts in frames are integers of one millionth of the figure's unit ("micro"),
so that every sum and comparison is exact. A frame for a form has one row a
submitted form; a figure's month value stands in the column of its name, its
本年累计 in `<figure>.ytd`, and `<figure>.converted` says that the cell was
written in 元 and converted. `<figure>.before`, where a rule carries stocks forward, is its
value of the period before. `month` is the month reported. Where a line is not asked
in all months of its form, `<figure>.asked` says whether it was in that one,
`<figure>.ended` whether it was earlier in the year and no longer is, and `<figure>.began`
whether it is and was not in all earlier months of the year.

Months of the year up to the one reported stand as bits, January the lowest: `year` are those
for which the form is asked, `<figure>.months` those for which the line is, where it is not
in all, and `<figure>.yuan` those for which it is asked in 元, where it is in some.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

    from schemas.declaring.conditions import Condition, Term

Level = Literal["error", "query", "notice"]
MICRO = 1_000_000
"""Amounts are kept in millionths of their unit."""
YTD = ".ytd"
CONVERTED = ".converted"
BEFORE = ".before"
ASKED = ".asked"
ENDED = ".ended"
BEGAN = ".began"
MONTHS = ".months"
YUAN = ".yuan"
MONTH = "month"
YEAR = "year"
HALF = MICRO // 20
"""Half of the last decimal in 万元."""
LEVELS_ZH: dict[str, str] = {"error": "强制性", "query": "核实性", "notice": "提示"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What should hold, how serious it is when it does not, and how to say so.

    `message` is a Chinese sentence with named blanks that the check fills.
    `summary` says the rule in English for the rule catalogue.
    """

    code: str
    level: Level
    message: str
    summary: str

    def say(self, **blanks: object) -> str:
        """The sentence for one case."""
        return inner_quotes(self.message.format(**blanks))

    @property
    def brief(self) -> str:
        """The message, its blanks still open, without what to do: to stand beside the cell."""
        return _ADVICE.sub("。", self.message)


_ADVICE = re.compile("[，；]请(?:核对|按).*")


def inner_quotes(text: str) -> str:
    """Chinese text in which quotes within “ ” are ‘ ’, as names that have quotes need."""
    if text.count("“") < 2:
        return text
    depth, written = 0, []
    for character in text:
        if character == "“":
            depth += 1
            character = "“" if depth == 1 else "‘"
        elif character == "”":
            character = "”" if depth <= 1 else "’"
            depth = max(0, depth - 1)
        written.append(character)
    return "".join(written)


@dataclass(frozen=True, slots=True)
class FrameRule:
    """A rule that a form's frame can be checked against, row by row.

    `condition` is what should hold, `said` the amounts that the message names, by its
    blanks: templates have the same two as formulas. A finding stands on the cell of `figure`
    (its 本年累计 cell where `cumulative`). `parts` are figures that
    are added up: one that is not asked in a month adds nothing there, whereas a rule
    with any other input that is not asked does not apply. Nor does one over 本年累计 with
    a part that ended within the year, or with what should be as large (the total, or where
    there are no parts the other input) begun within it: what it came to before is not on the
    form. From `valid_from` to `valid_to`, numbers of months, it holds.
    """

    rule: Rule
    figure: str
    cumulative: bool
    inputs: tuple[str, ...]
    condition: Condition
    said: tuple[tuple[str, Term], ...]
    parts: tuple[str, ...] = ()
    valid_from: int | None = None
    valid_to: int | None = None

    def passes(self, frame: pd.DataFrame) -> pd.Series:
        """Whether it holds, row by row.

        A missing value means that an input is missing: it is neither passed nor failed.
        """
        found: pd.Series = self.condition.over(frame)
        return found

    def blanks(self, frame: pd.DataFrame) -> dict[str, pd.Series]:
        """What the message names, row by row."""
        return {name: amount.over(frame) for name, amount in self.said}

    def applies(self, frame: pd.DataFrame) -> pd.Series | None:
        """Whether it is to hold, row by row; None where it is in every one."""
        told = []
        if self.valid_from is not None:
            told.append(frame[MONTH] >= self.valid_from)
        if self.valid_to is not None:
            told.append(frame[MONTH] <= self.valid_to)
        whole = dict.fromkeys(each.removesuffix(YTD) for each in self.inputs)
        told += [
            frame[each + ASKED]
            for each in whole
            if each not in self.parts and each + ASKED in frame.columns
        ]
        if self.cumulative:
            ended = (each + ENDED for each in self.parts)
            told += [~frame[each] for each in ended if each in frame.columns]
            begun = [self.figure] if self.parts else [each for each in whole if each != self.figure]
            told += [~frame[each + BEGAN] for each in begun if each + BEGAN in frame.columns]
        if self.parts and all(each + ASKED in frame.columns for each in self.parts):
            told.append(frame[[each + ASKED for each in self.parts]].any(axis=1))
        result = None
        for each in told:
            result = each if result is None else result & each
        return result


@dataclass(frozen=True, slots=True)
class CarriedForward:
    """Stocks that equal last month's plus and minus this month's flows: a query.

    `off` is how far they do not, `said` the amounts that the message names, by its blanks.
    """

    rule: Rule
    stocks: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    off: Term
    said: tuple[tuple[str, Term], ...]

    @property
    def figure(self) -> str:
        """The figure on whose cell a finding stands."""
        return self.stocks[0]


def amount(micro: int) -> str:
    """An amount as a person writes it: no trailing zeros, '12.7'."""
    sign, micro = ("-", -micro) if micro < 0 else ("", micro)
    whole, rest = divmod(micro, MICRO)
    return f"{sign}{whole}.{rest:06d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"
