"""Templates filled in through LibreOffice and stored as people do read back exactly, unquestioned.

MINZHENG_OFFICE_UNITS=all goes through all units: `MINZHENG_OFFICE_UNITS=all uv run pytest
tests/office/test_round_trip.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.demo.returns import LedgerSheet
from flows.demo.world import World
from flows.reading import stamp
from flows.reading.opening import open_sheets
from flows.reading.stamp import take_stamp
from flows.reading.workbook import read_workbook
from flows.templating import front
from flows.templating.sheets import FIRST_ROW
from schemas.declaration import DECLARATION
from schemas.declaring.model import Ledger
from schemas.declaring.rules import MICRO
from tests.homes import TOWN
from tests.office.filling import BUREAU, MARCH, UNITS, HandedOut, fill_in
from tests.office.libreoffice import Document, Office


def expected(world: World, unit: str) -> dict[str, tuple[int, int | None]]:
    def micro(value: Decimal | None) -> int | None:
        return None if value is None else int(value * MICRO)

    return {
        name: (int(value * MICRO), micro(total))
        for name, (value, total) in world.amounts(unit, MARCH).items()
    }


def ledger_rows(world: World, unit: str) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    for sheet in world.returns[unit, MARCH].sheets:
        if isinstance(sheet, LedgerSheet):
            ledger = DECLARATION.by_name[sheet.form]
            assert isinstance(ledger, Ledger)
            yield (
                sheet.form,
                [
                    tuple(
                        value.isoformat()
                        if isinstance(value, dt.date)
                        else value or None
                        if value != 0
                        else 0
                        for value in (row[each.name] for each in ledger.kept)
                    )
                    for row in sheet.rows
                ],
            )


@pytest.mark.parametrize("unit", UNITS)
def test_what_is_filled_in_reads_back(
    office: Office, handed_out: HandedOut, unit: str, tmp_path: Path
) -> None:
    path = handed_out.path(unit)
    with office.open(path) as document:
        lines = len(expected(handed_out.world, unit))
        assert totals(document) == [str(lines), "0", "0"]
        fill_in(document, handed_out.world, unit)
        assert totals(document) == ["0", "0", "0"]
        assert "可以报送" in "".join(map("".join, document.texts(front.TITLE, "A10:A30")))
        stored = [
            document.store(tmp_path / path.with_suffix(suffix).name)
            for suffix in (".xlsx", ".xls", ".ods")
        ]
    for each in stored:
        said, _ = take_stamp(open_sheets(each.read_bytes(), each.name).grids, DECLARATION)
        assert said is not None
        assert (said.unit, said.month) == (unit, MARCH)
        book = read_workbook(each, each.name, DECLARATION)
        assert (book.state, book.unit, book.month) == ("read", unit, MARCH), book.reason
        read = {
            line.figure: (line.value, line.year_to_date)
            for sheet in book.sheets
            for line in sheet.lines
        }
        assert read == expected(handed_out.world, unit)
        by_form = {sheet.form: sheet for sheet in book.sheets}
        for form, rows in ledger_rows(handed_out.world, unit):
            assert list(zip(*by_form[form].cells, strict=True)) == rows
        assert handed_out.findings(book) == []


def totals(document: Document) -> list[str]:
    """The front sheet's last row of numbers."""
    shown = document.texts(front.TITLE, "A1:D40")
    (row,) = (row for row in shown if row[0] == "合计")
    return row[1:]


MISTAKES = [
    # form, what is typed, the row's cell that says it, how that begins, the cell that turns red
    ("社会救助月报表", {"E6": "99999"}, "K6", "需改正：“城市低保户数”本月数为99999，大于", "E6"),
    ("社会救助月报表", {"E16": "1"}, "K16", "需改正：“困难群众保障人数”为1，应不小于上列八类", "E16"),
    ("社会救助月报表", {"F17": "9999"}, "K17", "需改正：“低保新增人数”本年累计为9999，上月累计", "F17"),
    ("养老服务月报表", {"E14": "0"}, "K15", "需改正：“互助养老点入住老年人数”为", "E15"),
    ("殡葬改革月报表", {"E9": "900", "E8": "3"}, "K9", "需改正：“其中：自行拆除数”本月数为900，大于", "E9"),
    ("基层治理月报表", {"E8": "999"}, "K8", "需改正：“已修订并公示的村（社区）数”本月数为999", "E8"),
]  # fmt: skip
QUERIES = [
    ("社会救助月报表", {"E7": "9"}, "K7", "请核实：城市和农村低保人数合计为", "E7"),
    ("社会救助月报表", {"E29": "OFF"}, "K29", "相差0.1；如系四舍五入所致，请在说明栏写明；否则请改正。", "E29"),
    ("殡葬改革月报表", {"E10": "77"}, "K10", "请核实：“公益性安葬（放）设施选址布点数”为77，而“民政", "E10"),
]  # fmt: skip


def test_planted_mistakes_are_shown_where_they_are(
    office: Office, handed_out: HandedOut, tmp_path: Path
) -> None:
    near = handed_out.world.amounts(TOWN, MARCH)["relief_funds"][0] + Decimal("0.1")
    with office.open(handed_out.path(TOWN)) as document:
        fill_in(document, handed_out.world, TOWN)
        for planted, tint in ((MISTAKES, "F8CBAD"), (QUERIES, "FFE699")):
            for sheet, cells, where, says, cell in planted:
                before = {each: document.formula(sheet, each) for each in cells}
                cells = {each: str(near) if text == "OFF" else text for each, text in cells.items()}
                document.fill(sheet, cells)
                assert says in document.text(sheet, where), (says, document.text(sheet, where))
                colours = document.colours(sheet)
                assert (colours[cell], colours[where]) == (tint, tint), (says, colours[cell])
                path = document.store(tmp_path / "x.xlsx")
                book = read_workbook(path, path.name, DECLARATION)
                found = [each for each in handed_out.findings(book) if each.sheet == sheet]
                errors = {each.cell for each in found if each.level == "error"}
                reds = {each for each, own in colours.items() if own == "F8CBAD"}
                assert {each for each in reds if each[0] in "EF"} == errors
                wrong, doubtful = map(int, totals(document)[1:])
                assert wrong == len(errors)
                assert doubtful or tint == "F8CBAD"
                document.fill(sheet, before)
                assert totals(document) == ["0", "0", "0"], (says, totals(document))


def test_mistakes_in_a_ledger(office: Office, handed_out: HandedOut) -> None:
    sheet, row = "“一墓一策”台账", FIRST_ROW
    with office.open(handed_out.path(TOWN)) as document:
        fill_in(document, handed_out.world, TOWN)
        check = f"L{row}"
        assert document.text(sheet, check) == "√"
        number, status = document.text(sheet, f"B{row}"), document.text(sheet, f"H{row}")
        other = document.text(sheet, f"B{row + 1}")
        for cells, says in [
            ({"C": "", "F": ""}, f"需改正：第{row}行“所在村（社区）”、“责任人”为空；必须填写。"),
            ({"B": other}, f"需改正：第{row}行“编号”的“{other}”在表中重复；每项只应有一行，请改正。"),
            ({"H": "已拆除", "I": ""}, f"需改正：第{row}行状态为“已拆除”，但“拆除日期”为空；请补填日期。"),
            ({"H": "在册", "I": "2023-03-03"}, f"需改正：第{row}行填了“拆除日期”，但状态不是“已拆除”；"),
        ]:  # fmt: skip
            before = {f"{each}{row}": document.text(sheet, f"{each}{row}") for each in cells}
            document.fill(sheet, {f"{each}{row}": text for each, text in cells.items()})
            assert document.text(sheet, check).startswith(says)
            assert document.colours(sheet)[check] == "F8CBAD"
            assert totals(document)[1] != "0"
            document.fill(sheet, before)
            assert document.text(sheet, check) == "√", (says, number, status)


def test_what_is_not_to_be_filled_in_is_locked(office: Office, handed_out: HandedOut) -> None:
    with office.open(handed_out.path(TOWN)) as document:
        form, ledger = "社会救助月报表", "民政设施台账"
        locked = ["A1", "A3", "E3", "B6", "D6", "F6", "H6", "K6", "L6"]
        assert document.fill(form, dict.fromkeys(locked, "x")) == locked
        assert document.fill(form, dict.fromkeys(("E6", "F17", "G6", "C31", "F32"), "1")) == []
        assert document.fill(ledger, dict.fromkeys(("A6", "A5", "K6"), "x")) == ["A6", "A5", "K6"]
        assert document.fill(ledger, dict.fromkeys(("B6", "J6", "B70"), "1")) == []
        assert document.fill(front.TITLE, {"A1": "x", "B13": "x"}) == ["A1", "B13"]
        assert document.sheets()[stamp.SHEET] is False


def test_a_dash_is_carried_into_the_year_to_date(
    office: Office, handed_out: HandedOut, tmp_path: Path
) -> None:
    with office.open(handed_out.path(TOWN)) as document:
        fill_in(document, handed_out.world, TOWN)
        document.set("政策宣传月报表", "E6", "—")
        assert document.text("政策宣传月报表", "F6") == "—"
        assert totals(document) == ["0", "0", "0"]
        path = document.store(tmp_path / "x.xlsx")
    book = read_workbook(path, path.name, DECLARATION)
    assert book.findings == []
    (sheet,) = (each for each in book.sheets if each.form == "policy_outreach")
    assert (sheet.values[0], sheet.years_to_date[0], sheet.applicable[0]) == (None, None, False)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_what_is_left_blank_is_said_once(
    office: Office, handed_out: HandedOut, tmp_path: Path, suffix: str
) -> None:
    with office.open(handed_out.path(TOWN)) as document:
        path = document.store(tmp_path / f"x{suffix}")
    book = read_workbook(path, path.name, DECLARATION)
    lines = len(expected(handed_out.world, TOWN))
    assert [(each.rule, (each.cell or "")[0]) for each in book.findings] == [("V01", "E")] * lines


def test_each_figure_form_prints_on_one_page(
    office: Office, handed_out: HandedOut, tmp_path: Path
) -> None:
    path = handed_out.path(BUREAU)
    book = load_workbook(path)
    for sheet in book.worksheets[4:]:
        del book[sheet.title]
    assert len(book.sheetnames) == 4
    for sheet in book.worksheets[1:]:
        assert sheet.print_area == f"'{sheet.title}'!$A$1:$G${sheet.max_row}"
    short = tmp_path / "x.xlsx"
    book.save(short)
    with office.open(short) as document:
        printed = document.store(tmp_path / "x.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 4
