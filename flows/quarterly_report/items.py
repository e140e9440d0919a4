"""The indicators as a reader meets them, and the report of a district that declares none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from flows.computing.declared import lines
from flows.computing.formulas import parse
from flows.quarterly_report.rows import Item, one_line
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger
from schemas.declaring.names import normal
from schemas.declaring.reporting import BLOCK_TAGS, PERIOD_TAGS, Programme, Report

RESERVED = frozenset((*PERIOD_TAGS, *BLOCK_TAGS))
"""What means the period or a block in a tag, whatever is called so besides."""
_WIDE = str.maketrans("{}|｛｝｜", "（）／（）／")
"""Signs of tags, in a name."""
_WORD = re.compile(r"ytd\((\w+)\)|([A-Za-z_]\w*)")
_SIGNS = {"*": "×", "/": "÷", "-": "－", "+": "＋"}
_COUNTED = {"forms_due": "应报表数", "forms_on_time": "按时报送表数"}
_REST = re.compile(r"(季度|月|季|年)?报表$|台账$")


def report_of(declaration: Declaration) -> Report:
    """The declared report; for a district without one a section a form with all its figures."""
    if declaration.report is not None:
        return declaration.report
    items = _figures(declaration, {})
    programmes = [
        Programme(
            form.name,
            short_title(form),
            (form.name,),
            tuple(form.latest)[:3],
            ("本季度，" + "，".join(_tagged(items[each], items) for each in form.latest) + "。",),
        )
        for form in declaration.forms
    ]
    return Report("{地区}{报告期}统计情况报告", (), tuple(programmes))


def short_title(form: FigureForm | Ledger) -> str:
    """The form's title without 月报表 or 台账, for headings: 社会救助."""
    return _REST.sub("", form.title_zh) or form.title_zh


def _tagged(item: Item, items: Mapping[str, Item]) -> str:
    """The name and its tag, by the Chinese name where that can be one and means nothing else."""
    plain = item.name_zh.translate(_WIDE)
    taken = item.name_zh in items or item.name_zh in RESERVED or plain != item.name_zh
    return f"{plain}{{{item.name if taken else item.name_zh}}}"


def items_of(declaration: Declaration, report: Report) -> dict[str, Item]:
    """Every indicator by name: the figures in the order of the forms, then the derived ones."""
    programmes = {form: each.name for each in report.programmes for form in each.forms}
    found = _figures(declaration, programmes)
    names = names_zh(declaration)
    formulas = {each.name: each.formula for each in declaration.indicators}
    figures = {line.figure for line in lines(declaration)}
    for each in declaration.indicators:
        formula = parse(each.name, formulas, figures)
        terms = tuple(dict.fromkeys(name for name, _ in (*formula.numerator, *formula.denominator)))
        forms = (form for name in terms if (form := _form_of(declaration, name)))
        found[each.name] = Item(
            each.name,
            one_line(each.name_zh),
            each.unit,
            each.kind,
            places_of(each.unit, each.kind),
            programmes.get(next(forms, ""), ""),
            None,
            None,
            formula_zh(each.formula, names),
            each.definition_zh or each.definition,
            terms,
        )
    return _called(declaration, found)


def _figures(declaration: Declaration, programmes: Mapping[str, str]) -> dict[str, Item]:
    found = {
        figure.name: Item(
            figure.name,
            one_line(figure.name_zh),
            figure.unit,
            figure.kind,
            places_of(figure.unit, figure.kind),
            programmes.get(form.name, ""),
            form.name,
            figure.code,
            "",
            figure.definition_zh or figure.definition,
            (figure.name,),
        )
        for form in declaration.forms
        for figure in form.latest.values()
    }
    return _called(declaration, found)


def _called(declaration: Declaration, items: Mapping[str, Item]) -> dict[str, Item]:
    """The items, each with a name that no other has: a reader could not tell them apart.

    Those of one name get their form's title behind it, or where that is one too their own name.
    """

    def behind(item: Item, text: str) -> Item:
        return replace(item, name_zh=f"{item.name_zh}（{text}）" if item.name_zh else text)

    found = dict(items)
    for name in _of_one_name(found):
        form = found[name].form
        if form is not None:
            found[name] = behind(found[name], short_title(declaration.by_name[form]))
    for name in _of_one_name(found):
        found[name] = behind(items[name], name)
    return found


def _of_one_name(items: Mapping[str, Item]) -> list[str]:
    times = Counter(normal(each.name_zh) for each in items.values())
    return [
        name for name, each in items.items() if not each.name_zh or times[normal(each.name_zh)] > 1
    ]


def places_of(unit: str, kind: str) -> int:
    """How many decimals are printed: rates, ratios and 万元 have one, counts none."""
    return 1 if kind == "ratio" or unit in ("万元", "%") else 0


def names_zh(declaration: Declaration) -> dict[str, str]:
    """The Chinese name of everything that a formula may hold."""
    names = {name: figure.name_zh for name, figure in declaration.figures.items()}
    names |= {each.name: each.name_zh for each in declaration.indicators}
    names |= {
        name: count.name_zh for name, (_, count) in declaration.counts.items() if count.name_zh
    }
    return names | _COUNTED


def formula_zh(formula: str, names: Mapping[str, str]) -> str:
    """The formula with Chinese names and signs."""

    def named(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        return names.get(name, name) + ("（本年累计）" if match[1] else "")

    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(named(match))
        return f"\0{len(kept) - 1}\0"

    text = _WORD.sub(keep, formula)
    text = "".join(_SIGNS.get(letter, letter) for letter in text)
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], text)


def _form_of(declaration: Declaration, name: str) -> str:
    if name in declaration.form_of:
        return declaration.form_of[name].name
    return declaration.counts[name][0].name if name in declaration.counts else ""
