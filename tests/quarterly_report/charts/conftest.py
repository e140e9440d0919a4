import pytest

from flows.quarterly_report.charts import charts
from tests.quarterly_report.conftest import Gathered


@pytest.fixture(scope="session")
def drawn(released: Gathered) -> dict[str, bytes]:
    """All charts of the few units' release, which has targets."""
    return charts(released[0])
