-- The amount of each month, in millionths, for the years of the rebuilt quarters.

CREATE OR REPLACE TEMP TABLE step_month AS
WITH fact AS (
    SELECT
        fact.month,
        fact.unit_code,
        fact.figure,
        fact.mark = 'not_applicable' AS not_applicable,
        fact.mark = 'history' AS dated,
        -- Wider before it is multiplied: DECIMAL(18, 6) has no room for the millionths.
        (fact.value::DECIMAL(38, 6) * 1000000)::HUGEINT AS amount,
        (fact.year_to_date::DECIMAL(38, 6) * 1000000)::HUGEINT AS year_to_date,
        figure.cumulative_only,
        figure.months
    FROM internal.month_value AS fact
    JOIN step_figure AS figure USING (figure)
    WHERE fact.month // 12 IN (SELECT quarter // 4 FROM step_rebuilt)
)
SELECT month, unit_code, figure, not_applicable, dated, amount, NULL::HUGEINT AS year_to_date
FROM fact
WHERE NOT cumulative_only
UNION ALL
-- A figure that only comes as year to date: the month is the difference from the month (or
-- the form's quarter) before, found by its number, so a gap gives null. The year's first
-- stands as it is. A dated total from before the forms is already a month's own.
SELECT
    fact.month,
    fact.unit_code,
    fact.figure,
    fact.not_applicable,
    fact.dated,
    coalesce(
        fact.amount,
        fact.year_to_date
        - CASE WHEN fact.month % 12 < fact.months THEN 0 ELSE earlier.year_to_date END
    ),
    fact.year_to_date
FROM fact
LEFT JOIN fact AS earlier
    ON earlier.unit_code = fact.unit_code
    AND earlier.figure = fact.figure
    AND earlier.month = fact.month - fact.months
WHERE fact.cumulative_only;
