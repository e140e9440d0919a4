"""A month of a figure, for one unit together with those that have gone into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from schemas.declaring.district import Declaration
from schemas.declaring.model import Ledger
from tests.plain.owing import FORMS_COUNTED, Line, lines, natures

if TYPE_CHECKING:
    from tests.computing.world import Fact


@dataclass(frozen=True)
class Month:
    """What is expected and known of a figure in a month. Missing is never 0."""

    expected: bool = False
    value: Fraction | None = None

    @property
    def reported(self) -> bool:
        """Whether everything expected is known."""
        return self.value is not None


class Months:
    """All months of all figures."""

    def __init__(self, declaration: Declaration, facts: Iterable[Fact]) -> None:
        self.declaration = declaration
        self.natures = natures(declaration)
        self.facts = {(fact.unit_code, fact.figure, fact.month): fact for fact in facts}
        self.lines: dict[tuple[str, str], list[Line]] = {}
        for line in lines(declaration):
            self.lines.setdefault((line.figure, line.group), []).append(line)

    def owes(self, unit_code: str, figure: str, month: int) -> bool:
        """Whether the unit is asked for the figure that month."""
        group = self.declaration.group(unit_code)
        if group is None or not self.declaration.unit_by_code[unit_code].exists(month):
            return False
        if figure in FORMS_COUNTED:
            return bool(self.declaration.due(unit_code, month))
        return any(
            line.first_month <= month
            and (line.last_month is None or month <= line.last_month)
            and (month + 1) % line.every == 0
            for line in self.lines.get((figure, group), [])
        )

    def asks(self, group: str | None, figure: str) -> bool:
        """Whether the figure is asked of the group at one time or other."""
        if figure in FORMS_COUNTED:
            return any(group in form.due_from for form in self.declaration.all_forms)
        return (figure, group) in self.lines

    def owed_by_any(self, figure: str, month: int) -> bool:
        """Whether the figure is asked of any group that month."""
        return any(
            line.first_month <= month
            and (line.last_month is None or month <= line.last_month)
            and (month + 1) % line.every == 0
            for (name, _), lines in self.lines.items()
            for line in lines
            if name == figure
        ) or (
            figure in FORMS_COUNTED
            and any(
                form.in_force(month) and (isinstance(form, Ledger) or form.lines(group, month))
                for form in self.declaration.all_forms
                for group in form.due_from
            )
        )

    def expects(self, unit_code: str, figure: str, month: int) -> bool:
        """Whether a value is waited for: owed and not marked as not applicable, or history."""
        fact = self.facts.get((unit_code, figure, month))
        if fact is not None and fact.mark == "history":
            return True
        if fact is not None and fact.mark == "not_applicable":
            return False
        return self.owes(unit_code, figure, month)

    def dated(self, unit_codes: list[str], figure: str, months: Iterable[int]) -> bool:
        """Whether any of the units has a total from before the forms in any of the months."""
        found = (self.facts.get((code, figure, each)) for code in unit_codes for each in months)
        return any(fact is not None and fact.mark == "history" for fact in found)

    def month(self, unit_codes: list[str], figure: str, month: int) -> Month:
        """The month of the units together: the sum, if every one expected has a value."""
        waited_for = [code for code in unit_codes if self.expects(code, figure, month)]
        if not waited_for:
            return Month()
        return Month(True, add([self._value(code, figure, month) for code in waited_for]))

    def year_to_date(self, unit_codes: list[str], figure: str, month: int) -> Fraction | None:
        """The reported year to date of the units together.

        Each counts as of its last expected month up to this one: a unit that was merged
        into another in June adds what it had reported to June. History may come by the
        month; then its months are added up.
        """
        found = []
        for code in unit_codes:
            year = range(month - month % 12, month + 1)
            expected = [each for each in year if self.expects(code, figure, each)]
            if expected:
                reported = self._reported_to_date(code, figure, expected[-1])
                if reported is None:
                    reported = add([self._value(code, figure, each) for each in expected])
                found.append(reported)
        return add(found) if found else None

    def _reported_to_date(self, unit_code: str, figure: str, month: int) -> Fraction | None:
        fact = self.facts.get((unit_code, figure, month))
        return None if fact is None else exact(fact.year_to_date)

    def _value(self, unit_code: str, figure: str, month: int) -> Fraction | None:
        """The unit's own month, if need be its year to date less the one before it."""
        fact = self.facts.get((unit_code, figure, month))
        if fact is None or fact.value is not None or not self.natures[figure].cumulative_only:
            return None if fact is None else exact(fact.value)
        year_to_date = self._reported_to_date(unit_code, figure, month)
        earlier_month = month - self.natures[figure].every
        if year_to_date is None or earlier_month // 12 < month // 12:
            return year_to_date
        earlier = self._reported_to_date(unit_code, figure, earlier_month)
        return None if earlier is None else year_to_date - earlier


def exact(value: Decimal | None) -> Fraction | None:
    """The decimal as a fraction."""
    return None if value is None else Fraction(value)


def add(values: list[Fraction | None]) -> Fraction | None:
    """The sum; None if one is missing."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if len(known) == len(values) else None
