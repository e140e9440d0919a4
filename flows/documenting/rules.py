"""The rule catalogue: every rule's code, level, what should hold, and its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows.documenting.markdown import code, page, section, table
from flows.reading.refusals import REFUSALS
from schemas.declaring import general
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger, LedgerCount
from schemas.declaring.periods import month_label
from schemas.declaring.rules import LEVELS_ZH, FrameRule, Rule, amount

_INTRO = """\
Every finding names one of these codes. Codes are stable: a rule that is dropped leaves
its code unused. Words in braces are filled in for the case at hand; `.ytd` behind a figure
means its 本年累计."""
_LEVELS = """\
| level | 级别 | what follows |
| --- | --- | --- |
| error | {error} | the form is held until a corrected file comes |
| query | {query} | the form is held until the reason is given in 说明, or the value corrected |
| notice | {notice} | nothing is held |"""
_GROUPS = {
    "S": "Shape of the form",
    "V": "Values",
    "T": "Over time",
    "X": "Across forms",
    "P": "Plausibility",
    "L": "Ledgers",
    "U": "Whose file it is",
    "N": "Notices",
}
_HEADINGS = ("code", "level", "should hold", "sentence")


def rule_catalogue(declaration: Declaration) -> str:
    """The page `rules.md`."""
    return page(
        f"Rules: {declaration.name_zh} ({declaration.district})",
        _INTRO,
        _LEVELS.format(**LEVELS_ZH),
        section("## Rules of every form", (*_general(), _bounds())),
        section("## Rules of one form", map(_form, declaration.forms)),
        section("## What is compared with a ledger (X01)", _counts(declaration)),
        section("## Statuses and dates (L07, L08)", (_dated(declaration),)),
        section("## What keeps a whole file out", (_refusals(),)),
    )


def all_rules(declaration: Declaration) -> tuple[Rule, ...]:
    """The general rules, then every form's own, in the order of the catalogue."""
    own = (rule for form in declaration.forms for rule in form_rules(form))
    return (*general.GENERAL_RULES, *own)


def form_rules(form: FigureForm) -> tuple[Rule, ...]:
    """A form's own rules: those within a file, then those over time."""
    return (*map(_with_months, form.rules), *(each.rule for each in form.carried))


def _with_months(rule: FrameRule) -> Rule:
    """The rule; where it does not hold for every month, its summary says for which."""
    said = []
    if rule.valid_from is not None:
        said.append(f"from {month_label(rule.valid_from)}")
    if rule.valid_to is not None:
        said.append(f"until {month_label(rule.valid_to)}")
    summary = f"{rule.rule.summary}; {' '.join(said)}" if said else rule.rule.summary
    return replace(rule.rule, summary=summary)


def _rows(rules: tuple[Rule, ...]) -> str:
    return table(
        _HEADINGS,
        ((code(each.code), each.level, each.summary, each.message) for each in rules),
    )


def _general() -> Iterator[str]:
    for letter in dict.fromkeys((*_GROUPS, *(rule.code[0] for rule in general.GENERAL_RULES))):
        rules = tuple(rule for rule in general.GENERAL_RULES if rule.code.startswith(letter))
        yield section(f"### {letter}: {_GROUPS.get(letter, 'Others')}", (_rows(rules),))


def _bounds() -> str:
    low, high = general.NEAR
    share, whole = general.DISTANCE_SHARE
    return "\n".join(
        (
            "Bounds of the rules above:",
            "",
            f"- V06: an amount is below {general.LARGEST:,} of its unit.",
            f"- T02: off by {amount(general.ROUNDING_YEAR_TO_DATE)} 万元 or less.",
            f"- P01, P02, P04 and P05 look at the unit's last {general.HISTORY_MONTHS} accepted "
            f"months and say nothing before there are {general.HISTORY_LEAST}.",
            f"- P01 and P02: “about” is {low / 10} to {high / 10} times; the factors are "
            f"{general.SLIP_FACTOR:,} and {general.YEAR_FACTOR}.",
            f"- P03: a form with at least {general.COPIED_FLOWS_LEAST} flows, not all of them 0.",
            f"- P04, P05: a modified z-score above {general.SCORE_LIMIT} (Iglewicz and Hoaglin "
            f"1993), and a distance of at least {general.DISTANCE_LEAST} and of "
            f"{100 * share // whole} % of the median value.",
            f"- A 说明 is no reason where it says no more than {'、'.join(general.STOCK_WORDS)}.",
            "- A reason, in 说明 or in the list of problems of a returned file, settles a query "
            "for the value it was given for, in later files too; of the other rules than P also "
            "for the numbers that the value was compared with.",
        )
    )


def _form(form: FigureForm) -> str:
    return section(f"### {form.form_no} {form.title_zh}", (_rows(form_rules(form)),))


def _counts(declaration: Declaration) -> Iterator[str]:
    compared = table(
        ("figure", "ledger", "rows"),
        (
            (code(count.figure), ledger.title_zh, _how(ledger, count))
            for ledger in declaration.ledgers
            for count in ledger.counts
            if count.figure is not None
        ),
    )
    if compared:
        yield "A figure on the left equals what the rows on the right come to at the month's end."
        yield compared


def _how(ledger: Ledger, count: LedgerCount) -> str:
    names = {each.name: each.name_zh for each in ledger.columns}
    what = "rows" if count.adds is None else f"sum of {names[count.adds]}"
    parts = [f"{names[column]} {' or '.join(values)}" for column, values in count.where]
    if count.dated is not None:
        parts.append(f"{names[count.dated]} in the month")
    if count.overdue is not None:
        parts.append(f"{names[count.overdue]} before the month's end")
    return "; ".join((what, *parts))


def _refusals() -> str:
    rows = ((each.state, each.holds, each.sentence) for each in REFUSALS)
    return table(("state", "should hold", "sentence"), rows)


def _dated(declaration: Declaration) -> str:
    return table(
        ("ledger", "status", "date", "holds", "an item with it stays"),
        (
            (
                ledger.title_zh,
                pair.status,
                next(each.name_zh for each in ledger.columns if each.name == pair.date),
                "the one with the other" if pair.both_ways else "the status with the date",
                "for the rest of the date's year" if pair.for_the_year else "",
            )
            for ledger in declaration.ledgers
            for pair in ledger.dated
        ),
    )
