"""Chinese names brought to one spelling, so that they can be compared exactly.

Nothing here compares by likeness: two names are the same when their normal
forms are equal, or when one is a declared alias of the other.
"""

import re
import unicodedata
from functools import lru_cache

_DROPPED = re.compile(r"[\s\u200b\ufeff\"'“”‘’「」『』《》<>]+")
_BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")
_NUMBERING = re.compile(
    r"^(?:\(?(?:\d{1,3}(?:\.\d{1,2})*|[一二三四五六七八九十]{1,3})[.、,)]+|\(?其中\)?[:,、]|\(其中\))+(?=\D)"
)
_CIRCLED = "".join(map(chr, range(0x2460, 0x2474))) + " \u3000"


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """The text in NFKC, without spaces and quotes, with round brackets only."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_BRACKETS))


@lru_cache(maxsize=65536)
def normal_line(text: str) -> str:
    """The name of a line: `normal`, without a leading '7.', '（一）', '③' or '其中：'."""
    return _NUMBERING.sub("", normal(text.lstrip(_CIRCLED)))
