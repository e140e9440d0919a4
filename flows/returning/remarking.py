"""The findings of a judged batch as remarks on the cells of its workbooks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from flows.checking.batch import Amounts, Batch, Finding
from flows.checking.history import InForce
from flows.checking.settling import code_of
from flows.checking.single import in_words, is_cumulative, line_of
from flows.reading.results import Workbook
from flows.returning.remarks import Heading, Remark
from schemas.declaring import periods
from schemas.declaring.model import Ledger
from schemas.declaring.rules import Level


class Outgoing(NamedTuple):
    """A workbook that goes back: what is remarked in it, and how much of that holds it."""

    submission: str
    unit: str
    month: int
    heading: Heading
    remarks: tuple[Remark, ...]
    errors: int
    queries: int

    @property
    def digest(self) -> str:
        """What is remarked, as a hash."""
        return hashlib.sha256(repr(self.remarks).encode()).hexdigest()


def outgoing(
    batch: Batch, in_force: InForce, findings: Iterable[Finding]
) -> Iterator[tuple[int, Outgoing]]:
    """What goes back of the returns in which something is held, by their places in the batch.

    `in_force` is as judging has left it: the values of the months before are those that the
    return was compared with, or later ones.
    """
    found: dict[int, list[Finding]] = defaultdict(list)
    for each in findings:
        found[each.at].append(each)
    for at, given in enumerate(batch.returns):
        own = found[at]
        errors = sum(each.level == "error" for each in own)
        queries = sum(each.holds for each in own) - errors
        if not errors + queries:
            continue
        remarks = tuple(_remark(batch, in_force, each) for each in own)
        unit = batch.layout.declaration.unit_by_code[given.unit].name
        heading = Heading(unit, periods.month_zh(given.month), "")
        yield (
            at,
            Outgoing(given.submission, given.unit, given.month, heading, remarks, errors, queries),
        )


def _remark(batch: Batch, in_force: InForce, finding: Finding) -> Remark:
    declaration, month = batch.layout.declaration, batch.month(finding.at)
    form = declaration.by_name.get(finding.form or "")
    name = column = last_month = last_year = ""
    if finding.figure is not None:
        name = declaration.version(finding.figure, month).name_zh
        cumulative = is_cumulative(batch, finding)
        line = line_of(batch, finding)
        if line is not None and finding.cell in (line.place.cell, line.place.cumulative_cell):
            column = "本年累计" if cumulative else "本月数"
        step = declaration.form_of[finding.figure].months
        last_month = _before(batch, in_force, finding, step, cumulative=cumulative)
        last_year = _before(batch, in_force, finding, 12, cumulative=cumulative)
    elif isinstance(form, Ledger):
        name = _ledger_column(batch, form, finding)
    return Remark(
        finding.sheet or "",
        finding.cell or "",
        form.title_zh if form else "",
        code_of(batch, finding),
        name,
        column,
        finding.value or "",
        cast(Level, finding.level),
        finding.rule,
        finding.message,
        last_month,
        last_year,
        finding.explanation or "",
    )


def _before(
    batch: Batch, in_force: InForce, finding: Finding, months: int, *, cumulative: bool
) -> str:
    """The value in force of the finding's figure so many months before, '' where there is none."""
    given, figure = batch.returns[finding.at], finding.figure or ""
    at = given.month - months - in_force.first
    amounts: Amounts = in_force.year_to_date if cumulative else in_force.value
    place = in_force.units[given.unit], batch.layout.column[figure], at
    if at < 0 or not amounts.known[place]:
        return ""
    return in_words(batch, finding.at, figure, int(amounts.micro[place]))


def _ledger_column(batch: Batch, ledger: Ledger, finding: Finding) -> str:
    """The name of the ledger's column in which the finding stands, '' where it is in none."""
    sheet = batch.sheets[finding.at].get(ledger.name)
    if sheet is None or finding.cell is None:
        return ""
    columns = sheet.columns
    for each in sheet.continued:
        if each.sheet == finding.sheet:
            columns = each.columns
    letters = finding.cell.rstrip("0123456789")
    names = {column.name: column.name_zh for column in ledger.columns}
    return next((names[name] for name, each in columns.items() if each == letters), "")


def unidentified(book: Workbook) -> tuple[Remark, ...]:
    """What is remarked in a workbook of which it is not known whose or which month's it is."""
    nothing = ("",) * 4
    return (
        Remark("", "", *nothing, "", "error", "", book.reason),
        *(
            Remark(
                each.sheet or "", each.cell or "", *nothing, "", "error", each.rule, each.message
            )
            for each in book.findings
        ),
    )
