"""The numbers of the report as they are printed, each under its key: what, whose, which measure.

A number is printed here and nowhere else on the page, so that it is rounded once and reads the
same wherever it stands.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from flows.explaining.published import Growth
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import rate_said
from flows.quarterly_report.rows import COMPARISONS, Item, Target
from flows.quarterly_report.short_wording import Short, short_rate, signed
from flows.quarterly_report.wording import MISSING, WITHHELD, printed, some

HIDDEN, NONE = "＊", "—"
"""What stands for a number that is withheld, and for one that is not there."""
MATCHED_PLACES = RATE_PLACES = CONTRIBUTION_PLACES = COMPLETION_PLACES = LEAD_PLACES = 1
PULL_PLACES = 2
"""A unit's pull is a small part of the district's rate: one decimal would say 0.0 of most."""


class Number(NamedTuple):
    """A number on the page: its key, its text, its unit, why it is not there."""

    indicator: str
    unit_code: str
    measure: str
    text: str
    unit: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        """What the number is found by, in the page and in its data."""
        return f"{self.indicator}/{self.unit_code}/{self.measure}"

    @property
    def href(self) -> str:
        """Where it is explained."""
        return f"#/number/{self.indicator}/{self.unit_code}"

    @property
    def there(self) -> bool:
        """Whether it is a number, neither withheld nor missing."""
        return self.text not in (HIDDEN, NONE)


class Compared(NamedTuple):
    """A comparison in a narrow cell: words, and the number among them if there is one."""

    short: Short
    number: Number | None
    said: str
    href: str


class Numbers:
    """Prints the numbers of a report."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.standard = contents.standard

    def text(self, value: Decimal | None, places: int, *, hidden: bool = False) -> str:
        """The value with thousands separators; a sign where it is withheld or not there."""
        if value is None:
            return HIDDEN if hidden else NONE
        return printed(value, places, self.standard, grouped=True)

    def moved(self, value: Decimal | None, places: int, *, hidden: bool = False) -> str:
        """As `text`, with + before what is more than nothing."""
        if value is None:
            return HIDDEN if hidden else NONE
        return signed(value, places, self.standard)

    def level(self, item: Item, unit: str | None = None, measure: str = "value") -> Number:
        """The quarter's value, or its year to date, and why there is none."""
        code = unit or self.contents.district
        level = self.contents.level(item.name, code)
        value = None if level is None else getattr(level, measure)
        hidden = level is not None and level.suppressed
        text = self.text(value, item.places, hidden=hidden)
        why = ""
        if text == HIDDEN:
            why = WITHHELD
        elif text == NONE:
            why = absent(level is not None and level.units_reported < level.units_expected, measure)
        return Number(item.name, code, measure, text, item.unit, why)

    def compared(self, item: Item, comparison: str, unit: str | None = None) -> Compared:
        """The comparison for a narrow cell."""
        code = unit or self.contents.district
        growth = self.contents.compared(item.name, comparison, code)
        short = short_rate(item, growth, self.standard)
        said = self.said(item, comparison, code)
        measure = short.measure or ("rate" if short.before == HIDDEN else "")
        number = None
        if measure:
            text = short.number or HIDDEN
            number = Number(item.name, code, f"{comparison}.{measure}", text, short.unit)
        return Compared(short, number, said, f"#/number/{item.name}/{code}")

    def said(self, item: Item, comparison: str, unit: str | None = None) -> str:
        """The comparison in words, as the report in prose says it."""
        growth, before = (
            self.contents.compared(item.name, comparison, unit, back) for back in (0, 1)
        )
        return rate_said(item, growth, comparison, self.standard, before)

    def growth(self, item: Item, growth: Growth) -> dict[str, str]:
        """Every number of a comparison by measure; those that are not there are left out."""
        hidden = growth.status == "suppressed"
        found = {
            "value": self.text(growth.value, item.places, hidden=hidden),
            "base": self.text(growth.base, item.places, hidden=hidden),
            "change": self.moved(growth.change, item.places, hidden=hidden),
            "rate": self.moved(growth.rate, RATE_PLACES, hidden=hidden),
            "matched_value": self.text(growth.matched_value, item.places),
            "matched_base": self.text(growth.matched_base, item.places),
            "matched_rate": self.moved(growth.matched_rate, MATCHED_PLACES),
            "contribution": self.text(growth.contribution, CONTRIBUTION_PLACES),
            "pull": self.moved(growth.pull, PULL_PLACES),
        }
        return {measure: text for measure, text in found.items() if text != NONE}

    def share(self, item: Item, unit: str, comparison: str, measure: str) -> Number:
        """A unit's contribution to the district's change, or its pull on the district's rate."""
        growth = self.contents.compared(item.name, comparison, unit)
        text = NONE if growth is None else self.growth(item, growth).get(measure, NONE)
        said = "%" if measure == "contribution" else "个百分点"
        return Number(
            item.name, unit, f"{measure}.{comparison}", text, said if text != NONE else ""
        )

    def aim(self, target: Target, item: Item, measure: str) -> Number:
        """A target's number: target, year_to_date, completion or lead.

        The target is the quarter's own; where the year has one only, the year's.
        """
        value, places, unit = target.lead, LEAD_PLACES, "个百分点"
        if measure == "target":
            value = target.target if target.target is not None else target.year_target
            places, unit = item.places, item.unit
        elif measure == "year_to_date":
            value, places, unit = target.value, item.places, item.unit
        elif measure == "completion":
            value, places, unit = target.completion, COMPLETION_PLACES, "%"
        print_ = self.moved if measure == "lead" else self.text
        text = print_(value, places, hidden=target.suppressed and measure != "target")
        why = WITHHELD if text == HIDDEN else MISSING if text == NONE else ""
        return Number(target.indicator, self.contents.district, measure, text, unit, why)

    def lacking(self, item: Item) -> tuple[int, str]:
        """How many of the units lack in the district's number, and which."""
        level = self.contents.level(item.name)
        if level is None or level.units_reported >= level.units_expected:
            return 0, ""
        names = [self.contents.unit_name(each) for each in self.contents.lacking(item.name)]
        return level.units_expected - level.units_reported, some(names, most=6)

    def lacking_to_date(self, item: Item) -> tuple[int, str]:
        """The same of its year to date, nothing where just those lack that lack in the quarter."""
        codes = self.contents.lacking(item.name, cumulative=True)
        if codes == self.contents.lacking(item.name):
            return 0, ""
        return len(codes), some([self.contents.unit_name(each) for each in codes], most=6)


def absent(lacking: bool, measure: str = "value") -> str:
    """Why nothing is there: the unit has not reported, or has nothing of the kind."""
    if lacking:
        return "未报"
    return "前月数据不全" if measure == "year_to_date" else "不适用"


def comparisons_shown(contents: Contents) -> tuple[str, ...]:
    """The comparisons that any number of the quarter has a base for; the first three always."""
    there = {
        comparison
        for (quarter, _, _, comparison), growth in contents.growth.items()
        if quarter == contents.quarter and growth.base is not None
    }
    return tuple(each for each in COMPARISONS if each in there or each != "two_year")
