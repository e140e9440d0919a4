"""The page of the few units, made once; where there is no browser, its tests are not collected.

In CI its absence fails, in `test_presence.py` alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.gathering import gathered
from flows.quarterly_report.page import page
from schemas.declaring.periods import parse_quarter
from tests.few_units.declaration import DECLARATION
from tests.homes import Place
from tests.quarterly_report.page import browser as chromium

_IN_BROWSER = ("test_presence.py", "test_reading_along.py", "test_looks.py")
_PRESENCE = "test_presence.py"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if collection_path.name not in _IN_BROWSER or not chromium.why_absent():
        return None
    return not (os.environ.get("CI") and collection_path.name == _PRESENCE)


def contents_of(place: Place, quarter: str, release: str | None = None) -> Contents:
    warehouse = place.folder / "data/warehouse/minzheng.duckdb"
    number = parse_quarter(quarter)
    with gathered(warehouse, DECLARATION, number, release, threshold=5) as (found, _):
        return found


@pytest.fixture(scope="session")
def contents(few_units: Place) -> Contents:
    return contents_of(few_units, "2023Q1")


@pytest.fixture(scope="session")
def released(few_units: Place) -> Contents:
    return contents_of(few_units, "2022Q4", "2022Q4")


@pytest.fixture(scope="session")
def html(contents: Contents) -> str:
    return page(contents)


@pytest.fixture(scope="session")
def file(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.running() as found:
        yield found
