"""What a report may give away beside its numbers: by what changed, and by what was released."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.gathering import gathered
from flows.sharing.plan import plan, rows_of_series
from flows.warehouse.store import connect
from schemas.declaring.district import Declaration
from schemas.declaring.lines import flow
from schemas.declaring.periods import parse_quarter
from tests.sharing.worlds import DISTRICT, FORM, Warehouses, simple

TOWNS = simple("A", "B", "C", "D")
_MONEY = flow("6", "grants", "经费", "万元", "", tells_of=("patients",))
PAID = replace(TOWNS, forms=(replace(FORM, figures=(*FORM.figures, _MONEY)),))
Q1, Q2 = parse_quarter("2020Q1"), parse_quarter("2020Q2")


def facts(figure: str, values: dict[str, Iterable[int | None]]) -> str:
    """Values of the first months of 2020 by unit."""
    return "\n".join(
        f"2020-{month:02} {unit} {figure} {value}"
        for unit, own in values.items()
        for month, value in enumerate(own, 1)
        if value is not None
    )


@contextmanager
def reported(path: Path, declaration: Declaration, quarter: int, release: str | None = None) -> Iterator[Contents]:  # fmt: skip
    with connect(path) as held:
        held.execute(
            "INSERT INTO main.run (run, kind, started_at, finished_at) "
            "VALUES ('r', 'nightly', '2020-09-01', '2020-09-01')"
        )
    with gathered(path, declaration, quarter, release, threshold=5) as (contents, _):
        yield contents


def revise(path: Path, *changes: tuple[str, str, str, int, int]) -> None:
    """A release of 2020Q1, and what has changed since: month, unit, figure, old, new."""
    with connect(path) as held:
        held.execute(
            "INSERT INTO main.release VALUES "
            "('R', '2020Q1', '2020-01-01', '2020-04-20', '', '', '', 0, NULL)"
        )
        for step, (month, unit, figure, old, new) in enumerate(changes, 1):
            held.execute(
                "INSERT INTO main.release_revision VALUES ('R', ?, ?, ?, ?, ?, ?, NULL, NULL, "
                "'reported', 'reported', NULL, NULL, '2020-05-01')",
                [step, f"{month}-01", unit, figure, old, new],
            )
            held.execute(
                "INSERT INTO main.release_effect VALUES "
                "('R', ?, ?, ?, 'value', 100, ?, NULL, NULL)",
                [step, DISTRICT, figure, 100 + new - old],
            )


def listed(contents: Contents) -> tuple[set[str], set[str], int]:
    since = contents.since
    assert since is not None
    return (
        {each.figure for each in since.revisions},
        {each.indicator for each in since.effects},
        since.hidden,
    )


def test_a_revision_is_hidden_where_no_quarter_of_its_figure_is_withheld(tmp_path: Path) -> None:
    # A told its patients in January only: that month is withheld, and no quarter has a number.
    patients = {"A": (3,), "B": (40,) * 3, "C": (50,) * 3, "D": (60,) * 3}
    path = Warehouses(tmp_path).of(TOWNS, facts("patients", patients))
    revise(path, ("2020-01", "A", "patients", 4, 3), ("2020-03", "B", "sessions", 8, 9))
    with reported(path, TOWNS, Q1) as contents:
        own = {unit: contents.levels[Q1, unit, "patients"] for unit in TOWNS.unit_by_code}
        assert not any(each.suppressed for each in own.values())
        assert listed(contents) == ({"sessions"}, {"sessions"}, 1)


def test_a_small_count_that_was_corrected_is_not_told(tmp_path: Path) -> None:
    # Nothing is small today; before, 3 were. The district's change would tell them beside the 30.
    patients = dict.fromkeys("ABCD", (30, 30, 30))
    path = Warehouses(tmp_path).of(
        PAID, f"{facts('patients', patients)}\n{facts('sessions', patients)}"
    )
    revise(
        path,
        ("2020-01", "A", "patients", 3, 30),
        ("2020-02", "A", "grants", 3, 30),
        ("2020-01", "A", "not_in_rehab", 3, 30),
        ("2020-01", "A", "sessions", 3, 30),
        ("2020-01", "A", "minors", 10, 30),
    )
    with reported(path, PAID, Q1) as contents:
        assert not any(each.suppressed for each in contents.levels.values())
        assert listed(contents) == ({"sessions", "minors"}, {"sessions", "minors"}, 3)


@pytest.fixture
def rehabilitated(tmp_path: Path) -> Path:
    """2020Q2 as R released it: 3 in rehabilitation in A, before not_in_rehab was declared."""
    patients = {"A": (9,) * 6, "B": (40,) * 6, "C": (50,) * 6, "D": (60,) * 6}
    there = {"A": (6,) * 5 + (3,), "B": (20,) * 6, "C": (30,) * 6, "D": (30,) * 6}
    path = Warehouses(tmp_path).of(
        TOWNS, f"{facts('patients', patients)}\n{facts('in_rehab', there)}"
    )
    with connect(path) as held:
        held.execute(
            "INSERT INTO main.release VALUES ('R', '2020Q2', '2020-04-01', "
            "(SELECT max(since) FROM internal.quarterly_version), '', '', '', 0, 5)"
        )
        for row in rows_of_series(plan(held, TOWNS, Q2, 5), DISTRICT):
            if row[1] != "not_in_rehab":
                held.execute("INSERT INTO main.released_withheld VALUES ('R', ?, ?, ?)", list(row))
        for table, source in (
            ("released_indicator", "quarterly_indicator"),
            ("released_growth", "growth"),
        ):
            held.execute(
                f"INSERT INTO main.{table} SELECT 'R', * FROM main.{source} "
                "WHERE quarter = '2020Q2' AND indicator <> 'not_in_rehab'"
            )
        held.execute(
            "INSERT INTO main.released_figure SELECT 'R', month, unit_code, form, figure, value, "
            "year_to_date, mark, submission, sheet, cell FROM main.monthly_figure"
        )
    return path


def test_an_indicator_declared_since_gives_back_nothing_of_a_release(rehabilitated: Path) -> None:
    with reported(rehabilitated, TOWNS, Q2, "R") as contents:
        before = contents.levels[Q1, "A", "not_in_rehab"]
        assert (before.value, before.suppressed) == (None, True)
        # What else was in its total was never planned.
        assert contents.levels[Q1, DISTRICT, "not_in_rehab"].value is None
        assert contents.levels[Q1, "B", "not_in_rehab"].value == Decimal(20)
        assert contents.levels[Q1, DISTRICT, "patients"].value == Decimal(159)


def test_a_release_without_its_plan_withholds_what_was_corrected(rehabilitated: Path) -> None:
    with connect(rehabilitated) as held:
        held.execute("UPDATE main.release SET suppress_below = NULL")
        held.execute("DELETE FROM main.released_withheld")
        # In May only, 2 of B were patients when it was released; today 40 are.
        held.execute(
            "UPDATE main.released_figure SET value = 2 WHERE unit_code = 'B' "
            "AND figure = 'patients' AND month = '2020-05-01'"
        )
    with reported(rehabilitated, TOWNS, Q2, "R") as contents:
        told = {
            figure for (_, figure, _), month in contents.months.items() if month.value is not None
        }
        assert told == {"in_rehab"}
        assert contents.levels[Q2, "B", "in_rehab"].value == Decimal(20)
