"""Recomputing what changed gives what recomputing everything gives."""

import dataclasses
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.computing.compute import compute
from schemas.declaring.periods import parse_month, parse_quarter
from tests.computing.small import A, B, C, accepted, district, facts
from tests.computing.world import Fact, add, connect

DECLARATION = district(A, dataclasses.replace(B, valid_to=date(2022, 5, 31), successor="A"), C)
TABLES = ("quarterly_indicator", "growth")
START = parse_month("2021-01")
NUMBERS = st.one_of(st.none(), st.integers(-3, 9).map(Decimal))


def tables(connection):
    return {
        table: sorted(connection.execute(f"FROM {table}").fetchall(), key=repr) for table in TABLES
    }


def month_facts(months):
    figures = st.sampled_from(("people", "villagers", "funds", "spent"))
    units = st.sampled_from("ABC")
    key = st.tuples(st.integers(*months).map(lambda month: START + month), units, figures)
    return st.dictionaries(key, NUMBERS, max_size=40).map(
        lambda found: [
            Fact(*key, None if key[2] == "spent" else value, value if key[2] == "spent" else None)
            for key, value in found.items()
        ]
    )


@settings(max_examples=10, deadline=None)
@given(before=month_facts((0, 35)), quarter=st.integers(0, 11), data=st.data())
def test_recomputing_a_changed_quarter_equals_recomputing_all(before, quarter, data):
    after = data.draw(month_facts((3 * quarter, 3 * quarter + 2)))
    states = accepted("2021-01..2023-12", "A", "C")
    changed = START // 3 + quarter
    kept = [fact for fact in before if fact.month // 3 != changed]
    connection = connect(DECLARATION, before, states)
    compute(connection, DECLARATION)
    connection.execute("DELETE FROM internal.month_value WHERE month // 3 = ?", [changed])
    add(connection, "month_value", after)
    compute(connection, DECLARATION, [changed])
    whole = connect(DECLARATION, kept + after, states)
    compute(whole, DECLARATION)
    assert tables(connection) == tables(whole)


TWO_YEARS = "2021-01..2022-12 A people 5\n2021-01..2022-12 A funds 5"


def test_computing_twice_changes_nothing():
    connection = connect(DECLARATION, facts(TWO_YEARS))
    compute(connection, DECLARATION)
    once = tables(connection)
    compute(connection, DECLARATION)
    assert tables(connection) == once
    compute(connection, DECLARATION, [parse_quarter("2021Q2")])
    assert tables(connection) == once


def test_no_quarters_changed_means_no_row_changed():
    connection = connect(DECLARATION, facts(TWO_YEARS))
    compute(connection, DECLARATION, [])
    assert tables(connection) == {table: [] for table in TABLES}


def test_the_callers_transaction_decides():
    connection = connect(DECLARATION, facts(TWO_YEARS))
    compute(connection, DECLARATION)
    before = tables(connection)
    connection.begin()
    connection.execute("DELETE FROM internal.month_value")
    compute(connection, DECLARATION)
    connection.rollback()
    assert tables(connection) == before


def test_nothing_of_the_steps_is_left_behind():
    connection = connect(DECLARATION, facts(TWO_YEARS))
    compute(connection, DECLARATION)
    left = "SELECT table_name FROM duckdb_tables() WHERE temporary"
    assert connection.execute(left).fetchall() == []
    kept = "SELECT function_name FROM duckdb_functions() WHERE function_type = 'macro' AND NOT internal"
    assert connection.execute(kept).fetchall() == []
    tables_kept = "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY ALL"
    assert [each for (each,) in connection.execute(tables_kept).fetchall()] == [
        "internal.boundary",
        "internal.form_state",
        "internal.growth_version",
        "internal.indicator_rule",
        "internal.indicator_term",
        "internal.line",
        "internal.month_value",
        "internal.progress_version",
        "internal.quarterly_part",
        "internal.quarterly_version",
        "internal.redefined",
        "internal.split",
        "internal.target",
        "internal.unit",
    ]
