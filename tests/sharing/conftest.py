from pathlib import Path

import pytest

from tests.sharing.worlds import Warehouses


@pytest.fixture(scope="module")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> Warehouses:
    folder: Path = tmp_path_factory.mktemp("warehouses")
    return Warehouses(folder)
