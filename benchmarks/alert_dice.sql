-- Mentions of 200 brands over 400 days, two a day and brand in the middle (brands differ twentyfold; the days of one
-- brand by dice, and by half of the mean): what alert_fill.sql stores.
CREATE TEMP TABLE base AS
SELECT
    *,
    'source-' || (hash(n) % 400) AS source_id,
    CASE hash(n * 13) % 5 WHEN 0 THEN 'negative' WHEN 1 THEN 'negative' WHEN 2 THEN 'positive' ELSE 'neutral' END AS polarity
FROM (
    SELECT
        row_number() OVER () AS n,
        'marque-' || brand AS brand_id,
        TIMESTAMPTZ '2026-11-20 00:00:00Z' - to_seconds(CAST(day * 86400 + hash(brand * 1000003 + day * 1009 + k) % 86400 AS BIGINT)) AS seen_at
    FROM range(200) AS brands(brand), range(400) AS days(day), range(24) AS many(k)
    WHERE hash(brand * 1000003 + day * 1009 + k * 7919) % 100000 < 100000 / 24.0 * 0.2 * (1 + brand % 20)
        * (0.5 + (hash(brand * 7 + day * 13) % 1000) / 1000) * CASE WHEN day % 7 < 2 THEN 0.6 ELSE 1 END
);
