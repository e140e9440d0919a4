"""What the commands' options and arguments take; imports nothing heavy, so that help is quick."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Value = TypeVar("_Value")


class _Told(click.ParamType[_Value]):
    """What a parser makes of a word; its ValueError says what is wrong with it."""

    def __init__(self, name: str, parse: Callable[[str], _Value]) -> None:
        self.name = name
        self._parse = parse

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> _Value:
        """The value; click.BadParameter where it is none."""
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _month(value: str) -> int:
    from schemas.declaring.periods import parse_month

    return parse_month(value)


def _quarter(value: str) -> int:
    from schemas.declaring.periods import parse_quarter

    return parse_quarter(value)


def _instant(value: str) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError as error:
        text = f"{value!r} is no time; write it in UTC, as 2023-01-08T01:00."
        raise ValueError(text) from error
    return at if at.tzinfo is None else at.astimezone(dt.UTC).replace(tzinfo=None)


MONTH = _Told("month", _month)
"""A month by its number, as in `periods`."""
QUARTER = _Told("quarter", _quarter)
"""A quarter by its number, as in `periods`."""
INSTANT = _Told("time", _instant)
"""A time as the tables keep it: UTC without zone."""


def month_option(name: str, *, required: bool = False, text: str) -> Callable[[_Command], _Command]:
    """An option that takes a month; `--from` and `--to` are given on as `from_month`, `to_month`."""
    return click.option(
        f"--{name}",
        f"{name}_month" if name in ("from", "to") else name,
        required=required,
        type=MONTH,
        metavar="YYYY-MM",
        help=text,
    )


depth_option = click.option(
    "--depth", type=click.IntRange(min=0), help="Print only so many levels; JSON is always whole."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
