"""The balances that forms declare: at most, sums, bounds, stocks carried forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.declaring.rounding import slack, tolerance
from schemas.declaring.rules import (
    ASKED,
    YTD,
    CarriedForward,
    FrameRule,
    Rule,
)

if TYPE_CHECKING:
    import pandas as pd


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
                frame[small] - frame[large] <= slack(frame, smaller, (larger,), cumulative)
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
            least[each] -= slack(frame, figure, (each,), False)
        most = high(frame) + slack(frame, figure, parts, False)
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
            small = distance <= tolerance(frame, total, parts, cumulative)
            allowed = slack(frame, total, parts, cumulative)
            exact = distance <= allowed
            held = exact | (~small if rounding else small)
            if cumulative:
                own, least = off(frame, False), slack(frame, total, parts, False)
                follows = ((difference - own).abs() <= allowed + least) & (own.abs() > least)
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
