"""The annex's notes: of each number in the text what it is, of when, of whom and where from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from flows.explaining.published import Growth
from flows.quarterly_report import wording
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import BEFORE
from flows.quarterly_report.ledger_rows import ledger_lacking
from flows.quarterly_report.rows import Item, Level
from flows.quarterly_report.tags import period_texts
from schemas.declaring import periods
from schemas.declaring.model import Ledger

ASPECTS = {
    "累计": "year_to_date",
    "增减": "yoy",
    "同比": "yoy",
    "环比": "qoq",
    "累计同比": "ytd_yoy",
    "单位": "units",
    "分单位": "units",
}
"""The measures that are said of an indicator; all others are its value."""


class Note(NamedTuple):
    """A row of the annex; all are texts. `key` is indicator/measure, or the name of a list."""

    number: int
    key: str
    name: str
    period: str
    value: str
    version: str
    units: str
    source: str


HEADS = ("序号", "指标", "所属期", "数值", "数据版本", "报送单位", "来源")
"""The annex's columns: all of a note but its key."""


class Notes:
    """The notes of a text, numbered as they come."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.all: list[Note] = []

    def of_item(self, item: Item, aspect: str) -> Note:
        """A note for what is said of an indicator."""
        measure = ASPECTS.get(aspect, "value")
        level = self.contents.level(item.name)
        if measure in BEFORE:
            value = self._comparison(item, measure)
        elif measure == "units":
            value = f"{self._having(item)}个单位"
        else:
            value = self._level(item, level, measure)
        return self._add(
            f"{item.name}/{measure}",
            item.name_zh.removeprefix("其中：") + (f"（{aspect}）" if aspect in ASPECTS else ""),
            self._period(item, measure),
            value,
            self._units(item, level, cumulative=measure == "year_to_date"),
            self._source(item, measure),
        )

    def of_rows(self, name: str, ledger: Ledger, value: str) -> Note:
        """A note for what is counted or listed from a ledger."""
        lacking = ledger_lacking(self.contents, ledger.name)
        rows = self.contents.ledgers.get(ledger.name, ())
        files = {row["submission"] for row in rows}
        return self._add(
            f"{ledger.name}/{name}",
            name,
            f"{period_texts(self.contents)['季末']}",
            value,
            self._lacking_said(lacking) or self._came(ledger),
            f"{ledger.form_no}{ledger.title_zh}，{len(files)}份文件、{len(rows)}行",
        )

    def _came(self, ledger: Ledger) -> str:
        """That all has come, where all that is due has: what is not due yet may be still to come."""
        contents, month = self.contents, self.contents.last_month
        due = {
            unit.code
            for unit in contents.declaration.reporting_units(month)
            if ledger in contents.declaration.due(unit.code, month)
        }
        came = {
            unit
            for (unit, number, form), each in contents.coverage.items()
            if (number, form) == (month, ledger.name) and each.state in ("on_time", "late")
        }
        return "应报单位均已报送" if due and due <= came else "—"

    def _add(self, key: str, name: str, period: str, value: str, units: str, source: str) -> Note:
        note = Note(len(self.all) + 1, key, name, period, value, self._version(), units, source)
        self.all.append(note)
        return note

    def _level(self, item: Item, level: Level | None, measure: str) -> str:
        number = None
        if level is not None:
            number = level.value if measure == "value" else level.year_to_date
        if number is not None:
            return wording.exactly(item, number, self.contents.standard)
        return wording.absent(item, level)

    def _comparison(self, item: Item, comparison: str) -> str:
        growth = self.contents.compared(item.name, comparison)
        if growth is None:
            return wording.MISSING
        if growth.status == "suppressed":
            return wording.WITHHELD
        parts = [
            self._side(item, "本期", growth.value),
            self._side(item, BEFORE[comparison], growth.base),
        ]
        if growth.matched_units is not None and growth.matched_value is not None:
            parts.append(self._matched(item, growth))
        return "；".join(parts)

    def _side(self, item: Item, name: str, number: Decimal | None) -> str:
        if number is None:
            return f"{name}{wording.MISSING}"
        return f"{name}{wording.exactly(item, number, self.contents.standard)}"

    def _having(self, item: Item) -> int:
        levels = (self.contents.level(item.name, unit) for unit in self.contents.units)
        return sum(
            each is not None and each.value is not None and each.value > 0 for each in levels
        )

    def _matched(self, item: Item, growth: Growth) -> str:
        assert growth.matched_value is not None
        then = "" if growth.matched_base is None else f"，{wording.exactly(item, growth.matched_base, self.contents.standard)}"  # fmt: skip
        return (
            f"两期均有数据的{growth.matched_units}个单位"
            f"{wording.exactly(item, growth.matched_value, self.contents.standard)}{then}"
        )

    def _period(self, item: Item, measure: str) -> str:
        texts = period_texts(self.contents)
        if measure in ("year_to_date", "ytd_yoy"):
            return f"{texts['年份']}1月至{texts['月份']}"
        return texts["季末"] if item.kind == "stock" else texts["报告期"]

    def _version(self) -> str:
        contents = self.contents
        if contents.release is not None:
            return f"已发布（{contents.release.name}）"
        return f"{wording.MATURITY[contents.maturity]}（截至{period_texts(contents)['截至']}）"

    def _units(self, item: Item, level: Level | None, *, cumulative: bool) -> str:
        if level is None:
            return "—"
        if not level.units_expected:
            return "全区汇总数"
        units = self.contents.lacking(item.name, cumulative=cumulative)
        expected, reported = level.units_expected, level.units_reported
        if cumulative:
            own = [self.contents.level(item.name, unit) for unit in units]
            # Those that have ended within the year are expected in its numbers alone.
            expected += sum(each is not None and not each.units_expected for each in own)
            reported = expected - len(units)
        said = f"{reported}/{expected}"
        return f"{said}，{self._lacking_said(units)}" if units else said

    def _lacking_said(self, units: Iterable[str]) -> str:
        names = [self.contents.unit_name(unit) for unit in units]
        return f"缺{'、'.join(names)}" if names else ""

    def _source(self, item: Item, measure: str) -> str:
        contents, declaration = self.contents, self.contents.declaration
        quarter = contents.quarter
        first = quarter // 4 * 12 if measure in ("year_to_date", "ytd_yoy") else quarter * 3
        if item.kind == "stock":
            first = contents.last_month
        terms = set(item.terms)
        files = {
            place.submission
            for (_, figure, month), place in contents.places.items()
            if figure in terms and first <= month <= contents.last_month and place.submission
        }
        if item.form is not None:
            form = declaration.by_name[item.form]
            what = f"{form.form_no}{form.title_zh}{item.code}行"
        else:
            what = f"按公式计算：{item.formula_zh}"
        return f"{what}；{_months(first, contents.last_month)}{len(files)}份文件"


def _months(first: int, last: int) -> str:
    if first == last:
        return periods.month_zh(last)
    return f"{periods.month_zh(first)}至{last % 12 + 1}月"
