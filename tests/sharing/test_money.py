"""Money that is paid by the head at a known rate does not give counts away."""

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path

import duckdb
import pytest

from flows.sharing.shareable import shareable
from schemas.declaration import DECLARATION
from schemas.declaring.lines import flow
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_quarter
from schemas.forms.social_assistance import FUNDS
from tests.sharing.worlds import SMALL, Warehouses

RATE = Decimal("0.1")  # 万元 a child and month
A, B, C, D = (f"50011400{n}" for n in range(1, 5))
OTHERS = [name for name in FUNDS if name != "child_support_funds"]


def reported(children: dict[str, int], months: str, without_money: str = "") -> Iterator[str]:
    """Children of units, and what is paid for them and for six other purposes."""
    for unit, count in children.items():
        yield f"{months} {unit} orphans {count}"
        yield f"{months} {unit} assisted_people {count + 10}"
        if unit != without_money:
            yield from (f"{months} {unit} {name} 1.5" for name in OTHERS)
            yield f"{months} {unit} child_support_funds {count * RATE}"
            yield f"{months} {unit} relief_funds {count * RATE + 9}"


def solved(share: duckdb.DuckDBPyConnection, children: dict[str, int]) -> set[str]:
    """The units whose money for children follows from what is shared."""
    found: set[str] = set()
    numbers: dict[tuple[str, str, str], Decimal] = {}
    for unit, figure, month, *values in share.execute(
        "SELECT unit_code, figure, month::VARCHAR, value, year_to_date FROM monthly_figure"
    ).fetchall():
        numbers |= {(unit, figure, f"{month}{n}"): v for n, v in enumerate(values) if v is not None}
    for table in ("quarterly_indicator", "released_indicator"):
        for unit, figure, quarter, *values in share.execute(
            f"SELECT unit_code, indicator, quarter, value, year_to_date FROM {table}"
        ).fetchall():
            numbers |= {(unit, figure, f"{quarter}{n}"): v for n, v in enumerate(values) if v}
    for unit, figure, quarter, comparison, *values in share.execute(
        "SELECT unit_code, indicator, quarter, comparison, value, base, change, rate, pull, "
        "contribution FROM growth"
    ).fetchall():
        numbers |= {
            (unit, figure, f"{quarter}{comparison}{n}"): v for n, v in enumerate(values) if v
        }
    ways = {at for _, _, at in numbers}
    for unit, at in product(children, ways):
        money = numbers.get((unit, "child_support_funds", at))
        total = numbers.get((unit, "relief_funds", at))
        rate = numbers.get((unit, "relief_per_assisted_person", at))
        if money is not None or total is not None or rate is not None:
            found.add(unit)
    for figure, at in product(("child_support_funds", "relief_funds"), ways):
        if (DECLARATION.district, figure, at) in numbers and at[:2] == "20" and at[4] == "Q":
            hidden = [unit for unit in children if (unit, figure, at) not in numbers]
            found |= set(hidden) if len(hidden) == 1 else set()
    return found


@pytest.mark.parametrize(
    ("without", "withheld"),
    # D goes along with A. Where D has paid nothing yet the money of A would be the total
    # less what B and C paid: C is withheld as well.
    [("", {A, D}), (D, {A, C, D})],
    ids=["all paid", "the covering unit did not"],
)
def test_what_is_paid_for_children_does_not_tell_how_few_they_are(
    warehouses: Warehouses, without: str, withheld: set[str]
) -> None:
    children = {A: 3, B: 20, C: 30, D: 9}
    facts = [
        *reported(children, "2022-01..2022-03", without),
        *reported(children, "2022-04..2022-06"),
    ]
    path: Path = warehouses.of(DECLARATION, "\n".join(facts))
    quarter = parse_quarter("2022Q2")
    with shareable(path, DECLARATION, quarter, 1) as shared:
        assert solved(shared.connection, children) == set(children)
    with shareable(path, DECLARATION, quarter, 5) as shared:
        assert solved(shared.connection, children) == set(children) - withheld
        total = shared.connection.execute(
            "SELECT value FROM quarterly_indicator WHERE quarter = '2022Q2' "
            f"AND indicator = 'relief_funds' AND unit_code = '{DECLARATION.district}'"
        ).fetchone()
    # 62 children at 0.1 a month for three months, and 9 a month of each of four units.
    assert total == (Decimal("126.6"),)


def test_where_the_total_of_the_children_is_withheld_that_of_their_money_is(
    warehouses: Warehouses,
) -> None:
    path = warehouses.of(DECLARATION, "\n".join(reported({A: 3}, "2022-01..2022-03")))
    with shareable(path, DECLARATION, parse_quarter("2022Q1"), 5) as shared:
        rows = shared.connection.execute(
            "SELECT count(value), count(year_to_date), count(*) FILTER (suppressed) "
            "FROM quarterly_indicator WHERE indicator IN "
            "('child_support_funds', 'relief_funds', 'relief_per_assisted_person')"
        ).fetchone()
    assert rows == (0, 0, 6)  # three of the unit, three of the district


@pytest.mark.parametrize("names", [("sessions",), ("nothing",)])
def test_a_figure_tells_of_sensitive_ones_only(names: tuple[str, ...]) -> None:
    form = FigureForm(
        "paid",
        "02",
        "C02",
        "经费表",
        ("township",),
        ("township",),
        figures=(flow("1", "paid", "支出", "万元", "", tells_of=names),),
    )
    with pytest.raises(ValueError, match=f"paid tells of {names[0]}, which is no sensitive"):
        dataclasses.replace(SMALL, forms=(*SMALL.forms, form))
