"""What differs between two warehouses: cells in force and published rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.warehouse.store import connect, quoted

_CELLS = """
SELECT strftime(coalesce(o.month, n.month), '%Y-%m') AS month,
       coalesce(o.unit_code, n.unit_code) AS unit_code, coalesce(o.figure, n.figure) AS figure,
       o.value AS old_value, n.value AS new_value, o.submission AS old_submission,
       n.submission AS new_submission, n.sheet, n.cell
FROM old.main.monthly_figure o FULL JOIN new.main.monthly_figure n
  ON o.month = n.month AND o.unit_code = n.unit_code AND o.figure = n.figure
WHERE o.value IS DISTINCT FROM n.value OR o.year_to_date IS DISTINCT FROM n.year_to_date
   OR o.mark IS DISTINCT FROM n.mark
ORDER BY ALL
"""
_RATES = """
SELECT coalesce(o.quarter, n.quarter) AS quarter, coalesce(o.unit_code, n.unit_code) AS unit_code,
       coalesce(o.indicator, n.indicator) AS indicator,
       coalesce(o.comparison, n.comparison) AS comparison,
       o.status AS old_status, n.status AS new_status, o.rate AS old_rate, n.rate AS new_rate
FROM old.main.growth o FULL JOIN new.main.growth n
  ON o.quarter = n.quarter AND o.unit_code = n.unit_code AND o.indicator = n.indicator
 AND o.comparison = n.comparison
WHERE o.status IS DISTINCT FROM n.status OR o.rate IS DISTINCT FROM n.rate
ORDER BY ALL
"""


def between(old: Path, new: Path) -> dict[str, Any]:
    """The cells and the rates that differ, as rows."""
    with connect(Path(":memory:")) as connection:
        for path, name in ((old, "old"), (new, "new")):
            connection.execute(f"ATTACH {quoted(str(path))} AS {name} (READ_ONLY)")
        return {"cells": _rows(connection, _CELLS), "rates": _rows(connection, _RATES)}


def _rows(connection: Any, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
