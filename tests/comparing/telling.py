"""A history told twice: by the warehouse and by the plain implementation, cell by cell."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from flows.warehouse.store import Store
from flows.warehouse.tables import public_tables
from schemas.declaring import periods
from tests.comparing.happening import Happening
from tests.comparing.histories import Plan
from tests.plain.events import Night, Release, Snapshot
from tests.plain.history import History
from tests.plain.rows import GrowthRow, QuarterlyRow

Row = tuple[object, ...]
Tables = dict[str, list[Row]]
SHOWN = 5
REBUILT = 4
"""Of so many histories one is also replayed into a new warehouse."""
_PER_RELEASE = ("released_indicator", "released_growth", "released_figure")


@dataclasses.dataclass
class Told:
    """What was compared, and where the two differ, in words."""

    counted: Counter[str] = dataclasses.field(default_factory=Counter)
    statuses: Counter[str] = dataclasses.field(default_factory=Counter)
    differences: list[str] = dataclasses.field(default_factory=list)

    def add(self, other: "Told") -> None:
        """Count another one's as well."""
        self.counted += other.counted
        self.statuses += other.statuses
        self.differences += other.differences


def tell(planned: Plan, folder: Path) -> Told:
    """Let a history happen in a folder and compare all that it comes to."""
    happening = Happening(planned, folder)
    history = History(planned.declaration, planned.most)
    told = Told(Counter({"histories": 1}))
    try:
        for event in planned.events:
            if happening.happen(event):
                history.apply(event)
                told.counted["nights"] += isinstance(event, Night)
                told.counted["decisions"] += not isinstance(event, (Night, Release))
                told.counted["releases"] += isinstance(event, Release)
            else:
                assert isinstance(event, Release)
                told.differences += _unreleased(history, event)
        expected = tables_of(history)
        for name, rows in expected.items():
            of_sql = happening.store.rows(f"SELECT * FROM main.{name}")
            told.differences += differences(name, of_sql, rows)
        _count(told, expected)
        for instant in planned.instants:
            told.differences += _as_of(happening.store, history, instant, told)
        if planned.seed % REBUILT == 0:
            told.counted["rebuilt"] += 1
            before = _dump(happening.store)
            after = _dump(happening.rebuilt())
            for name, rows in before.items():
                told.differences += differences(f"rebuilt {name}", after[name], rows)
    finally:
        happening.store.close()
    told.differences = [f"seed {planned.seed}: {each}" for each in told.differences]
    return told


def tables_of(history: History) -> Tables:
    """The public tables as the plain implementation has them at the end."""
    last = history.snapshots[-1]
    quarterly, growth = history.computed(last)
    found: Tables = {
        "monthly_figure": _figures(last),
        "coverage": history.coverage(),
        "revision": [_by_day(row) for row in history.revisions],
        "quarterly_indicator": _rows(quarterly),
        "growth": _rows(growth),
        "release": [row for _, row in history.releases],
        "released_coverage": history.released_coverage,
        "release_revision": [],
        "release_effect": [],
        **{name: [] for name in _PER_RELEASE},
    }
    for each, (name, *_) in history.releases:
        of_release = (_rows(each.quarterly), _rows(each.growth), map(_by_day, each.figures))
        for table, rows in zip(_PER_RELEASE, of_release, strict=True):
            found[table] += [(name, *row) for row in rows]
        found["release_revision"] += [(*row[:2], *_by_day(row[2:])) for row in each.revisions]
        found["release_effect"] += each.effects
    return found


def _rows(rows: Iterable[QuarterlyRow] | Iterable[GrowthRow]) -> list[Row]:
    return [tuple(getattr(row, name) for name in row.__slots__) for row in rows]


def _by_day(row: Sequence[object]) -> Row:
    """The row with the first day of the month whose number stands first."""
    return periods.first_day(int(str(row[0]))), *row[1:]


def _figures(snapshot: Snapshot | None) -> list[Row]:
    return [] if snapshot is None else [_by_day(row) for row in snapshot.figures]


def _unreleased(history: History, event: Release) -> list[str]:
    quarterly = history.computed(history.snapshots[-1])[0] if history.snapshots else []
    label = periods.quarter_label(event.quarter)
    there = any(row.quarter == label for row in quarterly)
    return [f"{label} has rows but was not released"] if there else []


def _as_of(store: Store, history: History, instant: dt.datetime, told: Told) -> list[str]:
    snapshot = history.at(instant)
    quarterly, growth = history.computed(snapshot) if snapshot else ([], [])
    expected: Tables = {
        "figures_as_of": _figures(snapshot),
        "quarterly_indicator_as_of": _rows(quarterly),
        "growth_as_of": _rows(growth),
    }
    told.counted["values"] += sum(map(len, expected.values()))
    found = []
    for name, rows in expected.items():
        of_sql = store.rows(f"SELECT * FROM main.{name}(?)", instant)
        found += differences(f"{name} {instant}", of_sql, rows)
    return found


def differences(name: str, ours: Iterable[Row], expected: Iterable[Row]) -> list[str]:
    """The rows that only one of the two has, in words; a few of them."""
    sql, plain = Counter(ours), Counter(expected)
    found = [f"{name} only in SQL: {_shown(row)}" for row in sql - plain]
    found += [f"{name} not in SQL: {_shown(row)}" for row in plain - sql]
    more = len(found) - 2 * SHOWN
    found = sorted(found)
    return found[:SHOWN] + found[-SHOWN:] + [f"{name}: {more} more"] if more > 0 else found


def _shown(row: Row) -> str:
    return ", ".join(str(each) for each in row)


def _count(told: Told, tables: Tables) -> None:
    counted = told.counted
    for name, rows in tables.items():
        counted["rows"] += len(rows)
        counted["values"] += len(rows) if name != "release" else 0
    counted["revisions"] += len(tables["revision"])
    counted["changes since a release"] += len(tables["release_revision"])
    counted["effects"] += len(tables["release_effect"])
    told.statuses.update(str(row[9]) for row in tables["growth"])
    told.statuses.update(f"coverage {row[5]}" for row in tables["coverage"])


def _dump(store: Store) -> Tables:
    """Every public table but the runs, whose ends are not theirs alone, and every version."""
    names = [f'main."{each.name}"' for each in public_tables(store.declaration)]
    names += ["internal.quarterly_version", "internal.growth_version", "internal.tenure"]
    return {name: store.rows(f"SELECT * FROM {name}") for name in names}
