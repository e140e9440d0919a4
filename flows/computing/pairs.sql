-- Each value beside its base: the parts of both, unrounded.

-- Units that are not the same in both periods. Those that took part in a split, or what has
-- become of them, where it lies after the base's first month and up to the value's last; and
-- those that ended before the value's last month, since what they have is of fewer months.
CREATE OR REPLACE TEMP TABLE step_altered AS
SELECT DISTINCT compared.quarter, comparison.comparison, followed.unit_code, term.indicator
FROM internal.split AS split
CROSS JOIN step_compared AS compared
CROSS JOIN step_comparison AS comparison
JOIN step_unit AS followed
    ON followed.quarter = compared.quarter AND followed.source = split.unit_code
CROSS JOIN internal.indicator_term AS term
JOIN step_figure AS figure USING (figure)
WHERE split.month <= compared.quarter * 3 + 2
    AND split.month > first_month(
        compared.quarter - comparison.quarters_back,
        figure.stock,
        term.cumulative OR comparison.cumulative
    )
UNION
SELECT ended.quarter, comparison.comparison, ended.unit_code, rule.indicator
FROM step_unit AS ended
CROSS JOIN step_comparison AS comparison
CROSS JOIN internal.indicator_rule AS rule
WHERE ended.until < ended.quarter * 3 + 2;

-- The base is that of the units which have become this one; its parts are added up before
-- any division. `lacking` is set where one of them should have the value and has not.
CREATE OR REPLACE TEMP TABLE step_pair AS
WITH value AS (
    SELECT
        part.quarter,
        comparison.comparison,
        part.unit_code,
        part.indicator,
        rule.ratio,
        rule.points,
        CASE WHEN cumulative THEN ytd_numerator ELSE numerator END AS numerator,
        CASE WHEN cumulative THEN ytd_denominator ELSE denominator END AS denominator,
        CASE WHEN cumulative THEN ytd_expected > ytd_reported ELSE expected > reported END
            AS lacking
    FROM internal.quarterly_part AS part
    JOIN internal.indicator_rule AS rule USING (indicator)
    CROSS JOIN step_comparison AS comparison
    WHERE part.quarter IN (SELECT quarter FROM step_compared)
        -- Cumulative within the year: the quarter before is no base.
        AND NOT (rule.within_year AND comparison.comparison = 'qoq')
),
base AS (
    SELECT
        compared.quarter,
        comparison.comparison,
        followed.unit_code,
        part.indicator,
        sum(CASE WHEN cumulative THEN ytd_numerator ELSE numerator END) AS numerator,
        CASE
            WHEN rule.ratio THEN sum(CASE WHEN cumulative THEN ytd_denominator ELSE denominator END)
            ELSE max(CASE WHEN cumulative THEN ytd_denominator ELSE denominator END)
        END AS denominator,
        bool_or(
            CASE WHEN cumulative THEN ytd_expected > ytd_reported ELSE expected > reported END
        ) AS lacking,
        bool_or(part.unit_code <> followed.unit_code) AS restated
    FROM step_compared AS compared
    CROSS JOIN step_comparison AS comparison
    JOIN internal.quarterly_part AS part
        ON part.quarter = compared.quarter - comparison.quarters_back
    JOIN internal.indicator_rule AS rule USING (indicator)
    JOIN step_unit AS followed
        ON followed.quarter = compared.quarter AND followed.source = part.unit_code
    GROUP BY
        compared.quarter, comparison.comparison, followed.unit_code, part.indicator, rule.ratio
)
SELECT
    value.quarter,
    value.comparison,
    value.unit_code,
    value.indicator,
    value.ratio,
    value.points,
    FALSE AS matched,
    0 AS units,
    value.numerator AS value_numerator,
    value.denominator AS value_denominator,
    -- Part of a unit's base is no base; the district's is what it is, and is incomplete.
    CASE WHEN NOT base.lacking OR district THEN base.numerator END AS base_numerator,
    CASE WHEN NOT base.lacking OR district THEN base.denominator END AS base_denominator,
    coalesce(base.restated, FALSE) AS restated,
    district AND (value.lacking OR coalesce(base.lacking, FALSE)) AS incomplete,
    altered.unit_code IS NOT NULL AS altered
FROM (SELECT *, unit_code = getvariable('district') AS district FROM value) AS value
LEFT JOIN base USING (quarter, comparison, unit_code, indicator)
LEFT JOIN step_altered AS altered USING (quarter, comparison, unit_code, indicator);

-- Matched growth: the district as the sum of the units that have the value in both periods
-- and are the same in them.
INSERT INTO step_pair
SELECT
    quarter,
    comparison,
    getvariable('district'),
    indicator,
    ratio,
    points,
    TRUE,
    count(*),
    sum(value_numerator),
    CASE WHEN ratio THEN sum(value_denominator) ELSE max(value_denominator) END,
    sum(base_numerator),
    CASE WHEN ratio THEN sum(base_denominator) ELSE max(base_denominator) END,
    FALSE,
    FALSE,
    FALSE
FROM step_pair
WHERE unit_code <> getvariable('district')
    AND value_numerator IS NOT NULL
    AND base_numerator IS NOT NULL
    AND NOT altered
GROUP BY quarter, comparison, indicator, ratio, points;

-- A definition that changed after the base's first month and up to the value's last: the
-- two are not of one kind.
CREATE OR REPLACE TEMP TABLE step_redefined AS
SELECT DISTINCT compared.quarter, comparison.comparison, term.indicator
FROM internal.redefined AS redefined
JOIN internal.indicator_term AS term USING (figure)
JOIN step_figure AS figure USING (figure)
CROSS JOIN step_compared AS compared
CROSS JOIN step_comparison AS comparison
WHERE redefined.month <= compared.quarter * 3 + 2
    AND redefined.month > first_month(
        compared.quarter - comparison.quarters_back,
        figure.stock,
        term.cumulative OR comparison.cumulative
    )
UNION
-- A flow that began or ended to be asked for within either span adds up fewer months there.
SELECT compared.quarter, comparison.comparison, term.indicator
FROM internal.boundary AS boundary
JOIN internal.indicator_term AS term USING (figure)
JOIN step_figure AS figure USING (figure)
CROSS JOIN step_compared AS compared
CROSS JOIN step_comparison AS comparison
CROSS JOIN (SELECT unnest([0, 1]) AS back) AS side
WHERE NOT figure.stock
    AND boundary.month <= (compared.quarter - side.back * comparison.quarters_back) * 3 + 2
    AND boundary.month > first_month(
        compared.quarter - side.back * comparison.quarters_back,
        FALSE,
        term.cumulative OR comparison.cumulative
    );
