"""Results on the terminal or as JSON; progress on standard error."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import click
import duckdb


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value)


def who() -> str:
    """Who is at the terminal; '' where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def rows_of(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object] = ()
) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    result = connection.execute(query, list(parameters))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def show_json(result: object) -> None:
    """The result as JSON on standard output; exact decimals and times as text."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2, default=_plain))


def width(text: str) -> int:
    """How many columns the text takes on a terminal: Chinese letters are two wide."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def show_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows in columns; Chinese letters count as two."""
    cells = [[_short(cell) for cell in row] for row in [list(headings), *rows]]
    widths = [max(width(row[at]) for row in cells) for at in range(len(headings))]
    for row in cells:
        parts = [cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
        click.echo("  ".join(parts).rstrip())


def _short(cell: object) -> str:
    return "" if cell is None else str(_plain(cell)) if not isinstance(cell, str) else cell


def progress(name: str, work: Callable[[], object]) -> object:
    """Run a stage and say its name on a terminal."""
    if not sys.stderr.isatty():
        return work()
    click.echo(f"  {name} …", err=True, nl=False)
    result = work()
    click.echo(" done", err=True)
    return result


def os_trouble(error: OSError) -> str:
    """An operating system's refusal as one sentence."""
    what = f" {error.filename}" if error.filename else ""
    return (
        f"The system refused{what}: {error.strerror or error}; check that it is there and writable."
    )
