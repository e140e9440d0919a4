-- Exact division and square root on whole numbers.
--
-- DuckDB divides decimals as binary floats, which is not what a published rate may rest
-- on. So amounts are HUGEINT millionths of their unit, sums are exact, and a quotient is
-- found by long division, four digits at a time: a remainder is smaller than the divisor,
-- so nothing overflows for divisors below 10^34. Where the numbers fit, the same is done in
-- BIGINT, which divides fifty times faster.

CREATE OR REPLACE TEMP MACRO quarter_label(quarter) AS
    lpad((quarter // 4)::VARCHAR, 4, '0') || 'Q' || (quarter % 4 + 1)::VARCHAR;

-- The first month that a span is made of: a stock is of one month, a flow of its quarter or
-- of its year.
CREATE OR REPLACE TEMP MACRO first_month(quarter, stock, to_date) AS CASE
    WHEN stock THEN quarter * 3 + 2
    WHEN to_date THEN quarter // 4 * 12
    ELSE quarter * 3
END;

CREATE OR REPLACE TEMP MACRO is_short(n, d) AS
    abs(n) < 1000000000000000000 AND abs(d) < 900000000000000;

-- Twelve decimals of rest / d without rounding, and what is left over; 0 <= rest < d.
CREATE OR REPLACE TEMP MACRO twelve_digits(rest, d) AS (
    rest * 10000 // d * 100000000
    + rest * 10000 % d * 10000 // d * 10000
    + rest * 10000 % d * 10000 % d * 10000 // d
)::BIGINT;
CREATE OR REPLACE TEMP MACRO twelve_digits_on(rest, d) AS
    rest * 10000 % d * 10000 % d * 10000 % d;

-- A whole number of ten-thousand-millionths as a decimal.
CREATE OR REPLACE TEMP MACRO ten_decimals(n) AS
    (n::DECIMAL(38, 0) * 0.0000000001::DECIMAL(10, 10))::DECIMAL(38, 10);

-- n / d to ten decimals, half up; n >= 0, d > 0.
CREATE OR REPLACE TEMP MACRO half_up(n, d) AS
    (n // d)::HUGEINT * 10000000000 + (twelve_digits(n % d, d) + 50) // 100;

-- n / d to ten decimals, half up on the absolute value; null where d is 0. Most amounts
-- are in millionths, which needs no division.
CREATE OR REPLACE TEMP MACRO exact_ratio(n, d) AS ten_decimals(
    CASE
        WHEN d = 0 THEN NULL
        WHEN d = 1000000 THEN n::HUGEINT * 10000
        WHEN is_short(n, d)
            THEN sign(n) * sign(d) * half_up(abs(n)::BIGINT, abs(d)::BIGINT)
        ELSE sign(n) * sign(d) * half_up(abs(n), abs(d))
    END
);

-- The same of every (n, d) in a list: the long expression is planned once for all of them.
CREATE OR REPLACE TEMP MACRO exact_ratios(parts) AS
    list_transform(parts, lambda part: exact_ratio(part.n, part.d));

-- The greatest common divisor, with the sign of d; null where d is 0.
CREATE OR REPLACE TEMP MACRO divisor(n, d) AS
    CASE
        WHEN d = 0 THEN NULL
        WHEN n = d THEN d
        WHEN is_short(n, d) THEN sign(d) * gcd(n::BIGINT, d::BIGINT)::HUGEINT
        ELSE sign(d) * gcd(n, d)
    END;

-- The whole part of the square root of n >= 0. The float is off by a little; one step of
-- Newton's method lands on the root or one above it.
CREATE OR REPLACE TEMP MACRO root_near(n, estimate) AS (estimate + n // estimate) // 2;
CREATE OR REPLACE TEMP MACRO root_not_above(n, near) AS
    near - (near > n // greatest(near, 1))::INTEGER;
CREATE OR REPLACE TEMP MACRO whole_root(n) AS
    root_not_above(n, root_near(n, greatest(sqrt(n::DOUBLE)::HUGEINT, 1)));

-- The root of a number too long for HUGEINT: `root` is that of its front with six zeros
-- put after it, `rest` what the square of that leaves. What is still missing is at most
-- rest // (2 * root), and at most one less.
CREATE OR REPLACE TEMP MACRO root_carried_on(root, rest) AS
    root + rest // (2 * root)
    - ((2 * root + rest // (2 * root)) * (rest // (2 * root)) > rest)::INTEGER;

-- The rate of two years for each row of `ratios` (n, d), n >= 0 and d > 0, as n, d, rate:
-- 100 * (sqrt(n / d) - 1) to ten decimals. The root of 4 n / d is twice the root wanted,
-- so its last bit says whether to round up. Its 24 decimals are a front of twelve and a
-- back of twelve. A table, because every step is used more than once.
CREATE OR REPLACE TEMP MACRO two_year_rates(ratios) AS TABLE
WITH front AS (
    SELECT
        n,
        d,
        4 * n // d * 1000000000000 + twelve_digits(4 * n % d, d) AS front,
        twelve_digits_on(4 * n % d, d) AS rest
    FROM query_table(ratios)
),
halves AS (
    SELECT n, d, front, twelve_digits(rest, d) AS back, front < 10000000000000000000000000 AS fits
    FROM front
),
started AS (
    SELECT *, whole_root(CASE WHEN fits THEN front * 1000000000000 + back ELSE front END) AS root
    FROM halves
),
rooted AS (
    SELECT
        n,
        d,
        CASE
            WHEN fits THEN root
            ELSE root_carried_on(
                root * 1000000, (front - root * root) * 1000000000000 + back
            )
        END AS root
    FROM started
)
SELECT n, d, ten_decimals((root + 1) // 2 - 1000000000000) AS rate FROM rooted;
