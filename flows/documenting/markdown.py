"""The little Markdown that the generated pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MADE = "<!-- Written by `python -m flows.documenting`; change the declarations, not this file. -->"


def page(title: str, *blocks: str) -> str:
    """A whole page: title, the note that it is generated, blocks with a blank line between."""
    return "\n\n".join((f"# {title}", MADE, *(each for each in blocks if each))) + "\n"


def section(heading: str, blocks: Iterable[str]) -> str:
    """A heading and what stands below it; empty where nothing does."""
    below = [each for each in blocks if each]
    return "\n\n".join((heading, *below)) if below else ""


def cell(value: object) -> str:
    """A value in a table: None is empty, bars and line ends cannot break the row."""
    text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    """The text as code; empty for nothing."""
    return f"`{cell(text)}`" if text not in (None, "") else ""


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; empty where there are no rows."""
    lines = ["| " + " | ".join(cell(each) for each in row) + " |" for row in rows]
    if not lines:
        return ""
    head = "| " + " | ".join(headings) + " |"
    return "\n".join((head, "| " + " | ".join("---" for _ in headings) + " |", *lines))
