"""What a sheet's head lines say, in their own words: which form, whose, which period."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from flows.reading.cells import Grid, Row
from flows.reading.measures import Statement, read_statement, stated_in
from schemas.declaring.district import Declaration
from schemas.declaring.names import normal

_LABELS = {
    "form": ("表号",),
    "unit": ("填报单位", "填表单位", "报送单位", "编报单位", "单位名称"),
    "period": ("报告期", "报表期", "所属期", "统计期"),
    "measure": ("计量单位",),
    "": ("制定机关", "批准或备案文号", "批准文号", "备案文号", "有效期至"),
}
# Others that may stand on the same line. They end what is before them, with their colon only:
# 单位 is part of longer labels.
_OTHERS = (
    "单位负责人", "统计负责人", "负责人", "审核人", "制表人", "填表人", "填报人", "经办人",
    "联系电话", "电话", "报出日期", "填报日期", "填表日期", "报送日期", "制表日期", "日期",
    "行政区划代码", "区划代码", "统一社会信用代码", "组织机构代码", "综合机关", "备案机关",
    "页码",
)  # fmt: skip
_MEASURES = ("金额单位", "单位", "金额", "资金")
"""What stands behind them is a unit of measure, or whose the sheet is."""
_KIND = {label: kind for kind, labels in _LABELS.items() for label in labels}
_KIND |= dict.fromkeys(_OTHERS, "") | dict.fromkeys(_MEASURES, "measure")
_OWN_LABELS = tuple(label for labels in _LABELS.values() for label in labels)
_OWN = "|".join(_OWN_LABELS)
_SPLIT = re.compile(
    f"(?:^({_OWN})|({'|'.join(sorted(_KIND, key=len, reverse=True))})(?=[^:]{{0,8}}:))"
    r"(?:名称)?(?:\([^()]*章\))?:?"
)
_REMARK = re.compile("(?:填表|填报)?说明:|备?注:")
# Behind a label without a colon: 填报单位应于每月5日前报送。 says nothing of a unit.
_SENTENCE = re.compile(r"[应为由须请是]|.*[。!?;]")
_STAMP = re.compile(r"\([^()]{0,4}章\)|(?:加?盖)?公章$|盖章$")
_AROUND = " _·,;。|:"


@dataclass(slots=True)
class Head:
    """What the head lines say, as written; two texts are two answers, none is none."""

    form_nos: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    units: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    stated: list[Statement] = field(default_factory=list)
    """The units of measure that 单位： says."""
    continued: bool = False
    """It is the continuation (续表) of another sheet's table."""


def read_head(grid: Grid, rows: int, declaration: Declaration) -> Head:
    """The head lines among the first `rows` rows."""
    head, forms = Head(), declaration.form_by_title
    for row in grid.rows[:rows]:
        titles, continued, notes, stated = _read_row(tuple(row))
        for title in titles:
            if title in forms:
                head.titles.add(forms[title].name)
        for title in continued:
            head.continued |= not title or title in forms
        for kind, value in notes:
            if kind != "measure":
                _note(head, kind, value)
            elif statement := read_statement(value):
                head.stated.append(statement)
            elif declaration.find_units(value, None):
                _note(head, "unit", value)
        head.stated += stated
    return head


class _Said(NamedTuple):
    """What a row says."""

    titles: tuple[str, ...]
    """Its texts, those of a table that goes on without saying so."""
    continued: tuple[str, ...]
    """What goes on: titles of forms, '' for the sheet before."""
    notes: tuple[tuple[str, str], ...]
    """What stands behind labels, by the kind of label."""
    stated: tuple[Statement, ...]


_NUMBER = r"[\d一二三四五六七八九十]*"
_CONTINUED = re.compile(rf"(.*?)(?:[(—-]?[续接]上?表{_NUMBER}\)?|\(续{_NUMBER}\)):?(.*)")
"""社会救助月报表（续表）, 续表二：社会救助月报表, 续表."""


def is_head(texts: Sequence[str]) -> bool:
    """Whether a row in its normal form is a head line, or says that a table goes on."""
    text = next((each for each in texts if each), "")
    return bool(
        _OWN_LINE.match(text)
        or (_CONTINUED.fullmatch(text) if "续" in text or "接" in text else None)
    )


def read_notes(row: Row) -> tuple[tuple[str, str], ...]:
    """What stands behind the labels of a row: (form, unit, period or measure; the value)."""
    return _read_row(tuple(row)).notes


_OWN_LINE = re.compile(
    "(?:"
    + "|".join(label for kind in ("form", "unit", "period") for label in _LABELS[kind])
    + f"|{'|'.join((*_LABELS['measure'], *_MEASURES))}):"
)


# The sheets of a workbook say the same, and most rows of them whatever the unit and month.
# That 1 and TRUE are the same key harms nothing: neither is an answer.
@lru_cache(maxsize=16384)
def _read_row(cells: tuple[object, ...]) -> _Said:
    texts: list[str] = []
    notes: list[tuple[str, str]] = []
    waiting = ""
    for cell in cells:
        if cell == "":
            continue
        if type(cell) is not str:  # a number or a date is a label's value or nothing
            if waiting:
                notes.append((waiting, normal(_as_text(cell))))
                waiting = ""
            continue
        text = normal(cell)
        texts.append(text)
        if _REMARK.match(text):
            continue
        before, *labelled = _split(text)
        value = _trimmed(before[1]).strip("(")
        if value and waiting:
            notes.append((waiting, value))
            waiting = ""
        for kind, written in labelled:
            value = _trimmed(written)
            waiting = "" if value else kind
            if value and kind:
                notes.append((kind, value))
    titles: list[str] = []
    continued: list[str] = []
    for text in texts:
        going_on = _CONTINUED.fullmatch(text) if "续" in text or "接" in text else None
        title = text if going_on is None else going_on[1] or going_on[2]
        titles.append(title)
        if going_on is not None:
            continued.append(title)
    return _Said(tuple(titles), tuple(continued), tuple(notes), tuple(stated_in(texts)))


def _split(text: str) -> list[tuple[str, str]]:
    """What is before the first label, then each label's kind and what is behind it."""
    if ":" not in text and not text.startswith(_OWN_LABELS):
        return [("", text)]
    parts, kind, start = [], "", 0
    # All labels but one at the start are before a colon; in brackets it may be a label's own.
    end = text.rfind(":") + 1 if "(" not in text else 0
    for match in _SPLIT.finditer(text, 0, end or len(text)):
        label = match[1] or match[2]
        if not match[0].endswith(":") and _SENTENCE.match(text[match.end() :]):
            continue
        parts.append((kind, text[start : match.start()]))
        kind, start = _KIND[label], match.end()
    return [*parts, (kind, text[start:])]


def _trimmed(text: str) -> str:
    """A label's value without stamps and what is put around it."""
    text = text.strip(_AROUND)
    return _STAMP.sub("", text).strip(_AROUND) if "章" in text else text


def _as_text(cell: object) -> str:
    if isinstance(cell, dt.date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float):
        text = f"{cell:.15g}"
        # Typed as a number, 2022.10 is 2022.1: it does not say which month is meant.
        return text + "?" if re.fullmatch(r"\d{4}\.1", text) else text
    return str(cell)


def _note(head: Head, kind: str, value: str) -> None:
    if kind == "form":
        head.form_nos.add(value.upper())
    elif kind == "unit":
        named = _CODED.fullmatch(value)  # 濯水镇（500114112）: both have to be the same unit
        for name in named.groups() if named else (value,):
            if name not in head.units:
                head.units.append(name)
    elif kind == "period" and value not in head.periods:
        head.periods.append(value)


_CODED = re.compile(r"(.+)\((\d{6,12})\)")
