-- From figures to indicators: units, then the district.

-- A unit has an indicator when it has every figure in it. A stock in a formula stands at
-- the quarter's end in the year to date too; ytd() takes the year to date in both.
CREATE OR REPLACE TEMP TABLE step_part AS
WITH term AS (
    SELECT term.*, count(*) OVER (PARTITION BY indicator) AS terms
    FROM internal.indicator_term AS term
),
amount AS (
    SELECT
        figure.quarter,
        figure.unit_code,
        term.indicator,
        term.terms,
        term.part = 'numerator' AS above,
        term.coefficient::HUGEINT
        * CASE WHEN term.cumulative THEN figure.year_to_date ELSE figure.value END AS amount,
        term.coefficient::HUGEINT * figure.year_to_date AS ytd_amount,
        CASE WHEN term.cumulative THEN figure.ytd_expected ELSE figure.expected END AS expected,
        figure.ytd_expected,
        figure.months
    FROM step_figure_quarter AS figure
    JOIN term USING (figure)
),
added AS (
    SELECT
        quarter,
        unit_code,
        indicator,
        count(amount) = any_value(terms) AS reported,
        count(ytd_amount) = any_value(terms) AS ytd_reported,
        sum(amount) FILTER (above) AS above,
        sum(amount) FILTER (NOT above) AS below,
        sum(ytd_amount) FILTER (above) AS ytd_above,
        sum(ytd_amount) FILTER (NOT above) AS ytd_below,
        bool_and(expected) AS expected,
        bool_and(ytd_expected) AS ytd_expected,
        bit_and(months) AS months
    FROM amount
    GROUP BY quarter, unit_code, indicator
    HAVING count(*) = any_value(terms)
)
SELECT
    quarter,
    unit_code,
    indicator,
    CASE WHEN reported THEN above END AS numerator,
    CASE WHEN reported THEN coalesce(below, rule.scale * 1000000) END AS denominator,
    CASE WHEN ytd_reported THEN ytd_above END AS ytd_numerator,
    CASE WHEN ytd_reported THEN coalesce(ytd_below, rule.scale * 1000000) END AS ytd_denominator,
    expected::INTEGER AS expected,
    reported::INTEGER AS reported,
    ytd_expected::INTEGER AS ytd_expected,
    ytd_reported::INTEGER AS ytd_reported,
    months
FROM added
JOIN internal.indicator_rule AS rule USING (indicator)
WHERE expected OR reported OR ytd_expected OR ytd_reported;

-- Indicators of a quarter in which nobody owed any figure of them yet, and how many units
-- would, had it been owed: dated totals of some units are not the district.
CREATE OR REPLACE TEMP TABLE step_before AS
WITH asked AS (
    SELECT
        followed.quarter,
        line.figure,
        count(DISTINCT followed.unit_code) FILTER (
            followed.until >= followed.quarter * 3 + CASE WHEN figure.stock THEN 2 ELSE 0 END
        ) AS units,
        count(DISTINCT followed.unit_code) FILTER (
            NOT figure.stock OR followed.until = followed.quarter * 3 + 2
        ) AS ytd_units
    FROM step_unit AS followed
    JOIN internal.unit AS unit ON unit.code = followed.source
    JOIN (SELECT DISTINCT figure, grp FROM internal.line) AS line ON line.grp = unit.grp
    JOIN step_figure AS figure USING (figure)
    WHERE followed.quarter IN (SELECT quarter FROM step_rebuilt)
    GROUP BY followed.quarter, line.figure
)
SELECT
    asked.quarter,
    term.indicator,
    min(CASE WHEN term.cumulative THEN asked.ytd_units ELSE asked.units END)::INTEGER
        AS owed_later,
    min(asked.ytd_units)::INTEGER AS ytd_owed_later
FROM asked
JOIN internal.indicator_term AS term USING (figure)
LEFT JOIN (SELECT DISTINCT quarter, figure FROM step_owed) AS owed
    ON owed.quarter = asked.quarter AND owed.figure = asked.figure
GROUP BY asked.quarter, term.indicator
HAVING count(owed.figure) = 0;

-- The district is the sum over the units that have the value, so a ratio is the ratio of
-- the sums. Where no unit has it, or nobody owed it yet, a dated total for the district
-- stands, with no units to wait for.
CREATE OR REPLACE TEMP TABLE step_district AS
WITH units AS (
    SELECT
        quarter,
        indicator,
        sum(numerator) AS numerator,
        CASE WHEN ratio THEN sum(denominator) ELSE max(denominator) END AS denominator,
        sum(ytd_numerator) AS ytd_numerator,
        CASE WHEN ratio THEN sum(ytd_denominator) ELSE max(ytd_denominator) END AS ytd_denominator,
        sum(expected) AS expected,
        sum(reported) AS reported,
        sum(ytd_expected) AS ytd_expected,
        sum(ytd_reported) AS ytd_reported,
        bit_or(months) AS months
    FROM step_part
    JOIN internal.indicator_rule USING (indicator)
    WHERE unit_code <> getvariable('district')
    GROUP BY quarter, indicator, ratio
),
either AS (
    SELECT
        quarter,
        indicator,
        units,
        history,
        coalesce(before.owed_later, 0) AS owed_later,
        coalesce(before.ytd_owed_later, 0) AS ytd_owed_later,
        coalesce(history.reported, 0) > 0
        AND (coalesce(units.reported, 0) = 0 OR before.owed_later IS NOT NULL) AS dated,
        coalesce(history.ytd_reported, 0) > 0
        AND (coalesce(units.ytd_reported, 0) = 0 OR before.owed_later IS NOT NULL) AS ytd_dated
    FROM units
    FULL JOIN (FROM step_part WHERE unit_code = getvariable('district')) AS history
        USING (quarter, indicator)
    LEFT JOIN step_before AS before USING (quarter, indicator)
)
SELECT
    quarter,
    getvariable('district') AS unit_code,
    indicator,
    CASE WHEN dated THEN history.numerator ELSE units.numerator END AS numerator,
    CASE WHEN dated THEN history.denominator ELSE units.denominator END AS denominator,
    CASE WHEN ytd_dated THEN history.ytd_numerator ELSE units.ytd_numerator END AS ytd_numerator,
    CASE WHEN ytd_dated THEN history.ytd_denominator ELSE units.ytd_denominator END
        AS ytd_denominator,
    CASE WHEN dated THEN 0 ELSE greatest(coalesce(units.expected, 0), owed_later) END AS expected,
    CASE WHEN dated THEN 0 ELSE coalesce(units.reported, 0) END AS reported,
    CASE WHEN ytd_dated THEN 0 ELSE greatest(coalesce(units.ytd_expected, 0), ytd_owed_later) END
        AS ytd_expected,
    CASE WHEN ytd_dated THEN 0 ELSE coalesce(units.ytd_reported, 0) END AS ytd_reported,
    coalesce(CASE WHEN dated THEN history.months ELSE units.months END, 0) AS months
FROM either;

DELETE FROM step_part WHERE unit_code = getvariable('district');
INSERT INTO step_part SELECT * FROM step_district;

-- A quarter is final when the months in which forms are due are over and all are accepted;
-- one that is wholly from before the forms is final too.
CREATE OR REPLACE TEMP TABLE step_open AS
WITH state AS (
    SELECT month // 3 AS quarter, month, unit_code, accepted
    FROM internal.form_state
    WHERE month // 3 IN (SELECT quarter FROM step_rebuilt)
)
SELECT state.quarter, followed.unit_code
FROM state
JOIN step_unit AS followed
    ON followed.quarter = state.quarter AND followed.source = state.unit_code
WHERE NOT state.accepted
UNION
SELECT quarter, getvariable('district') FROM state WHERE NOT accepted;

CREATE OR REPLACE TEMP TABLE step_over AS
SELECT quarter
FROM (
    SELECT month // 3 AS quarter, count(DISTINCT month) AS months
    FROM internal.form_state
    GROUP BY month // 3
)
JOIN (
    SELECT quarter, bit_count(bit_or(owed) & (7 << (quarter % 4 * 3))) AS months_due
    FROM step_owed
    WHERE figure = 'forms_due'
    GROUP BY quarter
) USING (quarter)
WHERE months >= months_due
UNION
SELECT month // 3 FROM internal.month_value GROUP BY month // 3 HAVING bool_and(mark = 'history');

DELETE FROM internal.quarterly_part WHERE quarter IN (SELECT quarter FROM step_rebuilt);
INSERT INTO internal.quarterly_part SELECT * EXCLUDE (months) FROM step_part;

CREATE OR REPLACE TEMP TABLE step_quarterly AS
SELECT
    quarter_label(part.quarter) AS quarter,
    make_date(part.quarter // 4, part.quarter % 4 * 3 + 1, 1) AS quarter_start,
    part.unit_code,
    part.indicator,
    ratios[1] AS value,
    ratios[2] AS year_to_date,
    bit_count(part.months) AS months_reported,
    part.expected AS units_expected,
    part.reported AS units_reported,
    CASE
        WHEN open.quarter IS NULL AND part.quarter IN (SELECT quarter FROM step_over)
        THEN 'final'
        ELSE 'provisional'
    END AS maturity
FROM (
    SELECT
        *,
        exact_ratios([
            {n: numerator, d: denominator}, {n: ytd_numerator, d: ytd_denominator}
        ]) AS ratios
    FROM step_part
) AS part
LEFT JOIN step_open AS open USING (quarter, unit_code);
