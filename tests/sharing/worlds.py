"""A small district with sensitive counts, and warehouses made of what it reports."""

import dataclasses
import datetime as dt
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from flows.computing.compute import compute
from flows.warehouse.store import Store, connect
from flows.warehouse.working import name_targets, open_working
from schemas.declaring.district import Declaration
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm, Indicator, Unit
from schemas.declaring.periods import first_day, parse_month
from tests.computing.small import facts as facts_of
from tests.computing.world import Fact

DISTRICT = "1"
FIRST = parse_month("2020-01")
MERGED = dt.date(2020, 6, 30)
UNITS = (
    Unit(DISTRICT, "某区", "区"),
    Unit("A", "A镇", "镇"),
    Unit("B", "B镇", "镇"),
    Unit("C", "C镇", "镇"),
    Unit("D", "D乡", "镇", None, MERGED, "F"),
    Unit("E", "E乡", "镇", None, MERGED, "F"),
    Unit("F", "F镇", "镇", MERGED + dt.timedelta(1)),
)
FORM = FigureForm(
    "care",
    "01",
    "C01",
    "月报",
    ("township",),
    ("township",),
    valid_from=FIRST,
    figures=(
        stock("1", "patients", "患者", "人", "", sensitive=True),
        stock("2", "in_rehab", "康复", "人", "", sensitive=True),
        flow("3", "minors", "未成年人次", "人次", "", sensitive=True),
        flow("4", "sessions", "场次", "场次", ""),
        dataclasses.replace(
            flow("5", "visits", "探访", "人次", "", sensitive=True), cumulative_only=True
        ),
    ),
)
INDICATORS = (
    Indicator("rehab_rate", "", "%", "ratio", "100 * in_rehab / patients", ""),
    Indicator("minors_per_session", "", "人次/场次", "ratio", "minors / sessions", ""),
    Indicator("not_in_rehab", "", "人", "stock", "patients - in_rehab", ""),
)


def district(*units: Unit) -> Declaration:
    return Declaration(
        DISTRICT,
        "某区",
        units or UNITS,
        {"township": ("镇",)},
        (FORM,),
        (),
        INDICATORS,
        lambda month: dt.date(month // 12, month % 12 + 1, 28),
        lambda unit: (unit.name,),
    )


SMALL = district()


def simple(*names: str) -> Declaration:
    """A district of units that never change."""
    return district(UNITS[0], *(Unit(name, f"{name}镇", "镇") for name in names))


@dataclasses.dataclass
class Warehouses:
    """Warehouse files in a folder; an empty one of each declaration is made once and copied."""

    folder: Path
    made: int = 0
    empty: dict[tuple[Unit, ...], Path] = dataclasses.field(default_factory=dict)

    def of(
        self, declaration: Declaration, facts: Iterable[Fact] | str, targets: Sequence[str] = ()
    ) -> Path:
        """A warehouse of what was reported; marks other than history are of the form.

        `targets` are names of indicators whose target for 2022 is 18.
        """
        facts = facts_of(facts) if isinstance(facts, str) else list(facts)
        self.made += 1
        path = self.folder / f"{self.made}.duckdb"
        if declaration.units not in self.empty:
            first = self.folder / f"empty{self.made}.duckdb"
            store = open_working(first, declaration)
            store.connection.execute("CHECKPOINT")
            store.close()
            store.path.replace(first)
            self.empty[declaration.units] = first
        shutil.copyfile(self.empty[declaration.units], path)
        store = open_working(path, declaration)
        _fill(store, declaration, facts)
        if targets:
            _aim(store, targets)
        compute(store.connection, declaration)
        store.connection.execute("CHECKPOINT")
        store.close()
        store.path.replace(path)
        return path


def _fill(store: Store, declaration: Declaration, facts: list[Fact]) -> None:
    since = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - UTC without a zone, as in the warehouse
    form_of = {name: form.name for name, form in declaration.form_of.items()}
    returns = sorted(
        {(f.month, f.unit_code, form_of[f.figure]) for f in facts if f.mark != "history"}
    )
    number = {key: at for at, key in enumerate(returns, 1)}
    store.insert(
        "internal.tenure",
        [
            (at, f"s{at}", form, unit, month, since, None)
            for (month, unit, form), at in number.items()
        ],
    )
    store.insert(
        "internal.figure_value",
        [
            (at, f.figure, f.value, f.year_to_date, f.mark, "", "", "")
            for f in facts
            for at in [number.get((f.month, f.unit_code, form_of[f.figure]))]
            if f.mark != "history"
        ],
    )
    store.insert(
        "internal.history",
        [
            (
                f.month,
                1,
                f.unit_code,
                form_of[f.figure],
                f.figure,
                f.value,
                "",
                "h",
                "",
                "",
                since,
                None,
            )
            for f in facts
            if f.mark == "history"
        ],
    )
    last = max((f.month for f in facts), default=FIRST)
    store.insert(
        "internal.due_form",
        [
            (month, first_day(month), unit.code, form.name, first_day(month + 1), since, state)
            for month in range(FIRST, last + 1)
            for unit in declaration.reporting_units(month)
            for form in declaration.due(unit.code, month)
            for state in ["on_time" if (month, unit.code, form.name) in number else "missing"]
        ],
    )


def _aim(store: Store, names: Sequence[str]) -> None:
    since = dt.datetime(2022, 1, 1)  # noqa: DTZ001
    store.insert("internal.tenure", [(999, "s", "targets", DISTRICT, 2022 * 12, since, None)])
    store.insert(
        "internal.target_row",
        [(999, at, name, 2022, None, None, None, 18, None, "") for at, name in enumerate(names)],
    )
    name_targets(store)


def released(path: Path, corrected: Mapping[str, int], quarter: str = "2020Q1") -> Path:
    """A release as it was before values of patients were corrected."""
    with connect(path) as held:
        held.execute(
            "INSERT INTO main.release VALUES ('R', ?, '2020-01-01', '2020-08-01', '', '', 'A had 3', 0, NULL)",
            [quarter],
        )
        held.execute(
            "INSERT INTO main.released_indicator SELECT 'R', * FROM main.quarterly_indicator WHERE quarter = ?",
            [quarter],
        )
        held.execute(
            "INSERT INTO main.released_growth SELECT 'R', * FROM main.growth WHERE quarter = ?",
            [quarter],
        )
        for unit, value in corrected.items():
            held.execute(
                "UPDATE main.released_indicator SET value = ?, year_to_date = ? "
                "WHERE indicator = 'patients' AND unit_code = ?",
                [value, value, unit],
            )
    return path


SIZES = ((0, 4), (0, 8), (5, 8), (12, 3), (12, 8), (12, 40))


@st.composite
def worlds(draw: st.DrawFn) -> list[Fact]:
    """Up to four quarters of what the district of UNITS reports, with gaps, zeros, history."""
    months = draw(st.integers(3, 12))
    gap, dash, zero, dated = (draw(st.sampled_from((0, 0, 5, 20))) for _ in range(4))
    # The least count of a unit, and how many more there may be.
    size = {unit.code: draw(st.sampled_from(SIZES)) for unit in UNITS}
    chance = Random(draw(st.integers(0, 2**32 - 1)))
    return reported(months, gap, dash, zero, dated, size, chance)


def reported(
    months: int,
    gap: int,
    dash: int,
    zero: int,
    dated: int,
    size: dict[str, tuple[int, int]],
    chance: Random,
) -> list[Fact]:
    """What is reported; `gap`, `dash`, `zero` and `dated` say how often, in percent."""

    def happens(percent: int) -> bool:
        return chance.randrange(100) < percent

    declaration = district()
    found = []
    to_date: dict[tuple[str, str, int], int] = {}
    for month in range(FIRST - 3 if dated else FIRST, FIRST + months):
        for unit in declaration.reporting_units(month):
            late = happens(gap)
            least, more = size[unit.code]
            patients, minors, visits = (
                0 if happens(zero) else least + chance.randrange(more + 1) for _ in range(3)
            )
            values = {
                "patients": patients,
                "in_rehab": patients // 2 + happens(zero),
                "minors": minors,
                "sessions": chance.randrange(4),
                "visits": visits,
            }
            for figure, value in values.items():
                key = unit.code, figure, month // 12
                to_date[key] = to_date.get(key, 0) + value
                row = (month, unit.code, figure)
                if month < FIRST:
                    if happens(100 - dated):
                        found.append(Fact(*row, value, None, "history"))
                elif late:
                    continue
                elif happens(dash):
                    to_date[key] -= value
                    found.append(Fact(*row, None, None, "not_applicable"))
                elif figure == "visits":
                    found.append(Fact(*row, None, to_date[key]))
                else:
                    flows = figure in ("minors", "sessions")
                    found.append(Fact(*row, value, to_date[key] if flows else None))
    return found
