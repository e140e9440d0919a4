"""What has changed since a release, and what each change does to its numbers.

The changes are followed one after the other, from the facts that the release rests on: the
quarter is computed anew after each of them, by the same steps, in a database of its own in
memory. So each number's way from what was released to what stands now has no gap.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import duckdb

from flows.computing.compute import compute
from flows.releasing.freezing import feeding_months
from flows.warehouse.store import Store
from schemas.declaring import periods

_MOST = 40
"""Of more changes than these to one indicator, those of a figure are followed in one step."""

_MEASURES = """
SELECT unit_code, indicator, 'value' AS measure, value AS number, NULL AS status FROM {levels}
UNION ALL
SELECT unit_code, indicator, 'year_to_date', year_to_date, NULL FROM {levels}
UNION ALL
SELECT unit_code, indicator, comparison, CASE status WHEN 'points' THEN change ELSE rate END, status
FROM {growth}
"""
_COMPUTED = _MEASURES.format(
    levels="internal.quarterly_version WHERE until IS NULL AND quarter = $quarter",
    growth="internal.growth_version WHERE until IS NULL AND quarter = $quarter",
)
# What the release's numbers had become by the last step that was followed.
_FOLLOWED = """
WITH released AS ({measures}),
later AS (
    SELECT unit_code, indicator, measure, arg_max(row(new_number, new_status), step) AS last
    FROM {database}.main.release_effect WHERE release = $release GROUP BY ALL
)
SELECT unit_code, indicator, measure,
    CASE WHEN last IS NULL THEN number ELSE last[1] END AS number,
    CASE WHEN last IS NULL THEN status ELSE last[2] END AS status
FROM released FULL JOIN later USING (unit_code, indicator, measure)
"""
_FACTS = """
WITH later AS (
    SELECT month, unit_code, figure,
        arg_max(row(new_value, new_year_to_date, new_mark, new_submission), step) AS last
    FROM {database}.main.release_revision WHERE release = $release AND month IS NOT NULL
    GROUP BY ALL
),
known AS (
    SELECT month, unit_code, figure,
        CASE WHEN last IS NULL THEN value ELSE last[1] END AS value,
        CASE WHEN last IS NULL THEN year_to_date ELSE last[2] END AS year_to_date,
        CASE WHEN last IS NULL THEN mark ELSE last[3] END AS mark,
        CASE WHEN last IS NULL THEN submission ELSE last[4] END AS submission
    FROM (FROM {database}.main.released_figure WHERE release = $release) AS released
    FULL JOIN later USING (month, unit_code, figure)
)
SELECT (year(month) * 12 + month(month) - 1)::INTEGER AS month, * EXCLUDE (month)
FROM known WHERE mark IS NOT NULL
"""
_CHANGES = """
SELECT coalesce(o.month, n.month) AS month, coalesce(o.unit_code, n.unit_code) AS unit_code,
    coalesce(o.figure, n.figure) AS figure, o.value, n.value, o.year_to_date, n.year_to_date,
    o.mark, n.mark, o.submission, n.submission
FROM internal.month_value o
FULL JOIN (
    FROM {database}.internal.month_value WHERE list_contains($months, month)
) n ON n.month = o.month AND n.unit_code = o.unit_code AND n.figure = o.figure
LEFT JOIN {database}.internal.arrival a ON a.submission = n.submission
WHERE (o.value, o.year_to_date, o.mark) IS DISTINCT FROM (n.value, n.year_to_date, n.mark)
ORDER BY a.sequence NULLS LAST, month, unit_code, figure
"""
_DIFFERENCES = """
SELECT unit_code, indicator, measure, o.number, n.number, o.status, n.status
FROM before o FULL JOIN after n USING (unit_code, indicator, measure)
WHERE (o.number, o.status) IS DISTINCT FROM (n.number, n.status)
ORDER BY unit_code, indicator, measure
"""


class Change(NamedTuple):
    """A fact that differs from the one that the release rests on."""

    month: int
    unit_code: str
    figure: str
    old_value: object
    new_value: object
    old_year_to_date: object
    new_year_to_date: object
    old_mark: str | None
    new_mark: str | None
    old_submission: str | None
    new_submission: str | None


class Effect(NamedTuple):
    """A number of the release that a change has moved."""

    unit_code: str
    indicator: str
    measure: str
    old_number: object
    new_number: object
    old_status: str | None
    new_status: str | None


def follow_releases(store: Store, months: set[int], clock: dt.datetime, *, whole: bool) -> None:
    """Write what changes in those months mean to the releases, as revisions and effects.

    With `whole` the declaration has changed, and every release is looked at.
    """
    for name, label in store.rows("SELECT release, quarter FROM main.release ORDER BY as_of, 1"):
        quarter = periods.parse_quarter(str(label))
        if whole or months.intersection(feeding_months(quarter)):
            follow_release(store, str(name), quarter, clock)


def follow_release(store: Store, release: str, quarter: int, clock: dt.datetime) -> None:
    """Write what differs from the facts and numbers that the release was last followed to."""
    step = int(
        str(
            store.scalar(
                "SELECT coalesce(max(step), 0) FROM main.release_revision WHERE release = ?",
                release,
            )
        )
    )
    with _Scratch.of(store, release, quarter) as scratch:
        # Nothing, unless other declarations than the release's have computed it.
        redeclared = scratch.computed()
        if redeclared:
            step += 1
            _write(store, (release, step), [_nothing()], redeclared, clock)
        for group in _groups(scratch.changes(), scratch.fed()):
            moved = scratch.apply([change for together in group for change in together])
            for together in group:
                step += 1
                own = scratch.fed()[together[0].figure]
                effects = [each for each in moved if each.indicator in own]
                _write(store, (release, step), together, effects, clock)


def _nothing() -> Change:
    """Stands for no change of a fact."""
    return Change(*[None] * len(Change._fields))  # type: ignore[arg-type]


def _groups(
    changes: Sequence[Change], fed: dict[str, frozenset[str]]
) -> Iterator[list[list[Change]]]:
    """The changes in order, as groups of steps that no indicator shares.

    What can be followed at once is: a computing a group, and still a step a change.
    """
    asked = Counter(indicator for each in changes for indicator in fed[each.figure])
    steps: list[list[Change]] = []
    open_steps: dict[str, list[Change]] = {}
    for each in changes:
        if any(asked[indicator] > _MOST for indicator in fed[each.figure]):
            if each.figure not in open_steps:
                open_steps[each.figure] = []
                steps.append(open_steps[each.figure])
            open_steps[each.figure].append(each)
        else:
            steps.append([each])
    place: dict[str, int] = {}
    groups: dict[int, list[list[Change]]] = defaultdict(list)
    for step in steps:
        own = fed[step[0].figure]
        at = 1 + max((place.get(indicator, 0) for indicator in own), default=0)
        place.update(dict.fromkeys(own, at))
        groups[at].append(step)
    return (groups[at] for at in sorted(groups))


class _Scratch:
    """The quarter of a release, computed in memory from the facts it rests on."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, store: Store, release: str, quarter: int
    ) -> None:
        self.connection = connection
        self.declaration = store.declaration
        self.database = str(store.scalar("SELECT current_database()"))
        self.release = release
        self.quarter = quarter

    @classmethod
    @contextmanager
    def of(cls, store: Store, release: str, quarter: int) -> Iterator[_Scratch]:
        """A database beside the working file's, with a connection of its own."""
        connection = store.connection.cursor()
        scratch = cls(connection, store, release, quarter)
        connection.execute("ATTACH ':memory:' AS scratch")
        try:
            connection.execute("USE scratch")
            scratch._fill()
            yield scratch
        finally:
            connection.execute(f'USE "{scratch.database}"')
            connection.execute("DETACH scratch")
            connection.close()

    def _fill(self) -> None:
        execute = self.connection.execute
        execute("CREATE SCHEMA internal")
        execute(
            "CREATE TABLE internal.form_state "
            "(month INTEGER, unit_code VARCHAR, form VARCHAR, accepted BOOLEAN)"
        )
        execute(
            "CREATE TABLE internal.target (quarter INTEGER, indicator VARCHAR, target DECIMAL(18,6))"
        )
        facts = _FACTS.format(database=f'"{self.database}"')
        execute(f"CREATE TABLE internal.month_value AS {facts}", {"release": self.release})
        released = _MEASURES.format(
            levels=f'"{self.database}".main.released_indicator WHERE release = $release',
            growth=f'"{self.database}".main.released_growth WHERE release = $release',
        )
        followed = _FOLLOWED.format(measures=released, database=f'"{self.database}"')
        execute(f"CREATE TEMP TABLE before AS {followed}", {"release": self.release})

    def changes(self) -> list[Change]:
        """What is in force and differs, in the order of arrival."""
        query = _CHANGES.format(database=f'"{self.database}"')
        months = {"months": feeding_months(self.quarter)}
        return [Change(*row) for row in self.connection.execute(query, months).fetchall()]

    def fed(self) -> dict[str, frozenset[str]]:
        """The indicators that each figure is a term of; none for what feeds none."""
        found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for figure, indicators in self.connection.execute(
            "SELECT figure, list(DISTINCT indicator) FROM internal.indicator_term GROUP BY figure"
        ).fetchall():
            found[figure] = frozenset(indicators)
        return found

    def apply(self, changes: Sequence[Change]) -> list[Effect]:
        """Make those changes, compute the quarter anew, and say what it has moved."""
        execute = self.connection.execute
        for each in changes:
            key = [each.month, each.unit_code, each.figure]
            execute(
                "DELETE FROM internal.month_value WHERE month = ? AND unit_code = ? AND figure = ?",
                key,
            )
            if each.new_mark is not None:
                execute(
                    "INSERT INTO internal.month_value BY NAME SELECT ? AS month, ? AS unit_code, "
                    "? AS figure, ? AS value, ? AS year_to_date, ? AS mark",
                    [*key, each.new_value, each.new_year_to_date, each.new_mark],
                )
        return self.computed({periods.quarter_of(each.month) for each in changes})

    def computed(self, quarters: set[int] | None = None) -> list[Effect]:
        """Compute what those quarters touch (None: all), and say what differs from before."""
        compute(self.connection, self.declaration, quarters)
        label = {"quarter": periods.quarter_label(self.quarter)}
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE after AS {_COMPUTED}", label)
        moved = [Effect(*row) for row in self.connection.execute(_DIFFERENCES).fetchall()]
        self.connection.execute("DROP TABLE before")
        self.connection.execute("ALTER TABLE after RENAME TO before")
        return moved


def _write(
    store: Store,
    step: tuple[str, int],
    changes: Sequence[Change],
    effects: Sequence[Effect],
    clock: dt.datetime,
) -> None:
    store.insert(
        "main.release_revision",
        [
            (
                *step,
                None if each.month is None else periods.first_day(each.month),
                *each[1:],
                clock,
            )
            for each in changes
        ],
    )
    store.insert("main.release_effect", [(*step, *each) for each in effects])
