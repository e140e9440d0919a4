"""The live checks of a template and the checks of returns find the same, case by case.

The formulas are worked out by LibreOffice, the rules by pandas, on the same cells: amounts at
the bounds of what rounding excuses, blanks and dashes among them. All cases are sheets of one
workbook.
"""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook

from flows.checking.batch import Layout, Return, build
from flows.checking.counting import count_ledgers
from flows.checking.history import InForce
from flows.checking.over_time import check_over_time, make_turn
from flows.checking.single import check_singly
from flows.reading.cells import Grid, column_letters
from flows.reading.workbook import interpret
from flows.templating.checks import LiveCheck
from flows.templating.columns import CUMULATIVE, MONTH, NOTE
from flows.templating.figure_sheet import headings, write_figures
from flows.templating.ledger_counts import counted
from flows.templating.ledger_places import Items
from flows.templating.ledger_sheet import write_ledger
from flows.templating.looks import Looks
from flows.templating.sheets import FIRST_ROW, HEADER_ROW, period_zh
from schemas.declaring.periods import month_zh
from schemas.declaring.rules import MICRO
from tests.office.cases import FORM, Case, Failures, cases, ledger_of
from tests.office.libreoffice import Office


def in_libreoffice(office: Office, folder: Path, every: list[Case]) -> list[Failures]:
    workbook = Workbook()
    looks = Looks(workbook)
    placed: list[list[tuple[str, LiveCheck, int]]] = []
    beside: dict[int, str] = {}
    for number, case in enumerate(every):
        place, ledger, come_to = case.place, ledger_of(case), {}
        unit = place.declaration.unit_by_code[place.unit]
        if ledger is not None:
            items = Items(ledger, f"L{number}", len(case.items))
            made = workbook.create_sheet(f"L{number}")
            write_ledger(looks, made, items, unit, place.month, case.items)
            beside[number] = items.down(items.check).replace("$", "")
            come_to = {
                each.figure: counted(items, each, place.month)
                for each in ledger.counts
                if each.figure is not None
            }
        sheet = workbook.create_sheet(f"C{number}")
        written = write_figures(
            looks, sheet, place.declaration, place.form, unit, case.previous, come_to
        )
        for name, pair in case.values.items():
            for column, value in zip((MONTH, CUMULATIVE), pair, strict=True):
                cell = sheet.cell(written.cells.rows[name], column)
                cell.value = float(value) if isinstance(value, Decimal) else value
        rows = written.cells.rows
        placed.append([(cell, each, rows[each.figure]) for cell, each in written.checks])
    path = folder / "cases.xlsx"
    workbook.save(path)
    found: list[Failures] = []
    with office.open(path) as document:
        for number, checks in enumerate(placed):
            failures: Failures = {}
            last = FIRST_ROW + len(every[number].values) - 1
            shown = document.values(f"C{number}", f"A{FIRST_ROW}:AZ{last}")
            for cell, each, row in checks:
                letters = cell.rstrip("0123456789")
                at = next(at for at in range(60) if column_letters(at) == letters)
                text = shown[row - FIRST_ROW][at]
                assert isinstance(text, str)
                assert text in ("", "√") or text[3] == "：", text
                if text not in ("", "√"):
                    own = column_letters((CUMULATIVE if each.cumulative else MONTH) - 1)
                    failures[each.rule, f"{own}{row}"] = text[4:]
            if number in beside:
                for at, (text,) in enumerate(document.values(f"L{number}", beside[number])):
                    assert isinstance(text, str)
                    assert text[:3] in ("", "√", "需改正", "请核实")
                    if text.startswith("需改正"):
                        failures["ledger", str(FIRST_ROW + at)] = text[4:]
            found.append(failures)
    return found


def read(case: Case) -> Return:
    """The same cells, as the reader takes them."""
    place, declaration = case.place, case.place.declaration
    group = declaration.group(place.unit) or ""
    unit = declaration.unit_by_code[place.unit]
    period = period_zh(place.form, place.month)
    rows: list[list[Any]] = [[place.form.title_zh], [f"填报单位：{unit.name}"]]
    rows += [[f"报告期：{period}"], [], list(headings(place.form)[:NOTE])]
    assert len(rows) == HEADER_ROW
    for figure in declaration.lines(place.form, group, place.month).figures:
        cells = (
            float(each) if isinstance(each, Decimal) else each or ""
            for each in case.values[figure.name]
        )
        rows.append(["", figure.name_zh, figure.asked_in, figure.code, *cells, ""])
    grids = [_grid("C", rows, NOTE)]
    ledger = ledger_of(case)
    if ledger is not None:
        names = ["序号", *(each.name_zh for each in ledger.columns)]
        head: list[list[Any]] = [[ledger.title_zh], *rows[1:4], names]
        for item in case.items:
            held = (item.get(each.name) for each in ledger.columns)
            head.append(["", *("" if each is None else each for each in held)])
        grids.append(_grid("L", head, len(names)))
    book = interpret(grids, "x.xlsx", declaration)
    assert book.unit == place.unit, book.reason
    return Return("x", 0, place.unit, place.month, book.sheets, book.findings)


def in_force(case: Case, layout: Layout) -> InForce:
    first = case.place.month - case.place.month % 12 - 12
    state = InForce(layout, [case.place.unit], first, case.place.month)
    for (month, figure), held in case.previous.values.items():
        at = 0, layout.column[figure], month - state.first
        for into, value in ((state.value, held.value), (state.year_to_date, held.year_to_date)):
            if value is not None:
                into.micro[at], into.known[at] = int(value * MICRO), True
    return state


def by_pandas(every: list[Case]) -> list[Failures]:
    """The cases of one declaration, each judged by what is in force for it."""
    batch = build([read(each) for each in every], every[0].place.declaration)
    check_singly(batch)
    count_ledgers(batch)
    for at, case in enumerate(every):
        state = in_force(case, batch.layout)
        check_over_time(batch, state, make_turn(batch, state, np.array([at])))
    found: list[Failures] = [{} for _ in every]
    for each in batch.findings:
        own, cell = found[each.at], each.cell or ""
        if (
            each.rule[0] == "V"
            and each.rule != "V01"
            and each.form == every[each.at].place.form.name
        ):
            own["V", cell] = each.message
        elif each.rule[0] in "BTX" and each.form == every[each.at].place.form.name:
            own[each.rule, cell] = each.message
        elif each.rule[0] == "L":
            key = "ledger", cell.lstrip("ABCDEFGHIJKLMN")
            own[key] = own.get(key, "") + each.message
    return found


def _grid(name: str, rows: list[list[Any]], width: int) -> Grid:
    return Grid(name, 0, 0, [[*row, *[""] * (width - len(row))] for row in rows])


def test_the_same_rules_fail_with_the_same_words(office: Office, tmp_path: Path) -> None:
    every = cases()
    judged: dict[int, Failures] = {}
    for declaration in {id(each.place.declaration): each.place.declaration for each in every}:
        own = [at for at, each in enumerate(every) if id(each.place.declaration) == declaration]
        judged |= dict(zip(own, by_pandas([every[at] for at in own]), strict=True))
    seen: Counter[str] = Counter()
    for at, live in enumerate(in_libreoffice(office, tmp_path, every)):
        case = every[at]
        told = case.place.form.name, month_zh(case.place.month), case.values, case.previous.values
        assert live.keys() == judged[at].keys(), (live.keys() ^ judged[at].keys(), case.items, told)
        seen.update(code for code, _ in live)
        for key, text in live.items():
            if key[0] not in ("ledger", "V"):
                assert judged[at][key].startswith(text.rstrip("。")), (text, judged[at][key])
    rules = {each.rule.code for each in FORM.rules} | {"T0101", "T01", "T02", "X01", "V", "ledger"}
    assert rules <= seen.keys(), rules - seen.keys()
