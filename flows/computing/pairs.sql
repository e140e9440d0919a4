-- Each value beside its base: the parts of both, unrounded.

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
    district AND (value.lacking OR coalesce(base.lacking, FALSE)) AS incomplete
FROM (SELECT *, unit_code = getvariable('district') AS district FROM value) AS value
LEFT JOIN base USING (quarter, comparison, unit_code, indicator);

-- Matched growth: the district as the sum of the units that have the value in both periods.
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
    FALSE
FROM step_pair
WHERE unit_code <> getvariable('district')
    AND value_numerator IS NOT NULL
    AND base_numerator IS NOT NULL
GROUP BY quarter, comparison, indicator, ratio, points;

-- A definition that changed after the base's first month and up to the value's last: the
-- two are not of one kind. A stock is of one month, a flow of its quarter or its year.
CREATE OR REPLACE TEMP TABLE step_redefined AS
SELECT DISTINCT compared.quarter, comparison.comparison, term.indicator
FROM internal.redefined AS redefined
JOIN internal.indicator_term AS term USING (figure)
JOIN step_figure AS figure USING (figure)
CROSS JOIN step_compared AS compared
CROSS JOIN step_comparison AS comparison
WHERE redefined.month <= compared.quarter * 3 + 2
    AND redefined.month > CASE
        WHEN figure.stock THEN (compared.quarter - comparison.quarters_back) * 3 + 2
        WHEN term.cumulative OR comparison.cumulative
        THEN (compared.quarter - comparison.quarters_back) // 4 * 12
        ELSE (compared.quarter - comparison.quarters_back) * 3
    END
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
    AND boundary.month > CASE
        WHEN term.cumulative OR comparison.cumulative
        THEN (compared.quarter - side.back * comparison.quarters_back) // 4 * 12
        ELSE (compared.quarter - side.back * comparison.quarters_back) * 3
    END;
