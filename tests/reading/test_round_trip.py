"""Any figures in any layout and format read back exactly, each from its own cell."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.writing.chosen import FORMATS, HEADERS, TITLES, Case, any_layout, cases
from tests.writing.layouts import Layout
from tests.writing.round_trip import check_round_trip

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


@pytest.mark.parametrize("format", FORMATS)
@examples(40)
@given(data=st.data())
def test_plain_tables_of_every_format(data: st.DataObject, format: str, tmp_path: Path) -> None:
    check_round_trip(data.draw(cases(formats=(format,), layouts=st.just(Layout()))), tmp_path)


@pytest.mark.parametrize("name", LAYOUTS)
@examples(60)
@given(data=st.data())
def test_every_layout(data: st.DataObject, name: str, tmp_path: Path) -> None:
    check_round_trip(data.draw(cases(formats=("xlsx", "xls"), layouts=LAYOUTS[name])), tmp_path)


@examples(1200)
@given(case=cases())
def test_any_mix_of_format_and_layout(case: Case, tmp_path: Path) -> None:
    check_round_trip(case, tmp_path)
