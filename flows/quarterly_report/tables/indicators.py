"""The sheets of numbers: all indicators of the district, and a sheet a programme with its units."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl import Workbook

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import rate_said
from flows.quarterly_report.rows import Item
from flows.quarterly_report.tables import cells
from flows.quarterly_report.tables.page import Page

ALL = "主要指标"
DISTRICT = "全区"
OTHERS = "综合"
"""What the indicators of no programme stand under."""
_SHOWN = (("yoy", "同比"), ("qoq", "环比"), ("ytd_yoy", "累计同比"))
_NOTE = "缺n：有n个应报单位无数据，累计缺n：本年累计有n个单位数据不全，浅色格的数据不含其数；同口径：仅按两期均有数据的单位计算。以%计量的指标，增减为百分点。"


def all_indicators(book: Workbook, contents: Contents, said: str) -> None:
    """Every indicator of the district, by programme."""
    page = Page(book, ALL, f"{ALL}（{DISTRICT}）", said)
    heads = ["指标", "计量单位", "本季度", "本年累计"]
    heads += [text for _, name in _SHOWN for text in (f"{name}增减", f"{name}增速")]
    heads += ["同口径单位数", "同口径同比增速", "应报单位数", "已报单位数", "同比情况", "备注"]
    page.head(3, heads, lines=3)
    row = 4
    for title, items in _grouped(contents):
        for column in range(1, len(heads) + 1):
            page.put(row, column, title if column == 1 else None, "band", fits=False)
        row += 1
        for item in items:
            _indicator(page, row, contents, item)
            row += 1
    page.note([f"注：{'；'.join(cells.SIGNS)}。", _NOTE])
    page.finish(3, 1)


def _grouped(contents: Contents) -> Iterator[tuple[str, list[Item]]]:
    """The indicators that have a level, by the programme's title."""
    programmes = [(each.title_zh, list(items)) for each, items in contents.programmes]
    others = [each for each in contents.items.values() if not each.programme]
    for title, items in [*programmes, (OTHERS, others)]:
        if there := [each for each in items if _there(contents, each)]:
            yield title, there


def _there(contents: Contents, item: Item) -> bool:
    return any(contents.level(item.name, unit) for unit in (None, *contents.units))


def _indicator(page: Page, row: int, contents: Contents, item: Item) -> None:
    level = contents.level(item.name)
    expected, reported = (level.units_expected, level.units_reported) if level else (0, 0)
    yoy = contents.compared(item.name, "yoy")
    page.long(row, 1, item.name_zh, 24)
    page.put(row, 2, item.unit, "centre")
    numbers = [
        cells.level(contents, item, level, "value"),
        cells.level(contents, item, level, "year_to_date"),
    ]
    for comparison, _ in _SHOWN:
        growth = contents.compared(item.name, comparison)
        numbers.append(cells.growth(contents, item, growth, "change"))
        numbers.append(cells.growth(contents, item, growth, "rate"))
    matched = None if yoy is None else yoy.matched_units
    numbers += [
        cells.Said(cells.NONE) if not matched else cells.count(matched),
        cells.growth(contents, item, yoy, "matched_rate"),
        cells.count(expected),
        cells.count(reported),
    ]
    for at, each in enumerate(numbers, 3):
        page.put(row, at, each, "number")
    column = len(numbers) + 3
    page.long(row, column, rate_said(item, yoy, "yoy", contents.standard), 34)
    page.put(row, column + 1, _short(contents, item, expected - reported), "centre")


def _short(contents: Contents, item: Item, lacking: int) -> str:
    """How many units lack, and in the year to date where those are others: 缺1，累计缺2."""
    said = [cells.lacking(lacking, 0)] if lacking > 0 else []
    to_date = contents.lacking(item.name, cumulative=True)
    if item.kind == "flow" and to_date and to_date != contents.lacking(item.name):
        said.append(f"累计缺{len(to_date)}")
    return "，".join(said)


def programmes(book: Workbook, contents: Contents, said: str, names: dict[str, str]) -> None:
    """A sheet a programme: units down, its indicators across; `names` are the sheets' by title."""
    for title, items in _grouped(contents):
        page = Page(book, names[title], title, said, first=2)
        _programme(page, contents, items)


def _programme(page: Page, contents: Contents, items: list[Item]) -> None:
    page.put(3, 1, "单位", "head")
    for row in (4, 5):
        page.put(row, 1, None, "head")
    page.merge_down(3, 5, 1)
    for at, item in enumerate(items):
        column = 2 + 2 * at
        for row, text in ((3, item.name_zh), (4, f"计量单位：{item.unit}")):
            page.put(row, column, text, "head", fits=False)
            page.put(row, column + 1, None, "head")
            page.merge(row, column, column + 1)
        page.head(5, ("本季度", "同比增减" if item.points else "同比增速"), column, lines=1)
    page.tall(3, 3)
    units = [
        unit for unit in contents.units if any(contents.level(item.name, unit) for item in items)
    ]
    row = 6
    for unit in units:
        page.put(row, 1, contents.unit_name(unit))
        _numbers(page, row, contents, items, unit, "number")
        row += 1
    page.put(row, 1, DISTRICT, "total text")
    _numbers(page, row, contents, items, contents.district, "total")
    page.put(row + 1, 1, "备注", "total text")
    for at, item in enumerate(items):
        level = contents.level(item.name)
        short = cells.lacking(level.units_expected, level.units_reported) if level else ""
        page.put(row + 1, 2 + 2 * at, short, "total")
        page.put(row + 1, 3 + 2 * at, None, "total")
    page.note(
        [
            f"注：{'；'.join(cells.SIGNS)}。",
            "以%计量的指标，增减为百分点。",
            f"空格：不要求该单位填报；缺n：有n个应报单位无数据。{DISTRICT}数不由本表各行相加得出。",
        ]
    )
    page.finish(5, 1, group=2)


def _numbers(
    page: Page, row: int, contents: Contents, items: list[Item], unit: str, look: str
) -> None:
    for at, item in enumerate(items):
        level = contents.level(item.name, unit)
        page.put(row, 2 + 2 * at, cells.level(contents, item, level, "value"), look)
        change = cells.Said(None)
        if level is not None:
            growth = contents.compared(item.name, "yoy", unit)
            change = cells.growth(contents, item, growth, "change" if item.points else "rate")
        page.put(row, 3 + 2 * at, change, look)
