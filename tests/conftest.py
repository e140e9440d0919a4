"""What the tests share: a synthetic district made once, homes in temporary folders."""

from pathlib import Path

import pytest

from flows.demo.world import World, make_world
from schemas.declaration import DECLARATION
from schemas.declaring.periods import parse_month
from tests.homes import Place
from tests.office.libreoffice import why_absent


def _left_out() -> str | None:
    absent = why_absent()
    return f"tests/office are not run: {absent}" if absent else None


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
