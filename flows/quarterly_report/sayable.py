"""Which sentences of findings and notes may be told: they hold values as they were sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.quarterly_report.rows import Finding
from schemas.declaring import general
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger
from schemas.declaring.rules import YTD, Rule, inner_quotes

_BLANK = re.compile(r"\{[^{}]*\}")
_QUOTES = "“”‘’"


class Sayable:
    """What may be told in one district."""

    def __init__(self, declaration: Declaration) -> None:
        self._declaration = declaration
        telling = [
            each
            for form in declaration.forms
            for each in form.figures
            if each.sensitive or each.tells_of
        ]
        self._figures = frozenset(each.name for each in telling)
        # A name with quotes stands between quotes in a sentence, and has others there.
        self._names = frozenset(
            name
            for each in telling
            for plain in [each.name_zh.removeprefix("其中：")]
            for name in (plain, plain.replace("“", "‘").replace("”", "’"))
        )
        self._forms = frozenset(declaration.form_of[name].name for name in self._figures)
        self._rules = {
            form.name: tuple((rule.code, _sentence(rule)) for rule in self._telling_rules(form))
            for form in declaration.forms
        }

    def _telling_rules(self, form: FigureForm) -> Iterator[Rule]:
        """The rules whose sentences have sums in them that few persons are part of."""
        for rule in form.rules:
            if not self._figures.isdisjoint(each.removesuffix(YTD) for each in rule.inputs):
                yield rule.rule
        for carried in form.carried:
            if not self._figures.isdisjoint((*carried.stocks, *carried.plus, *carried.minus)):
                yield carried.rule
        if any(each.kind == "flow" and each.name in self._figures for each in form.figures):
            yield general.COPIED

    def finding(self, finding: Finding, value: str | None) -> Finding:
        """The finding with what may be told of it; `value` is what stands in its cell.

        Without its sentence it is without its rule too, which tells how far off the value is.
        """
        if not self._may_be_told(finding):
            return finding._replace(message=None, rule="")
        if finding.figure is None and value and self._is_private(finding.form, value):
            return finding._replace(message=_unquoted(finding.message, value))
        return finding

    def note(self, note: str | None) -> str | None:
        """The note; None where it names a figure that tells of few persons."""
        return None if note and self._names_any(note) else note

    def _may_be_told(self, finding: Finding) -> bool:
        message = finding.message or ""
        return (
            finding.figure not in self._figures
            and not self._names_any(message)
            and not any(
                finding.rule == code or sentence.search(message)
                for code, sentence in self._rules.get(finding.form, ())
            )
        )

    def _names_any(self, text: str) -> bool:
        return any(name in text for name in self._names)

    def _is_private(self, form: str, value: str) -> bool:
        """Whether a cell's text may be of a person, or a count beside a name of one's own."""
        declared = self._declaration.by_name.get(form)
        if isinstance(declared, Ledger):
            # Cells that slipped to the side: a name stands where a date should.
            return declared.targets is None
        return form in self._forms and any(map(str.isnumeric, value))


def _sentence(rule: Rule) -> re.Pattern[str]:
    """The rule's sentence whatever is in its blanks: others may stand before and behind it."""
    fixed = _BLANK.split(inner_quotes(rule.message))
    return re.compile(".*".join(map(re.escape, fixed)), re.DOTALL)


def _unquoted(message: str | None, value: str) -> str | None:
    """The sentence with … for the cell's text; None where it has that otherwise than it stands."""
    if message is None:
        return None
    if (quoted := f"“{value}”") in message:
        return message.replace(quoted, "“…”")
    return None if "…" in message or any(each in value for each in _QUOTES) else message
