"""The contents of the few units' report, gathered once."""

from collections.abc import Iterator

import duckdb
import pytest

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.gathering import gathered
from schemas.declaring.periods import parse_quarter
from tests.few_units.declaration import DECLARATION
from tests.homes import Place

Gathered = tuple[Contents, duckdb.DuckDBPyConnection]


@pytest.fixture(scope="session")
def provisional(few_units: Place) -> Iterator[Gathered]:
    """2023Q1 of the few units: a form held for an error, one for a query, one unit missing."""
    warehouse = few_units.folder / "data/warehouse/minzheng.duckdb"
    quarter = parse_quarter("2023Q1")
    with gathered(warehouse, DECLARATION, quarter, None, threshold=5) as found:
        yield found


@pytest.fixture(scope="session")
def released(few_units: Place) -> Iterator[Gathered]:
    """2022Q4 of the few units as it was released, before a correction."""
    warehouse = few_units.folder / "data/warehouse/minzheng.duckdb"
    quarter = parse_quarter("2022Q4")
    with gathered(warehouse, DECLARATION, quarter, "2022Q4", threshold=5) as found:
        yield found
