"""No small sensitive count can be worked out of all the shares of a district together."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.demo.returns import FigureSheet
from flows.demo.world import World
from flows.sharing import shareable as shareable_module
from flows.sharing import withholding
from flows.sharing.shareable import shareable
from flows.sharing.tables import shared_tables
from flows.warehouse.store import connect
from flows.warehouse.tables import RELEASED
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from schemas.declaring.periods import parse_quarter
from tests.computing.world import Fact
from tests.sharing.attacker import Attacker, Key, read
from tests.sharing.worlds import SMALL, UNITS, Warehouses, released, reported, worlds

BELOW = 5


def quarters(path: Path) -> list[int]:
    with connect(path, read_only=True) as held:
        rows = held.execute("SELECT DISTINCT quarter FROM main.quarterly_indicator").fetchall()
    return sorted(parse_quarter(label) for (label,) in rows)


def attack(path: Path, declaration: Declaration, last: int, *, all_shares: bool) -> Attacker:
    """An attacker with the share of the last quarter, or those of all up to it."""
    with connect(path, read_only=True) as held:
        truth = read(held, declaration.district, last)
    shares = []
    for quarter in quarters(path):
        if quarter <= last and (all_shares or quarter == last):
            with shareable(path, declaration, quarter, BELOW) as shared:
                for released in (False, True):
                    shares.append(
                        read(shared.connection, declaration.district, quarter, released=released)
                    )
    return Attacker(declaration, truth, shares)


def narrow(attacker: Attacker, at_most: int = 20) -> dict[Key, float]:
    """Small numbers that are known to less than the threshold; of many, some are looked at."""
    small = attacker.small(BELOW)
    if len(small) > at_most:
        small = Random(1).sample(small, at_most)
    return {key: width for key, width in attacker.widths(small).items() if width < BELOW - 1e-4}


@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(worlds(), st.booleans())
def test_every_small_count_may_be_anything_in_a_span_as_wide_as_the_threshold(
    warehouses: Warehouses, facts: list[Fact], all_shares: bool
) -> None:
    declaration = SMALL
    path = warehouses.of(declaration, facts)
    held = quarters(path)
    if held:
        assert narrow(attack(path, declaration, held[-1], all_shares=all_shares)) == {}


def world(seed: int) -> list[Fact]:
    chance = Random(seed)
    size = {unit.code: (12, 40) for unit in UNITS} | {chance.choice("ABC"): (0, 4)}
    return reported(6, 0, 0, 0, 0, size, chance)


def test_without_further_units_withheld_the_attacker_finds_small_counts(
    warehouses: Warehouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withholding, "_further", lambda *_: [])
    declaration = SMALL
    found = {}
    for seed in range(2):
        path = warehouses.of(declaration, world(seed))
        found[seed] = narrow(attack(path, declaration, quarters(path)[-1], all_shares=False))
    assert all(found.values()), {seed: len(each) for seed, each in found.items()}
    assert any(width < 1e-6 for each in found.values() for width in each.values())


def test_released_rows_tell_no_more_than_the_live_ones(
    warehouses: Warehouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = released(warehouses.of(SMALL, world(0)), {}, "2020Q2")
    assert narrow(attack(path, SMALL, quarters(path)[-1], all_shares=False)) == {}
    # Released as they were frozen they would tell.
    tables = tuple(
        replace(each, query=f'SELECT {each.names} FROM main."{each.name}"') for each in RELEASED[:2]
    )
    kept = [each for each in shared_tables(SMALL) if each.name not in {t.name for t in tables}]
    monkeypatch.setattr(shareable_module, "shared_tables", lambda _: (*kept, *tables))
    assert narrow(attack(path, SMALL, quarters(path)[-1], all_shares=False))


def test_nothing_small_of_the_demos_district_is_found_in_its_shares(
    warehouses: Warehouses, district: World
) -> None:
    names = [name for name, each in DECLARATION.figures.items() if each.sensitive]
    facts = [
        Fact(month, unit, line.figure, line.value, line.year_to_date)
        for (unit, month), sent in district.returns.items()
        for sheet in sent.sheets
        if isinstance(sheet, FigureSheet)
        for line in sheet.lines
        if line.figure in (*names, "five_child_sessions")
    ]
    attacker = attack(
        warehouses.of(DECLARATION, facts), DECLARATION, parse_quarter("2023Q1"), all_shares=False
    )
    small = attacker.small(BELOW)
    assert len(small) > 200
    assert not set(small) & set(attacker.known)
    assert narrow(attacker, at_most=6) == {}
