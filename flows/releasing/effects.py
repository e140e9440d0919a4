"""What has changed since a release, and what each change does to its numbers.

The changes are followed one after the other, from the facts that the release rests on: the
quarter is computed anew after each of them, by the same steps, in a database of its own in
memory. So each number's way from what was released to what stands now has no gap.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import duckdb

from flows.computing.compute import compute
from flows.computing.declared import declare
from flows.releasing.freezing import feeding_months
from flows.warehouse.store import Store, quoted
from schemas.declaring import periods

_MOST = 40
"""Of more changes than these to one indicator, those of a figure are followed in one step."""

_TARGETS = ("target", "year_target", "completion", "lead")
"""What is measured of the progress towards a target, of the district."""
_MEASURES = """
SELECT unit_code, indicator, 'value' AS measure, value AS number, NULL AS status FROM {levels}
UNION ALL
SELECT unit_code, indicator, 'year_to_date', year_to_date, NULL FROM {levels}
UNION ALL
SELECT unit_code, indicator, comparison, CASE status WHEN 'points' THEN change ELSE rate END, status
FROM {growth}
UNION ALL
SELECT unit_code, indicator, comparison || '_matched', matched_rate, NULL
FROM {growth} AND matched_units IS NOT NULL
""" + "".join(
    f"UNION ALL SELECT {{district}}, indicator, '{name}', {name}, NULL FROM {{progress}}\n"
    for name in _TARGETS
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
WHERE indicator IN (FROM wanted) AND (o.number, o.status) IS DISTINCT FROM (n.number, n.status)
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

    With `whole` the declaration has changed, and every release is looked at. So is a release
    whose quarter has made other progress towards its targets since that clock.
    """
    moved = {
        label
        for (label,) in store.rows(
            "SELECT DISTINCT quarter FROM internal.progress_version WHERE since = ? OR until = ?",
            clock,
            clock,
        )
    }
    for name, label in store.rows("SELECT release, quarter FROM main.release ORDER BY as_of, 1"):
        quarter = periods.parse_quarter(str(label))
        entire = whole or label in moved
        if entire or months.intersection(feeding_months(quarter)):
            follow_release(store, str(name), quarter, clock, entire=entire)


def follow_release(
    store: Store, release: str, quarter: int, clock: dt.datetime, *, entire: bool
) -> None:
    """Write what differs from the facts and numbers that the release was last followed to.

    With `entire` all its numbers are looked at, else those that changed values are part of.
    """
    last = store.scalar("SELECT max(step) FROM main.release_revision WHERE release = ?", release)
    step = 0 if last is None else int(str(last))

    def write(number: int, changes: Sequence[Change], effects: Sequence[Effect]) -> None:
        _write(store, (release, number), changes, effects, clock)

    with _Scratch.of(store, release, quarter) as scratch:
        steps = _steps(scratch.changes(), scratch.fed)
        if not (steps or entire):
            return
        if not entire:
            scratch.narrow(name for each in steps for name in scratch.fed[each[0].figure])
        # Nothing, unless other declarations than the release's have computed it.
        redeclared = scratch.computed()
        if redeclared:
            step += 1
            write(step, [_nothing()], redeclared)
        for group in _groups(steps, scratch.fed):
            moved = scratch.apply([change for at in group for change in steps[at]])
            for at in group:
                own = scratch.fed[steps[at][0].figure]
                effects = [each for each in moved if each.indicator in own]
                write(step + 1 + at, steps[at], effects)
        step += len(steps)
        if entire and (moved := scratch.retarget()):
            write(step + 1, [_nothing()], moved)


def _nothing() -> Change:
    """Stands for no change of a fact."""
    return Change(*[None] * len(Change._fields))  # type: ignore[arg-type]  # null in every column


def _steps(changes: Sequence[Change], fed: Mapping[str, frozenset[str]]) -> list[list[Change]]:
    """The changes in order, each a step; those of a figure together where they are too many."""
    asked = Counter(indicator for each in changes for indicator in fed[each.figure])
    steps: list[list[Change]] = []
    crowded: dict[str, list[Change]] = {}
    for each in changes:
        if any(asked[indicator] > _MOST for indicator in fed[each.figure]):
            if each.figure not in crowded:
                crowded[each.figure] = []
                steps.append(crowded[each.figure])
            crowded[each.figure].append(each)
        else:
            steps.append([each])
    return steps


def _groups(
    steps: Sequence[Sequence[Change]], fed: Mapping[str, frozenset[str]]
) -> list[list[int]]:
    """The places of the steps that share no indicator, group after group.

    They can be followed at once, a computing a group, and still be told apart.
    """
    place: dict[str, int] = {}
    groups: dict[int, list[int]] = defaultdict(list)
    for at, step in enumerate(steps):
        own = fed[step[0].figure]
        group = 1 + max((place.get(indicator, 0) for indicator in own), default=0)
        place.update(dict.fromkeys(own, group))
        groups[group].append(at)
    return [groups[group] for group in sorted(groups)]


class _Scratch:
    """The quarter of a release, computed in memory from the facts it rests on."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, store: Store, release: str, quarter: int
    ) -> None:
        self.connection = connection
        self.declaration = store.declaration
        self.database = f'"{store.scalar("SELECT current_database()")}"'
        self.fed: Mapping[str, frozenset[str]] = {}
        """The indicators that each figure is a term of; none for what feeds none."""
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
            connection.execute(f"USE {scratch.database}")
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
        facts = _FACTS.format(database=self.database)
        execute(f"CREATE TABLE internal.month_value AS {facts}", {"release": self.release})
        # A quarter in which something came or was due has rows, though nothing of them came.
        execute(
            "INSERT INTO internal.form_state SELECT month, '', '', TRUE "
            f"FROM {self.database}.internal.form_state WHERE list_contains(?, month) "
            "UNION SELECT month, '', '', TRUE FROM internal.month_value",
            [feeding_months(self.quarter)],
        )
        followed = _FOLLOWED.format(
            measures=_MEASURES.format(
                levels=f"{self.database}.main.released_indicator WHERE release = $release",
                growth=f"{self.database}.main.released_growth WHERE release = $release",
                progress=f"{self.database}.main.released_progress WHERE release = $release",
                district=quoted(self.declaration.district),
            ),
            database=self.database,
        )
        execute(f"CREATE TEMP TABLE before AS {followed}", {"release": self.release})
        execute(
            "INSERT INTO internal.target SELECT $quarter, indicator, number FROM before "
            "WHERE measure = 'target' AND number IS NOT NULL UNION ALL "
            "SELECT $last, indicator, number FROM before "
            "WHERE measure = 'year_target' AND number IS NOT NULL AND $last <> $quarter",
            {"quarter": self.quarter, "last": self._last},
        )
        declare(self.connection, self.declaration)
        fed: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for figure, indicators in execute(
            "SELECT figure, list(DISTINCT indicator) FROM internal.indicator_term GROUP BY figure"
        ).fetchall():
            fed[figure] = frozenset(indicators)
        self.fed = fed
        execute(
            "CREATE TEMP TABLE wanted AS SELECT indicator FROM internal.indicator_rule "
            "UNION SELECT indicator FROM before"
        )

    @property
    def _last(self) -> int:
        """The year's last quarter, whose target is the year's."""
        return self.quarter // 4 * 4 + 3

    def narrow(self, indicators: Iterable[str]) -> None:
        """Leave out what those indicators are not made of."""
        execute = self.connection.execute
        execute(
            "DELETE FROM wanted WHERE NOT list_contains(?, indicator)", [sorted(set(indicators))]
        )
        execute(
            "DELETE FROM internal.month_value WHERE figure NOT IN (SELECT figure "
            "FROM internal.indicator_term WHERE indicator IN (FROM wanted))"
        )

    def changes(self) -> list[Change]:
        """What is in force and differs, in the order of arrival."""
        query = _CHANGES.format(database=self.database)
        months = {"months": feeding_months(self.quarter)}
        return [Change(*row) for row in self.connection.execute(query, months).fetchall()]

    def retarget(self) -> list[Effect]:
        """Take the targets that are in force now, and say what that has moved."""
        self.connection.execute("DELETE FROM internal.target")
        self.connection.execute(
            f"INSERT INTO internal.target FROM {self.database}.internal.target "
            "WHERE quarter IN (?, ?)",
            [self.quarter, self._last],
        )
        return self.computed(set())

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
        of_it = f"until IS NULL AND quarter = {quoted(periods.quarter_label(self.quarter))}"
        measures = _MEASURES.format(
            levels=f"internal.quarterly_version WHERE {of_it}",
            growth=f"internal.growth_version WHERE {of_it}",
            progress=f"internal.progress_version WHERE {of_it}",
            district=quoted(self.declaration.district),
        )
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE after AS {measures}")
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
