"""The tags of the report's prose: what stands in braces, and what it means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

from flows.errors import Misuse
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.items import RESERVED
from flows.quarterly_report.rows import Item
from schemas.declaring import periods
from schemas.declaring.model import Ledger, LedgerCount
from schemas.declaring.names import normal
from schemas.declaring.reporting import BLOCK_TAGS, PERIOD_TAGS, TAG_ASPECTS, Breakdown, Listing

TAG = re.compile(r"[{｛]([^{}｛｝|｜]+)(?:[|｜]([^{}｛｝]*))?[}｝]")
"""Wide braces and bars are as good: a Chinese keyboard writes them."""


@dataclass(frozen=True, slots=True)
class OfItem:
    """An indicator and what is said of it."""

    item: Item
    aspect: str


@dataclass(frozen=True, slots=True)
class OfCount:
    """A ledger's count."""

    ledger: Ledger
    count: LedgerCount


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """A text of the period or the district."""

    text: str


Meaning = OfItem | OfCount | OfPeriod | Listing | Breakdown


class Tags:
    """The tags of one report."""

    def __init__(self, contents: Contents) -> None:
        declaration = contents.declaration
        self._periods = period_texts(contents)
        named: dict[str, list[Item]] = {}
        for item in contents.items.values():
            named.setdefault(normal(item.name_zh), []).append(item)
        # A Chinese name that several carry means none of them: those go by their own name.
        self._items = {
            name: items[0]
            for name, items in named.items()
            if len(items) == 1 and name not in RESERVED
        }
        self._items |= contents.items
        self._counts = {
            normal(count.name_zh): OfCount(ledger, count)
            for ledger, count in declaration.counts.values()
            if count.name_zh
        }
        self._lists: dict[str, Listing | Breakdown] = {
            normal(each.name): each
            for lists in (contents.report.listings, contents.report.breakdowns)
            for each in lists
        }

    def meaning(self, tag: re.Match[str]) -> Meaning:
        """What the tag means; Misuse for one that means nothing."""
        name, aspect = normal(tag[1]), (tag[2] or "").strip()
        if name in self._items:
            if aspect not in TAG_ASPECTS:
                raise Misuse(
                    f"The report's text asks for {tag[0]}, and {aspect!r} can be said of no indicator; "
                    f"use one of {'、'.join(each for each in TAG_ASPECTS if each)}."
                )
            return OfItem(self._items[name], aspect)
        others: dict[str, Meaning] = {**self._counts, **self._lists}
        others |= {each: OfPeriod(text) for each, text in self._periods.items()}
        if name in others and not aspect:
            return others[name]
        if name in others:
            raise Misuse(
                f"The report's text asks for {tag[0]}; leave out what stands behind the bar."
            )
        if name in BLOCK_TAGS:
            raise Misuse(
                f"The report's text has {tag[0]} within a paragraph; it needs a paragraph of its "
                "own."
            )
        near = _near(name, [*self._items, *others, *BLOCK_TAGS])
        hint = f"; near it: {'、'.join(near)}" if near else ""
        raise Misuse(
            f"The report's text asks for {tag[0]}, which is no indicator, count, list or period"
            f"{hint}. Correct the template."
        )


def period_texts(contents: Contents) -> dict[str, str]:
    """What the period's tags stand for."""
    quarter, month = contents.quarter, contents.last_month
    texts = (
        contents.declaration.name_zh,
        periods.quarter_zh(quarter),
        f"{quarter // 4}年",
        f"{month % 12 + 1}月",
        periods.day_zh(periods.last_day(month)),
        periods.day_zh(contents.as_of),
    )
    return dict(zip(PERIOD_TAGS, texts, strict=True))


def _near(name: str, known: Collection[str]) -> list[str]:
    within = [each for each in known if name in each or each in name]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return list(dict.fromkeys([*close, *within]))[:3]
