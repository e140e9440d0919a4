"""What the tests share: a synthetic district made once, homes in temporary folders."""

from pathlib import Path

import pytest

from flows.demo.world import World, make_world
from schemas.declaration import DECLARATION
from schemas.declaring.periods import parse_month
from tests.homes import Place


@pytest.fixture(scope="session")
def district() -> World:
    return make_world(DECLARATION, parse_month("2022-01"), parse_month("2023-03"), seed=11)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
