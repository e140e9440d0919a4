"""When a quarter is final: every form due in it is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.declaring.district import Declaration
from schemas.declaring.model import Ledger
from tests.plain.units import gone_into

if TYPE_CHECKING:
    from tests.computing.world import Fact, FormState


class Maturity:
    """'final' or 'provisional', by quarter and unit."""

    def __init__(
        self, declaration: Declaration, facts: list[Fact], form_states: list[FormState]
    ) -> None:
        self.declaration = declaration
        self.form_states = form_states
        self.marks: dict[int, set[str]] = {}
        for fact in facts:
            self.marks.setdefault(fact.month // 3, set()).add(fact.mark)

    def _is_due(self, month: int) -> bool:
        """Whether anybody owes any form that month, had they all existed."""
        return any(
            form.in_force(month)
            and any(isinstance(form, Ledger) or form.lines(group, month) for group in form.due_from)
            for form in self.declaration.all_forms
        )

    def of(self, quarter: int, unit_code: str) -> str:
        """The maturity of the unit's, or the district's, quarter."""
        if self.marks.get(quarter) == {"history"}:
            return "final"
        states = [state for state in self.form_states if state.month // 3 == quarter]
        months_over = {state.month for state in states}
        if unit_code != self.declaration.district:
            sources = gone_into(self.declaration, 3 * quarter + 2)[unit_code]
            states = [state for state in states if state.unit_code in sources]
        due = {month for month in range(3 * quarter, 3 * quarter + 3) if self._is_due(month)}
        complete = bool(due) and due <= months_over and all(state.accepted for state in states)
        return "final" if complete else "provisional"
