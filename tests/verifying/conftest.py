"""A home of a few units to damage: nights, a correction, history, an acceptance, a release."""

from pathlib import Path

import pytest

from tests.homes import Place


@pytest.fixture
def home(few_units: Place, tmp_path: Path) -> Place:
    return few_units.copied(tmp_path / "home")
