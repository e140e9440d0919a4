"""Every sentence that a township may read, with its blanks filled in: to be read aloud."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flows.documenting.markdown import page, section, table
from flows.documenting.rules import all_rules, form_rules
from flows.reading import refusals
from flows.reading.refusals import REFUSALS, Refusal
from flows.reporting.reminders import Owed, reminder
from schemas.declaring import general
from schemas.declaring.district import Declaration
from schemas.declaring.rules import LEVELS_ZH, Rule

_INTRO = """\
What is said to a township of a file or a cell, in the words that it reads. Each sentence says
what is wrong and where, what should be, and what to do. A cell with several findings has their
sentences one behind the other."""
_STATES_ZH = {"unreadable": "无法读取", "unidentified": "无法识别", "duplicate": "重复"}
EXAMPLES: dict[str, object] = {
    "before": "120",
    "change": "85",
    "choices": "选址、在建、建成、试运行、运行、停用",
    "code": "0101",
    "column": "本月数",
    "columns": "设施名称、类型、状态",
    "count": 1250,
    "counted": "128",
    "depth": 3,
    "earlier": "上半年目标",
    "expected": "128",
    "files": 1200,
    "heading": "本月数",
    "high": "520",
    "kind": "PDF文档",
    "kept": 200,
    "larger": "95",
    "ledger": "民政设施台账",
    "line": "0199 其他人数",
    "low": "140",
    "median": "36",
    "megabytes": 480,
    "minus": "5",
    "month": "8",
    "months": 14,
    "name": "城市低保人数",
    "names": "“社会救助月报表”、“养老服务月报表”",
    "off": "3",
    "other": "投用时间",
    "period": "三月份",
    "periods": "2023年2月、2023年3月",
    "places": "应为整数",
    "plus": "13",
    "right": "城市低保人数",
    "row": 12,
    "rows": 1048576,
    "said": "“白石镇2023年2月”",
    "same": 9,
    "seconds": 20,
    "sheet": "Sheet2",
    "sheets": "“Sheet1”、“Sheet2”",
    "smaller": "102",
    "stated": "元",
    "status": "已拆除",
    "sum": "128",
    "text": "约30",
    "times": 2,
    "title": "社会救助月报表",
    "unit": "濯水镇",
    "units": "濯水镇、白石镇",
    "value": "131",
    "written": "千元",
    "year": 2023,
}
"""What is filled in for each blank, by its name; `_OWN` has what single rules need."""
_MONTH: dict[str, object] = {"month": "2023年3月"}
_TARGET: dict[str, object] = {"name": "助浴服务人次", "column": "前三季度目标"}
_OWN: dict[str, dict[str, object]] = {
    general.UNIT_OF_MEASURE.code: {"name": "临时救助资金支出", "unit": "万元"},
    general.UNIT_STATED.code: {"name": "临时救助资金支出", "unit": "万元", "written": "（空）"},
    general.CODE_AND_NAME.code: {"code": "0102", "name": "农村低保人数"},
    general.MONTH_NOT_OVER.code: _MONTH,
    general.NOT_ASKED.code: _MONTH,
    general.OTHER_SHEET.code: _MONTH,
    general.OTHER_HEAD.code: _MONTH | {"text": "白石镇"},
    general.LEDGER_COLUMN_TWICE.code: {"column": "状态"},
    general.LEDGER_OTHER_COLUMN.code: {"columns": "投用日期"},
    general.NO_TABLE.code: {"columns": "指标名称、本月数"},
    general.SHEET_TOO_LARGE.code: {"columns": 16384},
    general.NEGATIVE.code: {"value": "-3"},
    general.DECIMALS.code: {"unit": "人", "value": "12.5"},
    general.NO_RESULT.code: {"text": "=SUM(E6:E9)"},
    general.TOO_LARGE.code: {"value": "30050000000000"},
    general.CONVERTED.code: {"name": "临时救助资金支出", "written": "65,700", "value": "6.57"},
    general.SLIP_OF_UNIT.code: {"times": "10,000倍", "value": "360,000"},
    general.YEAR_FOR_MONTH.code: {"value": "432"},
    general.LEDGER_BLANK.code: {"column": "责任人"},
    general.LEDGER_CHOICE.code: {"column": "状态", "text": "已建好"},
    general.LEDGER_DATE.code: {"column": "拆除日期", "text": "3月底"},
    general.LEDGER_NUMBER.code: {"column": "在用", "kind": "不小于0的整数"},
    general.LEDGER_TWICE.code: {"column": "编号", "text": "ZS-012"},
    general.LEDGER_NO_RESULT.code: {"column": "在用", "text": "#REF!"},
    general.TARGET_UNKNOWN.code: {"text": "助浴服务"},
    general.TARGET_AMBIGUOUS.code: {"text": "其中：女性", "count": 2, "choices": "0103、0204"},
    general.TARGET_TWICE.code: {"text": '拆除"活人墓"数'},
    general.TARGET_YEAR.code: {"name": "助浴服务人次", "value": 2022},
    general.TARGET_NEGATIVE.code: _TARGET | {"value": "-20"},
    general.TARGET_DECIMALS.code: _TARGET | {"value": "120.5", "unit": "人次"},
    general.TARGET_FALLING.code: _TARGET | {"value": "90"},
    general.STATUS_WITHOUT_DATE.code: {"column": "拆除日期"},
    general.DATE_WITHOUT_STATUS.code: {"column": "拆除日期"},
}
_OF_REFUSALS: dict[Refusal, dict[str, object]] = {
    refusals.FILE_TOO_LARGE: {"megabytes": 1500},
    refusals.PACKED: {"kind": "RAR压缩包"},
    refusals.PAST_UNIT: {"unit": "白土乡", "month": "2023年3月"},
    refusals.UNKNOWN_UNIT: {"unit": "水濯镇"},
    refusals.SHEETS_DIFFER: {"names": "濯水镇2023年3月、白石镇2023年3月"},
    refusals.NAMED_FOR_OTHER: {"names": "白石镇"},
    refusals.NAMED_FOR_MONTH: _MONTH,
    refusals.HANDED_OUT_FOR_OTHER: _MONTH | {"names": "濯水镇2023年2月"},
}


def sentences_page(declaration: Declaration) -> str:
    """The page `sentences.md`."""
    return page(
        f"Sentences: {declaration.name_zh} ({declaration.district})",
        _INTRO,
        section("## A file that is not taken in", (_refusals(),)),
        section("## Findings of every form", (_rows(general.GENERAL_RULES),)),
        section("## Findings of one form", _forms(declaration)),
        section("## Behind a query whose 说明 was for another value", (general.REASON_OUTDATED,)),
        section("## Reminders", (_reminder(declaration),)),
    )


def filled_in(declaration: Declaration) -> Iterator[tuple[str, str, str]]:
    """Code or state, level and sentence of everything that may be said. KeyError: no example."""
    for refusal in REFUSALS:
        yield refusal.state, "", _refused(refusal)
    for rule in all_rules(declaration):
        yield rule.code, LEVELS_ZH[rule.level], _said(rule)


def _reminder(declaration: Declaration) -> str:
    """The reminder of a unit with a form missing and one held."""
    month = max(form.valid_from for form in declaration.all_forms)
    unit, late = declaration.reporting_units(month)[0], dt.timedelta(days=3)
    forms = [form.name for form in declaration.due(unit.code, month)]
    first, others = forms[:1], forms[1:]
    finding = {"unit_code": unit.code, "submission": "", "returned": f"{unit.name}.xlsx"}
    held = [finding | {"form": form, "level": level} for form in others[:1] for level in LEVELS_ZH]
    owed = Owed(unit.code, first, others[:1])
    today = declaration.due_on(month) + late
    return str(reminder(declaration, month, owed, held, today)["text"])


def _said(rule: Rule) -> str:
    return rule.say(**EXAMPLES | _OWN.get(rule.code, {}))


def _refused(refusal: Refusal) -> str:
    return refusal.say(**EXAMPLES | _OF_REFUSALS.get(refusal, {}))


def _refusals() -> str:
    rows = ((_STATES_ZH[each.state], _refused(each)) for each in REFUSALS)
    return table(("state", "sentence"), rows)


def _rows(rules: tuple[Rule, ...]) -> str:
    rows = ((each.code, LEVELS_ZH[each.level], _said(each)) for each in rules)
    return table(("code", "level", "sentence"), rows)


def _forms(declaration: Declaration) -> Iterator[str]:
    for form in declaration.forms:
        rules = form_rules(form)
        if rules:
            yield section(f"### {form.form_no} {form.title_zh}", (_rows(rules),))
