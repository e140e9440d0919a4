"""The quarter's tables as one workbook, for leaders and to report upward."""

from __future__ import annotations

import datetime as dt
import io
import re
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.filling import owed_said
from flows.quarterly_report.packaging import settled
from flows.quarterly_report.tables import coverage, indicators, progress
from flows.quarterly_report.tables.page import Page
from flows.quarterly_report.tags import period_texts
from flows.quarterly_report.wording import FORM_STATES, MADE_UP, MATURITY
from schemas.declaring import periods

COVER = "封面"
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST = 31


def tables(contents: Contents) -> bytes:
    """The workbook as .xlsx, the same bytes for the same contents.

    Numbers are stored as they are printed, rounded once and in their unit, rates in percent;
    nothing is a formula. What is suppressed or missing is a sign, see `cells.SIGNS`.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    texts = period_texts(contents)
    state = MATURITY[contents.maturity]
    said = f"{texts['地区']}民政局　{texts['报告期']}（{state}）　数据时点：{texts['截至']}"
    if contents.synthetic:
        said = f"{MADE_UP}　{said}"
    names = _names(contents)
    cover = Page(book, COVER, f"{texts['地区']}民政局{texts['报告期']}统计表", said)
    indicators.all_indicators(book, contents, said)
    indicators.programmes(book, contents, said, names)
    progress.targets(book, contents, said)
    coverage.coverage(book, contents, said)
    progress.revisions(book, contents, said)
    progress.terms(book, contents, said)
    _cover(cover, contents, book.sheetnames[1:])
    book.properties.creator = f"{texts['地区']}民政局"
    book.properties.title = cover.sheet["A1"].value
    file = io.BytesIO()
    book.save(file)
    zone = ZoneInfo(contents.declaration.time_zone)
    return settled(file.getvalue(), contents.as_of.replace(tzinfo=zone).astimezone(dt.UTC))


def _names(contents: Contents) -> dict[str, str]:
    """The programmes' sheets by title, named as short and as free of signs as Excel wants it."""
    fixed = (COVER, indicators.ALL, progress.TARGETS, coverage.TITLE, progress.REVISIONS, progress.TERMS)  # fmt: skip
    names: dict[str, str] = {}
    titles = [each.title_zh for each, _ in contents.programmes] + [indicators.OTHERS]
    for number, title in enumerate(titles, 1):
        plain = _NO_NAME.sub(" ", title).strip("' ") or str(number)
        name = plain[:_LONGEST]
        if name.casefold() in {each.casefold() for each in (*fixed, *names.values())}:
            name = f"{plain[: _LONGEST - 4]} {number}"
        names[title] = name
    return names


def _cover(page: Page, contents: Contents, sheets: list[str]) -> None:
    """How far the numbers are settled, who signed them, what is missing, and where it all is."""
    release, texts = contents.release, period_texts(contents)
    rows = [
        ("报告期", texts["报告期"]),
        ("数据状态", MATURITY[contents.maturity]),
        ("数据时点", f"{contents.as_of:%Y-%m-%d %H:%M}"),
    ]
    if release is not None:
        rows += [
            ("发布名称", release.name),
            ("签发", release.released_by or "—"),
            ("审定", release.approved_by or "—"),
            ("发布说明", release.note or "—"),
        ]
    rounding = "四舍五入" if contents.standard == "half_up" else "按GB/T 8170修约"
    rows += [
        ("应报未齐", owed_said(contents) or "已全部报齐"),
        ("数值修约", f"{rounding}；单元格所存即所显示的数"),
    ]  # fmt: skip
    for row, (name, text) in enumerate(rows, 4):
        page.put(row, 1, name, "total text")
        page.long(row, 2, text, 44)
    top = 5 + len(rows)
    page.put(top, 1, "目录", "total text")
    page.put(top, 2, None, "total text")
    for row, name in enumerate(sheets, top + 1):
        page.put(row, 1, str(row - top), "centre")
        page.put(row, 2, name, "link", fits=False)
        page.sheet.cell(row, 2).hyperlink = f"#'{name}'!A1"
    _gaps(page, contents, 4)
    page.finish(0, 0, upright=True)


def _gaps(page: Page, contents: Contents, top: int) -> None:
    """The forms due that are not accepted, to the right."""
    page.put(top, 3, None, "said")
    page.head(top, ("未齐单位", "报表", "月份", "情况"), 4, lines=1)
    for row, gap in enumerate(contents.gaps, top + 1):
        form = contents.declaration.by_name[gap.form]
        page.put(row, 4, contents.unit_name(gap.unit_code))
        page.put(row, 5, form.title_zh)
        page.put(row, 6, periods.month_zh(gap.month), "centre")
        page.put(row, 7, FORM_STATES[gap.state], "centre")
    if not contents.gaps:
        page.put(top + 1, 4, "无" if not contents.pending else "—")
