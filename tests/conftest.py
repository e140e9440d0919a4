"""What the tests share: a synthetic district made once, homes in temporary folders."""

import os
from pathlib import Path

import pytest

from flows.demo.world import World, make_world
from schemas.declaration import DECLARATION
from schemas.declaring.periods import parse_month
from tests.channels import servers
from tests.clients import tools
from tests.few_units.home import shared_home
from tests.homes import Place
from tests.office import libreoffice
from tests.quarterly_report.page import browser
from tests.service import systemd


def _left_out() -> str | None:
    absent = {"tests/office": libreoffice.why_absent()}
    absent["tests/quarterly_report/page"] = browser.why_absent()
    absent["tests/channels"] = servers.why_absent()
    absent["tests/prefect/service in a browser"] = browser.why_absent()
    absent["systemd's check of tests/service"] = systemd.why_absent()
    absent |= {f"tests/clients/{name}": tools.why_absent(name) for name in tools.NEEDED}
    return "\n".join(f"{name} are not run: {why}" for name, why in absent.items() if why) or None


def pytest_report_header() -> str | None:
    return _left_out()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if terminalreporter.verbosity < 0 and (said := _left_out()):  # there is no header then
        terminalreporter.write_line(said)


@pytest.fixture(scope="session")
def district() -> World:
    return make_world(DECLARATION, parse_month("2022-01"), parse_month("2023-03"), seed=11)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="session")
def few_units(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Fifteen months of four townships, the same home for all tests: to read only."""
    base = tmp_path_factory.getbasetemp()
    # Each of several test processes has a folder of its own below the common one.
    return shared_home(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)
