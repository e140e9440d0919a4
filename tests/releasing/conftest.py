"""A home with two townships' fifteen months, and the same with its last quarter released."""

from pathlib import Path

import pytest

from flows import pipeline
from flows.demo.world import World
from tests.homes import OTHER_TOWN, TOWN, Place, fill

TOWNS = (TOWN, OTHER_TOWN)
ASKED = {
    "quarter": "2023Q1",
    "release": "",
    "released_by": "王五",
    "approved_by": "赵六",
    "note": "两个乡镇先行发布",
    "incomplete": True,
}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, district: World) -> Place:
    place = Place(tmp_path_factory.mktemp("filled") / "home")
    fill(place, district, "2022-01", "2023-03", TOWNS)
    place.night("2023-04-06T23:00")  # the last month is past due
    return place


@pytest.fixture(scope="session")
def released_once(filled: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = filled.copied(tmp_path_factory.mktemp("released") / "home")
    pipeline.release(place.home("2023-04-10T09:00"), ASKED)
    return place


@pytest.fixture
def released(released_once: Place, tmp_path: Path) -> Place:
    return released_once.copied(tmp_path / "home")
