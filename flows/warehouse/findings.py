"""Which findings are open."""

OPEN = (
    "SELECT f.* FROM (SELECT unit_code, form, month, arg_max(submission, sequence) AS submission "
    "FROM main.form_step WHERE month BETWEEN $first AND $last AND step = 'held' GROUP BY ALL) l "
    "JOIN main.submission_form s ON s.submission = l.submission "
    "AND s.form = l.form AND s.state = 'held' "
    "JOIN main.finding f ON f.submission = l.submission AND f.form = l.form "
    "LEFT JOIN main.coverage c ON c.month = l.month AND c.unit_code = l.unit_code "
    # A form that is sent when it changes is never due: it has no coverage to be held in.
    "AND c.form = l.form WHERE coalesce(c.state, 'held') = 'held' "
    "AND f.level <> 'notice' AND f.explanation IS NULL"
)
"""The findings that hold the last version of the forms of the months $first to $last."""
