-- period_precision: how many of the judged alerts of all rules were true, as alert_precision counts.
-- Grain: one row. Read by: listening.jobs.digest.
WITH judged AS (
    SELECT
        coalesce(sum(judged_count), 0)::BIGINT AS judged_count,
        coalesce(sum(true_count), 0)::BIGINT AS true_count
    FROM alert_precision($client_id, $from_on, $to_on)
)
SELECT
    judged_count,
    true_count,
    wilson_low(true_count, judged_count) AS precision_low,
    wilson_high(true_count, judged_count) AS precision_high
FROM judged;
