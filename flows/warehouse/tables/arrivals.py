"""Tables of what came in, what was found in it, and what became of it."""

from __future__ import annotations

from flows.warehouse.tables.model import (
    AMOUNT,
    FIGURE_TO_INDICATOR,
    MONTH,
    SUBMISSION,
    TO_SUBMISSION,
    TO_UNIT,
    UNIT,
    Table,
    columns_of,
    named,
    referring,
)

FINDING_LINES = (
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
)

COVERAGE_LINES = (
    MONTH,
    UNIT,
    "form | VARCHAR | the form",
    "due_on | DATE | the last day in time, in the district's time zone",
    "received_at | TIMESTAMP | arrival of the first accepted version, else of the first, UTC",
    "state | VARCHAR | on_time, late, held or missing",
)

SUBMISSIONS = Table(
    "submission",
    "A file received.",
    columns_of(
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
    key=named("submission"),
    refers=referring(TO_UNIT, "run -> run (run)"),
)

SUBMISSION_FORMS = Table(
    "submission_form",
    "A form in a submission, and what became of it.",
    columns_of(
        SUBMISSION,
        "form | VARCHAR | the form",
        "state | VARCHAR | accepted (in force), held, superseded, withdrawn",
        "superseded_by | VARCHAR | the submission that is in force in its place",
        "unverifiable | INTEGER | rules that could be neither passed nor failed",
    ),
    key=named("submission, form"),
    refers=referring(TO_SUBMISSION, "superseded_by -> submission (submission)"),
)

FINDINGS = Table(
    "finding",
    "Something found in a submission, under the latest verdict.",
    columns_of(*FINDING_LINES),
    refers=referring(TO_SUBMISSION, TO_UNIT, FIGURE_TO_INDICATOR),
)

REVISIONS = Table(
    "revision",
    "A value in force that was replaced by another.",
    columns_of(
        MONTH,
        UNIT,
        "figure | VARCHAR | the figure",
        f"old_value | {AMOUNT} | the value before; null for not applicable or none",
        f"new_value | {AMOUNT} | the value after; null for not applicable or none",
        "old_submission | VARCHAR | the file the old value came from",
        "new_submission | VARCHAR | the file the new value came from",
        "revised_at | TIMESTAMP | the run's clock, UTC",
    ),
    key=named("month, unit_code, figure, revised_at"),
    refers=referring(
        TO_UNIT,
        FIGURE_TO_INDICATOR,
        "old_submission -> submission (submission)",
        "new_submission -> submission (submission)",
    ),
)

DECISIONS = Table(
    "decision",
    "What the analyst has decided of a submission, as it is in the journal.",
    columns_of(
        "decided_at | TIMESTAMP | UTC",
        "kind | VARCHAR | accept, withdraw or assign",
        SUBMISSION,
        "form | VARCHAR | the form accepted or withdrawn; null for an assigned file",
        UNIT,
        MONTH,
        "reason | VARCHAR | why, in the analyst's words",
        "decided_by | VARCHAR | who",
    ),
    key=named("decided_at, kind, submission, form"),
    refers=referring(TO_SUBMISSION, TO_UNIT),
)

RETURNED = Table(
    "returned",
    "A workbook that went back to its unit with its findings marked in it, each time that it did.",
    columns_of(
        SUBMISSION,
        UNIT,
        MONTH,
        "returned_at | TIMESTAMP | the run's clock, UTC",
        "errors | INTEGER | errors marked in it",
        "queries | INTEGER | queries without a reason marked in it",
        "file | VARCHAR | its place under data/raw/returned",
    ),
    key=named("submission, returned_at"),
    refers=referring(TO_SUBMISSION, TO_UNIT),
)

RUNS = Table(
    "run",
    "A run that changed or confirmed the warehouse.",
    columns_of(
        "run | VARCHAR | the run",
        "kind | VARCHAR | nightly, backfill or rebuild",
        "started_at | TIMESTAMP | UTC",
        "finished_at | TIMESTAMP | UTC",
        "received | INTEGER | files taken in (or read again)",
        "accepted | INTEGER | forms accepted",
        "held | INTEGER | forms held",
        "revised | INTEGER | values in force that changed",
    ),
    key=named("run"),
)

COVERAGE = Table(
    "coverage",
    "A form due from a unit for a month, once received or past due.",
    columns_of(*COVERAGE_LINES),
    "SELECT month_start AS month, unit_code, form, due_on, received_at, state "
    "FROM internal.due_form WHERE state IS NOT NULL",
    key=named("month, unit_code, form"),
    refers=referring(TO_UNIT),
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
    columns_of(
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
    key=named("submission, form, step_at, step"),
    refers=referring(TO_SUBMISSION, TO_UNIT),
)
