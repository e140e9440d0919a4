"""Where systemd's own check of units is."""

from __future__ import annotations

import shutil
from functools import cache


@cache
def program() -> str | None:
    """Where systemd-analyze is; None where there is none."""
    return shutil.which("systemd-analyze")


@cache
def why_absent() -> str:
    """Why no unit can be verified here; '' where one can."""
    return "" if program() else "systemd-analyze is not installed (apt-get install systemd)"
