-- response_times(client, from_on, to_on): from a negative mention of ours to the first handling.
-- Grain: one row per own brand and month of the mention. Read by: analysts, reports.
-- The delays are those of handled mentions; how many wait is beside them.
CREATE OR REPLACE MACRO response_times(client, from_on, to_on) AS TABLE
SELECT
    brand_id,
    brand_name,
    CAST(date_trunc('month', mentioned_on) AS DATE) AS month_on,
    count(*) AS negative_count,
    count(*) FILTER (is_handled) AS handled_count,
    count(*) FILTER (NOT is_handled) AS waiting_count,
    quantile_cont(waited_hours, 0.5) FILTER (is_handled) AS median_hours,
    quantile_cont(waited_hours, 0.9) FILTER (is_handled) AS p90_hours,
    count(*) FILTER (is_handled) < 30 AS is_small_sample
FROM inbox
WHERE client_id = client
    AND polarity = 'negative'
    AND mentioned_at >= timezone('UTC', CAST(from_on AS TIMESTAMP) - INTERVAL 2 DAY)
    AND mentioned_at < timezone('UTC', CAST(to_on AS TIMESTAMP) + INTERVAL 2 DAY)
    AND mentioned_on >= CAST(from_on AS DATE)
    AND mentioned_on < CAST(to_on AS DATE)
GROUP BY ALL
ORDER BY brand_id, month_on;
COMMENT ON MACRO TABLE response_times IS 'fr: Délai entre une mention négative de nous et sa prise en charge, par mois : médiane et 9e décile en heures, avec n. | en: Delay from a negative mention of us to its handling, per month: median and 90th percentile in hours, with n.';
