"""How a unit lays out its workbook: the habits that a reader has to put up with.

A layout is plain data; the same seed always gives the same workbook.
"""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeVar

from schemas.declaring import periods

Codes = Literal["text", "number", "absent"]
Names = Literal["plain", "numbered", "spaced", "brackets"]
Numbers = Literal["number", "text", "padded", "separators", "full_width"]
SheetNames = Literal["title", "Sheet", "form_no", "numbered"]
ExtraSheet = Literal["", "visible", "hidden"]
T = TypeVar("T")
HEAD = ("制定机关：黔江区民政局", "有效期至：2033年12月")
FOOT = ("单位负责人", "填表人", "联系电话", "报出日期")
DIGITS_ZH = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Layout:
    """One workbook's looks. The defaults are the form as it was handed out."""

    seed: str
    unit_text: str
    month_text: str
    signed_on: dt.date
    rows_before: int = 0
    columns_before: int = 0
    gap_after: int | None = None
    """A blank row after this line of the table, counted from 1; not among lines that are added up."""
    middle_column: bool = False
    """An empty column before the fourth."""
    codes: Codes = "text"
    names: Names = "plain"
    numbers: Numbers = "number"
    """How about one number in six is written; the others are numbers."""
    sheet_names: SheetNames = "title"
    shuffled: bool = False
    extra: ExtraSheet = ""
    date_format: str = ""
    """How about one ledger date in two is written as text; '' leaves all dates."""
    head: tuple[str, ...] = HEAD
    foot: tuple[str, ...] = FOOT


def plain_layout(unit_name: str, month: int, signed_on: dt.date) -> Layout:
    """The form as it was handed out, filled in without any habit."""
    return Layout("plain", unit_name, periods.month_zh(month), signed_on)


def habitual_layout(
    random: Random, seed: str, names: tuple[str, ...], month: int, signed_on: dt.date
) -> Layout:
    """A layout as people make it: most as handed out, some with one habit or a few."""

    def seldom(usual: T, *others: T, often: float = 0.12) -> T:
        return random.choice(others) if random.random() < often else usual

    return Layout(
        seed=seed,
        unit_text=seldom(names[0], *names, often=0.25),
        month_text=seldom(periods.month_zh(month), *month_texts(month), often=0.3),
        signed_on=signed_on,
        rows_before=seldom(0, 1, 2),
        columns_before=seldom(0, 1),
        gap_after=seldom(None, 2, 3, 5, often=0.08),
        middle_column=seldom(False, True, often=0.06),
        codes=seldom("text", "number", "number", "absent"),
        names=seldom("plain", "numbered", "spaced", "brackets"),
        numbers=seldom("number", "text", "padded", "separators", "full_width", often=0.2),
        sheet_names=seldom("title", "Sheet", "form_no", "numbered", often=0.15),
        shuffled=seldom(False, True),
        extra=seldom("", "visible", "hidden"),
        date_format=seldom("", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", often=0.3),
        head=seldom(HEAD, ("制定机关：黔江区民政局",), ()),
        foot=seldom(FOOT, ("填表人", "报出日期"), ("填表人",), often=0.2),
    )


def month_texts(month: int) -> tuple[str, ...]:
    """The month in each way people write it, from 2023年3月 to 二〇二三年三月."""
    """The month in every way people write it: 2023年3月, 2023年03月, 2023-03, 2023.3, 二〇二三年三月."""
    year, index = month // 12, month % 12 + 1
    year_zh = "".join(DIGITS_ZH[int(digit)] for digit in str(year))
    month_zh = "十" * (index >= 10) + (DIGITS_ZH[index % 10] if index % 10 else "")
    return (
        periods.month_zh(month),
        f"{year}年{index:02d}月",
        f"{year}-{index:02d}",
        f"{year}.{index}",
        f"{year_zh}年{month_zh}月",
    )
