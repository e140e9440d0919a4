"""Layouts hold every amount where they say it stands."""

from dataclasses import replace

from hypothesis import given, settings

from tests.writing.chosen import Case, cases
from tests.writing.layouts import laid_out
from tests.writing.sheets import Sheet, address
from tests.writing.tables import cell_of


def cells(sheet: Sheet) -> dict[str, object]:
    return {
        address(row, column): cell
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells)
        if cell is not None
    }


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_amounts_stand_where_the_layout_says(case: Case) -> None:
    laid = laid_out(case.table, case.layout)
    by_sheet = {sheet.name: cells(sheet) for sheet in laid.sheets}
    assert set(laid.places) == {line.code for line in case.table.lines}
    places = [(sheet, cell) for sheet, *each in laid.places.values() for cell in each if cell]
    assert len(set(places)) == len(places)
    for line in case.table.lines:
        sheet, value, total = laid.places[line.code]
        own = replace(case.layout, yuan=case.layout.yuan and case.layout.side != "one_row")
        assert by_sheet[sheet][value] == cell_of(line, "month", own)
        if total is not None:
            assert by_sheet[sheet][total] == cell_of(line, "cumulative", own)


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_merged_areas_hold_one_cell_and_do_not_overlap(case: Case) -> None:
    for sheet in laid_out(case.table, case.layout).sheets:
        covered = [
            (row, column)
            for area in sheet.merges
            for row in range(area.row, area.row + area.rows)
            for column in range(area.column, area.column + area.columns)
        ]
        assert len(set(covered)) == len(covered)
        held = cells(sheet)
        assert not any(address(*each) in held for each in sheet.covered)
