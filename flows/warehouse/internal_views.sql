-- The views of schema `internal`, made anew with every other declaration or version.

-- The dated totals that count: none of a unit that reported the figure in one of its months.
CREATE OR REPLACE VIEW internal.total AS
SELECT h.*
FROM internal.history AS h
WHERE h.until IS NULL AND NOT EXISTS (
    SELECT 1
    FROM internal.tenure AS t
    JOIN internal.figure_value AS v ON v.reading = t.reading
    WHERE t.until IS NULL AND t.unit_code = h.unit_code AND v.figure = h.figure
        AND t.month > h.month - h.months AND t.month <= h.month
);

-- The facts that indicators are computed from, in one shape.
CREATE OR REPLACE VIEW internal.month_value AS
SELECT t.month, t.unit_code, v.figure, v.value, v.year_to_date, v.mark, t.submission
FROM internal.tenure t JOIN internal.figure_value v ON v.reading = t.reading
WHERE t.until IS NULL
UNION ALL
SELECT t.month, t.unit_code, c.name, c.value, NULL, 'reported', t.submission
FROM internal.tenure t JOIN internal.ledger_count c ON c.reading = t.reading
WHERE t.until IS NULL AND NOT c.compared
UNION ALL
SELECT month, unit_code, 'forms_due', count(*)::DECIMAL(18,6), NULL, 'reported', NULL
FROM internal.due_form WHERE state IS NOT NULL GROUP BY month, unit_code
UNION ALL
SELECT month, unit_code, 'forms_on_time',
       (count(*) FILTER (WHERE state = 'on_time'))::DECIMAL(18,6), NULL, 'reported', NULL
FROM internal.due_form WHERE state IS NOT NULL GROUP BY month, unit_code
UNION ALL
SELECT month, unit_code, figure, value, NULL, 'history', submission FROM internal.total
UNION ALL
-- A quarter's total stands in its last month; it covers the two before as well.
SELECT h.month - earlier.back, h.unit_code, h.figure, 0, NULL, 'history', h.submission
FROM internal.total AS h
CROSS JOIN (SELECT unnest([1, 2]) AS back) AS earlier
WHERE h.months = 3
    AND h.figure IN (SELECT figure FROM main.figure WHERE kind = 'flow');

CREATE OR REPLACE VIEW internal.form_state AS
SELECT month, unit_code, form, coalesce(state IN ('on_time', 'late'), FALSE) AS accepted
FROM internal.due_form;

-- What the computing measures progress against: the targets in force, by quarter and indicator.
CREATE OR REPLACE VIEW internal.target AS
SELECT month // 3 + number - 1 AS quarter, indicator, target
FROM internal.target_version
WHERE until IS NULL AND indicator IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY month, number, indicator ORDER BY since DESC, reading DESC, "row" DESC
) = 1;
