"""What the warehouse has in force, as the arrays that judging needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from flows.checking.batch import Layout, Return
from flows.checking.history import InForce
from flows.warehouse.store import Store
from schemas.declaring import general

Key = tuple[str, str, int]
"""Unit code, form, month."""


def load_in_force(
    store: Store, returns: Sequence[Return], without: Collection[Key] = ()
) -> InForce:
    """The state before those returns: a year back, and each unit's last accepted months.

    `without` are forms to be judged again: they count as not there yet.
    """
    layout = Layout(store.declaration)
    units = sorted({each.unit for each in returns})
    months = [each.month for each in returns]
    first, last = min(months), max(months)
    _choose(store, units, first)
    earliest = store.scalar(
        "SELECT min(t.month) FROM internal.tenure t JOIN chosen c ON c.reading = t.reading"
    )
    start = first - first % 12 - 12
    if earliest is not None:
        start = min(start, int(str(earliest)))
    latest = store.scalar(
        "SELECT max(t.month) FROM internal.tenure t JOIN chosen c ON c.reading = t.reading"
    )
    last = max(last, int(str(latest))) if latest is not None else last
    state = InForce(layout, units, start, last)
    _drop(store, without)
    _fill_figures(store, state)
    _fill_counts(store, state)
    store.connection.execute("DROP TABLE chosen")
    return state


def _choose(store: Store, units: list[str], first: int) -> None:
    store.connection.execute(
        "CREATE OR REPLACE TEMP TABLE chosen AS SELECT reading, unit_code, form, month FROM ("
        "SELECT reading, unit_code, form, month, row_number() OVER "
        "(PARTITION BY unit_code, form ORDER BY (month >= ?), month DESC) AS back "
        "FROM internal.tenure WHERE until IS NULL AND list_contains(?, unit_code)) "
        "WHERE month >= ? OR back <= ?",
        [first, units, first - 12, general.HISTORY_MONTHS],
    )


def _drop(store: Store, without: Collection[Key]) -> None:
    if without:
        store.connection.execute(
            "CREATE OR REPLACE TEMP TABLE dropped (unit_code VARCHAR, form VARCHAR, month INTEGER)"
        )
        store.insert("dropped", without)
        store.connection.execute(
            "DELETE FROM chosen USING dropped d WHERE chosen.unit_code = d.unit_code "
            "AND chosen.form = d.form AND chosen.month = d.month"
        )
        store.connection.execute("DROP TABLE dropped")


def _index(store: Store, name: str, places: dict[str, int]) -> None:
    store.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (name VARCHAR, place INTEGER)")
    store.insert(name, places.items())


def _micro(column: str) -> str:
    """Millionths of an amount: a product of its own type has no room for a million of them."""
    return f"CAST(CAST({column} AS DECIMAL(38,6)) * 1000000 AS BIGINT)"


def _fill_figures(store: Store, state: InForce) -> None:
    _index(store, "unit_place", state.units)
    _index(store, "figure_place", state.layout.column)
    found = store.connection.execute(
        "SELECT u.place AS unit, f.place AS figure, c.month, "
        f"coalesce({_micro('v.value')}, 0) AS value, "
        "v.value IS NOT NULL AS known, "
        f"coalesce({_micro('v.year_to_date')}, 0) AS cumulative, "
        "v.year_to_date IS NOT NULL AS cumulative_known "
        "FROM chosen c JOIN internal.figure_value v ON v.reading = c.reading "
        "JOIN unit_place u ON u.name = c.unit_code JOIN figure_place f ON f.name = v.figure"
    ).fetchnumpy()
    months = np.asarray(found["month"]) - state.first
    place = np.asarray(found["unit"]), np.asarray(found["figure"]), months
    if len(found["unit"]):
        state.value.micro[place] = found["value"]
        state.value.known[place] = found["known"]
        state.year_to_date.micro[place] = found["cumulative"]
        state.year_to_date.known[place] = found["cumulative_known"]


def _fill_counts(store: Store, state: InForce) -> None:
    _index(store, "count_place", state.layout.count_column)
    found = store.connection.execute(
        "SELECT u.place AS unit, p.place AS number, c.month, "
        f"{_micro('v.value')} AS value "
        "FROM chosen c JOIN internal.ledger_count v ON v.reading = c.reading "
        "JOIN unit_place u ON u.name = c.unit_code JOIN count_place p ON p.name = v.name"
    ).fetchnumpy()
    if len(found["unit"]):
        months = np.asarray(found["month"]) - state.first
        place = np.asarray(found["unit"]), np.asarray(found["number"]), months
        state.counted.micro[place] = found["value"]
        state.counted.known[place] = np.True_
    for name in ("unit_place", "figure_place", "count_place"):
        store.connection.execute(f"DROP TABLE {name}")
