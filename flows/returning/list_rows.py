"""What the list of problems says: its head lines and a row for each remark, as texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flows.reading.problem_list import WHOLE_FILE
from flows.returning.cell_marks import address
from flows.returning.remarks import Heading, Remark
from schemas.declaring.rules import LEVELS_ZH, Level

_STRICT: dict[Level, int] = {"error": 0, "query": 1, "notice": 2}
_TO_DO = {
    "error": "须在报表中改正（标红的单元格），否则不能采集。",
    "query": "请在报表中改正；属实的，在本表黄色的“说明”栏写明原因（只写“核实无误”等不算）。",
    "notice": "供参考，不影响采集。",
}
NOTHING = "未发现问题。"
SEND_BACK = "改好、写好说明后保存，把本文件直接报回。"
COPIED = "原文件的格式不便批注，本文件是按其内容另存的副本，请在本文件中修改。"
EXPLAINED = "（已说明）"


class Listed(NamedTuple):
    """A row of the list: its texts as `problem_list.HEADINGS` has them, and what it is about.

    `place` is where its cell is, as a link has it, '' where there is no such cell.
    """

    texts: tuple[str, ...]
    remark: Remark
    place: str


def head_lines(heading: Heading, remarks: Sequence[Remark], *, copied: bool) -> list[str]:
    """The lines between the title and the table."""
    said = (("填报单位", heading.unit), ("报告期", heading.month), ("文件", heading.file_name))
    counted = Counter(each.level for each in remarks)
    lines = [
        "　　".join(f"{label}：{text}" for label, text in said if text),
        *(
            f"{LEVELS_ZH[each]}{counted[each]}条：{_TO_DO[each]}"
            for each in _STRICT
            if counted[each]
        ),
        SEND_BACK if counted["error"] or counted["query"] else "" if remarks else NOTHING,
        COPIED if copied else "",
    ]
    return [line for line in lines if line]


def listed(remarks: Sequence[Remark], sheets: Mapping[str, int]) -> list[Listed]:
    """The rows: errors, then queries, then notices, each in the order of sheets and cells.

    `sheets` gives the sheets' places by their names.
    """
    ordered = sorted(remarks, key=lambda each: _order(each, sheets))
    return [_listed(number, each, sheets) for number, each in enumerate(ordered, 1)]


def _order(remark: Remark, sheets: Mapping[str, int]) -> tuple[int, ...]:
    sheet = sheets.get(remark.sheet, len(sheets)) if remark.sheet else -1
    return (_STRICT[remark.level], sheet, *(address(remark.cell) or (0, 0)))


def _listed(number: int, remark: Remark, sheets: Mapping[str, int]) -> Listed:
    where = f"{remark.sheet}!{remark.cell}" if remark.cell else remark.sheet or WHOLE_FILE
    at = address(remark.cell)
    place = ""
    if remark.sheet in sheets:
        quoted = remark.sheet.replace("'", "''")
        place = f"'{quoted}'!{at or 'A1'}"
    explained = remark.level == "query" and remark.explanation
    texts = (
        str(number),
        remark.title,
        where,
        remark.code,
        remark.name,
        remark.column,
        remark.value,
        LEVELS_ZH[remark.level] + (EXPLAINED if explained else ""),
        remark.rule,
        remark.message,
        remark.last_month,
        remark.last_year,
        # What settled a query settles it when the file comes again.
        remark.explanation if explained else "",
    )
    return Listed(texts, remark, place)
