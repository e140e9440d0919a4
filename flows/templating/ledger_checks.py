"""A ledger's live checks, row by row, as formulas on its sheet.

Personal columns have none, as the night never sees them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openpyxl.utils import get_column_letter

from flows.templating.formulas import HOLDS, PREFIXES
from flows.templating.ledger_places import Items
from flows.templating.ledger_values import (
    day_of,
    doubtful,
    is_nothing,
    is_value,
    says,
    wrong,
)
from flows.templating.typed import NONE, literal, trimmed, unspaced
from schemas.declaring import general
from schemas.declaring.model import LedgerColumn


class RowChecks:
    """The formulas of a ledger's rows; `choices` are the cells with a column's values, if any."""

    def __init__(self, items: Items, choices: Mapping[str, str]) -> None:
        self._items, self._choices = items, choices
        self._kept = {each.name: each for each in items.ledger.kept}
        self._required = [each for each in items.ledger.kept if each.required]

    def formulas(self, row: int) -> dict[int, str]:
        """What stands beside a row, by the columns of the sheet."""
        items = self._items
        found = {
            items.check: self._check(row),
            items.blanks: self._blanks(row),
            items.wrong: _joined(self._wrong(row)),
            items.doubtful: _joined(self._doubtful(row)),
        }
        for name, at in items.helpers.items():
            place = items.cell(name, row)
            found[at] = day_of(place) if self._kept[name].type == "date" else trimmed(place)
        return found

    def _is_nothing(self, column: LedgerColumn, row: int) -> str:
        """The condition that a column's cell is blank."""
        return is_nothing(column, self._items.cell(column.name, row))

    def _beside(self, at: int, row: int) -> str:
        return f"{get_column_letter(at)}{row}"

    def _begun(self, row: int) -> str:
        """The condition that anything stands in a row; 无 alone says that there is nothing."""
        texts = unspaced(self._items.row(row))
        none = f'IF(SUMPRODUCT(--EXACT({texts},"{NONE}"))=1,1,0)'
        return f"IFERROR(SUMPRODUCT(LEN({texts}))-{none},1)>0"

    def _check(self, row: int) -> str:
        items = self._items
        broken = ",".join(f"ISERROR({items.cell(each, row)})" for each in self._kept)
        error, query = (literal(f"{PREFIXES[level]}：") for level in ("error", "query"))
        wrong_there, doubtful_there = (
            self._beside(at, row) for at in (items.wrong, items.doubtful)
        )
        no_result = says("第{row}行有公式没有结果，请直接填写内容。", {}, {})
        found = (
            f"IF(LEN({wrong_there})>0,{error}&{wrong_there}&{doubtful_there},"
            f"IF(LEN({doubtful_there})>0,{query}&{doubtful_there},{literal(HOLDS)}))"
        )
        return f'IF({self._begun(row)},IF(OR({broken}),{error}&{no_result},{found}),"")'

    def _blanks(self, row: int) -> str:
        """How many required cells are blank in a row that is begun."""
        if not self._required:
            return "0"
        each_blank = (f"IF({self._is_nothing(each, row)},1,0)" for each in self._required)
        return f"IF({self._begun(row)},IFERROR({'+'.join(each_blank)},0),0)"

    def _wrong(self, row: int) -> Iterator[str]:
        if self._required:
            yield self._blanks_named(row)
        for each in self._kept.values():
            place = self._items.cell(each.name, row)
            day = self._items.meant(each.name, row) if each.type == "date" else ""
            yield wrong(each, place, day, self._choices.get(each.name))
            if each.unique:
                yield self._twice(each, row)
        for pair in self._items.ledger.dated:
            yield from self._dated(pair.status, pair.date, row, both_ways=pair.both_ways)

    def _doubtful(self, row: int) -> Iterator[str]:
        for each in self._kept.values():
            if each.type == "date":
                place, day = (of(each.name, row) for of in (self._items.cell, self._items.meant))
                said = doubtful(each, place, day)
                if said is not None:
                    yield said

    def _twice(self, column: LedgerColumn, row: int) -> str:
        own = self._items.meant(column.name, row)
        every = self._items.meant_places(column.name)
        twice = f"IFERROR(SUMPRODUCT(--EXACT({every},{own})),0)>1"
        told = {"column": column.name_zh}
        said = says(general.LEDGER_TWICE.message, told, {"text": own})
        return f'IF(LEN({own})=0,"",IF({twice},{said},""))'

    def _dated(self, status: str, date: str, row: int, *, both_ways: bool) -> Iterator[str]:
        column, dated = self._kept["status"], self._kept[date]
        own = self._items.cell("status", row)
        undated = self._is_nothing(dated, row)
        told = {"status": status, "column": dated.name_zh}
        missing = says(general.STATUS_WITHOUT_DATE.message, told, {})
        yield f'IF(AND({is_value(column, own, status)},{undated}),{missing},"")'
        if both_ways:
            others = ",".join(
                is_value(column, own, each) for each in column.values if each != status
            )
            alone = says(general.DATE_WITHOUT_STATUS.message, told, {})
            yield f'IF(AND(OR({others}),NOT({undated})),{alone},"")'

    def _blanks_named(self, row: int) -> str:
        between = "”、“"
        names = "&".join(
            f'IF({self._is_nothing(each, row)},{literal(between + each.name_zh)},"")'
            for each in self._required
        )
        named = f"MID({names},{len(between) + 1},200)"
        said = says(general.LEDGER_BLANK.message, {}, {"column": named})
        return f'IF({self._beside(self._items.blanks, row)}>0,{said},"")'


def _joined(sentences: Iterator[str]) -> str:
    """All of them, one behind the other; an error where a cell has one, which its check says."""
    return "&".join(sentences) or literal("")
