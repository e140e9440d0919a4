"""A small night's post: one township's return in order, one held, one file that is no workbook."""

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flows.demo.layout import plain_layout
from flows.demo.returns import Return
from flows.demo.workbook import Book, write_workbook
from flows.demo.world import make_world
from schemas.declaration import DECLARATION
from schemas.declaring.periods import first_day, parse_month

MONTH = parse_month("2023-03")
NOW = "2023-04-06T02:00"
"""The day after the forms of March were due."""
GOOD, HELD = "500114112", "500114106"
BROKEN = "坏_文件_[点这里](x)&lt;b&gt;.xlsx"
MODIFIED = 1_680_500_000


def post() -> dict[str, bytes]:
    """The files of the night by name."""
    returns = make_world(DECLARATION, MONTH, MONTH, seed=5).returns
    return {
        "濯水镇2023年3月.xlsx": _workbook(returns[GOOD, MONTH]),
        "石会镇2023年3月.xlsx": _workbook(_unbalanced(returns[HELD, MONTH])),
        BROKEN: b"<html>504 Gateway Time-out</html>",
    }


def _workbook(content: Return) -> bytes:
    layout = plain_layout(content.unit_name, content.month, first_day(content.month + 1))
    return write_workbook(Book(content, layout))


def _unbalanced(content: Return) -> Return:
    """The return with 社会救助资金 that are not the sum of their parts."""
    sheet = content.figure_sheet("social_assistance")
    assert sheet is not None
    return content.with_sheet(
        sheet.changed("relief_funds", lambda line: replace(line, value=Decimal("999999.0")))
    )


def drop(home: Path, files: dict[str, bytes]) -> None:
    """Put the files in the home's inbox, modified at the same moments in every home."""
    inbox = home / "data" / "raw" / "inbox"
    inbox.mkdir(parents=True)
    for number, (name, content) in enumerate(files.items()):
        (inbox / name).write_bytes(content)
        os.utime(inbox / name, (MODIFIED + number, MODIFIED + number))


def set_clock(patch: pytest.MonkeyPatch) -> None:
    """Runs are of that night, and wait for nothing."""
    patch.setenv("MINZHENG_NOW", NOW)
    patch.setenv("MINZHENG_SETTLE_SECONDS", "0")
