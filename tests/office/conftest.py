"""One LibreOffice for all tests here; where there is none, they are not collected.

In CI its absence fails, in `test_presence.py` alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

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
