"""What a table of targets has to keep: known indicators, its own year, amounts that can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flows.checking.batch import SHEET_ROW, Batch, Finding
from schemas.declaring import general
from schemas.declaring.frames import ROW
from schemas.declaring.measured import Measured, called, measured
from schemas.declaring.model import Ledger, Targets
from schemas.declaring.names import normal_line
from schemas.declaring.rules import MICRO, Rule, amount


class _Row(NamedTuple):
    """A row of a table of targets: its return, its place there, its sheet's row, its cells."""

    at: int
    item: int
    number: int
    cells: dict[str, object]


def check_targets(batch: Batch) -> None:
    """Add the findings of the ledgers that set targets. A cell with an error gets no other."""
    for ledger in batch.layout.declaration.ledgers:
        if ledger.targets is not None and len(batch.ledgers[ledger.name]):
            batch.findings.extend(_Table(batch, ledger, ledger.targets).findings())


class _Table:
    def __init__(self, batch: Batch, ledger: Ledger, targets: Targets) -> None:
        self.batch = batch
        self.ledger = ledger
        self.targets = targets
        self.titles = {each.name: each.name_zh for each in ledger.columns}
        self.called = called(batch.layout.declaration)
        self.measured = measured(batch.layout.declaration)
        self.wrong = {
            (each.at, each.sheet, each.cell)
            for each in batch.findings
            if each.form == ledger.name and each.level == "error"
        }

    def findings(self) -> Iterator[Finding]:
        """Those of all rows, return by return."""
        seen: dict[tuple[int, str], list[_Row]] = {}
        for row in self._rows():
            yield from self._year(row)
            indicator = self._indicator(row)
            if isinstance(indicator, Finding):
                yield indicator
            elif indicator is not None:
                seen.setdefault((row.at, indicator.name), []).append(row)
                yield from self._amounts(row, indicator)
        for rows in seen.values():
            yield from self._twice(rows)

    def _rows(self) -> list[_Row]:
        frame = self.batch.ledgers[self.ledger.name]
        returns = frame[ROW].tolist()
        first = {at: returns.index(at) for at in set(returns)}
        return [
            _Row(at, number - first[at], row, {str(name): cell for name, cell in cells.items()})
            for number, (at, row, cells) in enumerate(
                zip(returns, frame[SHEET_ROW].tolist(), frame.to_dict("records"), strict=True)
            )
        ]

    def _say(self, rule: Rule, row: _Row, column: str, **blanks: object) -> Iterator[Finding]:
        sheet, cell = self.batch.sheets[row.at][self.ledger.name].item_place(row.item, column)
        if (row.at, sheet, cell) not in self.wrong:
            said = {"row": row.number, "column": self.titles[column], **blanks}
            value = str(blanks["value"] if "value" in blanks else blanks["text"])
            yield Finding(
                row.at, self.ledger.name, rule.code, rule.level, sheet, cell, None, value,
                rule.say(**said),
            )  # fmt: skip

    def _named(self, row: _Row) -> str:
        name = row.cells[self.targets.indicator]
        return name if isinstance(name, str) else ""

    def _indicator(self, row: _Row) -> Measured | Finding | None:
        """The row's indicator, or what is wrong with its name; None for a blank, said already."""
        name, column = self._named(row), self.targets.indicator
        meant = self.called.get(normal_line(name), ())
        if len(meant) == 1:
            return self.measured[meant[0]]
        if not meant:
            return next(self._say(general.TARGET_UNKNOWN, row, column, text=name), None)
        codes = "、".join(self.measured[each].code for each in meant)
        blanks: dict[str, object] = {"text": name, "count": len(meant), "choices": codes}
        return next(self._say(general.TARGET_AMBIGUOUS, row, column, **blanks), None)

    def _year(self, row: _Row) -> Iterator[Finding]:
        own, year = self.batch.month(row.at) // 12, row.cells[self.targets.year]
        if isinstance(year, int) and year != own:
            blanks: dict[str, object] = {"name": self._named(row), "value": year, "year": own}
            yield from self._say(general.TARGET_YEAR, row, self.targets.year, **blanks)

    def _amounts(self, row: _Row, indicator: Measured) -> Iterator[Finding]:
        before: tuple[str, int] | None = None
        for column in self.targets.by_quarter:
            micro = row.cells[column]
            if not isinstance(micro, int):
                continue
            blanks: dict[str, object] = {"name": self._named(row), "value": amount(micro)}
            places = indicator.places
            if micro < 0 and not indicator.may_be_negative:
                yield from self._say(general.TARGET_NEGATIVE, row, column, **blanks)
                continue  # that it is below an earlier one follows
            if places is not None and micro % (MICRO // 10**places):
                blanks["unit"] = indicator.unit
                blanks["places"] = f"最多{places}位小数" if places else "应为整数"
                yield from self._say(general.TARGET_DECIMALS, row, column, **blanks)
            elif before is not None and micro < before[1] and _only_rises(indicator):
                blanks["earlier"], blanks["before"] = self.titles[before[0]], amount(before[1])
                yield from self._say(general.TARGET_FALLING, row, column, **blanks)
            before = column, micro

    def _twice(self, rows: list[_Row]) -> Iterator[Finding]:
        for number, row in enumerate(rows if len(rows) > 1 else ()):
            other = rows[number - 1 if number else 1]
            blanks: dict[str, object] = {"text": self._named(row), "same": other.number}
            yield from self._say(general.TARGET_TWICE, row, self.targets.indicator, **blanks)


def _only_rises(indicator: Measured) -> bool:
    """Whether it adds up over the year: what stands, or is a share, may be meant to fall."""
    return indicator.kind == "flow" and not indicator.may_be_negative
