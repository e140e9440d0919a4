"""Verdicts: which forms of which returns are accepted, month by month, in order of arrival."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import numpy as np

from flows.checking.batch import Batch, Finding, Ints
from flows.checking.counting import count_ledgers
from flows.checking.history import InForce
from flows.checking.over_time import check_over_time, make_turn
from flows.checking.plausibility import check_plausibility
from flows.checking.settling import Settled
from flows.checking.single import check_singly
from flows.checking.targets import check_targets
from flows.reading.bounding import FORM_FINDINGS
from schemas.declaring import general, periods

_STRICT = {"error": 0, "query": 1, "notice": 2}


def turns(batch: Batch) -> list[Ints]:
    """The returns to judge together: months oldest first, a unit's first before its second."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    seen: Counter[tuple[str, int]] = Counter()
    for at, each in enumerate(batch.returns):
        key = (each.unit, each.month)
        found[each.month, seen[key]].append(at)
        seen[key] += 1
    return [np.array(found[key], np.int64) for key in sorted(found)]


def judge(
    batch: Batch, in_force: InForce, clock: dt.datetime, settled: Settled | None = None
) -> None:
    """Check every return and fill `batch.accepted`; `in_force` and `settled` move along."""
    settled = settled or Settled()
    _check_months(batch, clock)
    check_singly(batch)
    check_targets(batch)
    count_ledgers(batch)
    held = np.zeros_like(batch.present)
    queried = np.zeros_like(batch.present)
    found: dict[int, list[int]] = defaultdict(list)
    taken = 0
    for rows in turns(batch):
        turn = make_turn(batch, in_force, rows)
        check_over_time(batch, in_force, turn)
        check_plausibility(batch, in_force, turn)
        for number in range(taken, len(batch.findings)):
            found[batch.findings[number].at].append(number)
        taken = len(batch.findings)
        # A reason in one return settles the queries of those that come after it.
        for number in (number for at in rows.tolist() for number in found.pop(at, ())):
            by_analyst = settled.settle(batch, number)
            finding = batch.findings[number]
            if by_analyst and finding.form is not None:
                batch.by_analyst[finding.at, batch.layout.form_column[finding.form]] = True
            if finding.form is not None and finding.holds:
                marks = held if finding.level == "error" else queried
                marks[finding.at, batch.layout.form_column[finding.form]] = True
        for form, column in batch.layout.form_column.items():
            there = rows[batch.present[rows, column] & ~held[rows, column]]
            good = [
                at
                for at in there
                if (batch.returns[at].submission, form) not in settled.withdrawn
                and (not queried[at, column])
            ]
            if good:
                batch.accepted[good, column] = True
                in_force.accept(batch, np.array(good, np.int64), form)
    batch.by_analyst &= batch.accepted
    batch.queried = (queried & ~held & ~batch.accepted) | batch.by_analyst
    batch.findings = bounded(batch, merged(batch.findings))


def _check_months(batch: Batch, clock: dt.datetime) -> None:
    zone = ZoneInfo(batch.layout.declaration.time_zone)
    today = clock.replace(tzinfo=dt.UTC).astimezone(zone).date()
    rule = general.MONTH_NOT_OVER
    for at, each in enumerate(batch.returns):
        if periods.last_day(each.month) >= today:
            message = rule.say(month=periods.month_zh(each.month))
            for form, sheet in batch.sheets[at].items():
                if not _as_sent(batch, form):
                    batch.findings.append(
                        Finding(
                            at, form, rule.code, rule.level, sheet.sheet, sheet.head_cell, None, None, message
                        )
                    )  # fmt: skip


def _as_sent(batch: Batch, form: str) -> bool:
    return batch.layout.declaration.by_name[form].frequency == "as_sent"


def merged(findings: list[Finding]) -> list[Finding]:
    """One finding a cell: the strictest, with the others' sentences behind it."""
    groups: dict[object, list[Finding]] = {}
    for number, each in enumerate(findings):
        key: object = (each.at, each.form, each.sheet, each.cell, each.figure)
        if each.cell is None or each.form is None:
            key = number
        groups.setdefault(key, []).append(each)
    result = []
    for group in groups.values():
        group.sort(key=lambda each: _STRICT[each.level])
        first = group[0]
        if len(group) > 1:
            sentences = dict.fromkeys(each.message for each in group)
            first = first._replace(message="".join(sentences))
            reasons = dict.fromkeys(each.explanation for each in group if each.explanation)
            held = any(each.holds for each in group)
            first = first._replace(explanation=None if held else "；".join(reasons) or None)
        result.append(first)
    return result


def bounded(batch: Batch, findings: list[Finding]) -> list[Finding]:
    """No more findings on a held form than the reader gives, the errors first; one says so."""
    groups: dict[object, list[Finding]] = {}
    for number, each in enumerate(findings):
        key: object = number if each.form is None else (each.at, each.form)
        groups.setdefault(key, []).append(each)
    if all(len(group) <= FORM_FINDINGS for group in groups.values()):
        return findings
    return [each for group in groups.values() for each in _bounded(batch, group)]


def _bounded(batch: Batch, group: list[Finding]) -> list[Finding]:
    first, rule = group[0], general.TOO_MANY
    told = any(each.rule == rule.code for each in group)  # by the reader, with its own count
    if first.form is None or len(group) <= FORM_FINDINGS or told:
        return group
    if all(each.level != "error" for each in group):
        return group  # it is not held: each one may be answered
    kept = sorted(group, key=lambda each: _STRICT[each.level])[:FORM_FINDINGS]
    sheet = batch.sheets[first.at][first.form]
    title = batch.layout.declaration.by_name[first.form].title_zh
    message = rule.say(title=title, count=len(group), kept=FORM_FINDINGS)
    where = (sheet.sheet, sheet.head_cell)
    return [
        *kept,
        Finding(first.at, first.form, rule.code, rule.level, *where, None, None, message),
    ]
