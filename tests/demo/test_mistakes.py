"""Every mistake is in the workbook where it is said to be."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from flows.demo import mistakes
from flows.demo.choosing import MISTAKES, Mistake
from flows.demo.layout import plain_layout
from flows.demo.returns import FigureSheet
from flows.demo.workbook import Book, cell_of, write_workbook
from flows.demo.world import World
from schemas.declaration import DECLARATION
from schemas.declaring.general import GENERAL_RULES
from schemas.declaring.periods import parse_month
from tests.demo.reading import read_cell

UNIT, MONTH = "500114112", parse_month("2023-03")


def _written(world: World, mistake: Mistake) -> tuple[Any, Any]:
    """What stands in the mistake's cell, and what should."""
    truth = world.returns[UNIT, MONTH]
    spoiled = mistake(truth, world.returns[UNIT, MONTH - 1])
    assert spoiled is not None
    layout = plain_layout("濯水镇", MONTH, dt.date(2023, 4, 3))
    book, planted = Book(spoiled[0], layout), spoiled[1]
    place = cell_of(book, planted.form, planted.key, planted.column)
    right = write_workbook(Book(truth, layout))
    return read_cell(write_workbook(book), *place), read_cell(right, *place)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_the_cell_is_not_what_it_should_be(short: World, mistake: Mistake) -> None:
    wrong, right = _written(short, mistake)
    assert wrong != right


@pytest.mark.parametrize(
    ("mistake", "stands"),
    [
        (mistakes.text, "若干"),
        (mistakes.blank, ""),
        (mistakes.formula, ""),
        (mistakes.unit_of_measure, "人"),
        (mistakes.no_date, "2023-02-31"),
        (mistakes.ledger_blank, ""),
    ],
)
def test_what_stands_there(short: World, mistake: Mistake, stands: str) -> None:
    assert _written(short, mistake)[0] == stands


@pytest.mark.parametrize(
    ("mistake", "off"),
    [
        (mistakes.wrong_sum, 10),
        (mistakes.rounding, 0.1),
        (mistakes.fraction, 0.5),
        (mistakes.year_to_date, 100),
        (mistakes.ledger_mismatch, 1),
        (mistakes.misreport, 1),
    ],
)
def test_how_far_off_it_is(short: World, mistake: Mistake, off: float) -> None:
    wrong, right = _written(short, mistake)
    assert wrong - right == pytest.approx(off)


def test_factors_of_ten_thousand(short: World) -> None:
    for mistake in (mistakes.slip_of_unit, mistakes.written_in_yuan):
        wrong, right = _written(short, mistake)
        assert wrong == pytest.approx(10_000 * right)


def test_a_negative_and_two_parts_above_their_wholes(short: World) -> None:
    assert _written(short, mistakes.negative)[0] < 0
    truth = short.amounts(UNIT, MONTH)
    helped, _ = _written(short, mistakes.of_which)
    assert helped == truth["monitored_low_income_people"][0] + 6
    households, _ = _written(short, mistakes.households)
    assert households == truth["urban_dibao_recipients"][0] + 7


def test_a_copied_sheet_repeats_the_flows_and_goes_on_from_them(short: World) -> None:
    before = short.returns[UNIT, MONTH - 1]
    spoiled = mistakes.copied(short.returns[UNIT, MONTH], before)
    assert spoiled is not None
    now, old = (each.figure_sheet("elderly_care") for each in (spoiled[0], before))
    assert now is not None
    assert old is not None
    flows = [line for line in now.lines if line.is_flow]
    assert len(flows) >= 4
    for line in flows:
        assert line.value == old.line(line.figure).value
        to_date = old.line(line.figure).year_to_date
        assert isinstance(to_date, Decimal)
        assert isinstance(line.value, Decimal)
        assert line.year_to_date == to_date + line.value


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_only_the_form_named_is_touched_and_its_rule_exists(short: World, mistake: Mistake) -> None:
    truth = short.returns[UNIT, MONTH]
    spoiled = mistake(truth, short.returns[UNIT, MONTH - 1])
    assert spoiled is not None
    content, planted = spoiled
    touched = {
        sheet.form for sheet, was in zip(content.sheets, truth.sheets, strict=True) if sheet != was
    }
    assert touched == {planted.form}
    levels = {rule.code: rule.level for rule in GENERAL_RULES} | {
        each.rule.code: each.rule.level for form in DECLARATION.forms for each in form.rules
    }
    assert planted.level == (levels[planted.rule] if planted.rule else "none")


def test_a_reason_goes_into_the_note_of_the_line(short: World) -> None:
    spoiled = mistakes.rounding(short.returns[UNIT, MONTH], None)
    assert spoiled is not None
    content, planted = mistakes.explained(*spoiled, "各分项四舍五入")
    sheet = content.figure_sheet(planted.form)
    assert isinstance(sheet, FigureSheet)
    assert sheet.line(planted.figure).note == "各分项四舍五入"
    assert not planted.holds


def test_a_return_without_the_form_cannot_be_spoiled(short: World) -> None:
    bureau = short.returns["500114000", MONTH]
    assert [m.__name__ for m in MISTAKES if m(bureau, bureau)] == []
