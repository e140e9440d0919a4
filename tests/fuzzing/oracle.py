"""What must hold for whatever is read of a mutated file, and what came of it."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from openpyxl.utils import column_index_from_string, get_column_letter

from flows.reading.results import FormSheet, Line, Workbook
from schemas.declaration import DECLARATION
from schemas.declaring.rules import MICRO
from tests.fuzzing.second import Cells, second_reading
from tests.fuzzing.valid import Given

SAME, REFUSED, HELD = "read the same", "refused", "form held"
OTHERWISE, CHANGED = "identified otherwise", "cells say otherwise"
OUTCOMES = (SAME, REFUSED, HELD, OTHERWISE, CHANGED)
_TOO_SLOW, _LAST_RESORT = "秒内读不完", "文件内容异常，读取时出错"
_CHINESE = re.compile("[\u4e00-\u9fff]{4}")


@dataclass
class Judged:
    """What came of a file, and what is wrong with that."""

    outcome: str
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    last_resort: bool = False
    """The reader gave up on the file without knowing why."""

    @property
    def problems(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.crashes, *self.hangs, *self.wrong]


def answered(book: Workbook) -> Judged:
    """Whether a file was answered as every file must be, whatever it is."""
    judged = Judged(REFUSED)
    if book.state == "packed" and book.members:
        return judged  # its files are answered one by one
    if book.state not in ("read", "unreadable", "unidentified"):
        judged.crashes.append(f"a state of {book.state!r}")
    if book.state != "read":
        if not _CHINESE.search(book.reason):
            judged.crashes.append(f"refused without a sentence: {book.reason!r}")
        if _TOO_SLOW in book.reason:
            judged.hangs.append(book.reason)
        judged.last_resort = _LAST_RESORT in book.reason
    for found in book.findings:
        if not _CHINESE.search(found.message):
            judged.crashes.append(f"a finding without a sentence: {found}")
    return judged


def judge(given: Given, content: bytes, book: Workbook) -> Judged:
    """What came of a mutated file of a right return."""
    judged = answered(book)
    if book.state != "read":
        return judged
    try:
        second = second_reading(content, given.format)
    except Exception:  # no parser is asked what a damaged file says
        second = {}
    errors = {found.form for found in book.findings if found.level == "error"}
    read = [sheet for sheet in book.sheets if sheet.form not in errors and not sheet.broken]
    if (book.unit, book.month) != given.identity:
        judged.outcome = OTHERWISE
        if not second or _says_whose(given, second):
            judged.wrong.append(f"identified as {book.unit} {book.month}")
    elif errors or not read:
        judged.outcome = HELD
    else:
        judged.outcome = SAME if _same(given, read) else CHANGED
    if not errors and not book.sheets:
        judged.wrong.append("nothing was read and nothing said")
    for sheet in read:
        judged.wrong += _wrong_values(given, sheet, second)
    return judged


def _says_whose(given: Given, second: dict[str, Cells]) -> bool:
    """Whether unit and period still stand in the file as they did before."""
    texts = {text for cells in second.values() for each in cells.values() for text in each}
    head = f"填报单位：{given.table.unit_name}", f"报告期：{given.table.period_text}"
    others = [text for text in texts if text.startswith(("填报单位", "报告期"))]
    return set(head) <= texts and len(others) == 2


def _same(given: Given, read: list[FormSheet]) -> bool:
    lines = [line for sheet in read for line in sheet.lines if line.applicable]
    return {line.figure: (line.value, line.year_to_date) for line in lines} == given.amounts


def _wrong_values(given: Given, sheet: FormSheet, second: dict[str, Cells]) -> list[str]:
    """What a form without errors says that its file does not."""
    if sheet.form != given.form:
        return [f"read as {sheet.form}"] if not second else []
    wrong = []
    missing = set(given.amounts) - set(sheet.figures)
    if missing:
        wrong.append(f"lines lost: {', '.join(sorted(missing))}")
    for line in sheet.lines:
        if line.figure not in given.amounts:
            wrong.append(f"{line.figure} is no line of the form")
            continue
        value, total = given.amounts[line.figure]
        for name, own, right, cell in (
            ("value", line.value, value, line.place.cell),
            ("year to date", line.year_to_date, total, line.place.cumulative_cell),
        ):
            held = _held(second, line.place.sheet, cell)
            # The rows of a page with broken tags count as its reader mends them.
            mended = given.format == "html" or _twice(second, line.place.sheet, cell, own, line)
            if own == right and (own is None or not held or mended or own in _amounts(held, line)):
                continue
            if own is None and not line.applicable and (not second or _nothing(held)):
                continue
            if own not in _amounts(held, line) or not _named(line, second, line.place.sheet, cell):
                wrong.append(f"{name} of {line.figure} at {cell}: {own}, not {right} ({held})")
    return wrong


def _twice(second: dict[str, Cells], sheet: str, cell: str, own: int | None, line: Line) -> bool:
    """Whether another cell of the row holds the amount: a cell may be written twice."""
    row = re.sub(r"\D", "", cell)
    cells = second.get(sheet) or second.get("") or {}
    beside = [text for at, each in cells.items() if re.sub(r"\D", "", at) == row for text in each]
    return own in _amounts(beside, line)


def _held(second: dict[str, Cells], sheet: str, cell: str) -> list[str]:
    cells = second.get(sheet) or second.get("") or {}
    return cells.get(cell, [])


def _nothing(held: list[str]) -> bool:
    return not held or any(text.strip() in ("—", "-", "/", "不适用", "——", "") for text in held)


def _amounts(held: list[str], line: Line) -> set[int | None]:
    """The amounts that the contents of a cell can mean, in millionths."""
    amounts: set[int | None] = set()
    for text in held:
        plain = re.sub("[, \u200b\ufeff\ufffd]", "", unicodedata.normalize("NFKC", text)).replace(
            "−", "-"
        )
        plain = "0" if plain.strip() == "无" else plain.strip()
        try:
            number = Decimal(plain)
            shown = Decimal(f"{float(plain):.15g}")
        except (InvalidOperation, ValueError, OverflowError):
            continue
        if number.is_finite() and abs(number) < 10**15:
            divisor = 10_000 if line.converted else 1
            amounts |= {int(each * MICRO / divisor) for each in (number, shown)}
    return amounts


def _named(line: Line, second: dict[str, Cells], sheet: str, cell: str) -> bool:
    """Whether the cell's row or column names the line, or the column before: a merged name."""
    figure = DECLARATION.figures[line.figure]
    cells = second.get(sheet) or second.get("") or {}
    row, column = re.sub(r"\D", "", cell), re.sub(r"\d", "", cell)
    columns = (column, get_column_letter(max(1, column_index_from_string(column) - 1)))
    texts = {
        text.strip().removesuffix(".0")
        for at, each in cells.items()
        if re.sub(r"\D", "", at) == row or re.sub(r"\d", "", at) in columns
        for text in each
    }
    beside = {figure.name_zh, figure.code, figure.code.lstrip("0")}
    return bool(texts & beside) or any(figure.name_zh in text for text in texts)
