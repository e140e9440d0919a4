"""Tables of targets: every rule on the cell a person would correct, and no other finding."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest

from flows.checking.batch import Finding, Layout, Return, build
from flows.checking.history import InForce
from flows.checking.judge import judge
from flows.demo.returns import Return as Sent
from flows.demo.returns import Row, ledger_sheet
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from schemas.declaring.lines import flow
from schemas.declaring.measured import called, measured
from schemas.declaring.model import FigureForm
from schemas.ledgers.targets import LEDGER
from tests.checking.test_rules import read

JANUARY = 2023 * 12
BUREAU = next(each for each in DECLARATION.units if DECLARATION.group(each.code) == "bureau")
VISITS, NET, RATE, FUNDS, STOCK = (
    "助浴快车服务老年人次",
    "低保净增人数",
    "“活人墓”拆除率",
    DECLARATION.figures["relief_funds"].name_zh,
    DECLARATION.figures["living_tombs_registered"].name_zh,
)


def row(name: str | None, *steps: object, year: object = 2023) -> Row:
    """A row with its steps, the year's target last; blank before them."""
    blanks = [None] * (4 - len(steps))
    return {
        "indicator_name": name,
        "year": year,
        **{f"target_q{n}": step for n, step in enumerate([*blanks, *steps], 1)},
        "note": None,
    }  # type: ignore[dict-item]


def found(*rows: Row, declaration: Declaration = DECLARATION) -> list[Finding]:
    sent = Sent(BUREAU.code, BUREAU.name, JANUARY, (ledger_sheet(LEDGER, list(rows)),))
    book = read(sent)
    returns = [Return.of("s", 1, book)]
    batch = build(returns, declaration)
    layout = Layout(declaration)
    clock = dt.datetime.fromisoformat("2023-02-10T00:00")
    judge(batch, InForce(layout, [BUREAU.code], JANUARY - 12, JANUARY), clock)
    accepted = batch.accepted[0, layout.form_column[LEDGER.name]]
    assert accepted == (not batch.findings)
    return batch.findings


def brief(findings: list[Finding]) -> list[tuple[str, str | None, str | None]]:
    """Rule, column letter and value of each."""
    return [(each.rule, (each.cell or "")[:1], each.value) for each in findings]


def test_targets_that_hold_are_accepted() -> None:
    rows = [
        row(VISITS, 100, 200, None, 400),
        row(NET, 10, -20),
        row(RATE, 90, Decimal("85.5")),
        row(FUNDS, Decimal("1200.5")),
        row(STOCK, 300, 200, 100),
    ]
    assert found(*rows) == []


@pytest.mark.parametrize(
    "name", ['"活人墓"拆除率', "‘活人墓’ 拆除率", "活人墓拆除率", "1．“活人墓”拆除率"]
)
def test_a_name_holds_whatever_quotes_and_spaces_it_has(name: str) -> None:
    assert found(row(name, 90)) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("助浴服务", 400)], [("L12", "B", "助浴服务")]),
        ([row(VISITS, 400, year=2022)], [("L15", "C", "2022")]),
        ([row(VISITS, -1, 400)], [("L16", "F", "-1")]),
        ([row(RATE, -1)], [("L16", "G", "-1")]),
        ([row(VISITS, Decimal("99.5"), 400)], [("L17", "F", "99.5")]),
        ([row(FUNDS, Decimal("99.55"))], [("L17", "G", "99.55")]),
        ([row(VISITS, 100, 90, 200, 400)], [("L18", "E", "90")]),
        ([row(VISITS, 100, None, None, 90)], [("L18", "G", "90")]),
        ([row(VISITS, 100, None, -5, 400)], [("L16", "F", "-5")]),
        ([row(VISITS, 400), row(VISITS, 400)], [("L05", "B", VISITS), ("L05", "B", VISITS)]),
        (
            [row("“活人墓”拆除率", 90), row("\"活人墓\"拆除率", 90)],
            [("L14", "B", "“活人墓”拆除率"), ("L14", "B", "\"活人墓\"拆除率")],
        ),
        ([row(VISITS)], [("L01", "G", None)]),
        ([row(VISITS, "0.1234567")], [("L04", "G", "0.1234567")]),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_on_its_cell(
    rows: list[Row], expected: list[tuple[str, str, str]]
) -> None:
    assert brief(found(*rows)) == expected


def test_a_finding_names_row_indicator_and_numbers() -> None:
    (finding,) = found(row(FUNDS, 500), row(VISITS, 100, 90, 200, 400))
    number = int((finding.cell or "")[1:])
    assert finding.message == (
        f"第{number}行“{VISITS}”的“上半年目标”为90，低于“一季度目标”的100；"
        "目标是年初以来的累计数，不应低于前面季度的目标，请核对后改正。"
    )
    assert finding.level == "error"


def test_a_name_that_several_figures_have_is_asked_for_its_code() -> None:
    forms = [
        FigureForm(
            name,
            number,
            number,
            name,
            (),
            (),
            figures=(flow(number, name, "其中：女性", "人", ""),),
        )
        for name, number in (("a", "9901"), ("b", "9902"))
    ]
    parts = {each: getattr(DECLARATION, each) for each in DECLARATION.__dataclass_fields__}
    other = Declaration(**parts | {"forms": (*DECLARATION.forms, *forms)})
    (finding,) = found(row("女性", 400), declaration=other)
    assert (finding.rule, "9901、9902" in finding.message) == ("L13", True)
    assert found(row("9902", 400), declaration=other) == []


def test_every_figure_and_indicator_is_found_by_its_name_and_its_code() -> None:
    meant = called(DECLARATION)
    for each in measured(DECLARATION).values():
        assert meant[each.code] == (each.name,)
    assert len(set(itertools.chain.from_iterable(meant.values()))) == len(measured(DECLARATION))


def test_what_is_divided_is_as_fine_as_is_kept_and_what_is_subtracted_may_be_negative() -> None:
    by_name = measured(DECLARATION)
    assert [(by_name[name].places, by_name[name].may_be_negative) for name in (
        "dibao_recipients", "dibao_net_change", "relief_funds", "living_tomb_removal_rate"
    )] == [(0, False), (0, True), (1, False), (None, False)]  # fmt: skip
