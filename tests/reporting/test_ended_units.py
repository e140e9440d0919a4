"""The month's summary keeps what units had reported that ended in its year."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from flows.reporting.summary import write_summary
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.computing.small import A, B, district

ENDED = district(A, dataclasses.replace(B, valid_to=date(2022, 7, 31)))
FUNDS = 6
"""The column of 本月数 of funds; its 本年累计 stands beside it."""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A with 10 a month; B with 1 a month to July, and a share that July did not bring."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE monthly_figure (month DATE, unit_code VARCHAR, figure VARCHAR, "
            "value DECIMAL(18,6), year_to_date DECIMAL(18,6), mark VARCHAR)"
        )
        connection.execute(
            "CREATE TABLE coverage (month DATE, unit_code VARCHAR, form VARCHAR, state VARCHAR)"
        )
        for unit, months, each in (("A", 12, 10), ("B", 7, 1)):
            connection.execute(
                "INSERT INTO monthly_figure SELECT make_date(2022, m::INTEGER, 1), $1, 'funds', "
                "$2, $2 * m, 'reported' FROM range(1, $3 + 1) AS t(m)",
                [unit, each, months],
            )
        yield connection


def rows(
    connection: duckdb.DuckDBPyConnection,
    month: str,
    folder: Path,
    declaration: Declaration = ENDED,
) -> dict[str, tuple[object, object]]:
    """By unit, 本月数 and 本年累计 of funds in the month's summary."""
    path = folder / f"{month}.xlsx"
    write_summary(connection, declaration, periods.parse_month(month), path)
    sheet = load_workbook(path)["月报"]
    return {
        str(row[1].value): (row[FUNDS - 2].value, row[FUNDS - 1].value)
        for row in sheet.iter_rows(min_row=6)
        if row[1].value
    }


def test_the_years_sum_does_not_fall_when_a_unit_ends(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    july = rows(connection, "2022-07", tmp_path)
    assert july == {"A镇": (10, 70), "B镇": (1, 7), "合计": (11, 77)}
    september = rows(connection, "2022-09", tmp_path)
    # 90 + 7
    assert september == {"A镇": (10, 90), "B镇（已撤销）": (None, 7), "合计": (10, 97)}


def test_a_new_year_knows_nothing_of_it(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert list(rows(connection, "2023-01", tmp_path)) == ["A镇", "合计"]


@pytest.mark.parametrize(
    ("change", "cell", "total"),
    [
        # What it owed last did not come: the sum to June is not its sum to July.
        (
            "DELETE FROM monthly_figure WHERE unit_code = 'B' AND month = DATE '2022-07-01'",
            "未报",
            90,
        ),
        (
            "UPDATE monthly_figure SET value = NULL, year_to_date = NULL, mark = 'not_applicable' "
            "WHERE unit_code = 'B' AND month = DATE '2022-07-01'",
            6,
            96,
        ),
    ],
)
def test_its_sum_is_that_of_the_last_month_it_owed(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, change: str, cell: object, total: int
) -> None:
    connection.execute(change)
    found = rows(connection, "2022-09", tmp_path)
    assert (found["B镇（已撤销）"][1], found["合计"][1]) == (cell, total)


@pytest.mark.parametrize(("before", "sum_"), [(0, 7), (7, 0)], ids=["from 0", "from B's 7"])
def test_what_a_successor_counts_on_from_is_not_added_twice(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, before: int, sum_: int
) -> None:
    renamed = district(
        A,
        dataclasses.replace(B, valid_to=date(2022, 7, 31), successor="C"),
        dataclasses.replace(B, code="C", name="C镇", valid_from=date(2022, 8, 1)),
    )
    connection.execute(
        "INSERT INTO monthly_figure VALUES ('2022-08-01', 'C', 'funds', 1, ?, 'reported')",
        [before + 1],
    )
    august = rows(connection, "2022-08", tmp_path, renamed)
    # A's 80, B's 7 once, and C's 1.
    assert august["合计"] == (11, 88)
    assert august["C镇"] == (1, before + 1)
    assert august["B镇（已并入C镇）"][1] == (sum_ or None)
