"""A ledger's live checks row by row, and what its rows come to, as formulas on its sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from flows.templating.checks import Counted
from flows.templating.formulas import begins, on_sheet, sentence
from flows.templating.typed import literal
from schemas.declaring import general, periods
from schemas.declaring.model import Ledger, LedgerColumn, LedgerCount

_DAY_0 = dt.date(1899, 12, 30)


class Items:
    """Where a ledger's rows stand: its columns from the second on, in those rows."""

    def __init__(self, ledger: Ledger, sheet: str, first: int, last: int) -> None:
        self.ledger, self.sheet, self.first, self.last = ledger, sheet, first, last
        self._letters = {
            each.name: get_column_letter(at) for at, each in enumerate(ledger.columns, 2)
        }

    def cell(self, column: str) -> str:
        """A column's cell in the first row, to be copied down."""
        return f"{self._letters[column]}{self.first}"

    def below(self, column: str, row: int) -> str:
        """A column's cell in a row."""
        return f"{self._letters[column]}{row}"

    def places(self, column: str) -> str:
        """All of a column's cells, on the sheet itself."""
        letter = self._letters[column]
        return f"${letter}${self.first}:${letter}${self.last}"

    def begun(self, row: int) -> str:
        """The condition that anything stands in a row."""
        letters = list(self._letters.values())
        return f"COUNTA({letters[0]}{row}:{letters[-1]}{row})>0"

    def _from_elsewhere(self, column: str) -> str:
        return on_sheet(self.sheet, self.places(column))

    def counted(self, count: LedgerCount, month: int, checks: str) -> Counted:
        """What the rows come to; a ledger with an error in its `checks` counts nothing."""
        kept = [
            "("
            + "+".join(f"({self._from_elsewhere(name)}={literal(each)})" for each in values)
            + ">0)"
            for name, values in count.where
        ]
        if count.dated is not None:
            days = self._from_elsewhere(count.dated)
            first, last = (
                (day - _DAY_0).days for day in (periods.first_day(month), periods.last_day(month))
            )
            # A text is larger than any number.
            kept += [f"ISNUMBER({days})", f"({days}>={first})", f"({days}<{last + 1})"]
        # Without a condition every row that is begun counts: its first required cell is filled.
        rows = "*".join(kept) or f'({self._from_elsewhere(self._key())}<>"")'
        unknown = f"{begins(on_sheet(self.sheet, checks), 'error')}>0"
        if count.adds is None:
            return Counted(self.ledger.title_zh, f"SUMPRODUCT({rows}*1)", unknown)
        added = self._from_elsewhere(count.adds)
        unknown = f"OR({unknown},SUMPRODUCT({rows}*(1-ISNUMBER({added})))>0)"
        return Counted(self.ledger.title_zh, f"SUMPRODUCT({rows}*1,{added})", unknown)

    def _key(self) -> str:
        required = (each.name for each in self.ledger.columns if each.required)
        return next(required, self.ledger.columns[0].name)

    def blanks(self, row: int) -> str:
        """How many required cells are blank in a row that is begun."""
        required = [each.name for each in self.ledger.columns if each.required]
        if not required:
            return "0"
        counted = "+".join(f"IF({self._blank(name, row)},1,0)" for name in required)
        return f"IF({self.begun(row)},{counted},0)"

    def _blank(self, column: str, row: int) -> str:
        return f"LEN(TRIM({self.below(column, row)}))=0"

    def wrong(self, row: int) -> str:
        """All sentences on a row, one behind the other; '' where nothing is wrong with it."""
        return "&".join(self._wrong(row)) or literal("")

    def _wrong(self, row: int) -> Iterator[str]:
        columns = {each.name: each for each in self.ledger.columns}
        required = [each for each in self.ledger.columns if each.required]
        if required:
            yield self._blanks_named(required, row)
        for each in self.ledger.columns:
            if each.unique:
                own = self.below(each.name, row)
                twice = f"SUMPRODUCT(--EXACT({self.places(each.name)},{own}))>1"
                said = _said(general.LEDGER_TWICE.message, column=each.name_zh, text=own)
                yield f'IF({self._blank(each.name, row)},"",IF({twice},{said},""))'
        for pair in self.ledger.dated:
            column = columns[pair.date].name_zh
            status = f"{self.below('status', row)}={literal(pair.status)}"
            undated = self._blank(pair.date, row)
            missing = _said(general.STATUS_WITHOUT_DATE.message, status=pair.status, column=column)
            yield f'IF(AND({status},{undated}),{missing},"")'
            if pair.both_ways:
                others = [each for each in columns["status"].values if each != pair.status]
                has_other = ",".join(
                    f"{self.below('status', row)}={literal(each)}" for each in others
                )
                alone = _said(
                    general.DATE_WITHOUT_STATUS.message, status=pair.status, column=column
                )
                yield f'IF(AND(OR({has_other}),NOT({undated})),{alone},"")'

    def _blanks_named(self, required: list[LedgerColumn], row: int) -> str:
        between = "”、“"
        names = "&".join(
            f'IF({self._blank(each.name, row)},{literal(between + each.name_zh)},"")'
            for each in required
        )
        named = f"MID({names},{len(between) + 1},200)"
        said = _said(general.LEDGER_BLANK.message, column=named)
        return f'IF({self.blanks(row)}>0,{said},"")'


def _said(message: str, **words: str) -> str:
    """The sentence; `text` and a `column` that is a formula are worked out, the rest is told."""
    told = {
        name: word
        for name, word in words.items()
        if name == "status" or (name == "column" and not word.startswith("MID("))
    }
    for name, word in told.items():
        message = message.replace(f"{{{name}}}", word)
    formulas = {name: word for name, word in words.items() if name not in told}
    return sentence(message, {"row": "ROW()", **formulas})
