"""The SQL's division and root against Python's exact fractions."""

import math
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.computing.compute import run

LONG = st.integers(-(10**27), 10**27)


@pytest.fixture(scope="module")
def macros():
    connection = duckdb.connect()
    run(connection, "exact")
    return connection


def half_up(value):
    units = math.floor(abs(value) * 10**10 + Fraction(1, 2))
    return Fraction(units if value >= 0 else -units, 10**10)


@given(n=LONG, d=LONG.filter(bool))
def test_a_quotient_is_rounded_half_up_at_the_tenth_decimal(macros, n, d):
    row = macros.execute(f"SELECT exact_ratio({n}::HUGEINT, {d}::HUGEINT)").fetchone()
    assert Fraction(row[0]) == half_up(Fraction(n, d))


def test_a_quotient_over_0_is_null(macros):
    assert macros.execute("SELECT exact_ratio(1::HUGEINT, 0::HUGEINT)").fetchone() == (None,)


@given(n=st.integers(0, 10**24), d=st.integers(1, 10**24))
def test_the_rate_of_two_years_is_exact_to_ten_decimals(macros, n, d):
    macros.execute(
        f"CREATE OR REPLACE TEMP TABLE pair AS SELECT {n}::HUGEINT AS n, {d}::HUGEINT AS d"
    )
    ((rate,),) = macros.execute("SELECT rate FROM two_year_rates('pair')").fetchall()
    # rate is nearest to 100 (sqrt(n / d) - 1): the root lies within half a last digit of it.
    near = Fraction(rate) / 100 + 1
    half = Fraction(1, 2 * 10**12)
    assert max(near - half, 0) ** 2 <= Fraction(n, d) <= (near + half) ** 2


def test_a_root_that_is_even_comes_out_even(macros):
    macros.execute("CREATE OR REPLACE TEMP TABLE pair AS SELECT 9::HUGEINT AS n, 4::HUGEINT AS d")
    assert macros.execute("SELECT rate FROM two_year_rates('pair')").fetchone() == (Decimal(50),)
