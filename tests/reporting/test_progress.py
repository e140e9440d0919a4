"""How a target's numbers are displayed: rounded once, by the setting's rule."""

from decimal import Decimal
from typing import Any

import pytest

from flows.reporting.progress import shown


@pytest.mark.parametrize(
    ("column", "value", "half_up", "gb8170"),
    [
        ("lead", "0.25", "+0.3", "+0.2"),
        ("lead", "-0.25", "-0.3", "-0.2"),
        ("completion", "1000.35", "1,000.4", "1,000.4"),
        ("value", "2.5", "3", "2"),
    ],
)
def test_halves_go_by_the_setting(column: str, value: str, half_up: str, gb8170: str) -> None:
    row: dict[str, Any] = {column: Decimal(value), "kind": "flow", "unit": "场次"}
    assert shown(row, column) == half_up
    assert shown(row, column, "gb8170") == gb8170
