-- From months to quarters: each figure of each unit.
--
-- The months of a year are the bits of a number, January the lowest. A set of months is
-- then one small integer, and nothing is spread out over units, figures and months.

-- The months owed up to the quarter's end, by group of reporters.
CREATE OR REPLACE TEMP TABLE step_owed AS
SELECT line.grp, quarter.quarter, line.figure, bit_or(1 << each.index) AS owed
FROM step_rebuilt AS quarter
CROSS JOIN (SELECT unnest(range(12))::INTEGER AS index) AS each
JOIN internal.line AS line
    ON line.first_month <= quarter.quarter // 4 * 12 + each.index
    AND coalesce(quarter.quarter // 4 * 12 + each.index <= line.last_month, TRUE)
    AND (each.index + 1) % line.months = 0
WHERE each.index <= quarter.quarter % 4 * 3 + 2
GROUP BY line.grp, quarter.quarter, line.figure;

-- The months in which each unit existed, of the year up to the quarter's end.
CREATE OR REPLACE TEMP TABLE step_source AS
WITH span AS (
    SELECT
        followed.quarter,
        followed.unit_code,
        followed.source,
        unit.grp,
        greatest(coalesce(unit.first_month - followed.quarter // 4 * 12, 0), 0) AS low,
        least(
            coalesce(unit.last_month - followed.quarter // 4 * 12, 11),
            followed.quarter % 4 * 3 + 2
        ) AS high
    FROM step_unit AS followed
    LEFT JOIN internal.unit AS unit ON unit.code = followed.source
    WHERE followed.quarter IN (SELECT quarter FROM step_rebuilt)
)
SELECT
    quarter,
    unit_code,
    source,
    grp,
    CASE WHEN low <= high THEN (1 << (high + 1)) - (1 << low) ELSE 0 END AS existing
FROM span;

-- What came in each quarter.
CREATE OR REPLACE TEMP TABLE step_came AS
SELECT
    month // 3 AS quarter,
    unit_code,
    figure,
    sum(amount) AS flow,
    max(amount) FILTER (month % 3 = 2) AS stock,
    arg_max(year_to_date, month) AS latest,
    max(month % 12) FILTER (year_to_date IS NOT NULL) AS latest_index,
    bit_or(CASE WHEN amount IS NULL THEN 0 ELSE 1 << (month % 12) END) AS came,
    bit_or(
        CASE WHEN amount IS NULL AND year_to_date IS NULL THEN 0 ELSE 1 << (month % 12) END
    ) AS given,
    bit_or(CASE WHEN not_applicable THEN 1 << (month % 12) ELSE 0 END) AS not_applicable,
    bit_or(CASE WHEN dated THEN 1 << (month % 12) ELSE 0 END) AS dated
FROM step_month
GROUP BY quarter, unit_code, figure;

-- What is owed beside what came since January, by the unit that owed it. Expected is what
-- is owed and applies, and whatever came: a value from before the forms was not owed. The
-- year to date is what was reported for the last expected month; where that came by the
-- month, as dated totals do, it is the sum of all.
CREATE OR REPLACE TEMP TABLE step_by_source AS
WITH beside AS (
    SELECT
        source.quarter,
        source.unit_code,
        source.source,
        owed.figure,
        owed.owed & source.existing AS owed,
        0 AS came,
        0 AS given,
        0 AS not_applicable,
        0 AS dated,
        NULL::HUGEINT AS flow,
        NULL::HUGEINT AS flow_since_january,
        NULL::HUGEINT AS stock,
        NULL::HUGEINT AS latest,
        NULL::INTEGER AS latest_index
    FROM step_source AS source
    JOIN step_owed AS owed ON owed.grp = source.grp AND owed.quarter = source.quarter
    WHERE owed.owed & source.existing <> 0
    UNION ALL
    SELECT
        source.quarter,
        source.unit_code,
        source.source,
        came.figure,
        0,
        came.came,
        came.given,
        came.not_applicable,
        came.dated,
        CASE WHEN came.quarter = source.quarter THEN came.flow END,
        came.flow,
        CASE WHEN came.quarter = source.quarter THEN came.stock END,
        came.latest,
        came.latest_index
    FROM step_source AS source
    JOIN step_came AS came
        ON came.unit_code = source.source
        AND came.quarter // 4 = source.quarter // 4
        AND came.quarter <= source.quarter
)
SELECT
    * EXCLUDE (latest, latest_index),
    CASE
        WHEN expected >> (latest_index + 1) = 0 THEN latest
        WHEN expected & ~came = 0 THEN flow_since_january
    END AS to_date
FROM (
    SELECT
        quarter,
        unit_code,
        source,
        figure,
        (bit_or(owed) & ~bit_or(not_applicable)) | bit_or(given) AS expected,
        bit_or(came) AS came,
        bit_or(dated) AS dated,
        sum(flow) AS flow,
        sum(flow_since_january) AS flow_since_january,
        sum(stock) AS stock,
        arg_max(latest, latest_index) AS latest,
        max(latest_index) AS latest_index
    FROM beside
    GROUP BY quarter, unit_code, source, figure
)
WHERE expected <> 0;

-- The months of the year in which each unit, or one that went into it, could report.
CREATE OR REPLACE TEMP TABLE step_there AS
SELECT DISTINCT quarter, unit_code, (2 << (until - quarter // 4 * 12)) - 1 AS there
FROM step_unit
WHERE quarter IN (SELECT quarter FROM step_rebuilt);

-- A unit's figure adds up those it came from. A month is there when all that were expected
-- to give it did; missing is never 0.
CREATE OR REPLACE TEMP TABLE step_figure_quarter AS
WITH added AS (
    SELECT
        quarter,
        unit_code,
        figure,
        bit_or(expected) AS expected,
        bit_or(expected & ~came) AS missing,
        bit_or(dated) AS dated,
        sum(flow) AS flow,
        sum(flow_since_january) AS flow_since_january,
        sum(stock) AS stock,
        CASE WHEN count(to_date) = count(*) THEN sum(to_date) END AS to_date,
        7 << (quarter % 4 * 3) AS quarter_months,
        4 << (quarter % 4 * 3) AS last_month
    FROM step_by_source
    GROUP BY quarter, unit_code, figure
),
valued AS (
    SELECT
        added.*,
        figure.stock AS is_stock,
        figure.cumulative_only,
        -- Nobody owed a dated total from before the forms: its months are all of the span's
        -- in which the unit was there, or the span has no value. A form of several months
        -- is due at a quarter's end, for a quarter of which no dated total tells.
        dated & quarter_months = 0
        OR there.there & quarter_months & ~expected = 0 AS whole_quarter,
        dated = 0
        OR there.there & ~expected
        & CASE
            WHEN figure.months = 1 THEN 4095
            -- 2340 is the last month of each quarter.
            ELSE 2340 | ((dated | (dated << 1) | (dated << 2)) & 2340) // 4 * 7
        END = 0 AS whole_year,
        CASE
            -- A stock is that of the quarter's last month.
            WHEN figure.stock
            THEN CASE WHEN expected & ~missing & last_month <> 0 THEN added.stock END
            -- A flow is the sum of the quarter's months, with none of them missing.
            WHEN expected & quarter_months <> 0 AND missing & quarter_months = 0 AND whole_quarter
            THEN added.flow
        END AS value
    FROM added
    JOIN step_figure AS figure USING (figure)
    JOIN step_there AS there USING (quarter, unit_code)
)
SELECT
    quarter,
    unit_code,
    figure,
    value,
    CASE
        WHEN is_stock THEN value
        WHEN cumulative_only THEN to_date
        WHEN missing = 0 AND whole_year THEN flow_since_january
    END AS year_to_date,
    -- A stock is of the last month: one that does not apply there is not waited for.
    expected & CASE WHEN is_stock THEN last_month ELSE quarter_months END <> 0 AS expected,
    NOT is_stock OR expected & last_month <> 0 AS ytd_expected,
    (expected & ~missing & quarter_months) >> (quarter % 4 * 3) AS months
FROM valued;
