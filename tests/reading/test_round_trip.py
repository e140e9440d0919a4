"""Any figures in any layout and format read back exactly, each from its own cell."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from schemas.declaration import DECLARATION
from schemas.declaring.rules import MICRO
from tests.writing.chosen import FORMATS, HEADERS, MONTH, TITLES, UNIT, Case, any_layout, cases
from tests.writing.formats import EXTENSIONS, ONE_SHEET, write
from tests.writing.layouts import LaidOut, Layout, laid_out
from tests.writing.places import Read, read_lines

LAYOUTS = {
    "plain": st.just(Layout()),
    "headers": st.sampled_from(HEADERS).map(lambda header: Layout(header=header)),
    "blocks": st.booleans().map(lambda gap: Layout(blocks=2, gap=gap)),
    "continued below": st.builds(
        Layout,
        continued=st.just("below"),
        again=st.sampled_from((*TITLES, "续表")),
        shifted=st.booleans(),
    ),
    "continued on another sheet": st.builds(
        Layout,
        continued=st.just("sheet"),
        again=st.sampled_from(TITLES),
        head_again=st.booleans(),
        shifted=st.booleans(),
    ),
    "sections": st.sampled_from(("一、", "（一）")).map(lambda each: Layout(sections=each)),
    "unit once": st.sampled_from(("单位", "计量单位")).map(lambda each: Layout(unit_once=each)),
    "yuan": st.just(Layout(yuan=True)),
    "transposed": st.just(
        Layout(side="transposed", order=("name", "unit", "code", "month", "cumulative", "note"))
    ),
    "one row": st.sampled_from(("month", "unit")).map(
        lambda label: Layout(side="one_row", row_label=label)
    ),
    "any mix": any_layout(),
}


def examples(number: int) -> settings:
    """So many examples; they may write into one folder, one after the other."""
    shared = HealthCheck.function_scoped_fixture
    return settings(max_examples=number, deadline=None, suppress_health_check=[shared])


def written(case: Case) -> tuple[bytes, LaidOut]:
    """The file's bytes, and where its lines stand."""
    laid = laid_out(case.table, case.layout)
    return write(laid.sheets, case.format, **case.looks), laid


def expected(case: Case, laid: LaidOut) -> dict[str, Read]:
    """What is to be read, by figure; a file of one sheet has no name for it."""
    figures = {figure.code: name for name, figure in DECLARATION.figures.items()}
    found = {}
    for line in case.table.lines:
        sheet, value, total = laid.places[line.code]
        where = "" if case.format in ONE_SHEET else sheet
        found[figures[line.code]] = Read(
            _micro(line.value),
            None if line.year_to_date is None else _micro(line.year_to_date),
            where,
            value,
            total,
        )
    return found


def _micro(amount: Decimal) -> int:
    return int(amount * MICRO)


def check_round_trip(case: Case, folder: Path) -> None:
    """Write the case, read it, compare."""
    content, laid = written(case)
    path = folder / f"报表{EXTENSIONS[case.format]}"
    path.write_bytes(content)
    book = read_workbook(path, path.name, DECLARATION)
    assert (book.state, book.unit, book.month) == ("read", UNIT, MONTH), book.reason
    assert wrong(book) == []
    assert read_lines(book, sheets=case.format not in ONE_SHEET) == expected(case, laid)
    assert {sheet.form for sheet in book.sheets} == {case.form}


def wrong(book: Workbook) -> list[tuple[str, str | None, str]]:
    return [
        (each.rule, each.cell, each.message) for each in book.findings if each.level != "notice"
    ]


@pytest.mark.parametrize("format", FORMATS)
@examples(8)
@given(data=st.data())
def test_plain_tables_of_every_format(data: st.DataObject, format: str, tmp_path: Path) -> None:
    check_round_trip(data.draw(cases(formats=(format,), layouts=st.just(Layout()))), tmp_path)


@pytest.mark.parametrize("name", LAYOUTS)
@examples(15)
@given(data=st.data())
def test_every_layout(data: st.DataObject, name: str, tmp_path: Path) -> None:
    check_round_trip(data.draw(cases(formats=("xlsx", "xls"), layouts=LAYOUTS[name])), tmp_path)


@examples(200)
@given(case=cases())
def test_any_mix_of_format_and_layout(case: Case, tmp_path: Path) -> None:
    check_round_trip(case, tmp_path)
