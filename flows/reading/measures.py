"""Units of measure stated once for a whole table: 单位：万元、户."""

from __future__ import annotations

import re
from collections.abc import Iterable

_APART = re.compile(r"[、,，/;；:：()（）\s或和及]+")
_MULTIPLES = ("百万", "千万", "十万", "十", "百", "千", "万", "亿")


def read_measures(texts: Iterable[str]) -> tuple[str, ...]:
    """The single units of measure in what is stated, in its order."""
    found = [each for text in texts for each in _APART.split(text) if each]
    return tuple(dict.fromkeys(found))


def contradicts(stated: Iterable[str], unit: str) -> bool:
    """Whether a multiple of the unit is stated and not the unit itself.

    A line in 万元 contradicts 单位：元, one in 户 does not: it is not spoken of.
    """
    base = _base(unit)
    same = [each for each in stated if _base(each) == base]
    return bool(same) and unit not in same


def _base(unit: str) -> str:
    for multiple in _MULTIPLES:
        if unit.startswith(multiple) and len(unit) > len(multiple):
            return unit[len(multiple) :]
    return unit
