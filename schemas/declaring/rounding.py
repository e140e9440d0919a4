"""What rounding explains where lines of a form stand in 元 and in 万元: frames as in `rules`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.declaring.rules import (
    CONVERTED,
    HALF,
    MONTH,
    MONTHS,
    YEAR,
    YUAN,
)

if TYPE_CHECKING:
    import pandas as pd


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
    import numpy as np  # declarations alone need no numpy

    found: pd.Series = np.bitwise_count(months).astype("int64")
    return found


def slack(
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


def tolerance(
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
