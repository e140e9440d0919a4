"""No more findings than somebody can work through, no longer than somebody reads."""

from __future__ import annotations

from collections import defaultdict

from flows.reading.results import FormSheet, Found, Workbook
from schemas.declaring import general
from schemas.declaring.district import Declaration

FORM_FINDINGS = 200
"""A form is told of no more findings, and not judged where the reader has more."""
FILE_FINDINGS = 1000
LONG, SHOWN = 1000, 100
"""Of a longer sentence than any, how much of the cell's text it shows."""


def bound_findings(book: Workbook, declaration: Declaration) -> None:
    """Leave no more and no longer findings; a form with more is not judged."""
    if len(book.findings) > FORM_FINDINGS:
        _bound_number(book, declaration)
    if any(len(each.message) > LONG for each in book.findings):
        book.findings = [_shortened(each) for each in book.findings]


def _bound_number(book: Workbook, declaration: Declaration) -> None:
    found: dict[str | None, list[Found]] = defaultdict(list)
    for each in book.findings:
        found[each.form].append(each)
    limit = FORM_FINDINGS
    if sum(min(limit, len(each)) for each in found.values()) > FILE_FINDINGS:
        limit = FILE_FINDINGS // len(found)
    book.findings = []
    for name, findings in found.items():
        if len(findings) <= limit:
            book.findings += findings
            continue
        findings.sort(key=lambda each: each.level != "error")
        sheet, cell = findings[0].sheet or "", "A1"
        for number, held in enumerate(book.sheets):
            if held.form == name:
                sheet, cell = held.sheet, held.head_cell
                book.sheets[number] = FormSheet(name, sheet, head_cell=cell, broken=True)
                book.sheets[number].sign()
        title = declaration.by_name[name].title_zh if name else "其他工作表"
        rule = general.TOO_MANY
        message = rule.say(title=title, count=len(findings), kept=limit)
        book.findings += findings[:limit]
        book.findings.append(Found(name, rule.code, rule.level, None, sheet, cell, None, message))


def _shortened(found: Found) -> Found:
    """The finding with the start of what stands in the cell, where that is a whole document."""
    value, message = found.value, found.message
    if len(message) <= LONG:
        return found
    if value is not None and len(value) > SHOWN:
        short = f"{value[:SHOWN]}…"
        value, message = short, message.replace(value, short)
    if len(message) > LONG:  # the text stands there in another spelling: its end is kept
        end = message.rfind("”")
        message = f"{message[:SHOWN]}…{message[max(end, len(message) - LONG) :]}"
    return found._replace(value=value, message=message)
