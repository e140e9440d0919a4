"""The true figures and ledger rows of every unit and month, consistent with every rule.

Synthetic: the units' names are the register's, everything else is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flows.demo.bureau import Bureau
from flows.demo.chance import Flow, Walk, stream, tenths
from flows.demo.returns import FigureSheet, LedgerValue, Line, Return, Row, Sheet, ledger_sheet
from flows.demo.targets import make_targets
from flows.demo.township import Township
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Ledger, LedgerCount, Unit
from schemas.declaring.versions import DIVISOR


@dataclass(frozen=True, slots=True)
class World:
    """The truth: a return for each (unit code, month), and a year's targets by year."""

    first_month: int
    last_month: int
    seed: int
    unit_names: dict[str, tuple[str, ...]]
    """The ways in which each unit, by code, may be named."""
    returns: dict[tuple[str, int], Return]
    targets: dict[int, Return]

    def amounts(self, unit_code: str, month: int) -> dict[str, tuple[Decimal, Decimal | None]]:
        """A unit's figures in a month: (value, 本年累计), each in the figure's unit."""
        found: dict[str, tuple[Decimal, Decimal | None]] = {}
        for sheet in self.returns[unit_code, month].sheets:
            for line in sheet.lines if isinstance(sheet, FigureSheet) else ():
                assert isinstance(line.value, Decimal)
                assert not isinstance(line.year_to_date, str)
                found[line.figure] = (line.value, line.year_to_date)
        return found


def make_world(declaration: Declaration, first_month: int, last_month: int, seed: int) -> World:
    """The district from `first_month` to `last_month`, both included.

    The life of the district begins in January of the first year, so that 本年累计
    is right whatever the first month is. The same seed gives the same world.
    """
    returns: dict[tuple[str, int], Return] = {}
    for unit in declaration.units:
        if declaration.group(unit.code) is not None:
            for made in _returns(
                declaration, unit, first_month - first_month % 12, last_month, seed
            ):
                if made.month >= first_month:
                    returns[unit.code, made.month] = made
    return World(
        first_month,
        last_month,
        seed,
        {unit.code: tuple(declaration.unit_names(unit)) for unit in declaration.units},
        returns,
        make_targets(declaration, returns),
    )


def count_rows(count: LedgerCount, rows: Sequence[Row], month: int) -> int:
    """What the ledger's rows come to for a figure, counted or summed as declared."""
    kept = [row for row in rows if all(row[name] in values for name, values in count.where)]
    if count.dated is not None:
        first, last = periods.first_day(month), periods.last_day(month)
        kept = [row for row in kept if _between(row[count.dated], first, last)]
    if count.adds is not None:
        return sum(int(str(row[count.adds] or 0)) for row in kept)
    return len(kept)


def _between(value: LedgerValue, first: object, last: object) -> bool:
    return value is not None and str(first) <= str(value) <= str(last)


def _returns(
    declaration: Declaration, unit: Unit, first: int, last: int, seed: int
) -> list[Return]:
    group = declaration.group(unit.code) or ""
    life = (Bureau if group == "bureau" else Township)(unit, seed, first)
    others: dict[str, _Other] = {}
    to_date: dict[str, Decimal] = {}
    made = []
    for month in range(first, last + 1):
        if month % 12 == 0:
            to_date = {}
        figures, rows = life.next(month)
        for ledger, count in declaration.counts.values():
            if count.figure is not None and ledger.name in rows:
                figures[count.figure] = Decimal(count_rows(count, rows[ledger.name], month))
        sheets: list[Sheet] = []
        for form in declaration.all_forms:
            if group not in form.reporters or not form.in_force(month):
                continue
            if isinstance(form, Ledger):
                if form.name in rows:
                    sheets.append(ledger_sheet(form, rows[form.name]))
            elif lines := form.lines(group, month):
                for figure in lines:
                    if figure.name not in figures:
                        other = others.setdefault(figure.name, _Other(figure, unit, seed))
                        figures[figure.name] = other.next(month)
                sheets.append(_figure_sheet(form, lines, figures, to_date))
        if sheets and unit.exists(month):
            made.append(Return(unit.code, unit.name, month, tuple(sheets)))
    return made


class _Other:
    """A figure that this district's life does not know: small and steady."""

    def __init__(self, figure: Figure, unit: Unit, seed: int) -> None:
        random = stream(seed, unit.code, figure.name)
        self._places = figure.places
        self._flow = Flow(random.uniform(8, 40), random)
        self._stock = Walk(random.uniform(8, 40), 1, random) if figure.kind == "stock" else None

    def next(self, month: int) -> Decimal:
        value = self._flow.next(month) if self._stock is None else self._stock.next()
        return tenths(value) if self._places else Decimal(round(value))


def _figure_sheet(
    form: FigureForm,
    figures: Sequence[Figure],
    values: dict[str, Decimal],
    to_date: dict[str, Decimal],
) -> FigureSheet:
    lines = []
    for figure in figures:
        value = values[figure.name]
        if figure.kind == "flow":
            to_date[figure.name] = to_date.get(figure.name, Decimal(0)) + value
        year_to_date = to_date.get(figure.name)
        if figure.asked_in != figure.unit:
            value *= DIVISOR
            year_to_date = None if year_to_date is None else year_to_date * DIVISOR
        lines.append(
            Line(figure.name, figure.code, figure.name_zh, figure.asked_in, value, year_to_date)
        )
    return FigureSheet(form.name, form.form_no, form.title_zh, tuple(lines))
