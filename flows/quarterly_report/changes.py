"""What has changed since the last release, for the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import duckdb

from flows.quarterly_report.rows import Effect, Item, Revision, Since
from flows.sharing.withholding import is_small
from schemas.declaring import periods
from schemas.declaring.district import Declaration

_BEFORE = (
    "SELECT release, quarter, as_of FROM main.release WHERE quarter <= $quarter "
    "AND as_of < coalesce((SELECT as_of FROM main.release WHERE release = $own), "
    "TIMESTAMP 'infinity') ORDER BY as_of DESC, release DESC LIMIT 1"
)
_STEPS = (
    "SELECT * FROM main.release_revision WHERE release = $release AND revised_at <= coalesce("
    "(SELECT as_of FROM main.release WHERE release = $own), TIMESTAMP 'infinity')"
)
_VALUES = (
    "SELECT r.unit_code, (year(r.month) * 12 + month(r.month) - 1)::INTEGER, r.figure, "
    f"r.old_value, r.new_value, s.file_name, r.revised_at FROM ({_STEPS}) r "
    "LEFT JOIN main.submission s ON s.submission = r.new_submission "
    "WHERE r.month IS NOT NULL AND r.old_value IS DISTINCT FROM r.new_value "
    "ORDER BY r.step, r.unit_code, r.month, r.figure"
)
_NUMBERS = (
    "SELECT figure, old_value, new_value, old_year_to_date, new_year_to_date "
    f"FROM ({_STEPS}) WHERE month IS NOT NULL"
)
_EFFECTS = (
    # Rows, since arg_min and arg_max pass over nulls.
    "SELECT indicator, measure, was[1], became[1], was[2], became[2] FROM (SELECT indicator, "
    "measure, arg_min(row(old_number, old_status), step) AS was, "
    "arg_max(row(new_number, new_status), step) AS became FROM main.release_effect "
    "WHERE release = $release AND unit_code = $district "
    f"AND step IN (SELECT step FROM ({_STEPS})) GROUP BY ALL) ORDER BY indicator, measure"
)


class Telling(NamedTuple):
    """What may not be told: `touched` indicators, of which anything is withheld, and small counts."""

    touched: frozenset[str]
    threshold: int


def since(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    quarter: int,
    release: str | None,
    telling: Telling,
    items: Mapping[str, Item],
    local: Callable[[dt.datetime | None], dt.datetime | None],
) -> Since | None:
    """The last release before the report's own instant, and what changed from it up to there.

    Nothing is listed of the indicators of which anything is withheld, or whose counts were small
    on the way, nor of ledgers' counts and coverage, whose numbers are told by their effects.
    None where nothing was released.
    """
    last = connection.execute(
        _BEFORE, {"quarter": periods.quarter_label(quarter), "own": release}
    ).fetchone()
    if last is None:
        return None
    name, label, at = last
    given: dict[str, Any] = {"release": name, "own": release}
    small = _small(connection, declaration, given, telling)
    withheld = telling.touched | {
        each.name for each in items.values() if not small.isdisjoint(each.terms)
    }
    values = [Revision(*row) for row in connection.execute(_VALUES, given).fetchall()]
    told = [each for each in values if each.figure in items and each.figure not in withheld]
    effects = [
        Effect(*row)
        for row in connection.execute(
            _EFFECTS, given | {"district": declaration.district}
        ).fetchall()
    ]
    moment = local(at)
    assert moment is not None
    return Since(
        name,
        periods.parse_quarter(label),
        moment,
        tuple(each._replace(revised_at=local(each.revised_at)) for each in told),
        tuple(each for each in effects if each.indicator not in withheld),
        sum(each.figure in withheld for each in values),
    )


def _small(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    given: dict[str, Any],
    telling: Telling,
) -> set[str]:
    """The figures of which a count was small in a revision, and those that tell of them.

    Such a count need not be withheld today: it may have been corrected since. What the
    correction did to the district would tell it beside the value of today.
    """
    small = {
        figure
        for figure, *numbers in connection.execute(_NUMBERS, given).fetchall()
        if figure in declaration.figures
        and declaration.figures[figure].sensitive
        and any(is_small(each, telling.threshold) for each in numbers)
    }
    return small | {
        name for name, each in declaration.figures.items() if not small.isdisjoint(each.tells_of)
    }
