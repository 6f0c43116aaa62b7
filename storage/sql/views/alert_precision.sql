-- alert_precision(client, from_on, to_on): how many of the judged alerts of each rule were true.
-- Grain: one row per rule that opened an alert in these days. Read by: analysts, reports.
CREATE OR REPLACE MACRO alert_precision(client, from_on, to_on) AS TABLE
SELECT
    alert.rule_id,
    count(*) AS alert_count,
    count(alert.verdict) AS judged_count,
    count(*) FILTER (alert.verdict) AS true_count,
    count(*) FILTER (alert.verdict) / nullif(count(alert.verdict), 0) AS precision_share,
    wilson_low(count(*) FILTER (alert.verdict), count(alert.verdict)) AS precision_low,
    wilson_high(count(*) FILTER (alert.verdict), count(alert.verdict)) AS precision_high,
    count(alert.verdict) < 30 AS is_small_sample
FROM fct_alerts AS alert
JOIN dim_clients AS owner ON owner.client_id = client
WHERE CAST(timezone(owner.timezone, alert.opened_at) AS DATE) >= CAST(from_on AS DATE)
    AND CAST(timezone(owner.timezone, alert.opened_at) AS DATE) < CAST(to_on AS DATE)
GROUP BY alert.rule_id
ORDER BY alert.rule_id;
COMMENT ON MACRO TABLE alert_precision IS 'fr: Précision des alertes de chaque règle : justes ÷ jugées, avec n et intervalle de Wilson à 95 %. | en: Precision of each rule’s alerts: true ÷ judged, with n and the 95 % Wilson interval.';
