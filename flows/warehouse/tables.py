"""The public tables and views of schema `main`: columns, types and comments, declared once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger

CONTRACT_VERSION = "1"
AMOUNT = "DECIMAL(18,6)"
EXACT = "DECIMAL(38,10)"
_LEDGER_TYPES = {
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "date": "DATE",
    "count": "BIGINT",
    "decimal": AMOUNT,
}


class Column(NamedTuple):
    """A column: name, SQL type, comment."""

    name: str
    type: str
    comment: str


class Reference(NamedTuple):
    """Columns that say which row of another table is meant, by its key; null means none."""

    columns: tuple[str, ...]
    table: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A public table, or a view where `query` is given."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    query: str | None = None
    key: tuple[str, ...] = ()
    """The columns that identify a row; none where nothing in it does for certain."""
    refers: tuple[Reference, ...] = ()

    @property
    def names(self) -> str:
        """The columns' names for a SELECT or INSERT."""
        return ", ".join(column.name for column in self.columns)


def _columns(*lines: str) -> tuple[Column, ...]:
    """Columns from 'name | type | comment' lines."""
    return tuple(Column(*(part.strip() for part in line.split("|", 2))) for line in lines)


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(","))


def _refers(*lines: str) -> tuple[Reference, ...]:
    """References from 'column, … -> table (column, …)' lines."""
    references = []
    for line in lines:
        columns, _, other = line.partition(" -> ")
        table, _, key = other.partition(" (")
        references.append(Reference(_names(columns), table, _names(key.removesuffix(")"))))
    return tuple(references)


UNIT = "unit_code | VARCHAR | the reporting unit's code; the district's for totals"
MONTH = "month | DATE | the month's first day"
SUBMISSION = "submission | VARCHAR | the file, as in submission"
_TO_UNIT = "unit_code -> reporting_unit (code)"
_TO_SUBMISSION = "submission -> submission (submission)"
_TO_INDICATOR = "indicator -> indicator (indicator)"
_FIGURE_TO_INDICATOR = "figure -> indicator (indicator)"
_QUARTER = (
    "quarter | VARCHAR | the quarter, as 2023Q1",
    "quarter_start | DATE | the quarter's first day",
)

SUBMISSIONS = Table(
    "submission",
    "A file received.",
    _columns(
        "submission | VARCHAR | day of receipt and first digits of the file's SHA-256",
        "received_at | TIMESTAMP | when the channel got it, UTC",
        "channel | VARCHAR | the channel it came by",
        "sender | VARCHAR | who sent it, as far as the channel knows",
        "file_name | VARCHAR | its name as sent",
        "sha256 | VARCHAR | hash of its bytes",
        "size | BIGINT | bytes",
        "unit_code | VARCHAR | whose it is; null where that is not known",
        "month | DATE | the first day of the month it reports; null where not known",
        "state | VARCHAR | accepted, partly_held, held, unreadable, unidentified, duplicate",
        "reason | VARCHAR | why it is unreadable, unidentified or a duplicate (Chinese)",
        "run | VARCHAR | the run that took it in; null where a decision did",
        "archived_as | VARCHAR | its place under data/raw/archive, or that of its zip",
        "member | VARCHAR | for a file that came in a zip, its place there; null for others",
    ),
    key=_names("submission"),
    refers=_refers(_TO_UNIT, "run -> run (run)"),
)
SUBMISSION_FORMS = Table(
    "submission_form",
    "A form in a submission, and what became of it.",
    _columns(
        SUBMISSION,
        "form | VARCHAR | the form",
        "state | VARCHAR | accepted (in force), held, superseded, withdrawn",
        "superseded_by | VARCHAR | the submission that is in force in its place",
        "unverifiable | INTEGER | rules that could be neither passed nor failed",
    ),
    key=_names("submission, form"),
    refers=_refers(_TO_SUBMISSION, "superseded_by -> submission (submission)"),
)
FINDINGS = Table(
    "finding",
    "Something found in a submission, under the latest verdict.",
    _columns(
        SUBMISSION,
        "form | VARCHAR | the form; null for the file as a whole",
        "rule | VARCHAR | the rule's code, as in the rule catalogue",
        "level | VARCHAR | error, query or notice",
        UNIT,
        MONTH,
        "sheet | VARCHAR | the sheet's name",
        "cell | VARCHAR | the cell a person would correct, as E12",
        "figure | VARCHAR | the figure; null where it is about none",
        "value | VARCHAR | what stands in the cell, as text",
        "message | VARCHAR | what is wrong and what should hold (Chinese)",
        "explanation | VARCHAR | the reason given in 说明, which settles a query",
    ),
    refers=_refers(_TO_SUBMISSION, _TO_UNIT, _FIGURE_TO_INDICATOR),
)
REVISIONS = Table(
    "revision",
    "A value in force that was replaced by another.",
    _columns(
        MONTH,
        UNIT,
        "figure | VARCHAR | the figure",
        f"old_value | {AMOUNT} | the value before; null for not applicable or none",
        f"new_value | {AMOUNT} | the value after; null for not applicable or none",
        "old_submission | VARCHAR | the file the old value came from",
        "new_submission | VARCHAR | the file the new value came from",
        "revised_at | TIMESTAMP | the run's clock, UTC",
    ),
    key=_names("month, unit_code, figure, revised_at"),
    refers=_refers(
        _TO_UNIT,
        _FIGURE_TO_INDICATOR,
        "old_submission -> submission (submission)",
        "new_submission -> submission (submission)",
    ),
)
DECISIONS = Table(
    "decision",
    "What the analyst has decided of a submission, as it is in the journal.",
    _columns(
        "decided_at | TIMESTAMP | UTC",
        "kind | VARCHAR | accept, withdraw or assign",
        SUBMISSION,
        "form | VARCHAR | the form accepted or withdrawn; null for an assigned file",
        UNIT,
        MONTH,
        "reason | VARCHAR | why, in the analyst's words",
        "decided_by | VARCHAR | who",
    ),
    key=_names("decided_at, kind, submission, form"),
    refers=_refers(_TO_SUBMISSION, _TO_UNIT),
)
RETURNED = Table(
    "returned",
    "A workbook that went back to its unit with its findings marked in it, each time that it did.",
    _columns(
        SUBMISSION,
        UNIT,
        MONTH,
        "returned_at | TIMESTAMP | the run's clock, UTC",
        "errors | INTEGER | errors marked in it",
        "queries | INTEGER | queries without a reason marked in it",
        "file | VARCHAR | its place under data/raw/returned",
    ),
    key=_names("submission, returned_at"),
    refers=_refers(_TO_SUBMISSION, _TO_UNIT),
)
RUNS = Table(
    "run",
    "A run that changed or confirmed the warehouse.",
    _columns(
        "run | VARCHAR | the run",
        "kind | VARCHAR | nightly, backfill or rebuild",
        "started_at | TIMESTAMP | UTC",
        "finished_at | TIMESTAMP | UTC",
        "received | INTEGER | files taken in (or read again)",
        "accepted | INTEGER | forms accepted",
        "held | INTEGER | forms held",
        "revised | INTEGER | values in force that changed",
    ),
    key=_names("run"),
)
_INDICATOR = (
    *_QUARTER,
    UNIT,
    "indicator | VARCHAR | the indicator, or the figure of that name",
    f"value | {EXACT} | the quarter's value, in the indicator's unit; null where not reported",
    f"year_to_date | {EXACT} | from January to the quarter's end; a stock as it stands",
    "months_reported | INTEGER | months of the quarter that came",
    "units_expected | INTEGER | units that should have a value",
    "units_reported | INTEGER | units that have one",
    "maturity | VARCHAR | provisional, final (every form due is accepted) or released",
)
_GROWTH = (
    *_QUARTER,
    UNIT,
    "indicator | VARCHAR | the indicator, or the figure of that name",
    "comparison | VARCHAR | yoy, qoq, ytd_yoy or two_year",
    f"value | {EXACT} | the period's value",
    f"base | {EXACT} | the value it is compared with",
    f"change | {EXACT} | value - base; in percentage points where the unit is %",
    f"rate | {EXACT} | 100 x change / base, in percent, where status is ok",
    "status | VARCHAR | ok, or why there is no rate",
    "restated | BOOLEAN | the base is of units that merged into this one",
    "matched_units | INTEGER | units present in both periods (district rows)",
    f"matched_value | {EXACT} | their value",
    f"matched_base | {EXACT} | their base",
    f"matched_rate | {EXACT} | their rate, in percent",
    f"contribution | {EXACT} | share of the district's change, in percent",
    f"pull | {EXACT} | part of the district's rate, in percentage points",
)
_PROGRESS = (
    *_QUARTER,
    "indicator | VARCHAR | the indicator",
    f"target | {EXACT} | the quarter's own target; null where it has none",
    f"value | {EXACT} | the district's year to date, of the units that reported; a stock as it stands",
    f"completion | {EXACT} | value / target x 100, of the year's target where the quarter has none; "
    "null for no target, for 0, and for an indicator in %",
    "time_progress | INTEGER | 25, 50, 75, 100 (%)",
    f"lead | {EXACT} | completion - 100 where the quarter has its own target, "
    "else completion - time progress (points); of an indicator in % its value - the target",
    f"year_target | {EXACT} | the year's target, which stands in where the quarter has none",
    "units_expected | INTEGER | units that should be in the value; null where nothing came yet",
    "units_reported | INTEGER | units that are in it",
)
_RELEASE = "release | VARCHAR | the release's name"
_RELEASED_KEY = "release, quarter, unit_code, indicator"
_INDICATOR_KEY = "quarter, unit_code, indicator"
_TO_RELEASE = "release -> release (release)"


def _versions(table: Table, versions: str) -> Table:
    """The table as a view of the rows that stand now, of one that keeps every version of them."""
    query = f"SELECT {table.names} FROM internal.{versions} v WHERE v.until IS NULL"
    return replace(table, query=query)


QUARTERLY = _versions(
    Table(
        "quarterly_indicator",
        "An indicator in a quarter.",
        _columns(*_INDICATOR),
        key=_names(_INDICATOR_KEY),
        refers=_refers(_TO_UNIT, _TO_INDICATOR),
    ),
    "quarterly_version",
)
GROWTH = _versions(
    Table(
        "growth",
        "One comparison of an indicator in a quarter.",
        _columns(*_GROWTH),
        key=_names(f"{_INDICATOR_KEY}, comparison"),
        refers=_refers(f"{_INDICATOR_KEY} -> quarterly_indicator ({_INDICATOR_KEY})"),
    ),
    "growth_version",
)
PROGRESS = _versions(
    Table(
        "progress",
        "How far a target is met: each quarter of a year in which the indicator has a target.",
        _columns(*_PROGRESS),
        key=_names("quarter, indicator"),
        refers=_refers(_TO_INDICATOR),
    ),
    "progress_version",
)
_FACT = _columns(
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
    _columns(_RELEASE, *_INDICATOR),
    key=_names(_RELEASED_KEY),
    refers=_refers(_TO_RELEASE, _TO_UNIT, _TO_INDICATOR),
)
RELEASED_GROWTH = Table(
    "released_growth",
    "A comparison as released.",
    _columns(_RELEASE, *_GROWTH),
    key=_names(f"{_RELEASED_KEY}, comparison"),
    refers=_refers(f"{_RELEASED_KEY} -> released_indicator ({_RELEASED_KEY})"),
)
RELEASED = (
    RELEASED_INDICATOR,
    RELEASED_GROWTH,
    Table(
        "released_progress",
        "How far a target was met, as released.",
        _columns(_RELEASE, *_PROGRESS),
        key=_names("release, quarter, indicator"),
        refers=_refers(_TO_RELEASE, _TO_INDICATOR),
    ),
    Table(
        "released_figure",
        "A value that a release rests on, of its own months or of those it is compared with.",
        _FACT,
        key=_names("release, month, unit_code, figure"),
        refers=_refers(_TO_RELEASE, _TO_UNIT, _TO_SUBMISSION),
    ),
)
"""What is frozen with a release, row by row."""
_STEP = "step | INTEGER | counts the release's revisions, in the order in which they are followed"
RELEASE = Table(
    "release",
    "A frozen quarter.",
    _columns(
        _RELEASE,
        *_QUARTER,
        "as_of | TIMESTAMP | the instant it shows, UTC",
        "released_by | VARCHAR | who released it",
        "approved_by | VARCHAR | who approved it",
        "note | VARCHAR | note",
        "gaps | INTEGER | forms due in the quarter that were held or missing",
    ),
    key=_names("release"),
)
RELEASES = (
    RELEASE,
    *RELEASED,
    Table(
        "release_revision",
        "A value that a release rests on and that has changed since.",
        _columns(
            _RELEASE,
            _STEP,
            "month | DATE | the month's first day; null where another declaration changed rows",
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
        key=_names("release, step, month, unit_code, figure"),
        refers=_refers(
            _TO_RELEASE,
            _TO_UNIT,
            "old_submission -> submission (submission)",
            "new_submission -> submission (submission)",
        ),
    ),
    Table(
        "release_effect",
        "What a revision did to a number of the release.",
        _columns(
            _RELEASE,
            _STEP,
            UNIT,
            "indicator | VARCHAR | the indicator",
            "measure | VARCHAR | value, year_to_date, or a comparison: yoy, qoq, ytd_yoy, two_year",
            f"old_number | {EXACT} | the value, or the comparison's rate (change for points), before",
            f"new_number | {EXACT} | the same, after",
            "old_status | VARCHAR | the comparison's status before; null for values",
            "new_status | VARCHAR | the same, after",
        ),
        key=_names("release, step, unit_code, indicator, measure"),
        refers=_refers(_TO_RELEASE, _TO_UNIT, _TO_INDICATOR),
    ),
)

COVERAGE = Table(
    "coverage",
    "A form due from a unit for a month, once received or past due.",
    _columns(
        MONTH,
        UNIT,
        "form | VARCHAR | the form",
        "due_on | DATE | the last day in time, in the district's time zone",
        "received_at | TIMESTAMP | arrival of the first accepted version, else of the first, UTC",
        "state | VARCHAR | on_time, late, held or missing",
    ),
    "SELECT month_start AS month, unit_code, form, due_on, received_at, state "
    "FROM internal.due_form WHERE state IS NOT NULL",
    key=_names("month, unit_code, form"),
    refers=_refers(_TO_UNIT),
)
_FIGURE_COLUMNS = _columns(
    MONTH,
    UNIT,
    "form | VARCHAR | the form",
    "figure | VARCHAR | the figure",
    f"value | {AMOUNT} | the value in force, in the figure's unit whatever the form asked in; null for not applicable",
    f"year_to_date | {AMOUNT} | 本年累计 as reported; null for stocks",
    "mark | VARCHAR | reported, not_applicable or history (a dated total from before the forms)",
    SUBMISSION,
    "sheet | VARCHAR | the sheet it stands on",
    "cell | VARCHAR | the cell it stands in",
)
_FIGURE_SELECT = (
    "SELECT make_date(t.month // 12, t.month % 12 + 1, 1) AS month, t.unit_code, t.form, v.figure, "
    "v.value, v.year_to_date, v.mark, t.submission, v.sheet, v.cell "
    "FROM internal.tenure t JOIN internal.figure_value v ON v.reading = t.reading"
)
_HISTORY_SELECT = (
    "SELECT make_date(h.month // 12, h.month % 12 + 1, 1), h.unit_code, h.form, h.figure, "
    "h.value, NULL, 'history', h.submission, h.sheet, h.cell FROM internal.history h"
)


def _figures(held: str) -> str:
    """The values that `held` says are in force; `{0}` stands for a row with its time.

    A dated total of a unit that reported the figure in one of its months is not.
    """
    reported = (
        "SELECT 1 FROM internal.tenure t JOIN internal.figure_value v ON v.reading = t.reading "
        f"WHERE {held.format('t')} AND t.unit_code = h.unit_code AND v.figure = h.figure "
        "AND t.month > h.month - h.months AND t.month <= h.month"
    )
    return (
        f"{_FIGURE_SELECT} WHERE {held.format('t')} "
        f"UNION ALL {_HISTORY_SELECT} WHERE {held.format('h')} AND NOT EXISTS ({reported})"
    )


_STEPS = (
    # The verdict that a version got, by itself or with what was said of its queries.
    "SELECT r.month, r.unit_code, r.form, r.submission, r.sequence, r.judged_at AS step_at, CASE "
    "WHEN NOT r.accepted OR r.by_analyst THEN 'held' WHEN q.reason IS NOT NULL THEN 'explained' "
    "WHEN EXISTS (SELECT 1 FROM internal.reading e WHERE NOT e.accepted "
    "AND e.unit_code = r.unit_code AND e.form = r.form AND e.month = r.month "
    "AND e.sequence < r.sequence) THEN 'put_right' ELSE 'accepted' END AS step, "
    "CASE WHEN r.accepted AND NOT r.by_analyst THEN q.reason END AS detail, NULL AS decided_by "
    "FROM internal.reading r LEFT JOIN (SELECT submission, form, "
    "string_agg(DISTINCT reason, '；' ORDER BY reason) AS reason FROM internal.query "
    "GROUP BY ALL) q ON q.submission = r.submission AND q.form = r.form",
    "SELECT r.month, r.unit_code, r.form, r.submission, r.sequence, b.returned_at, 'returned', "
    "b.file, NULL FROM main.returned b JOIN internal.reading r ON r.submission = b.submission "
    "AND r.judged_at = (SELECT max(n.judged_at) FROM internal.reading n WHERE n.judged_at <= "
    "b.returned_at AND n.submission = r.submission AND n.form = r.form) "
    "WHERE NOT r.accepted OR r.by_analyst",
    "SELECT r.month, r.unit_code, r.form, r.submission, r.sequence, d.decided_at, "
    "CASE d.kind WHEN 'accept' THEN 'accepted_by_analyst' WHEN 'assign' THEN 'assigned' "
    "ELSE 'withdrawn' END, d.reason, d.decided_by "
    "FROM main.decision d JOIN internal.reading r ON r.submission = d.submission AND r.latest "
    "AND (d.form IS NULL OR r.form = d.form)",
)
FORM_STEPS = Table(
    "form_step",
    "A step that a form of a unit's month went through, from its first version on.",
    _columns(
        MONTH,
        UNIT,
        "form | VARCHAR | the form",
        SUBMISSION,
        "sequence | BIGINT | the file's place in the order of arrival",
        "step_at | TIMESTAMP | the clock of the run or the decision, UTC",
        "step | VARCHAR | accepted (at once), held, returned, put_right, explained, "
        "accepted_by_analyst, withdrawn or assigned",
        "detail | VARCHAR | the reasons of what was explained, the file that was returned, "
        "the analyst's reason",
        "decided_by | VARCHAR | the analyst, where it was a decision",
    ),
    "SELECT make_date(CAST(s.month // 12 AS INTEGER), CAST(s.month % 12 + 1 AS INTEGER), 1) "
    f"AS month, s.* EXCLUDE (month) FROM ({' UNION ALL '.join(_STEPS)}) s",
    key=_names("submission, form, step_at, step"),
    refers=_refers(_TO_SUBMISSION, _TO_UNIT),
)

MONTHLY = Table(
    "monthly_figure",
    "A value in force.",
    _FIGURE_COLUMNS,
    _figures("{0}.until IS NULL"),
    key=_names("month, unit_code, figure"),
    refers=_refers(_TO_UNIT, _FIGURE_TO_INDICATOR, _TO_SUBMISSION),
)
# A time with a zone as its UTC, whatever the session's zone; others are UTC already.
_AT = "make_timestamp(epoch_us(at_time))"
STOOD = f"{{0}}.since <= {_AT} AND ({{0}}.until IS NULL OR {{0}}.until > {_AT})"
"""The condition that a row with a time, `{0}`, stood `at_time`."""

REPORTING_UNITS = Table(
    "reporting_unit",
    "A reporting unit, past or present.",
    _columns(
        "code | VARCHAR | the unit's code",
        "name | VARCHAR | its name",
        "kind | VARCHAR | its kind",
        "valid_from | DATE | its first day; null where it has always been",
        "valid_to | DATE | its last day; null where it still is",
        "successor | VARCHAR | the unit it went into",
    ),
    key=_names("code"),
    refers=_refers("successor -> reporting_unit (code)"),
)
UNIT_SPLITS = Table(
    "unit_split",
    "A part of a unit that was split; values of the units named do not compare across the day.",
    _columns(
        "split_on | DATE | the first day of the units as they are since",
        "source | VARCHAR | the code of the unit that was split; it ended then, or went on smaller",
        "into_code | VARCHAR | the code of a unit that got a part of it, a row each",
    ),
    key=_names("split_on, source, into_code"),
    refers=_refers("source -> reporting_unit (code)", "into_code -> reporting_unit (code)"),
)
FIGURES = Table(
    "figure",
    "A version of a figure asked for: a row for each span of months with another line.",
    _columns(
        "figure | VARCHAR | the figure's name",
        "form | VARCHAR | the form it is a line of",
        "code | VARCHAR | form number and line",
        "name_zh | VARCHAR | its Chinese name",
        "unit | VARCHAR | unit of its values in the warehouse, the same in all versions",
        "asked_in | VARCHAR | unit that the form asks for; values were converted exactly",
        "kind | VARCHAR | stock (at the month's end) or flow (of the month)",
        "reporter | VARCHAR | who reports it",
        "definition | VARCHAR | what it counts",
        "valid_from | DATE | first month asked so",
        "valid_to | DATE | last month asked so; null where it still is",
        "sensitive | BOOLEAN | a count of persons of whom few are suppressed in what is shared",
    ),
    key=_names("figure, valid_from"),
    refers=_refers(_FIGURE_TO_INDICATOR),
)
INDICATORS = Table(
    "indicator",
    "An indicator; figures are indicators of their own name.",
    _columns(
        "indicator | VARCHAR | the indicator's name",
        "name_zh | VARCHAR | its Chinese name",
        "unit | VARCHAR | its unit of measure",
        "kind | VARCHAR | stock, flow or ratio",
        "formula | VARCHAR | how it is computed from figures",
        "definition | VARCHAR | what it says",
    ),
    key=_names("indicator"),
)
CONTRACT = Table(
    "contract",
    "The version of the public contract this file keeps.",
    _columns("version | VARCHAR | the version"),
    key=_names("version"),
)
_TARGET_COLUMNS = _columns(
    *_QUARTER,
    "indicator | VARCHAR | the indicator; null where the name is no longer that of one",
    f"target | {AMOUNT} | what is to be reached by the quarter's end, from January",
    "indicator_name | VARCHAR | the indicator as the table of targets names it",
    SUBMISSION,
    "row | INTEGER | the sheet's row",
)
_TARGET_SELECT = (
    "SELECT (month // 12) || 'Q' || number AS quarter, "
    "make_date(CAST(month // 12 AS INTEGER), number * 3 - 2, 1) AS quarter_start, indicator, "
    'target, indicator_name, submission, "row" FROM internal.target_version v '
    # Of several offices that set a target for the same, the last one's is in force.
    "WHERE v.until IS NULL QUALIFY row_number() OVER (PARTITION BY month, number, "
    "coalesce(indicator, indicator_name) ORDER BY since DESC, reading DESC) = 1"
)
TARGETS = Table(
    "target",
    "A target in force, cumulative within the year; a file of targets replaces its whole year.",
    _TARGET_COLUMNS,
    _TARGET_SELECT,
    key=_names("quarter, indicator_name"),
    refers=_refers(_TO_INDICATOR, _TO_SUBMISSION),
)


def _as_of(table: Table) -> str:
    """The view's rows as they stood at `at_time`."""
    assert table.query is not None
    return table.query.replace("v.until IS NULL", STOOD.format("v"))


AS_OF = {
    "figures_as_of": _figures(STOOD),
    **{f"{each.name}_as_of": _as_of(each) for each in (QUARTERLY, GROWTH, TARGETS, PROGRESS)},
}
"""The table macros of a time: the rows of those views as they stood then."""


def target_versions(declaration: Declaration) -> str:
    """The query of internal.target_version: every target with the time that it was in force."""
    parts = [
        "SELECT t.month, q.number, n.indicator, "
        f"r.{each.targets.indicator} AS indicator_name, "
        f"list_extract([{', '.join(f'r.{name}' for name in each.targets.by_quarter)}], q.number) "
        "AS target, t.submission, r.row, t.reading, t.since, t.until "
        f"FROM internal.{each.table} r JOIN internal.tenure t ON t.reading = r.reading "
        f"LEFT JOIN internal.target_name n ON n.name = r.{each.targets.indicator} "
        "CROSS JOIN (SELECT unnest([1, 2, 3, 4]) AS number) q"
        for each in declaration.ledgers
        if each.targets is not None
    ]
    none = (
        "SELECT 0 AS month, 0 AS number, '' AS indicator, '' AS indicator_name, "
        f"CAST(0 AS {AMOUNT}) AS target, '' AS submission, 0 AS \"row\", 0 AS reading, "
        "CAST(NULL AS TIMESTAMP) AS since, CAST(NULL AS TIMESTAMP) AS until WHERE FALSE"
    )
    return f"SELECT * FROM ({' UNION ALL '.join((none, *parts))}) WHERE target IS NOT NULL"


BASE_TABLES = (
    CONTRACT,
    REPORTING_UNITS,
    UNIT_SPLITS,
    FIGURES,
    INDICATORS,
    SUBMISSIONS,
    SUBMISSION_FORMS,
    FINDINGS,
    REVISIONS,
    DECISIONS,
    RETURNED,
    RUNS,
    *RELEASES,
)


def form_view(form: FigureForm) -> Table:
    """A form's view: a unit's month a row, a column a figure."""
    figures = form.latest
    columns = (
        *_columns(MONTH, UNIT, "unit_name | VARCHAR | the unit's name"),
        *(
            Column(each.name, AMOUNT, f"{each.name_zh} ({each.unit}): {each.definition}")
            for each in figures.values()
        ),
    )
    picked = ", ".join(
        f"max(m.value) FILTER (WHERE m.figure = '{name}') AS {name}" for name in figures
    )
    return Table(
        form.name,
        f"{form.title_zh} ({form.form_no}): a unit's month, the values in force.",
        columns,
        f"SELECT m.month, m.unit_code, any_value(u.name) AS unit_name, {picked} "
        "FROM main.monthly_figure m LEFT JOIN main.reporting_unit u ON u.code = m.unit_code "
        f"WHERE m.form = '{form.name}' GROUP BY m.month, m.unit_code",
        key=_names("month, unit_code"),
        refers=_refers(_TO_UNIT),
    )


def ledger_columns(ledger: Ledger) -> tuple[Column, ...]:
    """The ledger's own columns that may be kept."""
    return tuple(
        Column(each.name, _LEDGER_TYPES[each.type], f"{each.name_zh}: {each.definition}")
        for each in ledger.kept
    )


_ROW = ("row | INTEGER | the sheet's row", "sheet | VARCHAR | the sheet it stands on")


def ledger_view(ledger: Ledger) -> Table:
    """A ledger's public view: its rows in force."""
    own = ledger_columns(ledger)
    names = ", ".join(f"r.{column.name}" for column in own)
    return Table(
        ledger.table,
        f"{ledger.title_zh} ({ledger.form_no}): its rows in force at a month's end.",
        (*_columns(MONTH, UNIT), *own, *_columns(SUBMISSION, *_ROW)),
        "SELECT make_date(t.month // 12, t.month % 12 + 1, 1) AS month, t.unit_code, "
        f"{names}, t.submission, r.row, r.sheet FROM internal.{ledger.table} r "
        "JOIN internal.tenure t ON t.reading = r.reading AND t.until IS NULL",
        refers=_refers(_TO_UNIT, _TO_SUBMISSION),
    )


def public_tables(declaration: Declaration) -> tuple[Table, ...]:
    """Every public table and view, in the order in which they can be created."""
    return (
        *BASE_TABLES,
        QUARTERLY,
        GROWTH,
        COVERAGE,
        FORM_STEPS,
        MONTHLY,
        *(form_view(form) for form in declaration.forms),
        *(ledger_view(ledger) for ledger in declaration.ledgers if not ledger.yearly),
        TARGETS,
        PROGRESS,
    )
