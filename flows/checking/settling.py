"""What settles a query: a reason in the file, one given before, the analyst's acceptance.

A reason is given for a value. It stands beside the line in 说明 or in the list of problems of a
returned file, and settles the same query again where a later file reports that value without
it. Of another value the query asks anew, also where the old reason was left standing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from flows.checking.batch import Batch, Finding
from flows.checking.single import is_reason
from schemas.declaring import general


class Question(NamedTuple):
    """What a query asks about, whatever is reported."""

    unit: str
    month: int
    form: str
    rule: str
    figure: str | None
    cumulative: bool


class Query(NamedTuple):
    """A query as a return raises it, and the reason that has settled it."""

    at: int
    """The return's place in the batch."""
    question: Question
    value: str | None
    message: str
    reason: str | None
    by_analyst: bool = False
    """The reason is the analyst's, who accepted the form in spite of it."""


class _Given(NamedTuple):
    value: str | None
    message: str
    reason: str


@dataclass(slots=True)
class Settled:
    """What was said of queries and forms before a batch; its own returns add to it.

    `withdrawn` holds (submission, form): what the analyst has taken back for good. `accepted`
    has the analyst's reason for those accepted in spite of their queries.
    """

    withdrawn: frozenset[tuple[str, str]] = frozenset()
    accepted: dict[tuple[str, str], str] = field(default_factory=dict)
    _given: dict[Question, list[_Given]] = field(default_factory=dict)

    def note(self, question: Question, value: str | None, message: str, reason: str) -> None:
        """Keep in mind a reason that was given."""
        self._given.setdefault(question, []).append(_Given(value, message, reason))

    def settle(self, batch: Batch, number: int) -> None:
        """Give the batch's query of that number its reason, where there is one."""
        finding = batch.findings[number]
        if finding.level != "query" or finding.form is None:
            return
        given, form = batch.returns[finding.at], finding.form
        cumulative = is_cumulative(batch, finding)
        question = Question(given.unit, given.month, form, finding.rule, finding.figure, cumulative)
        reason, message = finding.explanation, finding.message
        if reason is not None and self._was_for_other(question, finding.value, reason):
            reason, message = None, message + general.REASON_OUTDATED
        if reason is None:
            reason = _answer(batch, finding, cumulative) or self._given_before(
                question, finding.value, finding.message
            )
        by_analyst = reason is None and (given.submission, form) in self.accepted
        if by_analyst:
            reason = self.accepted[given.submission, form]
        batch.findings[number] = finding._replace(explanation=reason, message=message)
        batch.queries.append(
            Query(finding.at, question, finding.value, finding.message, reason, by_analyst)
        )
        if reason is not None:
            self.note(question, finding.value, finding.message, reason)

    def _was_for_other(self, question: Question, value: str | None, reason: str) -> bool:
        """Whether the very reason was given for another value, and not for this one."""
        values = {each.value for each in self._given.get(question, ()) if each.reason == reason}
        return bool(values) and value not in values

    def _given_before(self, question: Question, value: str | None, message: str) -> str | None:
        """The last reason given for that value, and for what it was compared with then.

        What plausibility compares it with, the past months, moves without the unit's doing.
        """
        for each in reversed(self._given.get(question, ())):
            same = each.message == message or question.rule in general.PLAUSIBILITY
            if each.value == value and same:
                return each.reason
        return None


def is_cumulative(batch: Batch, finding: Finding) -> bool:
    """Whether the finding stands on a 本年累计."""
    sheet = batch.sheets[finding.at].get(finding.form or "")
    if sheet is None or finding.figure is None or finding.cell is None:
        return False
    line = sheet.line(finding.figure)
    return line is not None and finding.cell == line.place.cumulative_cell


def _answer(batch: Batch, finding: Finding, cumulative: bool) -> str | None:
    """The reason that the file's list of problems gives for what stands in the cell."""
    given = batch.returns[finding.at]
    for each in given.answers:
        if each.form != finding.form or each.value != (finding.value or ""):
            continue
        if each.code:
            same = each.cumulative == cumulative and each.code == code_of(batch, finding)
        else:
            same = (each.sheet, each.cell) == (finding.sheet, finding.cell)
        if same and is_reason(each.reason):
            return each.reason
    return None


def code_of(batch: Batch, finding: Finding) -> str:
    """The code of the finding's figure in its month; '' for a finding about none."""
    if finding.figure is None:
        return ""
    return batch.layout.declaration.version(finding.figure, batch.month(finding.at)).code
