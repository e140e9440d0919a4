"""The public tables and views of schema `main`: columns, types and comments, declared once."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Table:
    """A public table, or a view where `query` is given."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    query: str | None = None

    @property
    def names(self) -> str:
        """The columns' names for a SELECT or INSERT."""
        return ", ".join(column.name for column in self.columns)


def _columns(*lines: str) -> tuple[Column, ...]:
    """Columns from 'name | type | comment' lines."""
    return tuple(Column(*(part.strip() for part in line.split("|", 2))) for line in lines)


UNIT = "unit_code | VARCHAR | the reporting unit's code; the district's for totals"
MONTH = "month | DATE | the month's first day"
SUBMISSION = "submission | VARCHAR | the file, as in submission"
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
        "run | VARCHAR | the run that took it in",
        "archived_as | VARCHAR | its place under data/raw/archive, or that of its zip",
        "member | VARCHAR | for a file that came in a zip, its place there; null for others",
    ),
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
_RELEASE = "release | VARCHAR | the release's name"
QUARTERLY = Table("quarterly_indicator", "An indicator in a quarter.", _columns(*_INDICATOR))
GROWTH = Table("growth", "One comparison of an indicator in a quarter.", _columns(*_GROWTH))
RELEASES = (
    Table(
        "release",
        "A frozen quarter.",
        _columns(
            _RELEASE,
            *_QUARTER,
            "as_of | TIMESTAMP | the instant it shows, UTC",
            "released_by | VARCHAR | who released it",
            "approved_by | VARCHAR | who approved it",
            "note | VARCHAR | note",
        ),
    ),
    Table("released_indicator", "An indicator as released.", _columns(_RELEASE, *_INDICATOR)),
    Table("released_growth", "A comparison as released.", _columns(_RELEASE, *_GROWTH)),
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
)

MONTHLY = Table(
    "monthly_figure", "A value in force.", _FIGURE_COLUMNS, _figures("{0}.until IS NULL")
)
FIGURES_AS_OF = _figures("{0}.since <= t_at AND ({0}.until IS NULL OR {0}.until > t_at)").replace(
    # A time with a zone as its UTC, whatever the session's zone; others are UTC already.
    "t_at",
    "make_timestamp(epoch_us(at_time))",
)

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
)
UNIT_SPLITS = Table(
    "unit_split",
    "A part of a unit that was split; values of the units named do not compare across the day.",
    _columns(
        "split_on | DATE | the first day of the units as they are since",
        "source | VARCHAR | the code of the unit that was split; it ended then, or went on smaller",
        "into_code | VARCHAR | the code of a unit that got a part of it, a row each",
    ),
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
    ),
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
)
CONTRACT = Table(
    "contract",
    "The version of the public contract this file keeps.",
    _columns("version | VARCHAR | the version"),
)
TARGETS = Table(
    "target",
    "A target, cumulative within the year.",
    _columns(
        *_QUARTER,
        "indicator | VARCHAR | the indicator",
        f"target | {AMOUNT} | what is to be reached by the quarter's end, from January",
    ),
    "SELECT r.year || 'Q' || q.number AS quarter, "
    "make_date(CAST(r.year AS INTEGER), q.number * 3 - 2, 1) AS quarter_start, i.indicator, "
    "CASE q.number WHEN 1 THEN r.target_q1 WHEN 2 THEN r.target_q2 WHEN 3 THEN r.target_q3 "
    "ELSE r.target_q4 END AS target "
    "FROM internal.target_row r JOIN internal.tenure t ON t.reading = r.reading AND t.until IS NULL "
    "JOIN main.indicator i ON i.name_zh = r.indicator_name "
    "CROSS JOIN (SELECT unnest([1, 2, 3, 4]) AS number) q "
    "WHERE CASE q.number WHEN 1 THEN r.target_q1 WHEN 2 THEN r.target_q2 "
    "WHEN 3 THEN r.target_q3 ELSE r.target_q4 END IS NOT NULL",
)

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
    QUARTERLY,
    GROWTH,
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
    )


def ledger_columns(ledger: Ledger) -> tuple[Column, ...]:
    """The ledger's own columns that may be kept."""
    return tuple(
        Column(each.name, _LEDGER_TYPES[each.type], f"{each.name_zh}: {each.definition}")
        for each in ledger.kept
    )


def ledger_view(ledger: Ledger) -> Table:
    """A ledger's public view: its rows in force."""
    own = ledger_columns(ledger)
    names = ", ".join(f"r.{column.name}" for column in own)
    return Table(
        ledger.table,
        f"{ledger.title_zh} ({ledger.form_no}): its rows in force at a month's end.",
        (*_columns(MONTH, UNIT), *own, *_columns(SUBMISSION, "row | INTEGER | the sheet's row")),
        "SELECT make_date(t.month // 12, t.month % 12 + 1, 1) AS month, t.unit_code, "
        f"{names}, t.submission, r.row FROM internal.{ledger.table} r "
        "JOIN internal.tenure t ON t.reading = r.reading AND t.until IS NULL",
    )


def public_tables(declaration: Declaration) -> tuple[Table, ...]:
    """Every public table and view, in the order in which they can be created."""
    targets = any(ledger.table == "target_row" for ledger in declaration.ledgers)
    return (
        *BASE_TABLES,
        COVERAGE,
        FORM_STEPS,
        MONTHLY,
        *(form_view(form) for form in declaration.forms),
        *(ledger_view(ledger) for ledger in declaration.ledgers if not ledger.yearly),
        *((TARGETS, PROGRESS) if targets else ()),
    )


_TIME = "25 * CAST(right(p.quarter, 1) AS INTEGER)"
PROGRESS = Table(
    "progress",
    "How far a target is met.",
    _columns(
        *_QUARTER,
        "indicator | VARCHAR | the indicator",
        f"target | {AMOUNT} | the quarter's own target; null where it has none",
        f"value | {EXACT} | the district's year to date",
        "completion | DOUBLE | value / target x 100; of the year's target where the quarter has none",
        "time_progress | INTEGER | 25, 50, 75, 100 (%)",
        "lead | DOUBLE | completion - 100 where the quarter has its own target, "
        "else completion - time progress (points); of an indicator in % its value - the target",
    ),
    "SELECT p.quarter, p.quarter_start, p.indicator, own.target, p.year_to_date AS value, "
    "100 * p.year_to_date / nullif(coalesce(own.target, year.target), 0) AS completion, "
    f"{_TIME} AS time_progress, "
    "CASE WHEN i.unit = '%' THEN p.year_to_date - coalesce(own.target, year.target) ELSE "
    "100 * p.year_to_date / nullif(coalesce(own.target, year.target), 0) "
    f"- CASE WHEN own.target IS NULL THEN {_TIME} ELSE 100 END END AS lead "
    "FROM main.quarterly_indicator p JOIN main.indicator i ON i.indicator = p.indicator "
    "JOIN main.target year ON year.indicator = p.indicator "
    "AND year.quarter = left(p.quarter, 4) || 'Q4' "
    "LEFT JOIN main.target own ON own.indicator = p.indicator AND own.quarter = p.quarter "
    "WHERE p.unit_code = (SELECT code FROM main.reporting_unit WHERE kind = '区')",
)
