"""Where systemd is not installed, its check is not collected; in CI that fails."""

import os
from pathlib import Path

from tests.service import systemd

_WITH_SYSTEMD = ("test_verified.py", "test_presence.py")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if collection_path.name not in _WITH_SYSTEMD or not systemd.why_absent():
        return None
    return not (os.environ.get("CI") and collection_path.name == "test_presence.py")
