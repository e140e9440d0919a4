"""Small means of writing much in few characters, and safely inside a script element."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from markupsafe import Markup

_T = TypeVar("_T")
# What could end the element, begin a comment or a tag, or end a line in old engines.
_UNSAFE = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


class Index(Generic[_T]):
    """Things by the order in which they were first asked for."""

    def __init__(self) -> None:
        self._places: dict[_T, int] = {}

    def at(self, thing: _T) -> int:
        """The thing's place."""
        return self._places.setdefault(thing, len(self._places))

    def __iter__(self) -> Iterator[_T]:
        return iter(self._places)


def json_for_script(data: Any) -> Markup:
    """JSON that may stand inside a script element whatever its texts hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Only inside strings of JSON can these stand, where the escape means the same.
    return Markup(text.translate(_UNSAFE))


def trimmed(row: list[Any]) -> list[Any]:
    """The row without the empty texts at its end."""
    while row and row[-1] == "":
        row.pop()
    return row
