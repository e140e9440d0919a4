"""The balances that forms declare: at most, sums, bounds, stocks carried forward."""

from __future__ import annotations

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
)
from schemas.declaring.rules import (
    YTD,
    CarriedForward,
    FrameRule,
    Rule,
)


def _column(figure: str, cumulative: bool) -> str:
    return figure + YTD if cumulative else figure


def _where(cumulative: bool) -> str:
    return "本年累计" if cumulative else "本月数"


def _parts(names: tuple[str, ...], cumulative: bool = False) -> tuple[Amount, ...]:
    """Lines that are added up; one that is not asked adds nothing."""
    return tuple(Amount(each, cumulative, part=True) for each in names)


def _amounts(names: tuple[str, ...]) -> tuple[Amount, ...]:
    return tuple(map(Amount, names))


def at_most(
    code: str, smaller: str, larger: str, names: tuple[str, str], cumulative: bool = False
) -> tuple[FrameRule, ...]:
    """`smaller` ≤ `larger`: error, on the smaller one's cell.

    Where one of them is in 元 and the other in 万元, what is rounded may be off by that.
    """
    column = _where(cumulative)
    small, large = _column(smaller, cumulative), _column(larger, cumulative)
    own, other = Amount(smaller, cumulative), Amount(larger, cumulative)
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
            AtMost(Less(own, other), Slack(smaller, (larger,), cumulative)),
            (("smaller", own), ("larger", other)),
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
            Either((AtMost(Amount(figure)), Not(AtMost(Amount(other))))),
            (("value", Amount(figure)),),
        ),
    )


def between(
    code: str, figure: str, parts: tuple[str, ...], name: str, parts_zh: str
) -> tuple[FrameRule, ...]:
    """`figure` lies between the largest of `parts` and their sum: error.

    Where some of them are in 元 and others in 万元, what is rounded may be off by that.
    """
    value, added = Amount(figure), _parts(parts)
    largest = Most(tuple(Less(each, Slack(figure, (each.figure,))) for each in added))
    most = Slack(figure, parts)
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
            Both((AtMost(Less(largest, value)), AtMost(Less(value, Added(added)), most))),
            (("value", value), ("low", Most(added)), ("high", Added(added))),
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

    def off(cumulative: bool) -> Term:
        return Less(Amount(total, cumulative), Added(_parts(parts, cumulative)))

    def rule(cumulative: bool, rounding: bool) -> FrameRule:
        allowed = Slack(total, parts, cumulative)
        small: Condition = AtMost(Size(off(cumulative)), Tolerance(total, parts, cumulative))
        held = [AtMost(Size(off(cumulative)), allowed), Not(small) if rounding else small]
        if cumulative:
            own, least = off(False), Slack(total, parts)
            alike = AtMost(Size(Less(off(True), own)), Added((allowed, least)))
            held.append(Surely(Both((alike, Not(AtMost(Size(own), least))))))
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
            Either(tuple(held)),
            (
                ("value", Amount(total, cumulative)),
                ("sum", Added(_parts(parts, cumulative))),
                ("off", Size(off(cumulative))),
            ),
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
    value, before = Added(_amounts(stocks)), Added(tuple(map(Before, stocks)))
    added, left = Added(_amounts(plus)), Added(_amounts(minus))
    expected = Less(Added((before, added)), left)
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
        Less(value, expected),
        (
            ("value", value),
            ("before", before),
            ("plus", added),
            ("minus", left),
            ("expected", expected),
        ),
    )
