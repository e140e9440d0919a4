-- What is computed. internal.quarterly_part keeps the exact parts of every value, from
-- which sums, bases and growth are taken; the public tables are rounded to ten decimals.

CREATE TABLE IF NOT EXISTS internal.quarterly_part (
    quarter INTEGER NOT NULL,
    unit_code VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    -- Null where not reported. A ratio's parts are millionths; another indicator's
    -- denominator is the constant that turns millionths into its unit.
    numerator HUGEINT,
    denominator HUGEINT,
    ytd_numerator HUGEINT,
    ytd_denominator HUGEINT,
    expected INTEGER NOT NULL,
    reported INTEGER NOT NULL,
    ytd_expected INTEGER NOT NULL,
    ytd_reported INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS main.quarterly_indicator (
    quarter VARCHAR NOT NULL,
    quarter_start DATE NOT NULL,
    unit_code VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    value DECIMAL(38, 10),
    year_to_date DECIMAL(38, 10),
    months_reported INTEGER NOT NULL,
    units_expected INTEGER NOT NULL,
    units_reported INTEGER NOT NULL,
    maturity VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS main.growth (
    quarter VARCHAR NOT NULL,
    quarter_start DATE NOT NULL,
    unit_code VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    comparison VARCHAR NOT NULL,
    value DECIMAL(38, 10),
    base DECIMAL(38, 10),
    change DECIMAL(38, 10),
    rate DECIMAL(38, 10),
    status VARCHAR NOT NULL,
    restated BOOLEAN NOT NULL,
    matched_units INTEGER,
    matched_value DECIMAL(38, 10),
    matched_base DECIMAL(38, 10),
    matched_rate DECIMAL(38, 10),
    contribution DECIMAL(38, 10),
    pull DECIMAL(38, 10)
);

CREATE TABLE IF NOT EXISTS internal.progress (
    quarter VARCHAR NOT NULL,
    quarter_start DATE NOT NULL,
    indicator VARCHAR NOT NULL,
    target DECIMAL(38, 10),
    value DECIMAL(38, 10),
    completion DECIMAL(38, 10),
    time_progress INTEGER NOT NULL,
    lead DECIMAL(38, 10),
    year_target DECIMAL(38, 10),
    units_expected INTEGER,
    units_reported INTEGER
);
