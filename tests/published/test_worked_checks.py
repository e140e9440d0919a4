"""Forms of city bureaus that print a year to date over a year to date as 环比, and what is right."""

from decimal import Decimal

import pytest

from flows.computing.rounding import rounded
from schemas.declaring.lines import stock
from schemas.declaring.model import FigureForm, Indicator
from tests.computing.small import MONTHLY, Computed, district
from tests.published.tables import rows

CASES = {row["case"]: row for row in rows("worked-checks")}
HENGYANG, SHAOYANG = CASES["hengyang_2023"], CASES["shaoyang_2024"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_the_form_prints_is_a_year_to_date_over_a_year_to_date(case: dict[str, str]) -> None:
    first, second = Decimal(case["first_to_date"]), Decimal(case["second_to_date"])
    # 100 * (69,436.3 - 33,872.0) / 33,872.0; 100 * (154,084.4 - 138,714.2) / 138,714.2
    assert rounded(100 * (second - first) / first, 2) == Decimal(case["printed"])


def test_hengyang_the_second_quarter_grew_by_five_percent_not_by_105() -> None:
    first, second = HENGYANG["first_to_date"], HENGYANG["second_to_date"]
    world = Computed(
        f"{HENGYANG['first_month']} A paid - {first}\n{HENGYANG['second_month']} A paid - {second}"
    )
    # 69,436.3 - 33,872.0 = 35,564.3
    assert world.quarterly("2023Q1", "A", "paid", "value, year_to_date") == ("33872", "33872")
    assert world.quarterly("2023Q2", "A", "paid", "value, year_to_date") == ("35564.3", "69436.3")
    # 35,564.3 - 33,872.0 = 1,692.3; 100 * 1,692.3 / 33,872.0
    columns = "value, base, change, rate"
    found = world.growth("2023Q2", "A", "paid", "qoq", columns)
    assert found == ("35564.3", "33872", "1692.3", "4.9961620217")
    assert rounded(Decimal(found[3]), 2) == Decimal("5.00")


def test_shaoyang_a_month_is_the_difference_of_two_years_to_date() -> None:
    first, second = SHAOYANG["first_to_date"], SHAOYANG["second_to_date"]
    # October alone is 154,084.4 - 138,714.2 = 15,370.2; the two after it are 0.
    later = "".join(f"2024-{month} A spent - {second}\n" for month in ("10", "11", "12"))
    world = Computed(f"2024-09 A spent - {first}\n{later}")
    assert world.quarterly("2024Q4", "A", "spent", "value, year_to_date") == ("15370.2", "154084.4")


def test_a_province_january_2020_the_urban_and_the_rural_add_up() -> None:
    # 19,477.6 + 67,689.7 = 87,167.3, and 87,167.3 - 67,689.7 = 19,477.6
    parts = (
        stock("8", "urban", "城市低保", "万元", ""),
        stock("9", "rural", "农村低保", "万元", ""),
    )
    both = Indicator("dibao", "低保", "万元", "stock", "urban + rural", "")
    form = FigureForm(
        "relief", "09", "R09", "月报", MONTHLY.reporters, MONTHLY.due_from,
        valid_from=MONTHLY.valid_from, figures=parts,
    )  # fmt: skip
    world = Computed(
        "2020-03 A urban 19477.6\n2020-03 A rural 67689.7",
        district(forms=(form,), indicators=(both,)),
    )
    assert world.quarterly("2020Q1", "A", "dibao") == "87167.3"
    left = Computed("2020-03 A people 87167.3\n2020-03 A villagers 67689.7")
    assert left.quarterly("2020Q1", "A", "townspeople") == "19477.6"
