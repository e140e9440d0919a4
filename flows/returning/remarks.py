"""What is said of the cells of a workbook that goes back, in words ready to show."""

from __future__ import annotations

from typing import NamedTuple

from schemas.declaring.rules import Level


class Remark(NamedTuple):
    """A finding as a clerk reads it. Texts are '' where there is nothing to say.

    `sheet` is '' for what is said of the whole file, `cell` for what is said of a sheet.
    `last_month` and `last_year` are the unit's values in force of the same cell a month (or
    the form's period) and a year before.
    """

    sheet: str
    cell: str
    title: str
    """The form's Chinese title."""
    code: str
    """The figure's code, as 0124."""
    name: str
    """The figure's, or a ledger column's, Chinese name."""
    column: str
    """本月数 or 本年累计."""
    value: str
    level: Level
    rule: str
    message: str
    last_month: str = ""
    last_year: str = ""
    explanation: str = ""
    """The reason that has settled a query."""


class Heading(NamedTuple):
    """What the list of problems says above its table; '' where it is not known."""

    unit: str
    """The unit's name."""
    month: str
    """The month in Chinese, as 2023年3月."""
    file_name: str
