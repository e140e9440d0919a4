"""Units of measure stated once for a whole table: 单位：万元、户, or 本月数（元）."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Statement = tuple[str, ...]
"""The units of measure of one statement, in its order."""

_APART = re.compile(r"[、,，/;；:：\s]+|[和及或]")
_MULTIPLES = ("百万", "千万", "十万", "十", "百", "千", "万", "亿")
_WORD = re.compile(
    f"(?:{'|'.join(_MULTIPLES)})?"
    "(?:元|人|户|个|份|件|次|场|处|座|具|张|对|名|套|只|所|家|本|篇|例|[人户场]次|平方米|亩|%)"
)
_BEHIND = re.compile(r"\(([^()]*)\)$")
_BARE = re.compile(r"\(?(?:计量|金额)?单位(.*?)\)?$")


def read_statement(text: str) -> Statement:
    """The units of measure in a text in its normal form, none where it says anything else."""
    text = text.strip("()")
    pieces = [each.removeprefix("人民币") for each in _APART.split(text) if each]
    good = pieces and all(_WORD.fullmatch(each) for each in pieces)
    return tuple(dict.fromkeys(pieces)) if good else ()


def stated_in(texts: Iterable[str]) -> list[Statement]:
    """What the texts of a header or of labels state: in brackets behind them, or as 单位元."""
    found = []
    for text in texts:
        match = (_BEHIND.search(text) if text.endswith(")") else None) or _BARE.match(text)
        statement = read_statement(match[1]) if match is not None else ()
        if statement:
            found.append(statement)
    return found


def contradiction(stated: Sequence[Statement], asked: str, written: str) -> str:
    """The statement that a line's unit of measure contradicts, '' for none.

    `asked` is the form's own, `written` what the line's cell says in its normal form. A
    line in 户 does not contradict 单位：元, which does not speak of it; one in 万元 does,
    and so does one without a unit of its own where 元 and 万元 are both stated.
    """
    base = _base(asked)
    for statement in stated:
        same = [each for each in statement if _base(each) == base]
        if same and (written not in same if written else same != [asked]):
            return "、".join(statement)
    return ""


def _base(unit: str) -> str:
    for multiple in _MULTIPLES:
        if unit.startswith(multiple) and len(unit) > len(multiple):
            return unit[len(multiple) :]
    return unit
