"""One LibreOffice for all tests here; where there is none, they are not collected.

In CI its absence fails, in `test_presence.py` alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.demo.world import World
from flows.templating.files import write_templates
from flows.warehouse.store import reading
from schemas.declaration import DECLARATION
from schemas.declaring.periods import first_day
from tests.homes import Place
from tests.office.filling import MARCH, UNITS, HandedOut
from tests.office.libreoffice import Office, why_absent

_PRESENCE = "test_presence.py"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if not collection_path.name.startswith("test_") or not why_absent():
        return None
    return not (os.environ.get("CI") and collection_path.name == _PRESENCE)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    running = Office(Path(tmp_path_factory.mktemp("office")))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def handed_out(district: World, tmp_path_factory: pytest.TempPathFactory) -> HandedOut:
    """A year and two months of the units in force, and their templates of March."""
    place = Place(tmp_path_factory.mktemp("home"))
    for unit in UNITS:
        for month in range(MARCH - 14, MARCH):
            place.send(district.returns[unit, month], at=f"{first_day(month + 1):%Y-%m}-02T10:00")
    place.night("2023-03-05T23:00")
    folder = place.folder / "templates"
    units = [DECLARATION.unit_by_code[each] for each in UNITS]
    with reading(place.folder / "data/warehouse/minzheng.duckdb") as connection:
        write_templates(connection, DECLARATION, units, MARCH, folder)
    return HandedOut(place, folder, district)
