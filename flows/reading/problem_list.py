"""The list of problems that a returned file carries, and what a unit answers in it.

What it looks like stands here, where it is read back; `flows.returning` writes it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from flows.reading.cells import Grid, Row
from flows.reading.results import Answer
from flows.reading.values import read_code, read_reason, read_text
from schemas.declaring.district import Declaration
from schemas.declaring.names import normal

SHEET_NAME = "问题清单"
TITLE = "报表审核问题清单"
NUMBER, FORM, CELL, CODE, NAME, COLUMN = "序号", "报表", "单元格", "代码", "指标", "栏"
VALUE, LEVEL, RULE, PROBLEM = "填报数", "级别", "规则", "问题"
LAST_MONTH, LAST_YEAR, REASON = "上月数", "上年同月", "说明"
HEADINGS: Final = (
    *(NUMBER, FORM, CELL, CODE, NAME, COLUMN, VALUE),
    *(LEVEL, RULE, PROBLEM, LAST_MONTH, LAST_YEAR, REASON),
)
CUMULATIVE = "本年累计"
WHOLE_FILE = "（整个文件）"
"""Stands where other rows say their cell."""
_NEEDED = frozenset({FORM, CELL, CODE, COLUMN, VALUE, LEVEL, RULE, PROBLEM, REASON})
"""No other table has all of these; a clerk may have deleted one of the others."""
_PLACE = re.compile(r"(.+)!([A-Z]{1,3}[1-9][0-9]{0,6})", re.DOTALL)
_HEAD_ROWS = 40
ANSWERS_LIMIT = 5000
"""More than a file has findings: what comes after is no answer to any."""


def is_list(grid: Grid, header: int) -> bool:
    """Whether a sheet whose header is thought to be that row is the list of problems."""
    return (
        header < len(grid.rows)
        and PROBLEM in grid.rows[header]
        and _NEEDED.issubset(grid.normal_texts(header))
    )


def list_header(grid: Grid) -> int | None:
    """The row of the list's headings; None where the sheet is no list of problems."""
    rows = range(min(_HEAD_ROWS, len(grid.rows)))
    return next((row for row in rows if is_list(grid, row)), None)


def read_answers(grid: Grid, header: int, declaration: Declaration) -> list[Answer]:
    """The rows of the list that have a reason. What a clerk has made nonsense of is left out."""
    texts = grid.normal_texts(header)
    columns = _Columns(
        *(texts.index(each) for each in (FORM, CELL, CODE, COLUMN, VALUE, PROBLEM, REASON))
    )
    answers: list[Answer] = []
    for row in grid.rows[header + 1 :]:
        if row[columns.reason] == "":
            continue
        answer = _answer(row, columns, declaration)
        if answer is not None:
            answers.append(answer)
            if len(answers) == ANSWERS_LIMIT:
                break
    return answers


class _Columns(NamedTuple):
    """Where the list has what an answer is made of."""

    form: int
    cell: int
    code: int
    column: int
    value: int
    problem: int
    reason: int


def _answer(row: Row, columns: _Columns, declaration: Declaration) -> Answer | None:
    reason = read_reason(row[columns.reason])
    form = declaration.form_by_title.get(normal(read_text(row[columns.form])))
    code = read_code(row[columns.code])
    where = read_text(row[columns.cell])
    if not reason or form is None or not where:
        return None
    place = _PLACE.fullmatch(where)
    sheet, cell = (place[1], place[2]) if place else ("" if where == WHOLE_FILE else where, "")
    cumulative = normal(read_text(row[columns.column])) == CUMULATIVE
    value = row[columns.value]
    # Text is compared with what was returned, spaces and all; saved anew it may be a number.
    written = value if type(value) is str else read_text(value)
    problem = read_text(row[columns.problem])
    return Answer(form.name, code, cumulative, sheet, cell, written, problem, reason)
