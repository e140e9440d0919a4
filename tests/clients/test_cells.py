"""How values are compared with what other tools say of them."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.clients.cells import as_text
from tests.clients.tools import Text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.250000"), "0.250000"),
        (Decimal("-3E+2"), "-300"),
        (dt.datetime.fromisoformat("2022-02-05T15:00:00"), "2022-02-05 15:00:00"),
        (dt.datetime.fromisoformat("2022-02-05T15:00:00.250"), "2022-02-05 15:00:00.25"),
        (dt.date(2022, 2, 5), "2022-02-05"),
        (True, "true"),
        (None, None),
    ],
)
def test_how_values_are_written(value: object, text: Text) -> None:
    assert as_text(value) == text
