-- How far the targets are met: the district's year to date beside what was to be reached.

-- Every quarter of a year in which an indicator has a target, so that none is lost to a
-- quarter of which nothing came. A target is a fraction in lowest terms: 12.5 is 25 / 2.
CREATE OR REPLACE TEMP TABLE step_progress AS
WITH target AS (
    SELECT quarter, indicator, (target::DECIMAL(38, 6) * 1000000)::HUGEINT AS target
    FROM internal.target
),
wanted AS (
    SELECT each.year * 4 + number.number AS quarter, each.indicator
    FROM (SELECT DISTINCT quarter // 4 AS year, indicator FROM target) AS each
    CROSS JOIN (SELECT unnest([0, 1, 2, 3]) AS number) AS number
),
beside AS (
    SELECT
        wanted.quarter,
        wanted.indicator,
        rule.points,
        own.target AS own,
        year.target AS year,
        coalesce(own.target, year.target) AS against,
        CASE WHEN own.target IS NULL THEN 25 * (wanted.quarter % 4 + 1) ELSE 100 END AS expected,
        part.ytd_numerator,
        part.ytd_denominator,
        part.ytd_expected,
        part.ytd_reported
    FROM wanted
    JOIN internal.indicator_rule AS rule USING (indicator)
    LEFT JOIN target AS own
        ON own.quarter = wanted.quarter AND own.indicator = wanted.indicator
    LEFT JOIN target AS year
        ON year.quarter = wanted.quarter // 4 * 4 + 3 AND year.indicator = wanted.indicator
    LEFT JOIN internal.quarterly_part AS part
        ON part.quarter = wanted.quarter
        AND part.indicator = wanted.indicator
        AND part.unit_code = getvariable('district')
)
SELECT
    * EXCLUDE (ytd_numerator, ytd_denominator, against),
    ytd_numerator // divisor(ytd_numerator, ytd_denominator) AS top,
    ytd_denominator // divisor(ytd_numerator, ytd_denominator) AS bottom,
    against // divisor(against, 1000000::HUGEINT) AS target_top,
    1000000 // divisor(against, 1000000::HUGEINT) AS target_bottom
FROM beside;

-- Completion is value over target; an indicator in % is compared in points, and a share of
-- a share would say nothing. Nothing is divided by a target of 0.
CREATE OR REPLACE TEMP TABLE step_measured AS
SELECT
    quarter_label(quarter) AS quarter,
    make_date((quarter // 4)::INTEGER, (quarter % 4 * 3 + 1)::INTEGER, 1) AS quarter_start,
    indicator,
    ratios[1] AS target,
    ratios[2] AS value,
    ratios[3] AS completion,
    25 * (quarter % 4 + 1) AS time_progress,
    ratios[4] AS lead,
    ratios[5] AS year_target,
    ytd_expected AS units_expected,
    ytd_reported AS units_reported
FROM (
    SELECT
        *,
        exact_ratios([
            {n: own, d: 1000000},
            {n: top, d: bottom},
            {
                n: CASE WHEN NOT points THEN 100 * top * target_bottom END,
                d: bottom * target_top
            },
            {
                n: CASE
                    WHEN points THEN top * target_bottom - target_top * bottom
                    ELSE 100 * top * target_bottom - expected * bottom * target_top
                END,
                d: CASE WHEN points THEN bottom * target_bottom ELSE bottom * target_top END
            },
            {n: year, d: 1000000}
        ]) AS ratios
    FROM step_progress
);
