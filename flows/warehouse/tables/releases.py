"""Tables of releases: what was frozen, and what has changed since."""

from __future__ import annotations

from flows.warehouse.tables.arrivals import COVERAGE_LINES, FINDING_LINES
from flows.warehouse.tables.indicators import GROWTH_LINES, INDICATOR_LINES, PROGRESS_LINES
from flows.warehouse.tables.model import (
    AMOUNT,
    EXACT,
    MONTH,
    QUARTER,
    TO_INDICATOR,
    TO_SUBMISSION,
    TO_UNIT,
    UNIT,
    Table,
    columns_of,
    named,
    referring,
)

_RELEASE = "release | VARCHAR | the release's name"

_RELEASED_KEY = "release, quarter, unit_code, indicator"

_TO_RELEASE = "release -> release (release)"

_FACT = columns_of(
    _RELEASE,
    MONTH,
    UNIT,
    "form | VARCHAR | the form; null for what is counted from ledgers and coverage",
    "figure | VARCHAR | the figure, or what is counted",
    f"value | {AMOUNT} | the value in force then; null for not applicable",
    f"year_to_date | {AMOUNT} | 本年累计 as reported",
    "mark | VARCHAR | reported, not_applicable or history",
    "submission | VARCHAR | the file; null for what is counted from coverage",
    "sheet | VARCHAR | the sheet it stands on",
    "cell | VARCHAR | the cell it stands in",
)

RELEASED_INDICATOR = Table(
    "released_indicator",
    "An indicator as released.",
    columns_of(_RELEASE, *INDICATOR_LINES),
    key=named(_RELEASED_KEY),
    refers=referring(_TO_RELEASE, TO_UNIT, TO_INDICATOR),
)

RELEASED_GROWTH = Table(
    "released_growth",
    "A comparison as released.",
    columns_of(_RELEASE, *GROWTH_LINES),
    key=named(f"{_RELEASED_KEY}, comparison"),
    refers=referring(f"{_RELEASED_KEY} -> released_indicator ({_RELEASED_KEY})"),
)

RELEASED = (
    RELEASED_INDICATOR,
    RELEASED_GROWTH,
    Table(
        "released_progress",
        "How far a target was met, as released.",
        columns_of(_RELEASE, *PROGRESS_LINES),
        key=named("release, quarter, indicator"),
        refers=referring(_TO_RELEASE, TO_INDICATOR),
    ),
    Table(
        "released_figure",
        "A value that a release rests on, of its own months or of those it is compared with.",
        _FACT,
        key=named("release, month, unit_code, figure"),
        refers=referring(_TO_RELEASE, TO_UNIT, TO_SUBMISSION),
    ),
    Table(
        "released_coverage",
        "A form due from January to the quarter's end, and what had become of it.",
        columns_of(_RELEASE, *COVERAGE_LINES),
        key=named("release, month, unit_code, form"),
        refers=referring(_TO_RELEASE, TO_UNIT),
    ),
    Table(
        "released_finding",
        "An error or open query that held a form of the quarter when it was released.",
        columns_of(_RELEASE, *FINDING_LINES),
        refers=referring(_TO_RELEASE, TO_UNIT, TO_SUBMISSION),
    ),
    Table(
        "released_withheld",
        "A series that the release's report withholds, so that no small count of persons is told.",
        columns_of(
            _RELEASE,
            UNIT,
            "indicator | VARCHAR | the indicator",
            "year_to_date_only | BOOLEAN | only the year to date is withheld",
        ),
        key=named("release, unit_code, indicator"),
        refers=referring(_TO_RELEASE, TO_UNIT, TO_INDICATOR),
    ),
)
"""What is frozen with a release, row by row."""

_STEP = "step | INTEGER | counts the release's revisions, in the order in which their files arrived, by night"

RELEASE = Table(
    "release",
    "A frozen quarter.",
    columns_of(
        _RELEASE,
        *QUARTER,
        "as_of | TIMESTAMP | the instant it shows, UTC",
        "released_by | VARCHAR | who released it",
        "approved_by | VARCHAR | who approved it",
        "note | VARCHAR | note",
        "gaps | INTEGER | forms due in the quarter that were held or missing",
        "suppress_below | INTEGER | its report withholds counts from 1 to below this; null where "
        "it was frozen before that was kept",
    ),
    key=named("release"),
)

RELEASES = (
    RELEASE,
    *RELEASED,
    Table(
        "release_revision",
        "A value that a release rests on and that has changed since.",
        columns_of(
            _RELEASE,
            _STEP,
            "month | DATE | the month's first day; null where another declaration, or other targets, changed numbers",
            UNIT,
            "figure | VARCHAR | the figure, or what is counted",
            f"old_value | {AMOUNT} | the value before",
            f"new_value | {AMOUNT} | the value after",
            f"old_year_to_date | {AMOUNT} | 本年累计 before",
            f"new_year_to_date | {AMOUNT} | 本年累计 after",
            "old_mark | VARCHAR | reported, not_applicable, history; null where there was no value",
            "new_mark | VARCHAR | the same, after; null where there is none any more",
            "old_submission | VARCHAR | the file the old value came from",
            "new_submission | VARCHAR | the file the new value came from",
            "revised_at | TIMESTAMP | the clock of the run or decision, UTC",
        ),
        key=named("release, step, month, unit_code, figure"),
        refers=referring(
            _TO_RELEASE,
            TO_UNIT,
            "old_submission -> submission (submission)",
            "new_submission -> submission (submission)",
        ),
    ),
    Table(
        "release_effect",
        "What a revision did to a number of the release.",
        columns_of(
            _RELEASE,
            _STEP,
            UNIT,
            "indicator | VARCHAR | the indicator",
            "measure | VARCHAR | value, year_to_date; a comparison: yoy, qoq, ytd_yoy, two_year, or that "
            "of the units in both periods (yoy_matched); of progress target, year_target, completion, lead",
            f"old_number | {EXACT} | the value, or the comparison's rate (change for points), before",
            f"new_number | {EXACT} | the same, after",
            "old_status | VARCHAR | the comparison's status before; null for values",
            "new_status | VARCHAR | the same, after",
        ),
        key=named("release, step, unit_code, indicator, measure"),
        refers=referring(_TO_RELEASE, TO_UNIT, TO_INDICATOR),
    ),
)
