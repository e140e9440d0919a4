"""A small district, its nights one after the other, and the clients.

Where Node or R is missing its tests are not collected; in CI `test_presence.py` fails then.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows import pipeline
from flows.demo.arrivals import Arrival, make_arrivals, write_arrival
from flows.demo.world import make_world
from flows.home import open_home
from flows.settings import Settings
from schemas.declaration import DECLARATION
from schemas.declaring.periods import first_day, parse_month
from tests.clients.clients import VERSIONS, Client, installed
from tests.clients.tools import NEEDED, why_absent

FIRST, LAST = parse_month("2022-01"), parse_month("2022-06")
UNITS = ("500114001", "500114110", "500114112", "500114246")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    name = collection_path.name
    left_out = bool(why_absent(name))
    if name == "test_presence.py" and not os.environ.get("CI"):
        left_out = any(map(why_absent, NEEDED))
    return left_out or None


@pytest.fixture(scope="session")
def clients() -> dict[str, Client]:
    return {version: installed(version) for version in VERSIONS}


@pytest.fixture(params=VERSIONS)
def client(request: pytest.FixtureRequest, clients: dict[str, Client]) -> Client:
    return clients[request.param]


@dataclass(frozen=True)
class Nights:
    """A home of its own and what comes into it."""

    folder: Path
    arrivals: tuple[Arrival, ...]

    @property
    def warehouse(self) -> Path:
        return self._settings("").warehouse

    def run(self, *months: int) -> None:
        """Those months' files come in, then the night of the last one's due day."""
        now = f"{first_day(months[-1] + 1).replace(day=5)}T23:00"
        settings = self._settings(now)
        for each in self.arrivals:
            if each.month in months:
                write_arrival(each, settings.inbox / f"{each.month}-{each.unit}")
        pipeline.nightly(open_home(settings))

    def _settings(self, now: str) -> Settings:
        return Settings(home=self.folder, now=now, settle_seconds=0)


@pytest.fixture(scope="session")
def nights_in() -> Callable[[Path], Nights]:
    world = make_world(DECLARATION, FIRST, LAST, seed=3)
    arrivals = make_arrivals(world, seed=3, mistakes=False, habits=False)
    own = tuple(each for each in arrivals if each.kind == "return" and each.unit in UNITS)
    return lambda folder: Nights(folder, own)


@pytest.fixture(scope="session")
def published(
    nights_in: Callable[[Path], Nights], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The published file after two quarters."""
    nights = nights_in(tmp_path_factory.mktemp("published"))
    nights.run(*range(FIRST, FIRST + 6))
    return nights.warehouse
