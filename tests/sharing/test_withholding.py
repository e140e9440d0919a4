"""Which units are withheld beside those with small counts; the threshold is 5."""

from decimal import Decimal

import pytest

from flows.sharing.withholding import Counts, Part, Total, withhold

Q1, Q2 = 8080, 8081
ONE, TWO = Total(Q1, "value"), Total(Q2, "value")
TO_ONE, TO_TWO = Total(Q1, "year_to_date"), Total(Q2, "year_to_date")


def withheld(
    parts: list[tuple[str, int, int, set[Total]]],
    small: dict[int, set[str]],
    small_total: tuple[int, ...] = (),
) -> tuple[str, str]:
    made = [Part(group, at, Decimal(value), frozenset(of)) for group, at, value, of in parts]
    totals = {total for part in made for total in part.totals}
    result = withhold(Counts(made, totals, small, small_total), 5)
    return "".join(sorted(result.groups)), result.district.name


def one_quarter(**values: int) -> list[tuple[str, int, int, set[Total]]]:
    return [(unit, Q1, value, {ONE}) for unit, value in values.items()]


def test_nothing_small_withholds_nothing() -> None:
    assert withheld(one_quarter(A=5, B=0, C=7), {}) == ("", "SHOWN")


def test_one_small_unit_takes_a_second_with_it() -> None:
    # A = 62 - 20 - 30 - 9 otherwise. The last code goes along, whatever its amount.
    assert withheld(one_quarter(A=3, B=20, C=30, D=9), {Q1: {"A"}}) == ("AD", "SHOWN")


def test_small_units_are_never_alone_among_themselves() -> None:
    # A + B + C + D + E = 5, and all known to be small: each would be 1.
    ones = dict.fromkeys("ABCDE", 1)
    assert withheld(one_quarter(**ones, F=30, G=40), {Q1: set(ones)}) == ("ABCDEG", "SHOWN")
    assert withheld(one_quarter(**ones), {Q1: set(ones)}) == ("ABCDE", "ALL")


def test_a_unit_that_is_small_later_covers_until_then() -> None:
    first = one_quarter(A=3, B=20, C=30)
    second = [("A", Q2, 8, {TWO}), ("B", Q2, 20, {TWO}), ("C", Q2, 3, {TWO})]
    assert withheld([*first, *second], {Q1: {"A"}, Q2: {"C"}}) == ("ABC", "SHOWN")
    assert withheld(first, {Q1: {"A"}, Q2: {"C"}}) == ("AC", "SHOWN")


def test_a_unit_withheld_with_another_figure_needs_one_more_of_any_amount() -> None:
    parts = [Part(unit, Q1, Decimal(1), frozenset({ONE})) for unit in "ABC"]
    result = withhold(Counts(parts, {ONE}, {}, (), {"A": Q1}), 0)
    assert ("".join(sorted(result.groups)), result.district.name) == ("AC", "SHOWN")


def test_two_small_units_whose_sum_is_small_need_a_third() -> None:
    # A + B = 4: each would be known to lie between 0 and 4.
    assert withheld(one_quarter(A=3, B=1, C=30), {Q1: {"A", "B"}}) == ("ABC", "SHOWN")


def test_nobody_to_go_along_withholds_the_district() -> None:
    assert withheld(one_quarter(A=3), {Q1: {"A"}}) == ("A", "ALL")


def test_a_small_total_withholds_the_district_and_needs_nobody() -> None:
    assert withheld(one_quarter(A=3, B=0, C=0), {Q1: {"A"}}, (Q1,)) == ("A", "ALL")


def test_a_unit_that_is_in_other_totals_is_no_cover() -> None:
    # B did not report January, so that it is in the quarter but not in the year to date:
    # year to date 103 = A + C, quarter 123 = A + B + C. B withheld would leave A = 103 - 100.
    parts = [
        ("A", Q1, 3, {ONE, TO_ONE}),
        ("B", Q1, 20, {ONE}),
        ("C", Q1, 100, {ONE, TO_ONE}),
    ]
    assert withheld(parts, {Q1: {"A"}}) == ("AC", "SHOWN")


def test_the_year_to_date_alone_is_withheld_where_that_is_enough() -> None:
    # D missed January: the quarters less the years to date would leave D's 4 alone.
    parts = [
        ("B", Q1, 20, {ONE, TO_ONE, TO_TWO}),
        ("C", Q1, 30, {ONE, TO_ONE, TO_TWO}),
        ("B", Q2, 20, {TWO, TO_TWO}),
        ("C", Q2, 30, {TWO, TO_TWO}),
        ("D", Q2, 4, {TWO}),
    ]
    assert withheld(parts, {Q2: {"D"}}) == ("CD", "YEAR_TO_DATE")


def test_a_later_share_withholds_all_that_an_earlier_one_did() -> None:
    first = one_quarter(A=3, B=20, C=30)
    second = [("A", Q2, 8, {TWO}), ("B", Q2, 3, {TWO}), ("C", Q2, 30, {TWO})]
    assert withheld(first, {Q1: {"A"}}) == ("AC", "SHOWN")
    # B joins with its own small count; C, which covered A in the first quarter, stays.
    assert withheld([*first, *second], {Q1: {"A"}, Q2: {"B"}}) == ("ABC", "SHOWN")


def test_what_an_earlier_share_showed_covers_nothing() -> None:
    # C is withheld for its own sake from the second quarter on, when its 30 of the first
    # are known: 53 - 20 - 30 would be A. So B, not C, was chosen in the first.
    first = [("A", Q1, 3, {ONE}), ("B", Q1, 20, {ONE}), ("C", Q1, 30, set())]
    second = [("A", Q2, 8, {TWO}), ("B", Q2, 20, {TWO}), ("C", Q2, 3, {TWO})]
    assert withheld([*first, *second], {Q1: {"A"}, Q2: {"C"}}) == ("ABC", "SHOWN")


@pytest.mark.parametrize("amounts", [(20, 30, 40), (40, 30, 20), (9, 900, 6)])
def test_the_choice_does_not_look_at_amounts(amounts: tuple[int, int, int]) -> None:
    b, c, d = amounts
    assert withheld(one_quarter(A=3, B=b, C=c, D=d), {Q1: {"A"}}) == ("AD", "SHOWN")
