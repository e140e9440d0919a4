"""The quarter's report as a declaration: its programmes, its prose, what it lists from ledgers.

Prose has tags in braces. `{低保人数}` stands for an indicator by its Chinese name, with what is
said of it behind a bar: `{低保人数|同比}`. A ledger's count may stand there by its Chinese name
too, and a listing or a breakdown by its name. What may stand behind the bar, and the tags of the
period, are in `TAG_ASPECTS` and `PERIOD_TAGS`.
"""

from __future__ import annotations

from dataclasses import dataclass

TAG_ASPECTS = {
    "": "exactly; money and rates with one decimal",
    "约数": "cut down to tens below 1,000, to hundreds from there, with 余 where something was cut",
    "万约数": "cut down to 0.1万 from 10,000 on, below that as 约数",
    "累计": "the year to date, exactly",
    "增减": "more or fewer than in the same quarter last year",
    "同比": "growth over the same quarter last year",
    "环比": "growth over the quarter before",
    "累计同比": "growth of the year to date over the same months last year",
    "单位": "the units that have any, by name",
    "分单位": "the units that have any, by name, with how many",
}
"""What may be said of an indicator."""

PERIOD_TAGS = {
    "地区": "the district's name",
    "报告期": "the quarter, as 2023年一季度",
    "年份": "the quarter's year, as 2023年",
    "月份": "the quarter's last month, as 3月",
    "季末": "the quarter's last day, as 2023年3月31日",
    "截至": "the day of the data, as 2023年4月14日",
}
"""What stands for the period and the district."""

BLOCK_TAGS = {
    "状态": "whether the report is provisional, and what is missing; or who released it",
    "缺报情况": "a table of the forms that are missing or held",
    "数据说明": "the annex: a row for each number in the text",
}
"""What stands in a paragraph of its own; a breakdown does too."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A ledger's rows at the quarter's end, named in running prose.

    `where` lists (column, accepted values); `dated` keeps the rows whose date column lies in
    the quarter. `title` is the column that names an item, `place` one that says where it is,
    `number` a count column said with each item in `unit`.
    """

    name: str
    ledger: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    title: str = "name"
    dated: str = ""
    place: str = ""
    number: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table of a ledger's counts at the quarter's end, a row for each value of the `by` columns.

    `counts` are names of the ledger's counts.
    """

    name: str
    ledger: str
    by: tuple[str, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """A section of the report: the forms whose figures belong to it, and its paragraphs.

    `headline` are the indicators that stand for it where there is room for few.
    """

    name: str
    title_zh: str
    forms: tuple[str, ...]
    headline: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The quarter's report: title, opening, programmes in order."""

    title_zh: str
    opening: tuple[str, ...]
    programmes: tuple[Programme, ...]
    listings: tuple[Listing, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
