import pytest

from flows.computing.formulas import Formula, parse

FIGURES = ("a", "b", "c")


def parsed(formula, **others):
    return parse("it", {"it": formula, **others}, FIGURES)


def test_a_sum_has_a_coefficient_for_each_figure():
    assert parsed("a - 2 * (b + c)") == Formula(
        {("a", False): 1, ("b", False): -2, ("c", False): -2}, {}
    )


def test_a_ratio_is_one_sum_over_another():
    assert parsed("100 * a / (a + b)") == Formula(
        {("a", False): 100}, {("a", False): 1, ("b", False): 1}
    )


def test_an_indicator_in_a_formula_is_written_out_in_figures():
    assert parsed("100 * a / both", both="a + b") == parsed("100 * a / (a + b)")


def test_ytd_marks_every_figure_in_it():
    assert parsed("ytd(both) + c", both="a + b") == Formula(
        {("a", True): 1, ("b", True): 1, ("c", False): 1}, {}
    )


def test_decimal_coefficients_stay_exact():
    assert parsed("0.1 * a + b / 4") == Formula({("a", False): 2, ("b", False): 5}, {}, 20)
    assert parsed("0.1 * a / b") == Formula({("a", False): 1}, {("b", False): 10})


def test_a_figure_that_cancels_out_is_not_asked_for():
    assert parsed("a + b - b") == Formula({("a", False): 1}, {})


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("a * b", "multiplies figures"),
        ("a / b + c", "adds to a ratio"),
        ("a / b / c", "divides twice"),
        ("a / 0", "divides by 0"),
        ("a + 5", "adds a number"),
        ("5", "adds a number"),
        ("1 / a", "adds a number"),
        ("a - a", "without any figure"),
        ("a ** 2", "other than"),
        ("a + nothing", "neither figure nor indicator"),
        ("sqrt(a)", "only figures"),
        ("ytd(a + b)", "only figures"),
        ("a +", "cannot be read"),
        ("'a'", "only figures"),
        ("True * a", "only figures"),
        ("a + it", "leads back to it"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(formula, sentence):
    with pytest.raises(ValueError, match=sentence):
        parsed(formula)
