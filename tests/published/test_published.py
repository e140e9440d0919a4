"""Official rates from the levels printed beside them; every one that differs is accounted for."""

from decimal import Decimal

import pytest

from flows.computing.rounding import rounded
from tests.published.tables import TABLES, Rate, may_be_rounding, rates, recomputed, rows, yearly

RATES = rates()
OF = {table.name: table for table in TABLES}
ACCOUNTS = {(row["table"], int(row["year"]), row["series"]): row for row in rows("accounts")}
REASONS = {"no_base", "constant_prices", "rounding"}


def key(rate: Rate) -> tuple[str, int, str]:
    return rate.table, rate.year, rate.series


def ours(rate: Rate) -> Decimal | None:
    return recomputed(OF[rate.table]).get((rate.year, rate.series))


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: "-".join(map(str, key(rate))))
def test_a_printed_rate_is_recomputed_or_accounted_for(rate: Rate) -> None:
    account = ACCOUNTS.get(key(rate))
    if ours(rate) == rate.printed:
        assert account is None, "the account is no longer needed"
        return
    assert account is not None, f"printed {rate.printed}, recomputed {ours(rate)}: unaccounted"
    assert Decimal(account["printed"]) == rate.printed
    assert account["recomputed"] == ("" if ours(rate) is None else str(ours(rate)))


def test_accounts_are_of_printed_rates_and_each_is_given_once() -> None:
    assert len(rows("accounts")) == len(ACCOUNTS)
    assert ACCOUNTS.keys() <= {key(rate) for rate in RATES}
    assert {row["reason"] for row in ACCOUNTS.values()} <= REASONS


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: "-".join(map(str, key(rate))))
def test_an_account_says_rounding_or_no_base_exactly_where_that_is_so(rate: Rate) -> None:
    account = ACCOUNTS.get(key(rate))
    if account is not None:
        assert (account["reason"] == "no_base") == (rate.base is None)
        assert (account["reason"] == "rounding") == may_be_rounding(rate)


def test_fiscal_revenue_and_expenditure_match_in_every_year_that_is_printed() -> None:
    printed = [rate for rate in RATES if rate.table == "nbs-2007-8-1"]
    assert [rate.year for rate in printed if rate.series == "revenue"] == [
        1978, 1980, 1985, *range(1990, 2007)
    ]  # fmt: skip
    assert [key(rate) for rate in printed if key(rate) in ACCOUNTS] == []


def test_the_two_editions_and_the_older_levels_agree_wherever_both_print_a_number() -> None:
    later = {row["year"]: row for row in rows("nbs-2007-8-1")}
    for name in ("nbs-2006-8-1", "nbs-1998-8-12"):
        for row in rows(name):
            other = later.get(row["year"], row)
            assert {
                each: row[each] for each in row if each in other and row[each] != other[each]
            } == {}


def sums() -> list[tuple[str, str, str, str, str]]:
    """Table, year and name of every printed sum, the sum as printed and as it comes out."""
    found = []
    for row in rows("nbs-1998-8-12"):
        for series in ("revenue", "expenditure"):
            parts = Decimal(row[f"central_{series}"]) + Decimal(row[f"local_{series}"])
            found.append(("nbs-1998-8-12", row["year"], series, row[series], str(parts)))
    for name in ("nbs-2006-8-1", "nbs-2007-8-1", "xinjiang-2012-7-1"):
        for row in rows(name):
            balance = str(Decimal(row["revenue"]) - Decimal(row["expenditure"]))
            found.append((name, row["year"], "balance", row["balance"], balance))
    return found


def test_totals_and_balances_add_up_but_for_those_accounted_for() -> None:
    differing = [each for each in sums() if Decimal(each[3]) != Decimal(each[4])]
    accounted = [tuple(row.values())[:5] for row in rows("accounts-of-sums")]
    assert sorted(differing) == sorted(accounted)


@pytest.mark.parametrize("row", rows("mof-2007-revenue"), ids=lambda row: row["item"])
def test_a_rate_follows_from_the_level_and_its_printed_increase(row: dict[str, str]) -> None:
    level = Decimal(row["level"])
    base = level - Decimal(row["increase"])
    rate = yearly({row["item"]: {2006: base, 2007: level}})[2007, row["item"]]
    assert rate is not None
    assert rounded(rate, 1) == Decimal(row["growth"])
    if row["item"] == "revenue":
        (printed,) = (each for each in rows("nbs-2007-8-1") if each["year"] == "2006")
        assert base == Decimal(printed["revenue"])
