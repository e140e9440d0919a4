"""The data of the page: all numbers as they are printed, for the views that a script draws.

`reading_back` says what the data looks like.
"""

from __future__ import annotations

from typing import Any

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import NAMES, change_said
from flows.quarterly_report.page import months
from flows.quarterly_report.page.formulas import counted, counts, tokens
from flows.quarterly_report.page.labels import (
    KINDS,
    PENDING,
    STATES,
    form_zh,
    programme_zh,
)
from flows.quarterly_report.page.numbers import Numbers
from flows.quarterly_report.page.packing import Index, trimmed
from flows.quarterly_report.page.targets import Progress
from flows.quarterly_report.page.trend import quarters
from flows.quarterly_report.rows import COMPARISONS, Item
from flows.quarterly_report.short_wording import short_rate
from flows.quarterly_report.wording import MATURITY, WITHHELD
from schemas.declaring import periods

MEASURES = (
    *("value", "base", "change", "rate"),
    *("matched_value", "matched_base", "matched_rate", "contribution", "pull"),
)
"""A comparison's numbers, in the order of the data."""


def embedded(numbers: Numbers, progress: tuple[Progress, ...]) -> dict[str, Any]:
    """All that the script needs."""
    contents = numbers.contents
    words: Index[str] = Index()
    packed = {
        item.name: {unit: found for unit in units if (found := _record(numbers, item, unit, words))}
        for item in contents.items.values()
        for units in [(contents.district, *contents.units)]
    }
    terms = counts(contents)
    last = contents.last_month
    return {
        "quarter": periods.quarter_zh(contents.quarter),
        "quarters": [periods.quarter_zh(each) for each in quarters(contents)],
        "state": MATURITY[contents.maturity],
        "withheld": WITHHELD,
        "district": contents.district,
        "units": [
            [code, contents.unit_name(code)] for code in (contents.district, *contents.units)
        ],
        "comparisons": [[each, NAMES[each]] for each in COMPARISONS],
        "programmes": [
            [each.name, programme_zh(contents, each), [item.name for item in items]]
            for each, items in contents.programmes
        ],
        "others": [item.name for item in contents.items.values() if not item.programme],
        "items": {item.name: _item(contents, item) for item in contents.items.values()},
        "counts": {
            name: {
                "name": _count_name(contents, name),
                "of": {
                    unit: counted(numbers, name, unit)
                    for unit in (contents.district, *contents.units)
                },
            }
            for name in terms
        },
        "numbers": packed,
        "words": list(words),
        "targets": {
            each.item.name: {
                "of": each.of,
                "said": each.said,
                "expected": each.expected,
                "numbers": [
                    [label, number.measure, number.text, number.unit]
                    for label, number in (
                        (each.of, each.target),
                        ("完成率", each.completion),
                        ("超进度", each.lead),
                    )
                    # A share of a share would say nothing.
                    if not (each.item.points and number.measure == "completion")
                ],
            }
            for each in progress
        },
        "forms": {form.name: form_zh(contents, form.name) for form in contents.declaration.all_forms},
        "states": {
            sign: [state, said] for state, (sign, said) in (*STATES.items(), ("pending", PENDING))
        },
        "year": [f"{month % 12 + 1}月" for month in range(last - last % 12, last + 1)],
        "coverage": months.coverage_of(contents, {name: sign for name, (sign, _) in STATES.items()}),
        "behind": months.embedded(numbers),
    }  # fmt: skip


def _item(contents: Contents, item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": item.name_zh,
        "unit": item.unit,
        "kind": KINDS[item.kind],
        "flow": int(item.kind == "flow"),
        "points": int(item.points),
        "programme": item.programme,
        "definition": item.definition_zh,
        "lacking": list(contents.lacking(item.name)),
    }
    if item.form:
        found["form"] = f"{contents.declaration.by_name[item.form].title_zh}，代码{item.code}"
    else:
        formula = next(e.formula for e in contents.declaration.indicators if e.name == item.name)
        found["said"] = item.formula_zh
        found["formula"] = [
            each if isinstance(each, str) else [each[0], int(each[1])] for each in tokens(formula)
        ]
        found["terms"] = list(item.terms)
    return found


def _count_name(contents: Contents, name: str) -> str:
    if name in contents.declaration.counts:
        return contents.declaration.counts[name][1].name_zh or name
    return {"forms_due": "应报表数", "forms_on_time": "按时报送表数"}.get(name, name)


def _record(numbers: Numbers, item: Item, unit: str, words: Index[str]) -> list[Any] | None:
    contents = numbers.contents
    level = contents.level(item.name, unit)
    if level is None:
        return None
    value = numbers.level(item, unit)
    to_date = numbers.level(item, unit, "year_to_date")
    own = [
        value.text,
        to_date.text,
        words.at(value.why),
        words.at(to_date.why),
        level.months_reported,
        level.units_expected,
        level.units_reported,
    ]
    compared = [_growth(numbers, item, unit, each, words) for each in COMPARISONS]
    history = []
    for quarter in quarters(contents)[:-1]:
        then = contents.levels.get((quarter, unit, item.name))
        hidden = then is not None and then.suppressed
        history.append(numbers.text(then.value if then else None, item.places, hidden=hidden))
    return [own, compared, history]


def _growth(
    numbers: Numbers, item: Item, unit: str, comparison: str, words: Index[str]
) -> list[Any] | int:
    contents = numbers.contents
    growth = contents.compared(item.name, comparison, unit)
    if growth is None:
        return 0
    short = short_rate(item, growth, numbers.standard)
    texts = numbers.growth(item, growth)
    row: list[Any] = [
        words.at(numbers.said(item, comparison, unit)),
        words.at(change_said(item, growth, comparison, numbers.standard)),
        words.at(short.before),
        short.measure and MEASURES.index(short.measure) + 1,
        words.at(short.unit),
        words.at(short.after),
        int(growth.restated),
        "" if growth.matched_units is None else growth.matched_units,
        *(texts.get(measure, "") for measure in MEASURES),
    ]
    return trimmed(row)
