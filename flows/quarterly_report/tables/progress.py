"""The sheets of the year's targets, of what has changed since the last release, and of terms."""

from __future__ import annotations

from decimal import Decimal

from openpyxl import Workbook

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import NAMES
from flows.quarterly_report.rows import COMPARISONS, Effect, Item, Target
from flows.quarterly_report.tables import cells
from flows.quarterly_report.tables.page import Page
from schemas.declaring import periods

TARGETS, REVISIONS, TERMS = "目标进度", "数据修订", "指标解释"
_KINDS = {"stock": "时点数", "flow": "时期数", "ratio": "比率"}
_MEASURES = {
    "value": "本季度",
    "year_to_date": "本年累计",
    "target": "本季度累计目标",
    "year_target": "全年目标",
    "completion": "完成率",
    "lead": "超（欠）百分点",
    **NAMES,
    **{f"{each}_matched": f"同口径{NAMES[each]}" for each in COMPARISONS},
}


def targets(book: Workbook, contents: Contents, said: str) -> None:
    """How far each target is met, the furthest behind first."""
    page = Page(book, TARGETS, f"年度目标任务{TARGETS}", said)
    heads = (
        "指标", "计量单位", "全年目标", "本季度累计目标", "累计完成", "完成率", "序时进度",
        "超（欠）百分点", "进度", "应报单位数", "已报单位数", "备注",
    )  # fmt: skip
    page.head(3, heads)
    row = 4
    for each in contents.targets:
        if each.indicator in contents.items:
            _target(page, row, contents, each)
            row += 1
    if row == 4:
        page.put(row, 1, "本年度没有可以对照的目标。", "said", fits=False)
    page.note(
        [
            f"注：{'；'.join(cells.SIGNS)}。",
            "完成率：有本季度累计目标的，为累计完成与它的比；没有的，为累计完成与全年目标的比。",
            "超（欠）百分点：有本季度累计目标的与100%比较，没有的与序时进度比较；以%计量的指标为累计完成减目标。",
        ]
    )
    page.finish(3, 1)


def _target(page: Page, row: int, contents: Contents, each: Target) -> None:
    item = contents.items[each.indicator]
    short = (each.units_reported or 0) < (each.units_expected or 0)

    def told(
        value: Decimal | None, places: int, form: str = "", none: str = cells.NONE
    ) -> cells.Said:
        if value is not None:
            return cells.number(contents, value, places, form)
        return cells.Said(cells.WITHHELD if each.suppressed else none)

    page.put(row, 1, item.name_zh)
    page.put(row, 2, item.unit, "centre")
    reached = told(each.value, item.places, none=cells.MISSING)
    lead = told(each.lead, 1, cells.POINTS)
    numbers = (
        told(each.year_target, item.places),
        told(each.target, item.places),
        reached._replace(short=short and each.value is not None),
        told(each.completion, 1, cells.PERCENT),
        cells.number(contents, Decimal(each.time_progress), 0, '0"%"'),
        lead,
    )
    for at, number in enumerate(numbers, 3):
        page.put(row, at, number, "number")
    page.put(row, 9, _pace(lead), "centre")
    page.put(row, 10, cells.count(each.units_expected or 0), "number")
    page.put(row, 11, cells.count(each.units_reported or 0), "number")
    page.put(row, 12, cells.lacking(each.units_expected, each.units_reported), "centre")


def _pace(lead: cells.Said) -> str:
    """In words, by what is printed."""
    if not isinstance(lead.value, Decimal):
        return ""
    return "持平" if not lead.value else "超前" if lead.value > 0 else "滞后"


def revisions(book: Workbook, contents: Contents, said: str) -> None:
    """What has changed since the last release, and what that did to the district's numbers."""
    page = Page(book, REVISIONS, REVISIONS, said)
    since = contents.since
    if since is None:
        page.put(3, 1, "此前没有发布过数据，无修订。", "said", fits=False)
        page.finish(2, 0)
        return
    quarter = periods.quarter_zh(since.quarter)
    day = periods.day_zh(since.as_of)
    page.put(3, 1, f"自{quarter}数据（{since.release}，{day}）发布以来：", "said", fits=False)
    page.head(4, ("指标", "单位／口径", "所属期", "原数", "现数", "修订依据", "修订时间"), lines=1)
    row = 5
    for each in since.revisions:
        if (item := contents.items.get(each.figure)) is None:
            continue
        when = "" if each.revised_at is None else f"{each.revised_at:%Y-%m-%d %H:%M}"
        page.put(row, 1, item.name_zh)
        page.put(row, 2, contents.unit_name(each.unit_code))
        page.put(row, 3, periods.month_zh(each.month), "centre")
        for column, value in ((4, each.old_value), (5, each.new_value)):
            page.put(row, column, _figure(contents, item, value), "number")
        page.put(row, 6, each.file_name or "")
        page.put(row, 7, when, "centre")
        row += 1
    for effect in since.effects:
        if effect.indicator in contents.items:
            _effect(page, row, contents, effect, quarter)
            row += 1
    if row == 5:
        page.put(row, 1, "没有可以列出的修订。", "said", fits=False)
    notes = ["注：单位为全区的，是修订对该季度已发布数的影响；其余为单位月报数的修订。"]
    if since.hidden:
        notes.append(f"另有{since.hidden}项修订涉及人数较少，未列出。")
    page.note([*notes, f"{cells.NONE} 无数或不适用。"])
    page.finish(4, 1)


def _figure(contents: Contents, item: Item, value: Decimal | None) -> cells.Said:
    return cells.Said(cells.NONE) if value is None else cells.number(contents, value, item.places)


def _effect(page: Page, row: int, contents: Contents, effect: Effect, quarter: str) -> None:
    item = contents.items[effect.indicator]
    page.put(row, 1, item.name_zh)
    page.put(row, 2, f"全区／{_MEASURES.get(effect.measure, effect.measure)}")
    page.put(row, 3, quarter, "centre")
    for column, value in ((4, effect.old_number), (5, effect.new_number)):
        told = _figure(contents, item, value)
        if value is not None and effect.measure not in (
            "value",
            "year_to_date",
            "target",
            "year_target",
        ):
            points = item.points or effect.measure == "lead"
            told = cells.number(contents, value, 1, cells.POINTS if points else cells.PERCENT)
        page.put(row, column, told, "number")
    for column in (6, 7):
        page.put(row, column, None)


def terms(book: Workbook, contents: Contents, said: str) -> None:
    """What every indicator is."""
    page = Page(book, TERMS, TERMS, said)
    page.head(3, ("指标", "代码", "计量单位", "类型", "报表", "计算公式", "解释"), lines=1)
    for row, item in enumerate(contents.items.values(), 4):
        form = contents.declaration.by_name.get(item.form or "")
        page.put(row, 1, item.name_zh)
        page.put(row, 2, item.code or "", "centre")
        page.put(row, 3, item.unit, "centre")
        page.put(row, 4, _KINDS[item.kind], "centre")
        page.put(row, 5, form.title_zh if form else "")
        page.long(row, 6, item.formula_zh, 36)
        page.long(row, 7, item.definition_zh, 60)
    page.finish(3, 1)
