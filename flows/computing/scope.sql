-- Which quarters are rebuilt, and who a unit is in them.

-- A changed month moves its quarter and, through the year to date, the rest of its year.
CREATE OR REPLACE TEMP TABLE step_rebuilt AS
SELECT DISTINCT changed.quarter + later.later AS quarter
FROM step_changed AS changed, (SELECT unnest(range(4)) AS later) AS later
WHERE (changed.quarter + later.later) // 4 = changed.quarter // 4;

-- Growth looks at a quarter from one, four and eight quarters on. Only the quarters named
-- here are compared: a quarter that is not there is never stood in for by the one before.
CREATE OR REPLACE TEMP TABLE step_comparison AS
SELECT * FROM (
    VALUES ('yoy', 4, FALSE), ('qoq', 1, FALSE), ('ytd_yoy', 4, TRUE), ('two_year', 8, FALSE)
) AS comparison (comparison, quarters_back, cumulative);

CREATE OR REPLACE TEMP TABLE step_compared AS
SELECT quarter FROM step_rebuilt
UNION
SELECT quarter + quarters_back FROM step_rebuilt, step_comparison;

-- Quarters that nothing touches have no rows.
CREATE OR REPLACE TEMP TABLE step_touched AS
SELECT DISTINCT month // 3 AS quarter
FROM (
    SELECT month FROM internal.month_value
    UNION ALL
    SELECT month FROM internal.form_state
);

-- Every unit by quarter, followed through its successors to the unit in being at the end
-- of the quarter's last month; or to the one that ended without a successor, which stands
-- for itself to the end of its year: what it reported in it is part of the year. `until` is
-- the last month at whose end the unit, or one that went into it, was there. UNION, not
-- UNION ALL: a circle of successors ends.
CREATE OR REPLACE TEMP TABLE step_unit AS
WITH RECURSIVE quarter AS (
    SELECT quarter, quarter * 3 + 2 AS last_month
    FROM step_touched
    WHERE quarter IN (SELECT quarter FROM step_compared)
),
followed AS (
    SELECT quarter.quarter, quarter.last_month, unit.code AS source, unit.code AS unit_code
    FROM quarter, internal.unit AS unit
    WHERE unit.code <> getvariable('district')
    UNION
    SELECT followed.quarter, followed.last_month, followed.source, unit.successor
    FROM followed
    JOIN internal.unit AS unit ON unit.code = followed.unit_code
    WHERE unit.last_month < followed.last_month AND unit.successor IS NOT NULL
),
ended AS (
    SELECT
        followed.quarter,
        followed.source,
        followed.unit_code,
        -- A unit that came and went within a month was there at no month's end.
        max(source.last_month) FILTER (coalesce(source.first_month <= source.last_month, TRUE))
            OVER (PARTITION BY followed.quarter, followed.unit_code) AS until
    FROM followed
    JOIN internal.unit AS unit ON unit.code = followed.unit_code
    JOIN internal.unit AS source ON source.code = followed.source
    WHERE unit.last_month < followed.last_month AND unit.successor IS NULL
)
SELECT followed.quarter, followed.source, followed.unit_code, followed.last_month AS until
FROM followed
JOIN internal.unit AS unit ON unit.code = followed.unit_code
WHERE coalesce(unit.first_month <= followed.last_month, TRUE)
    AND coalesce(unit.last_month >= followed.last_month, TRUE)
UNION ALL
FROM ended
WHERE until // 12 = quarter // 4
UNION ALL
-- The district stands for itself: totals from before there were forms have no units.
SELECT quarter, getvariable('district'), getvariable('district'), last_month FROM quarter;

CREATE OR REPLACE TEMP TABLE step_figure AS
SELECT
    figure,
    any_value(kind) = 'stock' AS stock,
    bool_or(cumulative_only) AS cumulative_only,
    min(months) AS months
FROM internal.line
GROUP BY figure;
