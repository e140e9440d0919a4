"""A home of a few units whose 2022Q4 is released, to do something with."""

from pathlib import Path

import pytest

from tests.homes import Place


@pytest.fixture
def released(few_units: Place, tmp_path: Path) -> Place:
    return few_units.copied(tmp_path / "home")
