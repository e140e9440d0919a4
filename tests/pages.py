"""The fenced blocks of a page: what a reader would copy."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
README, QUERIES = ROOT / "README.md", ROOT / "docs" / "queries.md"


class Block(NamedTuple):
    """A fenced block: its language, its text, and the line of the page before its first."""

    language: str
    text: str
    line: int


def blocks(page: Path, language: str | None = None) -> list[Block]:
    """The blocks of a page, all or those of one language."""
    text = page.read_text(encoding="utf-8")
    found = [
        Block(each[1], each[2], text.count("\n", 0, each.start()) + 1)
        for each in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    ]
    return [each for each in found if language in (None, each.language)]
