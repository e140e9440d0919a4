import pytest

from flows.quarterly_report.tables import tables
from tests.quarterly_report.conftest import Gathered


@pytest.fixture(scope="session")
def workbook(provisional: Gathered) -> bytes:
    """The tables of the few units' 2023Q1."""
    return tables(provisional[0])


@pytest.fixture(scope="session")
def released_workbook(released: Gathered) -> bytes:
    """The tables of the few units' release, which has targets."""
    return tables(released[0])
