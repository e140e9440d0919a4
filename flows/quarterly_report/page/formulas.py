"""Formulas as words and terms, so that the numbers can be put in the terms' places."""

from __future__ import annotations

import re
from decimal import Decimal

from flows.computing.declared import lines
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page.numbers import NONE, Numbers

Token = str | tuple[str, bool]
"""Signs and numbers as text; a term by its name, and whether its year to date is meant."""
_TERM = re.compile(r"ytd\((\w+)\)|([A-Za-z_]\w*)")
_SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "－", "+": "＋"})


def tokens(formula: str) -> list[Token]:
    """The formula in order."""
    found: list[Token] = []
    done = 0
    for match in _TERM.finditer(formula):
        found.append(formula[done : match.start()].translate(_SIGNS))
        found.append((match[1] or match[2], match[1] is not None))
        done = match.end()
    found.append(formula[done:].translate(_SIGNS))
    return [each for each in found if each]


def counts(contents: Contents) -> tuple[str, ...]:
    """The terms that are no indicators: counts of ledgers, and of forms due and in time."""
    terms = {term for item in contents.items.values() for term in item.terms}
    return tuple(sorted(terms - set(contents.items)))


def counted(numbers: Numbers, name: str, unit: str) -> tuple[str, str]:
    """A count of the quarter and of its year to date, of a unit or the district."""
    contents = numbers.contents
    kinds = {line.figure: line.kind for line in lines(contents.declaration)}
    units = contents.units if unit == contents.district else (unit,)
    last = contents.last_month
    spans = [range(last - 2, last + 1), range(last - last % 12, last + 1)]
    if kinds.get(name) == "stock":
        spans = [range(last, last + 1)] * 2
    texts = []
    for span in spans:
        found: list[Decimal] = [
            value.value
            for each in units
            for month in span
            if (value := contents.months.get((each, name, month))) and value.value is not None
        ]
        texts.append(numbers.text(sum(found, Decimal(0)), 0) if found else NONE)
    return texts[0], texts[1]
