"""What settles a query: a reason in the file, one given before, the analyst's acceptance.

A reason is given for a value. It stands beside the line in 说明 or in the list of problems of a
returned file, and settles the same query again where a later file reports that value without
it. Of another value the query asks anew, also where the old reason was left standing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.checking.batch import Batch, Finding
from flows.checking.single import is_cumulative, is_reason
from schemas.declaring import general

_NUMBER = re.compile(r"-?\d[\d.]*")


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
    by_analyst: bool
    """The reason is the analyst's, who accepted the form in spite of it."""


class Given(NamedTuple):
    """A reason, and the value and the sentence that it was given for."""

    value: str | None
    message: str
    reason: str


@dataclass(slots=True)
class Settled:
    """What was said of queries and forms before a batch; its own returns add to it.

    `withdrawn` holds (submission, form): what the analyst has taken back for good.
    """

    withdrawn: frozenset[tuple[str, str]] = frozenset()
    _given: dict[Question, list[Given]] = field(default_factory=dict)
    _accepted: dict[tuple[str, Question], list[Given]] = field(default_factory=dict)

    def note(self, question: Question, given: Given) -> None:
        """Keep in mind a reason that was given."""
        self._given.setdefault(question, []).append(given)

    def accept(self, submission: str, question: Question, given: Given) -> None:
        """Keep in mind a query of a submission that the analyst accepted its form with."""
        self._accepted.setdefault((submission, question), []).append(given)

    def settle(self, batch: Batch, number: int) -> bool:
        """Give the batch's query of that number its reason; whether that is the analyst's."""
        finding = batch.findings[number]
        if finding.level != "query" or finding.form is None:
            return False
        given = batch.returns[finding.at]
        question = Question(
            given.unit, given.month, finding.form, finding.rule, finding.figure,
            is_cumulative(batch, finding),
        )  # fmt: skip
        value, message = finding.value, finding.message
        reason = finding.explanation
        outdated = reason is not None and self._was_for_other(question, value, reason)
        if reason is None or outdated:
            reason = _answer(batch, finding, question) or _same(
                self._given.get(question, ()), question.rule, value, message
            )
        withdrawn = (given.submission, finding.form) in self.withdrawn
        by_analyst = False
        if reason is None and not withdrawn:
            accepted = self._accepted.get((given.submission, question), ())
            reason = _same(accepted, question.rule, value, message)
            by_analyst = reason is not None
        said = message + general.REASON_OUTDATED if outdated and reason is None else message
        batch.findings[number] = finding._replace(explanation=reason, message=said)
        batch.queries.append(Query(finding.at, question, value, message, reason, by_analyst))
        if reason is not None and not withdrawn:
            self.note(question, Given(value, message, reason))
        return by_analyst

    def _was_for_other(self, question: Question, value: str | None, reason: str) -> bool:
        """Whether the very reason was given for another value, and not for this one."""
        values = {each.value for each in self._given.get(question, ()) if each.reason == reason}
        return bool(values) and value not in values


def _same(given: Iterable[Given], rule: str, value: str | None, message: str) -> str | None:
    """The last reason given for that value, and for what it was compared with then.

    What plausibility compares it with, the past months, moves without the unit's doing.
    """
    for each in reversed(tuple(given)):
        if each.value == value and (each.message == message or rule in general.PLAUSIBILITY):
            return each.reason
    return None


def _answer(batch: Batch, finding: Finding, question: Question) -> str | None:
    """The reason that the file's list of problems gives for what is said of the cell there."""
    for each in batch.returns[finding.at].answers:
        if each.form != finding.form or each.value != (finding.value or ""):
            continue
        if each.code:
            code = code_of(batch, finding)
            same = (each.code, each.cumulative) == (code, question.cumulative)
        else:
            same = (each.sheet, each.cell) == (finding.sheet, finding.cell)
        # A cell with several findings has their sentences one behind the other.
        problem, message = each.problem, finding.message
        if question.rule in general.PLAUSIBILITY:
            problem, message = (_NUMBER.sub("0", text) for text in (problem, message))
        if same and message in problem and is_reason(each.reason):
            return each.reason
    return None


def code_of(batch: Batch, finding: Finding) -> str:
    """The code of the finding's figure in its month; '' for a finding about none."""
    if finding.figure is None:
        return ""
    return batch.layout.declaration.version(finding.figure, batch.month(finding.at)).code
