"""Cells to exact amounts: what Excel shows, made decimal."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading import values
from flows.reading.values import counted_from_1900, read_date, read_number
from schemas.declaring.rules import MICRO

FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(amounts)
def test_a_stored_float_is_the_decimal_that_excel_shows(amount: Decimal) -> None:
    assert Decimal(read_number(float(amount)).micro) / MICRO == amount


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_a_sum_made_by_formula_loses_its_binary_tail(tenths: list[int]) -> None:
    total = sum(tenth / 10 for tenth in tenths)
    assert read_number(total) == (
        values.NUMBER,
        sum(tenths) * MICRO // 10,
        int(sum(tenths) % 10 > 0),
    )


@given(amounts, st.sampled_from(["{}", " {} ", "　{}", "{:,}"]), st.booleans())
def test_numbers_as_text_in_any_dress(amount: Decimal, dress: str, wide: bool) -> None:
    text = dress.format(amount)
    text = text.translate(FULL_WIDTH) if wide else text
    assert Decimal(read_number(text).micro) / MICRO == amount


@pytest.mark.parametrize(
    ("cell", "kind", "micro"),
    [
        (12.700000000000001, values.NUMBER, 12_700_000),
        (1e-7, values.NUMBER, 0),
        ("", values.BLANK, 0),
        ("　", values.BLANK, 0),
        (None, values.BLANK, 0),
        ("无", values.NONE, 0),
        ("—", values.NOT_APPLICABLE, 0),
        ("/", values.NOT_APPLICABLE, 0),
        ("不适用", values.NOT_APPLICABLE, 0),
        ("若干", values.TEXT, 0),
        ("12人", values.TEXT, 0),
        ("1,2,3", values.TEXT, 0),
        ("12%", values.TEXT, 0),
        (True, values.TEXT, 0),
        (dt.date(2022, 1, 1), values.TEXT, 0),
        ("#DIV/0!", values.NO_RESULT, 0),
        (float("nan"), values.NO_RESULT, 0),
        (1e15, values.TOO_LARGE, 0),
        ("9" * 13, values.TOO_LARGE, 0),
        ("-3", values.NUMBER, -3_000_000),
        ("−3", values.NUMBER, -3_000_000),
        ("2.50", values.NUMBER, 2_500_000),
    ],
)
def test_what_a_cell_holds(cell: object, kind: int, micro: int) -> None:
    number = read_number(cell)
    assert (number.kind, number.micro) == (kind, micro)


def test_trailing_zeros_are_no_decimals() -> None:
    assert [read_number(text).places for text in ("81.0", "2.50", "1.234567")] == [0, 1, 6]


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2023, 3, 31),
        dt.datetime.fromisoformat("2023-03-31T00:00"),
        "2023-03-31",
        "2023/3/31",
        "2023.03.31",
        "2023年3月31日",
        "２０２３－０３－３１",
        "20230331",
        45016.0,
    ],
)
def test_dates_as_people_write_them(cell: object) -> None:
    assert read_date(cell) == dt.date(2023, 3, 31)


@pytest.mark.parametrize("cell", ["三月底", "2023-02-30", "", None, 12.0, "2023-03", True])
def test_what_is_no_date(cell: object) -> None:
    assert read_date(cell) is None


@pytest.mark.parametrize("text", ["12①", "5²", "①", "0,125", "0，125", "0 125"])
def test_a_text_that_is_no_number_is_not_made_one(text: str) -> None:
    assert read_number(text).kind == values.TEXT


@pytest.mark.parametrize("text", ["―", "— —", "不 适 用", "／"])
def test_not_applicable_in_more_ways(text: str) -> None:
    assert read_number(text).kind == values.NOT_APPLICABLE


def test_a_character_that_nobody_sees_is_no_part_of_a_number() -> None:
    assert read_number("12\u200b") == (values.NUMBER, 12 * MICRO, 0)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (43099, dt.date(2021, 12, 31)),
        (43099.0, dt.date(2021, 12, 31)),
        (20211231.0, dt.date(2021, 12, 31)),
        ("2021-12-31", dt.date(2021, 12, 31)),
        (True, None),
        (float("inf"), None),
    ],
)
def test_days_of_a_workbook_that_counts_from_1904(cell: object, day: dt.date | None) -> None:
    assert read_date(counted_from_1900(cell)) == day


@given(
    st.lists(
        st.one_of(
            st.floats(),
            st.integers(-(10**13), 10**13),
            st.integers(-(10**13), 10**13).map(float),
            amounts.map(float),
            amounts.map(str),
            st.booleans(),
            st.sampled_from(["", " ", "—", "无", "１２", "1,234.5", None]),
        )
    )
)
def test_a_column_of_amounts_is_what_its_cells_are(cells: list[object]) -> None:
    one_by_one = []
    for cell in cells:
        number = read_number(cell)
        good = number.kind == values.NUMBER and number.places <= values.PLACES
        one_by_one.append(number.micro if good else None)
    assert values.plain_amounts(cells) == one_by_one


def test_a_negative_zero_is_zero() -> None:
    assert values.read_text(-0.0) == values.read_text(0.0) == "0"
