"""An indicator of one unit in one quarter: for the quarter itself and for the year to date."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.plain.formulas import Formula, Sum
from tests.plain.months import Month, Months, add
from tests.plain.units import there_until


@dataclass(frozen=True)
class Part:
    """A span's value, kept as what it is divided from; counts are 0 or 1 for a unit.

    `numerator` is None where nothing (or not everything) is reported, `denominator`
    where the indicator is no ratio.
    """

    numerator: Fraction | None
    denominator: Fraction | None
    units_expected: int
    units_reported: int

    @property
    def reported(self) -> bool:
        """Whether there is a value, were it only one divided by 0."""
        return self.numerator is not None

    @property
    def value(self) -> Fraction | None:
        """The value; None if not reported or divided by 0."""
        if self.numerator is None or self.denominator is None:
            return self.numerator
        return None if self.denominator == 0 else self.numerator / self.denominator


@dataclass(frozen=True)
class Measure:
    """An indicator in a quarter."""

    quarter: Part
    year: Part
    months: frozenset[int]
    """The months of the quarter that are reported."""

    @property
    def is_row(self) -> bool:
        """Whether the table has a row for it."""
        spans = (self.quarter, self.year)
        return any(span.units_expected or span.reported for span in spans)


@dataclass(frozen=True)
class FigureQuarter:
    """A figure of one unit in one quarter."""

    value: Fraction | None
    year_to_date: Fraction | None
    months: frozenset[int]
    expected: bool
    expected_in_year: bool


def figure_quarter(months: Months, units: list[str], figure: str, quarter: int) -> FigureQuarter:
    """A stock stands at its last month; a flow is the sum of the months expected."""
    last = 3 * quarter + 2
    january = last - last % 12
    year = {each: months.month(units, figure, each) for each in range(january, last + 1)}
    three = [year[last - 2], year[last - 1], year[last]]
    nature = months.natures[figure]
    expected = any(month.expected for month in three)
    expected_in_year = any(month.expected for month in year.values())
    if nature.kind == "stock":
        value = year_to_date = year[last].value
        expected = expected_in_year = year[last].expected
    else:
        until = there_until(months.declaration, units, last)
        value = _flow(months, units, figure, (last - 2, last), year, until)
        year_to_date = _flow(months, units, figure, (january, last), year, until)
        if nature.cumulative_only:
            year_to_date = months.year_to_date(units, figure, last)
    return FigureQuarter(
        value,
        year_to_date,
        frozenset(each for each in (last - 2, last - 1, last) if year[each].reported),
        expected,
        expected_in_year,
    )


def _flow(
    months: Months,
    units: list[str],
    figure: str,
    span: tuple[int, int],
    year: dict[int, Month],
    until: int | None,
) -> Fraction | None:
    """The sum of the span's months expected; None if one is missing or none is expected.

    Dated totals nobody owed: with one among them, every month has to be there in which the
    units were, the last of which is `until`; of a form of several months the last one of
    each quarter, and all of a quarter of which there are dated totals.
    """
    asked = range(span[0], span[1] + 1)
    if until is not None and months.dated(units, figure, asked):
        for each in asked:
            quarter = range(each - each % 3, each - each % 3 + 3)
            needed = (
                months.natures[figure].every == 1
                or each == quarter[-1]
                or months.dated(units, figure, quarter)
            )
            if needed and each <= until and not year[each].expected:
                return None
    expected = [year[each] for each in asked if year[each].expected]
    return add([month.value for month in expected]) if expected else None


def indicator_measure(months: Months, units: list[str], formula: Formula, quarter: int) -> Measure:
    """The indicator of these units taken together as one."""
    by_figure = {each: figure_quarter(months, units, each, quarter) for each in formula.figures}
    in_quarter, in_year = {}, {}
    expected = True
    for figure, cumulative in formula.terms:
        known = by_figure[figure]
        in_quarter[figure, cumulative] = known.year_to_date if cumulative else known.value
        in_year[figure, cumulative] = known.year_to_date
        # What is taken to date is expected where anything of the year is.
        expected = expected and (known.expected_in_year if cumulative else known.expected)
    return Measure(
        _part(formula, in_quarter, expected),
        _part(formula, in_year, all(each.expected_in_year for each in by_figure.values())),
        frozenset.intersection(*(each.months for each in by_figure.values())),
    )


def _part(formula: Formula, values: dict, expected: bool) -> Part:
    if any(value is None for value in values.values()):
        return Part(None, None, int(expected), 0)
    numerator = _add_up(formula.numerator, values)
    denominator = None if formula.denominator is None else _add_up(formula.denominator, values)
    return Part(numerator, denominator, int(expected), 1)


def _add_up(terms: Sum, values: dict) -> Fraction:
    return sum((times * values[term] for term, times in terms.items()), Fraction(0))
