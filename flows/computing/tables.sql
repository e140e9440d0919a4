-- What is computed. internal.quarterly_part keeps the exact parts of every value, from
-- which sums, bases and growth are taken; the rows that are published are rounded to ten
-- decimals. Every version of such a row stays: it stood from `since` until before `until`,
-- or stands where that is null.

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

CREATE TABLE IF NOT EXISTS internal.quarterly_version (
    quarter VARCHAR NOT NULL,
    quarter_start DATE NOT NULL,
    unit_code VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    value DECIMAL(38, 10),
    year_to_date DECIMAL(38, 10),
    months_reported INTEGER NOT NULL,
    units_expected INTEGER NOT NULL,
    units_reported INTEGER NOT NULL,
    maturity VARCHAR NOT NULL,
    since TIMESTAMP NOT NULL,
    until TIMESTAMP
);

CREATE TABLE IF NOT EXISTS internal.growth_version (
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
    pull DECIMAL(38, 10),
    since TIMESTAMP NOT NULL,
    until TIMESTAMP
);

CREATE TABLE IF NOT EXISTS internal.progress_version (
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
    units_reported INTEGER,
    since TIMESTAMP NOT NULL,
    until TIMESTAMP
);
