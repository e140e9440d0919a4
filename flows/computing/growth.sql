-- From pairs to growth: status, change and rate.

-- Both sides over one positive denominator, so that comparing numerators compares values.
-- Fractions are reduced first to keep the products small.
CREATE OR REPLACE TEMP TABLE step_growth AS
WITH divided AS (
    SELECT
        *,
        value_numerator IS NULL AS value_missing,
        base_numerator IS NULL AS base_missing,
        -- Null for a ratio whose denominator is 0.
        CASE WHEN ratio THEN divisor(value_numerator, value_denominator) END AS value_divisor,
        CASE WHEN ratio THEN divisor(base_numerator, base_denominator) END AS base_divisor
    FROM step_pair
),
reduced AS (
    SELECT
        * EXCLUDE (
            value_numerator, value_denominator, base_numerator, base_denominator,
            value_divisor, base_divisor
        ),
        CASE WHEN ratio THEN value_numerator // value_divisor ELSE value_numerator END
            AS value_top,
        CASE WHEN ratio THEN value_denominator // value_divisor ELSE value_denominator END
            AS value_bottom,
        CASE WHEN ratio THEN base_numerator // base_divisor ELSE base_numerator END AS base_top,
        CASE WHEN ratio THEN base_denominator // base_divisor ELSE base_denominator END
            AS base_bottom
    FROM divided
),
common AS (
    SELECT
        *,
        CASE
            WHEN value_bottom = base_bottom THEN 1
            ELSE value_bottom // divisor(base_bottom, value_bottom)
        END AS value_share,
        CASE
            WHEN value_bottom = base_bottom THEN 1
            ELSE base_bottom // divisor(value_bottom, base_bottom)
        END AS base_share
    FROM reduced
),
alike AS (
    SELECT
        * EXCLUDE (value_share, base_share),
        value_top * base_share AS value_amount,
        base_top * value_share AS base_amount,
        value_share * base_bottom AS amounts_in_one
    FROM common
),
judged AS (
    SELECT
        alike.*,
        -- The first that applies.
        CASE
            WHEN value_missing THEN 'value_missing'
            -- A unit that was not there has no base to report.
            WHEN altered THEN 'not_comparable'
            WHEN base_missing THEN 'base_missing'
            WHEN value_top IS NULL OR base_top IS NULL THEN 'undefined'
            WHEN redefined.indicator IS NOT NULL THEN 'not_comparable'
            WHEN incomplete THEN 'incomplete'
            WHEN points THEN 'points'
            WHEN base_amount = 0 AND value_amount = 0 THEN 'both_zero'
            WHEN base_amount = 0 THEN 'base_zero'
            WHEN base_amount > 0 AND value_amount < 0 THEN 'turned_negative'
            WHEN base_amount < 0 AND value_amount > 0 THEN 'turned_positive'
            WHEN base_amount < 0 THEN 'base_negative'
            ELSE 'ok'
        END AS status
    FROM alike
    LEFT JOIN step_redefined AS redefined USING (quarter, comparison, indicator)
)
SELECT *, CASE WHEN NOT altered THEN value_amount - base_amount END AS moved
FROM judged;

-- A rate is of the unrounded parts, and only of status ok.
CREATE OR REPLACE TEMP TABLE step_two_year AS
SELECT DISTINCT value_amount AS n, base_amount AS d
FROM step_growth
WHERE comparison = 'two_year' AND status = 'ok';

CREATE OR REPLACE TEMP TABLE step_rated AS
SELECT
    growth.*,
    CASE WHEN comparison <> 'two_year' AND status = 'ok' THEN 100 * moved END AS percent_moved,
    two_year.rate AS two_year_rate
FROM step_growth AS growth
LEFT JOIN two_year_rates('step_two_year') AS two_year
    ON growth.comparison = 'two_year'
    AND growth.status = 'ok'
    AND two_year.n = growth.value_amount
    AND two_year.d = growth.base_amount;

-- What the units' changes are shares of: only what can be added up, and only where the
-- district's own growth is sound.
CREATE OR REPLACE TEMP TABLE step_share AS
WITH district AS (
    SELECT
        quarter,
        comparison,
        indicator,
        moved,
        base_amount AS base
    FROM step_rated
    WHERE unit_code = getvariable('district')
        AND NOT matched
        AND NOT ratio
        AND comparison <> 'two_year'
        AND status = 'ok'
)
SELECT
    district.*,
    -- Changes against the total's direction that outweigh the total make shares mislead.
    coalesce(
        sum(abs(unit.moved)) FILTER (sign(unit.moved) = -sign(district.moved)), 0
    ) <= abs(district.moved) AND district.moved <> 0 AS shared
FROM district
LEFT JOIN step_rated AS unit
    ON unit.quarter = district.quarter
    AND unit.comparison = district.comparison
    AND unit.indicator = district.indicator
    AND unit.unit_code <> getvariable('district')
GROUP BY
    district.quarter, district.comparison, district.indicator, district.moved, district.base;

CREATE OR REPLACE TEMP TABLE step_grown AS
WITH beside AS (
    SELECT
        growth.*,
        CASE WHEN growth.unit_code = getvariable('district') THEN coalesce(matched.units, 0) END
            AS matched_units,
        matched.two_year_rate AS matched_two_year_rate,
        exact_ratios([
            {n: growth.value_top, d: growth.value_bottom},
            {n: growth.base_top, d: growth.base_bottom},
            {
                n: CASE
                    WHEN growth.status IN (
                        'points', 'both_zero', 'base_zero', 'turned_negative',
                        'turned_positive', 'base_negative', 'ok'
                    )
                    THEN growth.moved
                END,
                d: growth.amounts_in_one
            },
            {n: growth.percent_moved, d: growth.base_amount},
            {n: matched.value_top, d: matched.value_bottom},
            {n: matched.base_top, d: matched.base_bottom},
            {n: matched.percent_moved, d: matched.base_amount},
            {n: CASE WHEN share.shared THEN 100 * growth.moved END, d: share.moved},
            {n: 100 * growth.moved, d: share.base}
        ]) AS ratios
    FROM (FROM step_rated WHERE NOT matched) AS growth
    LEFT JOIN (FROM step_rated WHERE matched) AS matched
        USING (quarter, comparison, unit_code, indicator)
    LEFT JOIN step_share AS share
        ON share.quarter = growth.quarter
        AND share.comparison = growth.comparison
        AND share.indicator = growth.indicator
        AND growth.unit_code <> getvariable('district')
)
SELECT
    quarter_label(quarter) AS quarter,
    make_date(quarter // 4, quarter % 4 * 3 + 1, 1) AS quarter_start,
    unit_code,
    indicator,
    comparison,
    ratios[1] AS value,
    ratios[2] AS base,
    ratios[3] AS change,
    coalesce(two_year_rate, ratios[4]) AS rate,
    status,
    restated,
    matched_units,
    ratios[5] AS matched_value,
    ratios[6] AS matched_base,
    coalesce(matched_two_year_rate, ratios[7]) AS matched_rate,
    ratios[8] AS contribution,
    ratios[9] AS pull
FROM beside;
