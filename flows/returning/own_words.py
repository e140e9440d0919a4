"""What a return says in a cell's comment, between lines by which the next return knows it."""

from __future__ import annotations

from typing import Any

from flows.returning.markup import main

BEGIN, END = "【审核意见】", "【以上由审核程序写入】"
"""What a return says on a cell stands between these lines, so that the next can take it away."""


def between(text: str) -> str:
    """A remark's text between the lines by which it is known again."""
    return f"{BEGIN}\n{text.replace(BEGIN, '').replace(END, '')}\n{END}"


def without_ours(comment: Any) -> bool:
    """Take what an earlier return said out of a comment; whether anything is left of it."""
    words = [each for each in comment.iter(main("t")) if each.text]
    whole = "".join(each.text for each in words)
    inside = _inside(whole)
    at = 0
    for each in words:
        end = at + len(each.text)
        each.text = "".join(
            letter for place, letter in enumerate(each.text, at) if not inside[place]
        )
        at = end
    return bool("".join(each.text for each in words).strip())


def _inside(text: str) -> list[bool]:
    """For each character, whether it is of what an earlier return said."""
    inside = [False] * len(text)
    start = text.find(BEGIN)
    while start >= 0:
        end = text.find(f"\n{END}", start)
        stop = len(text) if end < 0 else end + len(END) + 1
        before = start - 1 if start and text[start - 1] == "\n" else start
        inside[before:stop] = [True] * (stop - before)
        start = text.find(BEGIN, stop)
    return inside
