"""What a template's checks and counts show as somebody fills it in wrongly, or not at all."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flows.reading.workbook import read_workbook
from flows.templating import front
from flows.templating.last_rows import Sent
from flows.templating.ledger_places import Items
from flows.templating.previous import Held, Previous
from flows.templating.workbook import make_template, to_bytes
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger
from schemas.declaring.periods import parse_month
from tests.homes import TOWN
from tests.office.libreoffice import Document, Office

MARCH = parse_month("2023-03")
OUTREACH, FUNERAL, TOMBS = "政策宣传月报表", "殡葬改革月报表", "“一墓一策”台账"
LEDGER = DECLARATION.by_name["living_tombs"]
FORM = DECLARATION.by_name["policy_outreach"]
assert isinstance(LEDGER, Ledger)
assert isinstance(FORM, FigureForm)
RED, AMBER = "F8CBAD", "FFE699"


def tomb(number: int) -> dict[str, object]:
    return {
        "tomb_no": f"112-{number}", "village": "甲村", "measure": "拆除", "responsible": "乙",
        "deadline": dt.date(2023, 6, 30), "status": "在册", "removed_on": None,
        "removed_by": None, "note": None,
    }  # fmt: skip


def write(path: Path, previous: Previous, declaration: Declaration = DECLARATION) -> Path:
    made = make_template(declaration, declaration.unit_by_code[TOWN], previous)
    path.write_bytes(to_bytes(made.workbook))
    return path


@pytest.fixture
def document(office: Office, tmp_path: Path) -> Iterator[Document]:
    figures = DECLARATION.lines(FORM, "township", MARCH).figures
    values = {(MARCH - 1, each.name): Held(Decimal(4), Decimal(9), True) for each in figures}
    items = {"living_tombs": tuple(map(tomb, range(3)))}
    sent = {"living_tombs": Sent(MARCH - 3, 3), "facilities": Sent(MARCH - 1, 8)}
    path = write(tmp_path / "x.xlsx", Previous(MARCH, values, items=items, sent=sent))
    with office.open(path) as opened:
        yield opened


def counts(document: Document, title: str) -> tuple[str, ...]:
    """Blank, wrong and doubtful cells of a form, as the front sheet has them."""
    (row,) = (row for row in document.texts(front.TITLE, "A1:D40") if row[0] == title)
    return tuple(row[1:])


def test_an_amount_that_is_none_is_red(document: Document) -> None:
    document.fill(OUTREACH, {"E6": "1", "E7": "2", "E8": "3"})
    assert counts(document, OUTREACH) == ("0", "0", "0")
    for cells, says in [
        ({"E6": "-1"}, "需改正：本月数为-1，不应小于0。"),
        ({"E6": "1.5"}, "需改正：本月数为1.5，以“份”为单位时应为整数。"),
        ({"E6": "约3"}, "需改正：本月数填的是“约3”，请直接填数字"),
        ({"E6": "'7"}, "需改正：本月数填的是“7”，请直接填数字"),
        ({"E6": "=1/0"}, "需改正：本月数的公式没有结果"),
        ({"F6": "—"}, "需改正：本年累计填的是“—”，而本月数不是；应填数字。"),
        ({"F6": "10000000000000"}, "需改正：本年累计为10000000000000，超出可能的范围"),
    ]:
        before = {each: document.formula(OUTREACH, each) for each in cells}
        document.fill(OUTREACH, cells)
        assert says in document.text(OUTREACH, "K6")
        assert counts(document, OUTREACH)[1] != "0"
        assert "需改正的" in "".join(map("".join, document.texts(front.TITLE, "A10:A30")))
        (cell,) = cells
        assert document.colours(OUTREACH)[cell] == RED, cell
        document.fill(OUTREACH, before)
        assert counts(document, OUTREACH) == ("0", "0", "0")
    document.fill(OUTREACH, {"E6": "\u3000"})
    assert counts(document, OUTREACH)[0] != "0"


def test_the_year_to_date_is_proposed_for_what_the_reader_takes(document: Document) -> None:
    for written, proposed in {"5": "14", "'7": "16", "无": "9", "－": "—", "不适用": "—"}.items():
        document.set(OUTREACH, "E6", written)
        assert document.text(OUTREACH, "F6") == proposed
    document.set(OUTREACH, "E6", "１２")
    assert document.text(OUTREACH, "F6") in ("21", "")  # by what the suite takes for digits


def test_a_ledger_says_what_it_was_filled_with_and_asks_where_nothing_is_left(
    document: Document,
) -> None:
    facilities = "民政设施台账"
    assert document.text(TOMBS, "A4").startswith("已带入2022年12月的内容，")
    assert document.text(facilities, "A4").startswith("没有带入以往内容，请填全部；")
    assert document.text(facilities, "K4") == "请核实：2023年2月报过8行，本表现在一行也没有。"
    assert document.colours(facilities)["K4"] == AMBER
    assert counts(document, facilities) == ("0", "0", "1")
    assert counts(document, TOMBS) == ("0", "0", "0")
    document.fill(TOMBS, {f"{letter}{row}": "" for letter in "BCEFGH" for row in (6, 7, 8)})
    assert document.text(TOMBS, "L4") == "请核实：2022年12月报过3行，本表现在一行也没有。"
    assert counts(document, TOMBS) == ("0", "0", "1")


def test_a_ledgers_cells_are_looked_at(document: Document) -> None:
    for cells, says in [
        ({"H6": "已拆"}, "需改正：第6行“状态”填的是“已拆”；请从下拉列表中选择。"),
        ({"G6": "下半年"}, "需改正：第6行“整改时限”填的是“下半年”，不是日期；"),
        ({"G6": "2023.4.10"}, "请核实：第6行“整改时限”请填成日期"),
        ({"H6": "已拆除", "I6": "—"}, "需改正：第6行状态为“已拆除”，但“拆除日期”为空；"),
        ({"B6": "112-1 "}, "需改正：第6行“编号”的“112-1”在表中重复；"),
        ({"G6": "=1/0"}, "需改正：第6行有公式没有结果"),
        ({"K6": "=1"}, "需改正：第6行“备注”的公式没有结果（=1）"),
    ]:
        before = {each: document.formula(TOMBS, each) for each in cells}
        before |= {"G6": "2023-06-30"} if "G6" in cells else {}
        document.fill(TOMBS, cells)
        assert document.text(TOMBS, "L6").startswith(says), document.text(TOMBS, "L6")
        assert counts(document, TOMBS) != ("0", "0", "0")
        document.fill(TOMBS, before)
        assert document.text(TOMBS, "L6") == "√", cells
    document.fill(TOMBS, {"C9": "无"})
    assert document.text(TOMBS, "L9") == document.text(TOMBS, "L4") == ""
    assert counts(document, TOMBS) == ("0", "0", "0")


def test_rows_that_are_inserted_count_and_are_said_to_be_unchecked(
    document: Document, tmp_path: Path
) -> None:
    items = Items(LEDGER, TOMBS, 3)
    assert document.text(TOMBS, f"A{items.note}").startswith("注：行数不够的，请在本行上方插入行")
    document.fill(FUNERAL, {f"E{row}": "0" for row in range(6, 11)} | {"E6": "4"})
    assert "而“‘一墓一策’台账”中相应为3" in document.text(FUNERAL, "K6")
    document.insert(TOMBS, items.note)
    row = items.note
    new = {"B": "112-9", "C": "甲村", "E": "拆除", "F": "乙", "G": "2023-06-30", "H": "在册"}
    assert document.fill(TOMBS, {f"{at}{row}": text for at, text in new.items()}) == []
    assert document.text(FUNERAL, "K6") == "√"
    assert document.text(TOMBS, "L4") == "请核实：有1行没有自动审核（插入的行），请逐行核对。"
    assert counts(document, TOMBS) == ("0", "0", "1")
    path = document.store(tmp_path / "y.xlsx")
    book = read_workbook(path, path.name, DECLARATION)
    (ledger,) = (each for each in book.sheets if each.form == "living_tombs")
    assert ledger.rows == (6, 7, 8, row)


def test_what_the_night_never_sees_is_not_checked(office: Office, tmp_path: Path) -> None:
    columns = tuple(
        replace(each, required=True) if each.personal else each for each in LEDGER.columns
    )
    ledger = replace(LEDGER, columns=columns, counts=())
    declaration = replace(DECLARATION, forms=(), ledgers=(ledger,), indicators=())
    previous = Previous(MARCH, items={"living_tombs": (tomb(1),)})
    with office.open(write(tmp_path / "x.xlsx", previous, declaration)) as document:
        assert document.text(TOMBS, "L6") == "√"
        assert counts(document, TOMBS) == ("0", "0", "0")
