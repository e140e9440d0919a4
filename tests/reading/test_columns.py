"""Columns read as their cells are, whatever was read before."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.reading import columns
from flows.reading.columns import ColumnReader

CELLS = st.one_of(
    st.sampled_from([1, 1.0, True, 0, 0.0, False, "1", "", dt.date(2022, 1, 1)]),
    st.floats(allow_nan=False),
    st.text(max_size=3),
)


def described(cell: object) -> str:
    """What tells 1 from 1.0 and TRUE."""
    return f"{type(cell).__name__} {cell}"


@example([[-0.0625, -0.0]])
@given(st.lists(st.lists(CELLS, max_size=8), max_size=6))
def test_each_cell_is_read_as_itself(given_columns: list[list[object]]) -> None:
    read = ColumnReader(described)
    for cells in given_columns:
        expected = [described(0.0 if cell == 0 and type(cell) is float else cell) for cell in cells]
        seen = ["float 0.0" if text == "float -0.0" else text for text in read(cells)]
        assert seen == expected


@pytest.fixture
def counted() -> tuple[Callable[[object], object], list[object]]:
    asked: list[object] = []

    def read(cell: object) -> object:
        asked.append(cell)
        return cell

    return read, asked


def test_what_was_read_is_known_until_it_is_too_much(
    counted: tuple[Callable[[object], object], list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "LIMIT", 2)
    function, asked = counted
    read = ColumnReader(function)
    assert read(["a", "b", "a"]) == ["a", "b", "a"]
    assert asked == ["a", "b"]
    assert read(["c", "a"]) == ["c", "a"]
    assert asked == ["a", "b", "c", "a"]
