"""A rule: its code, level, sentence and check in one object.

Amounts in frames are integers of one millionth of the figure's unit ("micro"),
so that every sum and comparison is exact. A frame for a form has one row a
submitted form; a figure's month value stands in the column of its name, its
本年累计 in `<figure>.ytd`, and `<figure>.converted` says that the cell was
written in 元 and converted. `month` is the month reported. Where a line is not asked
in all months of its form, `<figure>.asked` says whether it was in that one,
`<figure>.ended` whether it was earlier in the year and no longer is, and `<figure>.began`
whether it is and was not in all earlier months of the year.

Months of the year up to the one reported stand as bits, January the lowest: `year` are those
for which the form is asked, `<figure>.months` those for which the line is, where it is not
in all, and `<figure>.yuan` those for which it is asked in 元, where it is in some.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["error", "query", "notice"]
MICRO = 1_000_000
"""Amounts are kept in millionths of their unit."""
YTD = ".ytd"
CONVERTED = ".converted"
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

    `passes(frame)` gives a nullable boolean Series; a missing value means that an
    input is missing and the rule can be neither passed nor failed. A finding
    stands on the cell of `figure` (its 本年累计 cell where `cumulative`).
    `blanks(frame)` gives the columns that the message names. `parts` are figures that
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
    passes: Callable[[pd.DataFrame], pd.Series]
    blanks: Callable[[pd.DataFrame], dict[str, pd.Series]]
    parts: tuple[str, ...] = ()
    valid_from: int | None = None
    valid_to: int | None = None

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
    """Stocks that equal last month's plus and minus this month's flows: a query."""

    rule: Rule
    stocks: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...]

    @property
    def figure(self) -> str:
        """The figure on whose cell a finding stands."""
        return self.stocks[0]


def amount(micro: int) -> str:
    """An amount as a person writes it: no trailing zeros, '12.7'."""
    sign, micro = ("-", -micro) if micro < 0 else ("", micro)
    whole, rest = divmod(micro, MICRO)
    return f"{sign}{whole}.{rest:06d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"


def _column(figure: str, cumulative: bool) -> str:
    return figure + YTD if cumulative else figure


def _where(cumulative: bool) -> str:
    return "本年累计" if cumulative else "本月数"


def _addends(frame: pd.DataFrame, parts: tuple[str, ...], cumulative: bool) -> pd.DataFrame:
    """The parts' columns; a line that is not asked adds nothing."""
    columns = frame[[_column(part, cumulative) for part in parts]]
    for part in parts:
        if part + ASKED in frame.columns:
            name = _column(part, cumulative)
            columns = columns.assign(**{name: columns[name].mask(~frame[part + ASKED], 0)})
    return columns


def _plain(frame: pd.DataFrame, lines: tuple[str, ...]) -> bool:
    """Whether all of the lines are always asked, and none is in 元."""
    columns = frame.columns
    return (
        not any(each + kind in columns for each in lines for kind in (MONTHS, YUAN))
        and not frame[[each + CONVERTED for each in lines]].to_numpy().any()
    )


def _now(frame: pd.DataFrame) -> pd.Series:
    return 2 ** (frame[MONTH] % 12)


def _months(frame: pd.DataFrame, figure: str) -> pd.Series:
    """The months of the year so far, as bits, for which the line is asked."""
    return frame[figure + MONTHS if figure + MONTHS in frame.columns else YEAR]


def _in_yuan(frame: pd.DataFrame, figure: str) -> pd.Series:
    """The months of the year so far, as bits, in which the line stands in 元.

    A cell in 元 where 万元 are asked is the habit of who writes it, all year.
    """
    written = frame[figure + CONVERTED]
    if figure + YUAN not in frame.columns:
        return frame[YEAR].where(written, 0)
    asked = frame[figure + YUAN]
    return asked.mask(written & (asked & _now(frame) == 0), frame[YEAR])


def _count(months: pd.Series) -> pd.Series:
    found = months & 0
    for at in range(12):
        found += (months & 2**at != 0).astype("int64")
    return found


def _slack(
    frame: pd.DataFrame, total: str, parts: tuple[str, ...], cumulative: bool
) -> pd.Series | int:
    """How far a total may be off its parts where only some of them are in 元.

    A total in 万元 is their sum rounded to its one decimal; beside a total in 元 every
    part in 万元 is rounded itself. 本年累计 add up what was rounded month by month, and
    one in 万元 is itself rounded where earlier months were in 元.
    """
    lines = (total, *parts)
    if _plain(frame, lines):
        return 0
    now = _now(frame)
    counted = frame[YEAR] if cumulative else now
    whole, exact = _in_yuan(frame, total), {each: _in_yuan(frame, each) for each in parts}
    some = frame[YEAR] & 0
    for each in exact.values():
        some |= each
    rounded = _count(counted & some & ~whole)
    for name, each in exact.items():
        rounded += _count(counted & whole & _months(frame, name) & ~each)
    if cumulative:
        for each in (whole, *exact.values()):
            rounded += ((each != 0) & (each & now == 0)).astype("int64")
    return HALF * rounded


def _tolerance(
    frame: pd.DataFrame, total: str, parts: tuple[str, ...], cumulative: bool
) -> pd.Series | int:
    """How far a total may be off by rounding: half the last decimal a part.

    A part that is not asked is none, nor is one that stands in 元 beside a total in 元.
    """
    if _plain(frame, (total, *parts)):
        return HALF * len(parts)
    counted = frame[YEAR] if cumulative else _now(frame)
    whole, rounded = _in_yuan(frame, total), frame[YEAR] & 0
    for each in parts:
        both = whole & _in_yuan(frame, each)
        rounded += (counted & _months(frame, each) & ~both != 0).astype("int64")
    return HALF * rounded


def at_most(
    code: str, smaller: str, larger: str, names: tuple[str, str], cumulative: bool = False
) -> tuple[FrameRule, ...]:
    """`smaller` ≤ `larger`: error, on the smaller one's cell.

    Where one of them is in 元 and the other in 万元, what is rounded may be off by that.
    """
    column = _where(cumulative)
    small, large = _column(smaller, cumulative), _column(larger, cumulative)
    return (
        FrameRule(
            Rule(
                code,
                "error",
                f"“{names[0]}”{column}为{{smaller}}，大于“{names[1]}”的{{larger}}；"
                f"前者不应大于后者，请核对后改正。",
                f"{small} is at most {large}",
            ),
            smaller,
            cumulative,
            (small, large),
            lambda frame: (
                frame[small] - frame[large] <= _slack(frame, smaller, (larger,), cumulative)
            ),
            lambda frame: {"smaller": frame[small], "larger": frame[large]},
        ),
    )


def needs(code: str, figure: str, other: str, names: tuple[str, str]) -> tuple[FrameRule, ...]:
    """`figure` may be above 0 only where `other` is: error, on `figure`'s cell."""
    return (
        FrameRule(
            Rule(
                code,
                "error",
                f"“{names[0]}”为{{value}}，而“{names[1]}”为0；没有后者就不应有前者，请核对两处后改正。",
                f"{figure} is 0 where {other} is 0",
            ),
            figure,
            False,
            (figure, other),
            lambda frame: (frame[figure] <= 0) | (frame[other] > 0),
            lambda frame: {"value": frame[figure]},
        ),
    )


def between(
    code: str, figure: str, parts: tuple[str, ...], name: str, parts_zh: str
) -> tuple[FrameRule, ...]:
    """`figure` lies between the largest of `parts` and their sum: error.

    Where some of them are in 元 and others in 万元, what is rounded may be off by that.
    """

    def low(frame: pd.DataFrame) -> pd.Series:
        return _addends(frame, parts, False).max(axis=1, skipna=False)

    def high(frame: pd.DataFrame) -> pd.Series:
        return _addends(frame, parts, False).sum(axis=1, skipna=False)

    def passes(frame: pd.DataFrame) -> pd.Series:
        value, least = frame[figure], _addends(frame, parts, False)
        for each in parts:
            least[each] -= _slack(frame, figure, (each,), False)
        most = high(frame) + _slack(frame, figure, parts, False)
        return (value >= least.max(axis=1, skipna=False)) & (value <= most)

    return (
        FrameRule(
            Rule(
                code,
                "error",
                f"“{name}”为{{value}}，应不小于{parts_zh}中最大的一项（{{low}}），"
                f"也不大于各项之和（{{high}}）；请按不重不漏核对后改正。",
                f"{figure} lies between the largest and the sum of {', '.join(parts)}",
            ),
            figure,
            False,
            (figure, *parts),
            passes,
            lambda frame: {"value": frame[figure], "low": low(frame), "high": high(frame)},
            parts,
        ),
    )


def sum_of(
    code: str, total: str, parts: tuple[str, ...], name: str, parts_zh: str
) -> tuple[FrameRule, ...]:
    """`total` equals the sum of `parts`, in 本月数 and in 本年累计.

    Off by no more than rounding (0.05 a part) is a query, by more an error, on the
    total's cell; where some of the lines are in 元 and others in 万元, what cannot but be
    rounded is right. A cumulative sum that is off by the same amount as the month's is
    what the month's finding already says, and is not said again.
    """

    def off(frame: pd.DataFrame, cumulative: bool) -> pd.Series:
        added = _addends(frame, parts, cumulative).sum(axis=1, skipna=False)
        return frame[_column(total, cumulative)] - added

    def rule(cumulative: bool, rounding: bool) -> FrameRule:
        def passes(frame: pd.DataFrame) -> pd.Series:
            difference = off(frame, cumulative)
            distance = difference.abs()
            small = distance <= _tolerance(frame, total, parts, cumulative)
            slack = _slack(frame, total, parts, cumulative)
            exact = distance <= slack
            held = exact | (~small if rounding else small)
            if cumulative:
                own, least = off(frame, False), _slack(frame, total, parts, False)
                follows = ((difference - own).abs() <= slack + least) & (own.abs() > least)
                held = held | follows.fillna(False)
            return held

        def blanks(frame: pd.DataFrame) -> dict[str, pd.Series]:
            value = frame[_column(total, cumulative)]
            difference = off(frame, cumulative)
            return {"value": value, "sum": value - difference, "off": difference.abs()}

        column = _where(cumulative)
        advice = (
            "如系四舍五入所致，请在说明栏写明；否则请改正。"
            if rounding
            else "合计应等于各分项之和，请核对后改正。"
        )
        number = code + ("C" if cumulative else "") + ("R" if rounding else "")
        return FrameRule(
            Rule(
                number,
                "query" if rounding else "error",
                f"“{name}”{column}为{{value}}，{parts_zh}之和为{{sum}}，相差{{off}}；{advice}",
                f"{_column(total, cumulative)} equals the sum of its {len(parts)} parts"
                + (" (off by rounding only)" if rounding else ""),
            ),
            total,
            cumulative,
            tuple(_column(each, cumulative) for each in (total, *parts)),
            passes,
            blanks,
            parts,
        )

    return tuple(
        rule(cumulative, rounding) for cumulative in (False, True) for rounding in (False, True)
    )


def carried_forward(
    code: str,
    stocks: tuple[str, ...],
    plus: tuple[str, ...],
    minus: tuple[str, ...],
    names: tuple[str, str, str],
) -> CarriedForward:
    """The stocks together equal last month's + plus − minus: query, on the first stock."""
    return CarriedForward(
        Rule(
            code,
            "query",
            f"{names[0]}为{{value}}，上月{{before}}＋{names[1]}{{plus}}－{names[2]}{{minus}}＝{{expected}}，"
            "两者应相等；请核对，属实的在说明栏写明原因。",
            f"{' + '.join(stocks)} equals last month's + {' + '.join(plus)} - {' - '.join(minus)}",
        ),
        stocks,
        plus,
        minus,
    )
