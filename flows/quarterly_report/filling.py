"""The report's prose with its tags filled: pieces of text, each number with its note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from flows.errors import Misuse
from flows.quarterly_report import growth_wording, wording
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.ledger_rows import counted, ledger_lacking, ledger_there, listed
from flows.quarterly_report.notes import Note, Notes
from flows.quarterly_report.rows import Item, Level
from flows.quarterly_report.tags import (
    TAG,
    OfCount,
    OfItem,
    OfPeriod,
    Tags,
    period_texts,
)
from schemas.declaring.reporting import Breakdown, Listing


class Piece(NamedTuple):
    """A text; with a note where it is a number, and what is missing from it behind it.

    `at` is where in the text with tags it begins.
    """

    text: str
    note: Note | None = None
    lacking: str = ""
    provisional: bool = False
    at: int = 0


class Filler:
    """Fills the tags of one report, in the order in which its numbers are met."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.notes = Notes(contents)
        self._tags = Tags(contents)

    def breakdown(self, text: str) -> Breakdown | None:
        """The breakdown that a paragraph consists of, if it does."""
        tag = TAG.fullmatch(text.strip())
        if tag is None:
            return None
        meaning = self._tags.meaning(tag)
        return meaning if isinstance(meaning, Breakdown) else None

    def fill(self, text: str) -> list[Piece]:
        """The pieces of a text; Misuse for a tag that means nothing or cannot stand in a text."""
        pieces: list[Piece] = []
        at = 0
        for tag in TAG.finditer(text):
            pieces.append(Piece(text[at : tag.start()], at=at))
            pieces.append(self._piece(tag)._replace(at=tag.start()))
            at = tag.end()
        pieces.append(Piece(text[at:], at=at))
        return _once([each for each in pieces if each.text])

    def _piece(self, tag: re.Match[str]) -> Piece:
        meaning = self._tags.meaning(tag)
        match meaning:
            case OfPeriod():
                return Piece(meaning.text)
            case OfItem():
                return self._of_item(meaning.item, meaning.aspect)
            case OfCount():
                return self._of_count(meaning)
            case Listing():
                return self._of_listing(meaning)
        raise Misuse(
            f"The report's text has {tag[0]} within a paragraph; it is a table and needs a "
            "paragraph of its own."
        )

    def _of_item(self, item: Item, aspect: str) -> Piece:
        contents = self.contents
        level = contents.level(item.name)
        note = self.notes.of_item(item, aspect)
        provisional = level is not None and level.maturity == "provisional"
        if aspect in _COMPARED:
            said = _COMPARED[aspect](contents, item)
            return Piece(said, note, "", provisional)
        if aspect in ("单位", "分单位"):
            said = self._units(item, with_numbers=aspect == "分单位")
        else:
            said = self._number(item, level, aspect)
        lacking = self.contents.lacking(item.name, cumulative=aspect == "累计")
        return Piece(said, note, self._names_lacking(lacking), provisional)

    def _number(self, item: Item, level: Level | None, aspect: str) -> str:
        value = None
        if level is not None:
            value = level.year_to_date if aspect == "累计" else level.value
        if value is None:
            said = wording.absent(item, level)
            return f"（{said}）" if said == wording.WITHHELD else said
        match aspect if abs(value) >= 1 else "":  # nothing and something over says nothing
            case "约数":
                return f"{wording.over(value)}{item.unit}"
            case "万约数":
                return f"{wording.over_wan(value)}{item.unit}"
        return wording.exactly(item, value, self.contents.standard)

    def _units(self, item: Item, *, with_numbers: bool) -> str:
        """The units that have any; of those with few persons only how many they are."""
        names, withheld, reported = [], 0, 0
        for unit in self.contents.units:
            level = self.contents.level(item.name, unit)
            if level is None:
                continue
            reported += level.units_reported
            withheld += level.suppressed
            if level.value is not None and level.value > 0:
                number = wording.exactly(item, level.value, self.contents.standard)
                names.append(self.contents.unit_name(unit) + (number if with_numbers else ""))
        said = "、".join(names) if with_numbers else wording.together(names)
        if withheld:
            others = f"另有{withheld}个单位人数较少，不予公布"
            return f"{said}（{others}）" if said else others
        lacking = self.contents.lacking(item.name)
        return said or ("暂无" if reported or not lacking else wording.MISSING)

    def _of_count(self, meaning: OfCount) -> Piece:
        ledger, count = meaning.ledger, meaning.count
        rows = self.contents.ledgers.get(ledger.name, ())
        lacking = self._names_lacking(ledger_lacking(self.contents, ledger.name))
        if not ledger_there(self.contents, ledger.name):
            said = wording.MISSING
        else:
            said = f"{counted(rows, count, self.contents.quarter)}{count.unit}"
        note = self.notes.of_rows(count.name_zh, ledger, said)
        return Piece(said, note, lacking, self.contents.maturity == "provisional")

    def _of_listing(self, listing: Listing) -> Piece:
        ledger = next(
            each for each in self.contents.declaration.ledgers if each.name == listing.ledger
        )
        names = listed(self.contents, listing)
        lacking = self._names_lacking(ledger_lacking(self.contents, listing.ledger))
        there = ledger_there(self.contents, listing.ledger)
        none = "暂无" if there else wording.MISSING
        value = f"{len(names)}处" if there else wording.MISSING
        note = self.notes.of_rows(listing.name, ledger, value)
        provisional = self.contents.maturity == "provisional"
        return Piece("、".join(names) or none, note, lacking, provisional)

    def _names_lacking(self, units: Iterable[str]) -> str:
        names = [self.contents.unit_name(unit) for unit in units]
        return f"缺{wording.some(names)}" if names else ""


def _once(pieces: list[Piece]) -> list[Piece]:
    """The same units missing from number after number of a paragraph are named once."""
    found, said = [], ""
    for piece in pieces:
        again = piece.lacking and piece.lacking == said
        said = piece.lacking or said
        found.append(piece._replace(lacking="缺报单位同上") if again else piece)
    return found


def _change(contents: Contents, item: Item) -> str:
    growth = contents.compared(item.name, "yoy")
    return growth_wording.change_said(item, growth, "yoy", contents.standard)


def _rate(comparison: str) -> Callable[[Contents, Item], str]:
    def said(contents: Contents, item: Item) -> str:
        growth = contents.compared(item.name, comparison)
        before = contents.compared(item.name, comparison, back=1)
        return growth_wording.rate_said(item, growth, comparison, contents.standard, before)

    return said


_COMPARED: dict[str, Callable[[Contents, Item], str]] = {
    "增减": _change,
    "同比": _rate("yoy"),
    "环比": _rate("qoq"),
    "累计同比": _rate("ytd_yoy"),
}


def state_said(contents: Contents) -> str:
    """Whether the report is provisional and what is missing, or who released it."""
    return (wording.MADE_UP if contents.synthetic else "") + _state_said(contents)


def _state_said(contents: Contents) -> str:
    release, texts = contents.release, period_texts(contents)
    if release is not None:
        signed = [f"签发：{release.released_by}"] if release.released_by else []
        signed += [f"审定：{release.approved_by}"] if release.approved_by else []
        said = f"本报告依据{texts['报告期']}已发布数据（{release.name}）编制，数据时点为{texts['截至']}"
        said += f"（{'，'.join(signed)}）。" if signed else "。"
        if contents.gaps or contents.pending:
            said += f"发布时{owed_said(contents)}，相关数据已标明缺报单位。"
        return said + (f"发布说明：{release.note}" if release.note else "")
    if contents.maturity == "provisional":
        lacking = owed_said(contents) or "尚有数据未审核"
        return (
            f"【暂定稿】本报告数据截至{texts['截至']}，{lacking}，标注“△”的为暂定数，"
            "待报齐后可能变动，正式使用以发布数据为准。"
        )
    return f"本报告数据截至{texts['截至']}，应报报表已全部报齐，正式使用以发布数据为准。"


def owed_said(contents: Contents) -> str:
    """How many of the forms due have not come, and of how many nothing is known; '' for none."""
    units, said = {gap.unit_code for gap in contents.gaps}, []
    if units:
        said.append(f"尚有{len(units)}个单位的{len(contents.gaps)}份报表未报或审核未通过")
    if contents.pending and len(contents.pending) == len(contents.due):
        said.append("没有报表报送情况的记录")
    elif contents.pending:
        said.append(f"尚有{len(contents.pending)}份报表未到报送期")
    return "，".join(said)
