-- Schema `internal`: what the public tables are made of. Months are integers,
-- year * 12 + month - 1, so that "the month before" is a subtraction.

CREATE SCHEMA internal;

-- How much of the journal this file holds, and the clock up to which forms fell due.
CREATE TABLE internal.applied (lines BIGINT NOT NULL, covered_until DATE, declared VARCHAR);
INSERT INTO internal.applied VALUES (0, NULL, NULL);

-- The order in which files came, and how each was read.
CREATE TABLE internal.arrival (
    submission VARCHAR NOT NULL, sequence BIGINT NOT NULL,
    unit_code VARCHAR, month INTEGER, sha256 VARCHAR NOT NULL
);

-- One judged version of a form. A backfill that changes nothing makes no new one.
CREATE TABLE internal.reading (
    reading BIGINT NOT NULL, submission VARCHAR NOT NULL, form VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL, month INTEGER NOT NULL, sequence BIGINT NOT NULL,
    judged_at TIMESTAMP NOT NULL, accepted BOOLEAN NOT NULL, withdrawn BOOLEAN NOT NULL,
    latest BOOLEAN NOT NULL, digest VARCHAR NOT NULL, unverifiable INTEGER NOT NULL,
    said VARCHAR NOT NULL, -- what it reports, without reasons and cells, as a hash
    queried BOOLEAN NOT NULL, -- held by queries alone: a reason puts it right
    by_analyst BOOLEAN NOT NULL -- accepted in spite of its queries
);

-- Every query of those versions, before findings of one cell are made one.
CREATE TABLE internal.query (
    submission VARCHAR NOT NULL, form VARCHAR NOT NULL, rule VARCHAR NOT NULL, figure VARCHAR,
    cumulative BOOLEAN NOT NULL, value VARCHAR, message VARCHAR NOT NULL,
    reason VARCHAR -- what has settled it; null where it is open
);

-- The queries with which the analyst has accepted forms; another query holds them again.
CREATE TABLE internal.accepted (
    submission VARCHAR NOT NULL, form VARCHAR NOT NULL, rule VARCHAR NOT NULL, figure VARCHAR,
    cumulative BOOLEAN NOT NULL, value VARCHAR, message VARCHAR NOT NULL, reason VARCHAR NOT NULL
);

-- What was remarked in the workbooks that went back, as a hash: the same does not go back again.
CREATE TABLE internal.remarked (submission VARCHAR NOT NULL, digest VARCHAR NOT NULL);

-- Marked workbooks that could not be written, as JSON: the next night tries again.
CREATE TABLE internal.owed (submission VARCHAR NOT NULL, letter VARCHAR NOT NULL);

-- When which accepted version was in force; `until` is null for the present one.
CREATE TABLE internal.tenure (
    reading BIGINT NOT NULL, submission VARCHAR NOT NULL, form VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL, month INTEGER NOT NULL, since TIMESTAMP NOT NULL, until TIMESTAMP
);

CREATE TABLE internal.figure_value (
    reading BIGINT NOT NULL, figure VARCHAR NOT NULL, value DECIMAL(18,6),
    year_to_date DECIMAL(18,6), mark VARCHAR NOT NULL, sheet VARCHAR, cell VARCHAR,
    cumulative_cell VARCHAR
);

-- What a ledger's rows come to, by the declared counts.
CREATE TABLE internal.ledger_count (
    reading BIGINT NOT NULL, name VARCHAR NOT NULL, value DECIMAL(18,6) NOT NULL,
    compared BOOLEAN NOT NULL -- with a reported figure; the others feed indicators
);

-- Dated totals from before the forms began.
CREATE TABLE internal.history (
    month INTEGER NOT NULL, months INTEGER NOT NULL, unit_code VARCHAR NOT NULL,
    form VARCHAR NOT NULL, figure VARCHAR NOT NULL, value DECIMAL(18,6) NOT NULL,
    source VARCHAR, submission VARCHAR NOT NULL, sheet VARCHAR, cell VARCHAR,
    since TIMESTAMP NOT NULL, until TIMESTAMP
);

-- Every form due, for months that are past due or for which something came.
CREATE TABLE internal.due_form (
    month INTEGER NOT NULL, month_start DATE NOT NULL, unit_code VARCHAR NOT NULL,
    form VARCHAR NOT NULL, due_on DATE NOT NULL, received_at TIMESTAMP, state VARCHAR
);

-- Whose and which month the analyst has said a file is.
CREATE TABLE internal.assigned (
    submission VARCHAR NOT NULL, unit_code VARCHAR NOT NULL, month INTEGER NOT NULL
);
