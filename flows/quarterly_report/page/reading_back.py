"""The numbers that a finished page shows, read from it: of its elements and of its data.

A number in an element: `data-n` is its key, its text is the number, elements of class `u` in it
(unit, words) aside. In the data, a JSON object in the script element `data`, `numbers` holds by
indicator and unit

    [[value, year_to_date, …], [comparison, …], [level of an earlier quarter, …]]

A comparison is 0 where there is none, else a list whose first eight entries are words and marks
and whose others are texts in the order of `embedding.MEASURES`; empty ones at the end are left
out. `targets` holds by indicator `numbers`, each [label, measure, text, unit]. The keys are
`indicator/unit code/measure`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml import html as markup

from flows.quarterly_report.page.embedding import MEASURES
from flows.quarterly_report.rows import COMPARISONS

_WORDS = 8
_SHARES = ("contribution", "pull")


def numbers_on(html: str) -> dict[str, str]:
    """The printed text of every number by its key; − is given as -.

    What is withheld is ＊ and what is not there —. ValueError where two texts have one key.
    """
    tree = markup.document_fromstring(html)
    found: dict[str, str] = {}
    for key, text in (*_shown(tree), *_embedded(tree)):
        text = text.replace("−", "-")
        if found.setdefault(key, text) != text:
            raise ValueError(f"{key} is {found[key]} and {text} on the page")
    return found


def _shown(tree: Any) -> Iterator[tuple[str, str]]:
    for element in tree.iterfind(".//*[@data-n]"):
        yield element.get("data-n"), "".join(_texts(element)).strip()


def _texts(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if "u" not in (child.get("class") or "").split():
            yield from _texts(child)
        yield child.tail or ""


def _embedded(tree: Any) -> Iterator[tuple[str, str]]:
    (script,) = tree.xpath('//script[@id="data"]')
    data = json.loads(script.text)
    for indicator, units in data["numbers"].items():
        for unit, (level, compared, _) in units.items():
            of = f"{indicator}/{unit}"
            yield f"{of}/value", level[0]
            yield f"{of}/year_to_date", level[1]
            for comparison, row in zip(COMPARISONS, compared, strict=True):
                yield from _compared(of, comparison, row)
    for indicator, target in data["targets"].items():
        for _, measure, text, _ in target["numbers"]:
            yield f"{indicator}/{data['district']}/{measure}", text


def _compared(of: str, comparison: str, row: Any) -> Iterator[tuple[str, str]]:
    for measure, text in zip(MEASURES, row[_WORDS:] if row else [], strict=False):
        if text:
            key = f"{measure}.{comparison}" if measure in _SHARES else f"{comparison}.{measure}"
            yield f"{of}/{key}", text
