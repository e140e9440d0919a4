import pytest

from flows.demo.world import World, make_world
from schemas.declaration import DECLARATION
from schemas.declaring.periods import parse_month


@pytest.fixture(scope="session")
def world() -> World:
    """Three years and a quarter, long enough for the 24 months of the plausibility rules."""
    return make_world(DECLARATION, parse_month("2022-01"), parse_month("2025-03"), seed=5)


@pytest.fixture(scope="session")
def short() -> World:
    return make_world(DECLARATION, parse_month("2022-01"), parse_month("2023-03"), seed=5)
