"""One LibreOffice for all tests here; where there is none, they are not collected."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office.libreoffice import Office, why_absent

ABSENT = why_absent()
collect_ignore_glob: list[str] = ["test_*.py"] if ABSENT and not os.environ.get("CI") else []


def pytest_report_header() -> str | None:
    return f"tests/office are not run: {ABSENT}" if ABSENT else None


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if ABSENT:
        pytest.fail(f"Tests that need LibreOffice cannot be run: {ABSENT}.", pytrace=False)
    running = Office(Path(tmp_path_factory.mktemp("office")))
    yield running
    running.stop()
