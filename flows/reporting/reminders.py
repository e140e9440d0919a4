"""Reminders (催报): what a unit still owes, and how late, in words ready to send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.rules import LEVELS_ZH


class Owed(NamedTuple):
    """The forms that a unit owes for a month, by name."""

    unit: str
    missing: list[str]
    held: list[str]


def reminder(
    declaration: Declaration,
    month: int,
    owed: Owed,
    held: Sequence[dict[str, Any]],
    today: dt.date,
) -> dict[str, Any]:
    """A unit's reminder; `held` are the findings of all units, as `standing` has them."""
    due = declaration.due_on(month)
    late = max(0, (today - due).days)
    name = declaration.unit_by_code[owed.unit].name
    parts = []
    if owed.missing:
        parts.append(f"尚未报送{_titles(declaration, owed.missing)}")
    parts += [_held(declaration, owed.unit, form, held) for form in owed.held]
    overdue = f"，现已逾期{late}天" if late else ""
    return {
        "unit_code": owed.unit,
        "unit_name": name,
        "missing": owed.missing,
        "held": owed.held,
        "days_late": late,
        "text": (
            f"{name}：你单位{periods.month_zh(month)}报表应于{due.month}月{due.day}日前报送{overdue}。"
            f"{'；'.join(parts)}。请尽快报送。"
        ),
    }


def _held(declaration: Declaration, unit: str, form: str, held: Sequence[dict[str, Any]]) -> str:
    """What is wrong with a held form, and the file in which it is marked."""
    own = [each for each in held if (each["unit_code"], each["form"]) == (unit, form)]
    if not own:
        return f"{_titles(declaration, [form])}审核未通过，请改正后重报"
    counts = "、".join(
        f"{LEVELS_ZH[level]}问题{number}处"
        for level in ("error", "query")
        if (number := sum(each["level"] == level for each in own))
    )
    file = own[0]["returned"]
    where = f"（已标在退回的“{file.rpartition('/')[2]}”中）" if file else ""
    levels = {each["level"] for each in own}
    return f"{_titles(declaration, [form])}审核未通过，有{counts}{where}，请{_todo(levels)}后重报"


def _todo(levels: set[str]) -> str:
    if "query" not in levels:
        return "改正"
    if "error" not in levels:
        return "改正或说明原因"
    return "改正强制性问题、改正或说明核实性问题"


def _titles(declaration: Declaration, forms: Sequence[str]) -> str:
    return "、".join(f"《{declaration.by_name[form].title_zh}》" for form in forms)
